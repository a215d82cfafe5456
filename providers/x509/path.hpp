#pragma once
// Whether a chain leads to a trust store at one instant: OpenSSL's path check (RFC 5280 §6). States facts: the leaf's
// usages and names are left to planner/rules. Thread-safe.
#include <memory>
#include <optional>
#include <string_view>

#include "providers/x509/certificates.hpp"
#include "providers/x509/signatures.hpp"
#include "providers/x509/trust_store.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::x509 {

/// Certificate revocation lists that are at hand. Immutable and thread-safe.
class RevocationLists {
 public:
  /// One or more `X509 CRL` blocks. Error: invalid_input.
  static Result<std::shared_ptr<const RevocationLists>> from_pem(std::string_view pem);

  struct Impl;
  explicit RevocationLists(std::unique_ptr<const Impl> impl);
  ~RevocationLists();
  const Impl& impl() const { return *m_impl; }

 private:
  std::unique_ptr<const Impl> m_impl;
};

using RevocationListsPtr = std::shared_ptr<const RevocationLists>;

enum class Purpose { server, mutual };  ///< `mutual`: the same certificate is shown as a client's too

Purpose purpose_of(const CarrierPolicy& carrier);

struct PathQuestion {
  Instant at{};
  TrustStorePtr trust;            ///< null: the system's
  RevocationListsPtr revocation;  ///< may be null
  std::optional<int> max_depth;   ///< the most intermediates between leaf and anchor; none: OpenSSL's 100
  Purpose purpose = Purpose::server;
};

struct PathAnswer {
  PathFacts path;
  Revocation revocation = Revocation::unknown;
};

/// For `mutual` the path must hold for both purposes; the first that fails is answered.
/// `certificates` leaf first; the rest may be in any order and may hold more than the path needs. The effective expiry
/// is the least notAfter over the path that was found, the anchor included; where none was, over what is sent.
/// A list that has run out revokes, but never says good. All signatures are verified, whatever is known; `signatures`
/// learns those of a path that is trusted; may be null.
PathAnswer check_path(const Certificates& certificates, const PathQuestion& question, Signatures* signatures = nullptr);

}  // namespace trunkform::x509
