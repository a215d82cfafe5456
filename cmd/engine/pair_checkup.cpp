#include "cmd/engine/pair_checkup.hpp"

#include <fmt/format.h>

#include "planner/rules/rules.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::engine {
namespace {

/// What a machine that only plans need not have: a right, a passphrase, the operator's word.
bool is_for_an_apply_alone(const Error& error) {
  return error.code == ErrorCode::denied || error.code == ErrorCode::untrusted || error.code == ErrorCode::not_found;
}

}  // namespace

void examine_pair(const Context& context, Sources& sources, const Locator& locator, const VersionId& version,
                  const ChainPtr& chain, Checkup& checkup) {
  constexpr const char* k_unknown = "whether the key is that of the certificate was not looked at: ";
  const auto source = sources.open(locator);
  if (!source) return;
  if (!(*source)->has_key_at_hand())
    return checkup.unknown(fmt::format("{}an apply reads it, and a plan need not", k_unknown));
  const auto fetched = (*source)->fetch(context, version);
  if (!fetched && is_for_an_apply_alone(fetched.error()))
    return checkup.unknown(fmt::format("{}{}", k_unknown, fetched.error().summary));
  if (!fetched) return checkup.bad(fetched.error());
  const auto key = fetched->passphrase.empty() ? x509::inspect_key(fetched->private_key)
                                               : x509::inspect_key(fetched->private_key, fetched->passphrase);
  rules::RuleInput input;
  input.chain = chain;
  input.key = &key;
  input.passphrase_at_hand = !fetched->passphrase.empty();
  bool is_good = true;
  for (const auto& finding : rules::judge(input)) {
    if (!finding.rule.starts_with("key_")) continue;
    is_good = false;
    checkup.bad(Error(ErrorCode::rejected, finding.message).hint(finding.mend));
  }
  if (is_good) checkup.good("the key is that of the certificate");
}

}  // namespace trunkform::engine
