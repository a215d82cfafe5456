#include "cmd/engine/issued_pair.hpp"

#include <fmt/format.h>

#include "planner/issuing/plan_issue.hpp"
#include "providers/x509/chain.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::engine {
namespace {

Result<x509::BuiltChain> chain_of(const KeyFacts& key, const std::string& pem) {
  const auto given = TRY(x509::parse_certificates(pem));
  return x509::build_chain(given, {.key = &key});
}

std::string names_of(const CertificateFacts& leaf) {
  std::string text;
  for (const auto& name : leaf.names) text += (text.empty() ? "" : ", ") + name.value;
  return text.empty() ? "none" : text;
}

}  // namespace

Result<KeyPair> issued_pair(const IssueRequest& request, SecretBuffer key, const std::string& pem, Instant now) {
  const auto facts = x509::inspect_key(key);
  auto chain = chain_of(facts, pem);
  if (!chain)
    return Error(ErrorCode::rejected, "what the issuer gave is no certificate with its chain")
        .hint("ask who runs it: what it gave is in trunkform history -json")
        .because(std::move(chain.error()));
  auto& built = *chain;
  if (!x509::matches(facts, built.chain->leaf()))
    return Error(ErrorCode::rejected, "the issuer signed another key than the one that was made");
  issuing::IssueInput input{.request = request};
  input.stored = built.chain;
  input.now = now;
  const auto cause = issuing::plan_issue(input).cause;
  if (cause == IssueCause::names_changed)
    return Error(ErrorCode::rejected, "the issuer signed other names than those that were asked for",
                 fmt::format("asked for {}; signed {}", fmt::join(request.names, ", "), names_of(built.chain->leaf())))
        .hint("see what its role or profile allows, and ask for these names");
  // The issuer signed what it was given: that another is asked for is no fault that a day of waiting would mend.
  if (cause == IssueCause::key_changed)
    return Error(ErrorCode::conflict, "the key that was staged is not of the type that the block asks for",
                 fmt::format("it is {}", describe(built.chain->leaf().key)))
        .hint("run trunkform apply again: another key is made");
  if (built.chain->leaf().not_after <= now)
    return Error(ErrorCode::rejected, "the issuer gave a certificate that has ended already");
  return KeyPair{built.chain, std::move(built.pem), std::move(key)};
}

}  // namespace trunkform::engine
