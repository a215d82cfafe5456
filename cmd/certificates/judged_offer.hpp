#pragma once
// From certificates as they are found to what the rules say about them, in one call: for `certificate check`.
// Thread-safe where TrustStores is shared.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/rules/rules.hpp"
#include "providers/x509/chain.hpp"
#include "providers/x509/path.hpp"

namespace trunkform::certificates {

/// Borrowed for the call. `judge.chain`, `bundle`, `path`, `revocation`, `unreadable` are filled in here.
struct OfferQuestion {
  std::string_view certificates_pem;
  rules::RuleInput judge;
  x509::RevocationListsPtr revocation;
  std::optional<int> max_depth;
};

struct JudgedOffer {
  x509::BuiltChain built;  ///< `built.chain` is null where the certificates could not be read
  PathFacts path;
  Revocation revocation = Revocation::unknown;
  std::vector<Finding> findings;
  std::vector<rules::Unjudged> unjudged;  ///< hidden by what `findings` says
};

enum class Passes { left_out, listed };

/// Always an answer: what cannot be read is the blocking finding `pem_unreadable`. Error: invalid_input, only where the
/// carrier's trust store cannot be read.
Result<JudgedOffer> judge_offer(const OfferQuestion& question, x509::TrustStores& stores,
                                Passes passes = Passes::left_out);

}  // namespace trunkform::certificates
