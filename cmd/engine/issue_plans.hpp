#pragma once
// From the `certificate.issued` blocks to what a plan says of them. Asks the stores what they have and the issuers when
// they want it renewed; issues nothing.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cmd/engine/issuing_places.hpp"
#include "cmd/engine/sources.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::engine {

struct IssuePlansRequest {
  const std::vector<IssueRequest>& requests;
  const std::vector<Binding>& bindings;
  const std::map<std::string, IssueRecord>* records = nullptr;   ///< the state's; null: none
  const std::set<Fingerprint>* revoked = nullptr;                ///< the state's; null: none
  const std::map<Address, Replacement>* replacements = nullptr;  ///< the state's; null: none
  std::vector<std::string> forced{};                             ///< addresses, of `-replace`
  std::size_t parallelism = 10;
  Instant now{};
};

/// By address. What fails is the error of its own plan.
std::vector<PlannedIssue> plan_issues(const Context& context, IssuingPlaces& places, Sources& sources,
                                      const IssuePlansRequest& request);

/// What a binding is offered whose certificate is about to be issued.
std::shared_ptr<const Offer> offer_to_come(const PlannedIssue& issue);

}  // namespace trunkform::engine
