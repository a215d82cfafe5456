#include "planner/diff/words.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::diff {

std::string in_short(const ChainFacts& chain) {
  return fmt::format("{} (ends {})", to_short(chain.identity.leaf), to_date(chain.least_not_after()));
}

namespace {

using Certificates = std::vector<CertificatePtr>;

bool holds(const Certificates& certificates, const CertificatePtr& wanted) {
  return std::any_of(certificates.begin(), certificates.end(),
                     [&](const CertificatePtr& one) { return one->fingerprint == wanted->fingerprint; });
}

Certificates without(const Certificates& certificates, const Certificates& others) {
  Certificates left;
  std::copy_if(certificates.begin(), certificates.end(), std::back_inserter(left),
               [&](const CertificatePtr& one) { return !holds(others, one); });
  return left;
}

/// With issuer and end, because a cross-sign or a renewed authority has the subject of the one that it stands for.
std::string names_of(const Certificates& certificates) {
  std::vector<std::string> names;
  for (const auto& one : certificates)
    names.push_back(fmt::format("'{}' (issued by '{}', ends {})", one->subject, one->issuer, to_date(one->not_after)));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string chain_difference(const ChainFacts& is, const ChainFacts& was) {
  const auto less = without(was.certificates, is.certificates), more = without(is.certificates, was.certificates);
  std::string how;
  if (!less.empty()) how = "without " + names_of(less);
  if (!more.empty()) how += (how.empty() ? "with " : ", with ") + names_of(more);
  if (how.empty())
    how = is.certificates.size() == was.certificates.size() ? "the same certificates in another order"
                                                            : "a certificate stands there more than once";
  return fmt::format("chain {} instead of {}: {}", to_short(is.identity.chain), to_short(was.identity.chain), how);
}

std::string state_recorded(const ChainFacts& recorded, Instant bound_at) {
  return fmt::format("state recorded {} on {}", in_short(recorded), to_date(bound_at));
}

std::string live_instead(const ChainFacts& live, const ChainFacts& recorded, Instant bound_at) {
  if (live.identity.leaf != recorded.identity.leaf)
    return fmt::format("live is {}; {}", in_short(live), state_recorded(recorded, bound_at));
  return fmt::format("live is {}, the leaf that state recorded on {}, in another {}", in_short(live), to_date(bound_at),
                     chain_difference(live, recorded));
}

std::string told_apart(const ChainFacts& is, const ChainFacts& was) {
  if (is.identity.leaf != was.identity.leaf)
    return fmt::format("{} instead of {}", to_short(is.identity.leaf), to_short(was.identity.leaf));
  return fmt::format("the right leaf {} in another {}", to_short(is.identity.leaf), chain_difference(is, was));
}

std::string asked_by_replace(const Replacement& asked, const Address& address) {
  return fmt::format(
      "asked for with -replace on {}, and not done yet; if nobody wants it any more: trunkform untaint {}",
      to_date(asked.asked), shell_quoted(address));
}

}  // namespace trunkform::diff
