#pragma once
// Where the keys and certificates are kept that are issued here. What a store writes is read by the certificate source
// of the same place (IssueRequest::source), so that a binding does not know whether its certificate was issued.
// A lost answer is resolved inside: each write carries the request's id, which is read back. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/checkup.hpp"
#include "schemas/model/key_exposure.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/key_pair.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

/// What keeps two writers apart. `last_writer`: nothing does, but our own lock.
enum class WriteGuarantee { compare_and_swap, last_writer };

/// A key that was made and that nobody has signed yet: it is kept before anything is ordered, so that no certificate is
/// without its key.
struct StagedKey {
  std::string request;       ///< id of the request that it was made for: a UUID
  Instant since{};           ///< when it was staged
  SecretBuffer private_key;  ///< unencrypted PKCS#8 PEM
};

/// What stands in a store now. `request` is that of the run that promoted it; empty where somebody else wrote it, or
/// only the key's own secret would tell.
struct StoredVersion {
  VersionId version;
  std::string request;
};

class SecretStore {
 public:
  virtual ~SecretStore() = default;
  virtual WriteGuarantee guarantee() const = 0;
  /// The place as the trust file names it (`write` lines), and as people recognise it:
  /// `https://vault.example.com:8200/secret/sip/carrier-a`, an absolute path, an ARN. Errors: whatever keeps it from
  /// being told (no region, no account).
  virtual Result<std::string> place(const Context& context) = 0;
  /// Whether a key may be put there, as far as this machine tells. Error: untrusted: everybody on it could put another
  /// key in its place.
  virtual Result<> may_take_keys() { return {}; }
  /// Where keys lie in files of this machine: who else may read or replace them. Asks no service, reads no key.
  virtual KeyExposures exposures() { return {}; }
  /// The version that is promoted now; none: nothing was ever. Reads no key, and need not know whose it is.
  virtual Result<std::optional<StoredVersion>> current(const Context& context) = 0;
  /// The same by the pair itself, for an apply: whose request it is may be told by nothing that others may write. May
  /// read the key, in locked memory, where a plan has no right to. Errors: as `current`.
  virtual Result<std::optional<StoredVersion>> promoted(const Context& context) { return current(context); }
  /// Whether a key could be written, as far as that is told without writing, for `doctor`; and whether a
  /// second place shows what is stored, where the pair may be read. Looks at no key.
  virtual Checkup examine(const Context& context) {
    (void)context;
    Checkup checkup;
    checkup.unknown(
        "whether keys may be written there was not asked, because only writing tells: docs/permissions.md names what "
        "that takes");
    return checkup;
  }
  /// None: no key is staged. The key is read.
  virtual Result<std::optional<StagedKey>> staged(const Context& context) = 0;
  /// Stages a key. `instead_of`: the request whose staged key it replaces; none: none is staged. What is staged under
  /// its own request already is left as it is, and that is no error. Error: conflict, where another is staged.
  virtual Result<> stage(const Context& context, const StagedKey& key,
                         const std::optional<std::string>& instead_of) = 0;
  /// Makes the pair the current version, where `expected` still is (none: nothing is there), and takes away what was
  /// staged for `request`. Where `request` is promoted already, that version is returned and nothing is written. The
  /// version is what the source calls it. Error: conflict (somebody wrote another).
  virtual Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                                    const std::optional<VersionId>& expected) = 0;
  /// Where a second place shows the chain to readers without a right to the key: makes it show what is stored now, if
  /// somebody wrote one of the two alone. Whether it showed another certificate, or none. Reads the pair; most stores
  /// have no second place. Errors: as `promote`.
  virtual Result<bool> show_current(const Context&) { return false; }
  /// What the next `promote` of another request takes away for good besides, for people: `version 000001`. A service
  /// that counts versions by itself says nothing. Reads no key.
  virtual Result<std::vector<std::string>> outnumbered(const Context&) { return std::vector<std::string>(); }
  /// What this login lacks for the writes of an apply, as far as the service tells it for one question: for a plan that
  /// would write there, in words. `current`: what the store has. Most services do not tell (docs/permissions.md).
  virtual std::vector<std::string> foretell(const Context&, const std::optional<VersionId>& /*current*/) { return {}; }
  /// Takes away what is staged for `request`; there need not be anything, and another's is left alone.
  virtual Result<> unstage(const Context& context, const std::string& request) = 0;
};

}  // namespace trunkform
