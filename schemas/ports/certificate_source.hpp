#pragma once
// Where certificates come from. `describe` is for planning: it never returns or decodes a private key. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/key_exposure.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/key_pair.hpp"

namespace trunkform {

/// What `describe` tells: public material only.
struct Described {
  VersionId version;
  std::string certificates_pem;  ///< every CERTIFICATE block, as the source has them; order not guaranteed
  std::optional<Instant> since;  ///< when this version appeared in the source, where it knows
  /// The source gives its key to nobody, so that no machine can apply this; told without reading it.
  std::optional<Error> no_key;
  /// The key is not on this machine, or may not be read here; told without reading it, where that is cheap.
  std::optional<Error> key_unreadable;
  bool unchanged = false;  ///< metadata shows the `known` version, which `version` is: nothing else is set
};

enum class VersionStatus { usable, disabled, destroyed };

struct SourceVersion {
  VersionId id;
  std::optional<Instant> created;
  VersionStatus status = VersionStatus::usable;
};

/// What `fetch` gives: the certificates as the source has them, and the key as it was found, both unjudged.
/// cmd/engine puts the chain in order for the carrier and makes the KeyPair.
struct FetchedPair {
  std::string certificates_pem;
  SecretBuffer private_key;  ///< PEM or DER as found; may still be encrypted (a rule blocks it)
  SecretBuffer passphrase;   ///< empty: none is configured
};

class CertificateSource {
 public:
  virtual ~CertificateSource() = default;
  virtual Capability capability() const = 0;
  /// `pin`: this version, else the current one. `known`: whose certificates are at hand; where metadata shows that it
  /// is still the one, a source that can ask without reading the secret answers `unchanged`. Errors: not_found, denied,
  /// unavailable, invalid_input.
  virtual Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                                     const std::optional<VersionId>& known) = 0;
  /// Newest first; what rollback can go back to.
  virtual Result<std::vector<SourceVersion>> versions(const Context& context) = 0;
  virtual Result<FetchedPair> fetch(const Context& context, const VersionId& version) = 0;
  /// Whether reading the key takes no right that `describe` does not take: it lies in a file of this machine, or in the
  /// secret that is received whole. Ask after `describe`.
  virtual bool has_key_at_hand() const { return capability() == Capability::opaque; }
  /// Where the current key lies in a file of this machine: who else may read or replace it. Asks no service.
  virtual KeyExposures exposures() { return {}; }
};

}  // namespace trunkform
