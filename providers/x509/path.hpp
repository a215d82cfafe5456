#pragma once
// Whether a chain leads to a trust store at one instant: a validator of our own over OpenSSL's parsing and signatures
// (RFC 5280 §6; the checks are in schemas/model/path_check.hpp). States facts: the leaf's names, its strength and
// whether it may be used by servers are left to planner/rules. Thread-safe.
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>

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

struct PathQuestion {
  Instant at{};
  TrustStorePtr trust;            ///< null: the system's
  RevocationListsPtr revocation;  ///< may be null
  std::optional<int> max_depth;   ///< the most intermediates between leaf and anchor, self-issued ones not counted
  Purpose purpose = Purpose::server;
  bool as_web = false;        ///< the peer judges as web clients do: checks whose force is `web` block
  int least_rsa_bits = 2048;  ///< of issuers' keys
};

/// With what the carrier's peers demand; when, whom they trust and what is revoked is the caller's to add.
PathQuestion question_of(const CarrierPolicy& carrier);

/// What a carrier's peers demand of a path beside the trust store: whose are the same get the same answer.
using PeerDemands = std::tuple<Purpose, bool, int>;
inline PeerDemands demands_in(const PathQuestion& question) {
  return {question.purpose, question.as_web, question.least_rsa_bits};
}

struct PathAnswer {
  PathFacts path;
  Revocation revocation = Revocation::unknown;
};

/// For `mutual` the path must hold for both purposes.
/// `certificates` leaf first; the rest may be in any order and may hold more than the path needs. The effective expiry
/// is the least notAfter over the path that was found, the anchor included; where none was, over what is sent.
/// A list that has run out revokes, but never says good. What `signatures` knows is not verified again, and it learns;
/// may be null.
PathAnswer check_path(const Certificates& certificates, const PathQuestion& question, Signatures* signatures = nullptr);

}  // namespace trunkform::x509
