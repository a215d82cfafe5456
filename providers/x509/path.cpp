#include "providers/x509/path.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/handles.hpp"
#include "providers/x509/path/revocation.hpp"
#include "providers/x509/path/search.hpp"
#include "providers/x509/pem_blocks.hpp"

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
  // Authorities publish them in DER (RFC 5280 §4.2.1.13).
  if (pem.starts_with('\x30') && pem.find("-----BEGIN ") == std::string_view::npos) {
    auto list = detail::read_list(pem);
    if (!list) {
      return Error(ErrorCode::invalid_input, "the revocation list cannot be read, neither as PEM nor as DER",
                   detail::take_openssl_reason())
          .hint("see what is wrong with it: openssl crl -inform DER -in FILE -noout -text");
    }
    impl->lists.push_back(std::move(list));
    return std::make_shared<const RevocationLists>(std::move(impl));
  }
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
        .hint("it begins with the line -----BEGIN X509 CRL-----, or is DER");
  }
  return std::make_shared<const RevocationLists>(std::move(impl));
}

namespace {

detail::Demands demands_of(const PathQuestion& question) {
  detail::Demands demands;
  demands.at = std::chrono::floor<std::chrono::seconds>(question.at);  // certificates know no less than a second
  demands.as_web = question.as_web;
  demands.usages = {detail::k_server_usage};
  // An authority may be allowed to issue for servers alone: as a client the same chain would then be refused.
  if (question.purpose == Purpose::mutual) demands.usages.push_back(detail::k_client_usage);
  demands.least_rsa_bits = question.least_rsa_bits;
  demands.max_depth = question.max_depth;
  return demands;
}

Instant least_end(const std::vector<CertificatePtr>& certificates) {
  Instant least = Instant::max();
  for (const auto& facts : certificates) least = std::min(least, facts->not_after);
  return least;
}

void say(PathFacts& facts, PathProblem problem, std::string failure, std::size_t depth) {
  facts.problem = problem;
  facts.failure = std::move(failure);
  facts.failure_depth = static_cast<int>(depth);
}

/// In the order in which one hides the other: without an end there is nothing to trust.
void find_problem(PathFacts& facts, const detail::Judged& judged, Instant at) {
  const auto& last = *judged.path.back();
  const auto fault = std::find_if(judged.faults.begin(), judged.faults.end(),
                                  [](const PathFault& one) { return one.verdict == Verdict::block; });
  if (!judged.complete) {
    // What people search for: OpenSSL says it so.
    if (last.reading().self_issued)
      return say(facts, PathProblem::untrusted_root, "self-signed certificate in certificate chain",
                 judged.path.size() - 1);
    return say(facts, PathProblem::no_issuer, "unable to get local issuer certificate", judged.path.size() - 1);
  }
  if (fault != judged.faults.end()) {
    return say(facts, PathProblem::other, fmt::format("{}: {}", info(fault->check).name, fault->what),
               static_cast<std::size_t>(fault->depth));
  }
  if (judged.out_of_time) {
    const bool ended = judged.path[*judged.out_of_time]->facts->not_after < at;
    return say(facts, ended ? PathProblem::expired : PathProblem::not_yet_valid,
               ended ? "certificate has expired" : "certificate is not yet valid", *judged.out_of_time);
  }
}

PathFacts facts_of(const detail::Judged& judged, const Certificates& given, Instant at) {
  PathFacts facts;
  facts.trusted = judged.is_trusted();
  facts.judged = judged.complete;
  facts.faults = judged.faults;
  find_problem(facts, judged, at);
  if (judged.complete)
    for (const auto* step : judged.path) facts.path.push_back(step->facts);
  facts.effective_expiry = facts.path.empty() ? chain_of(given)->least_not_after() : least_end(facts.path);
  return facts;
}

}  // namespace

PathQuestion question_of(const CarrierPolicy& carrier) {
  PathQuestion question;
  question.purpose = carrier.mutual_tls ? Purpose::mutual : Purpose::server;
  question.as_web = carrier.identity_rules == IdentityRules::rfc6125;
  // The carrier's wish is about the trunk's key; what it allows there it allows above, too.
  question.least_rsa_bits = std::min(carrier.min_rsa_bits, question.least_rsa_bits);
  return question;
}

PathAnswer check_path(const Certificates& certificates, const PathQuestion& question, Signatures* signatures) {
  const auto trust = question.trust ? question.trust : TrustStore::system();
  const auto demands = demands_of(question);
  std::vector<detail::Step> given;
  for (const auto& one : certificates) given.push_back({one.facts, detail::parsed_of(one)});
  auto judged = detail::find_path(given, *trust, demands, signatures);
  PathAnswer answer;
  if (question.revocation && judged.complete) {
    auto lists = detail::revocation_of(judged.path, question.revocation->impl().lists, demands);
    answer.revocation = lists.revocation;
    detail::Faults all(demands);
    all.add(std::move(judged.faults));
    all.add(std::move(lists.faults));
    judged.blocked = all.block();
    judged.faults = std::move(all).take();
  }
  answer.path = facts_of(judged, certificates, question.at);
  return answer;
}

}  // namespace trunkform::x509
