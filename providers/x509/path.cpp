#include "providers/x509/path.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include <fmt/format.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/trust_store_impl.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509 {

struct RevocationLists::Impl {
  std::vector<detail::ListHandle> lists;
};

RevocationLists::RevocationLists(std::unique_ptr<const Impl> impl) : m_impl(std::move(impl)) {}
RevocationLists::~RevocationLists() = default;

Result<RevocationListsPtr> RevocationLists::from_pem(std::string_view pem) {
  static constexpr std::size_t k_most_bytes = 64U << 20;
  if (pem.size() > k_most_bytes) {
    return Error(ErrorCode::invalid_input, fmt::format("the revocation list is larger than {} bytes", k_most_bytes));
  }
  auto impl = std::make_unique<Impl>();
  for (const auto& block : TRY(detail::pem_blocks(pem, 1000))) {
    if (block.label != "X509 CRL") continue;
    std::string der(detail::decoded_capacity(block.body), '\0');
    der.resize(TRY(detail::decode_base64(block.body, der.data())));
    auto list = detail::read_list(der);
    if (!list) {
      return Error(ErrorCode::invalid_input, fmt::format("the revocation list at line {} cannot be read", block.line),
                   detail::take_openssl_reason());
    }
    impl->lists.push_back(std::move(list));
  }
  if (impl->lists.empty()) {
    return Error(ErrorCode::invalid_input, "there is no revocation list in PEM form")
        .hint(
            "it begins with the line -----BEGIN X509 CRL-----; convert DER: openssl crl -inform DER -in FILE -out "
            "FILE.pem");
  }
  return std::make_shared<const RevocationLists>(std::move(impl));
}

namespace {

struct FreeVerification {
  void operator()(X509_STORE_CTX* verification) const noexcept { X509_STORE_CTX_free(verification); }
  void operator()(STACK_OF(X509) * certificates) const noexcept { sk_X509_pop_free(certificates, X509_free); }
  // The lists themselves stay RevocationLists'.
  void operator()(STACK_OF(X509_CRL) * lists) const noexcept { sk_X509_CRL_free(lists); }
};

/// What the callback remembers of one verification: failures that other rules state do not end the search for a path.
struct Observed {
  int first_failure = X509_V_OK;
  int first_depth = 0;
  bool revoked = false;
  bool unknown_revocation = false;
  int unusable_list_depth = -1;
};

enum class Weight { tolerated, revoked, list_missing, list_stale, list_unusable, noted, fatal };

Weight weight_of(int failure, int depth) {
  switch (failure) {
    case X509_V_ERR_CERT_REVOKED:
      return Weight::revoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return Weight::list_missing;
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return Weight::list_stale;
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
      return Weight::list_unusable;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Weight::noted;
    // The leaf's usages are rules of their own, with words of their own.
    case X509_V_ERR_INVALID_PURPOSE:
      return depth == 0 ? Weight::tolerated : Weight::fatal;
    default:
      return Weight::fatal;
  }
}

int observed_index() {
  static const int k_index = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return k_index;
}

void observe_revocation(Observed& observed, Weight weight, int depth) {
  const bool about_list =
      weight == Weight::list_missing || weight == Weight::list_stale || weight == Weight::list_unusable;
  // What no list covers above the leaf stays unsaid: authorities publish theirs elsewhere.
  if (about_list && depth == 0) observed.unknown_revocation = true;
  if (weight == Weight::list_unusable) observed.unusable_list_depth = depth;
  // After an unusable list was tolerated OpenSSL still reads it: a forged one must not revoke.
  if (weight == Weight::revoked && depth != observed.unusable_list_depth) observed.revoked = true;
}

extern "C" int trunkform_observe_verification(int good, X509_STORE_CTX* verification) {
  if (good == 1) return 1;
  auto& observed = *static_cast<Observed*>(X509_STORE_CTX_get_ex_data(verification, observed_index()));
  const int failure = X509_STORE_CTX_get_error(verification);
  const int depth = X509_STORE_CTX_get_error_depth(verification);
  const auto weight = weight_of(failure, depth);
  observe_revocation(observed, weight, depth);
  if (weight != Weight::noted && weight != Weight::fatal) return 1;
  if (observed.first_failure == X509_V_OK || weight == Weight::fatal) {
    observed.first_failure = failure;
    observed.first_depth = depth;
  }
  return weight == Weight::fatal ? 0 : 1;
}

PathProblem problem_of(int failure) {
  switch (failure) {
    case X509_V_OK:
      return PathProblem::none;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return PathProblem::no_issuer;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
      return PathProblem::untrusted_root;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return PathProblem::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return PathProblem::not_yet_valid;
    default:
      return PathProblem::other;
  }
}

void set_parameters(X509_STORE_CTX* verification, const PathQuestion& question, int purpose) {
  auto* parameters = X509_STORE_CTX_get0_param(verification);
  X509_VERIFY_PARAM_set_time(parameters,
                             std::chrono::floor<std::chrono::seconds>(question.at).time_since_epoch().count());
  X509_VERIFY_PARAM_set_purpose(parameters, purpose);
  if (question.max_depth) X509_VERIFY_PARAM_set_depth(parameters, *question.max_depth);
  if (question.revocation) {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
}

CertificatePtr facts_in_path(X509* certificate, const Certificates& given, const TrustStore& trust) {
  for (const auto& one : given)
    if (one.parsed.get() == certificate) return one.facts;
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  const std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(std::max(size, 0)));
  OPENSSL_free(bytes);
  const auto found = std::find_if(given.begin(), given.end(), [&](const Certificate& one) { return one.der == der; });
  return found != given.end() ? found->facts : trust.impl().facts_of(der);
}

Instant least_end(const std::vector<CertificatePtr>& certificates) {
  Instant least = Instant::max();
  for (const auto& facts : certificates) least = std::min(least, facts->not_after);
  return least;
}

PathFacts facts_of_outcome(X509_STORE_CTX* verification, const Observed& observed, const Certificates& given,
                           const TrustStore& trust) {
  PathFacts facts;
  facts.problem = problem_of(observed.first_failure);
  facts.trusted = facts.problem == PathProblem::none;
  if (!facts.trusted) {
    facts.failure = X509_verify_cert_error_string(observed.first_failure);
    facts.failure_depth = observed.first_depth;
  }
  const bool complete =
      facts.trusted || facts.problem == PathProblem::expired || facts.problem == PathProblem::not_yet_valid;
  auto* chain = X509_STORE_CTX_get0_chain(verification);
  for (int i = 0; complete && i < sk_X509_num(chain); ++i) {
    if (auto one = facts_in_path(sk_X509_value(chain, i), given, trust)) facts.path.push_back(std::move(one));
  }
  facts.effective_expiry = facts.path.empty() ? chain_of(given)->least_not_after() : least_end(facts.path);
  return facts;
}

Revocation revocation_of(const PathQuestion& question, const PathFacts& path, const Observed& observed) {
  if (observed.revoked) return Revocation::revoked;
  if (!question.revocation || observed.unknown_revocation || path.path.empty()) return Revocation::unknown;
  return Revocation::good;
}

/// OpenSSL verified each signature of a path that it trusts.
void remember(X509_STORE_CTX* verification, const PathFacts& facts, Signatures& signatures) {
  const auto length = static_cast<std::size_t>(std::max(sk_X509_num(X509_STORE_CTX_get0_chain(verification)), 0));
  if (!facts.trusted || facts.path.size() != length) return;
  for (std::size_t i = 1; i < length; ++i)
    signatures.remember(facts.path[i]->fingerprint, facts.path[i - 1]->fingerprint);
}

PathAnswer check_for(int purpose, const Certificates& certificates, const PathQuestion& question,
                     Signatures* signatures) {
  const auto trust = question.trust ? question.trust : TrustStore::system();
  const auto leaf = detail::handle_of(certificates.front());
  const std::unique_ptr<STACK_OF(X509), FreeVerification> others(sk_X509_new_null());
  const std::unique_ptr<STACK_OF(X509_CRL), FreeVerification> lists(sk_X509_CRL_new_null());
  const std::unique_ptr<X509_STORE_CTX, FreeVerification> verification(X509_STORE_CTX_new());
  if (!leaf || !others || !lists || !verification) throw std::bad_alloc();
  for (std::size_t i = 1; i < certificates.size(); ++i) {
    sk_X509_push(others.get(), detail::handle_of(certificates[i]).release());
  }
  if (question.revocation) {
    for (const auto& list : question.revocation->impl().lists) sk_X509_CRL_push(lists.get(), list.get());
  }

  Observed observed;
  X509_STORE_CTX_init(verification.get(), trust->impl().store.get(), leaf.get(), others.get());
  X509_STORE_CTX_set0_crls(verification.get(), lists.get());
  X509_STORE_CTX_set_ex_data(verification.get(), observed_index(), &observed);
  X509_STORE_CTX_set_verify_cb(verification.get(), trunkform_observe_verification);
  set_parameters(verification.get(), question, purpose);
  if (X509_verify_cert(verification.get()) != 1 && observed.first_failure == X509_V_OK) {
    observed.first_failure = X509_STORE_CTX_get_error(verification.get());
    if (observed.first_failure == X509_V_OK) observed.first_failure = X509_V_ERR_UNSPECIFIED;
  }
  (void)detail::take_openssl_reason();

  PathAnswer answer;
  answer.path = facts_of_outcome(verification.get(), observed, certificates, *trust);
  answer.revocation = revocation_of(question, answer.path, observed);
  if (signatures != nullptr) remember(verification.get(), answer.path, *signatures);
  return answer;
}

}  // namespace

Purpose purpose_of(const CarrierPolicy& carrier) { return carrier.mutual_tls ? Purpose::mutual : Purpose::server; }

/// An authority may be allowed to issue for servers alone: as a client the same chain would then be refused.
PathAnswer check_path(const Certificates& certificates, const PathQuestion& question, Signatures* signatures) {
  auto answer = check_for(X509_PURPOSE_SSL_SERVER, certificates, question, signatures);
  if (question.purpose == Purpose::server || !answer.path.trusted) return answer;
  auto as_client = check_for(X509_PURPOSE_SSL_CLIENT, certificates, question, signatures);
  return as_client.path.trusted ? answer : as_client;
}

}  // namespace trunkform::x509
