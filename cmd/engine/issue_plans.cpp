#include "cmd/engine/issue_plans.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cmd/engine/replacements.hpp"
#include "cmd/engine/reused_key.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "planner/diff/words.hpp"
#include "planner/issuing/plan_issue.hpp"
#include "planner/issuing/told.hpp"
#include "schemas/codec/certificate_names.hpp"

namespace trunkform::engine {
namespace {

/// Of the same policy many bindings have the same one.
std::vector<const RotatePolicy*> users_of(const IssueRequest& request, const std::vector<Binding>& bindings) {
  std::vector<const RotatePolicy*> users;
  for (const auto& binding : bindings) {
    if (binding.certificate != request.address) continue;
    const auto* rotate = &*binding.rotate;
    if (std::find(users.begin(), users.end(), rotate) == users.end()) users.push_back(rotate);
  }
  return users;
}

class IssuePlanner {
 public:
  IssuePlanner(const Context& context, IssuingPlaces& places, Sources& sources, const IssuePlansRequest& request)
      : m_context(context), m_places(places), m_sources(sources), m_request(request) {}

  PlannedIssue plan(const IssueRequest& asked) {
    auto request = asked;
    for (auto& name : request.names) name = usual_form(name);
    const bool renews_key = request.reuse_key && is_compromised(m_request.bindings, request.address);
    if (renews_key) request.reuse_key = false;
    auto planned = plan_of(request);
    // Whatever the reason to issue: a key goes with its certificate.
    if (planned.request.reuse_key && planned.issues() && is_revoked(planned.before)) {
      planned.request.reuse_key = false;
      planned.notes.emplace_back(k_made_in_spite);
    }
    if (renews_key && planned.issues())
      planned.notes.emplace_back("a key is made: replace_compromised says that the one before is known to others");
    return planned;
  }

 private:
  const Context& m_context;
  IssuingPlaces& m_places;
  Sources& m_sources;
  const IssuePlansRequest& m_request;

  bool is_revoked(const std::shared_ptr<const ChainFacts>& chain) const {
    return chain != nullptr && m_request.revoked != nullptr && is_among(*m_request.revoked, *chain);
  }

  PlannedIssue plan_of(const IssueRequest& request) {
    issuing::IssueInput input{.request = request, .users = users_of(request, m_request.bindings)};
    input.now = m_request.now;
    input.forced =
        std::find(m_request.forced.begin(), m_request.forced.end(), request.address) != m_request.forced.end();
    if (m_request.records != nullptr)
      if (const auto found = m_request.records->find(request.address); found != m_request.records->end())
        input.record = &found->second;
    look(request, input);
    // Who may write what is shown decides neither what was revoked nor what is to be replaced.
    const auto issued = issuing::issued_as_shown(input);
    if (issued != nullptr) input.is_revoked = is_revoked(issued);
    const auto* asked =
        m_request.replacements == nullptr
            ? nullptr
            : still_asked(*m_request.replacements, request.address, leaf_of(issued != nullptr ? issued : input.stored));
    input.asked_before = asked;
    auto store = m_places.store(m_context, request.store);
    if (!store) {
      // Whoever mends the one should not find the other only then.
      if (input.refused) store.error().causes.push_back(std::move(*input.refused));
      input.refused = issuing::from_store(request, std::move(store.error()));
    } else if (input.unreadable) {
      give_way(input, **store);
    }
    auto planned = issuing::plan_issue(input);
    if (planned.issues()) {
      foretell(request, planned.cause == IssueCause::resumed, input);
      planned = issuing::plan_issue(input);
    }
    // What others are shown may be behind, with nothing to do: bindings are given it all the same.
    const bool shows_beside = request.store.arguments.contains("public_path") && !input.unreadable;
    if ((planned.issues() || shows_beside) && store) {
      auto sight = sight_of(**store);
      if (sight)
        input.store = std::move(*sight);
      else if (sight.error().code == ErrorCode::corrupt)
        input.unreadable = std::move(sight.error());
      planned = issuing::plan_issue(input);
    }
    if (planned.issues() && planned.request.reuse_key && input.key_lost) {
      planned.request.reuse_key = false;
      planned.notes.emplace_back("a key is made in spite of reuse_key: the one before is gone from the store");
    }
    if (planned.issues()) tell_of_store(request, **store, planned);
    if (asked != nullptr && planned.cause == IssueCause::forced)
      planned.notes.push_back(diff::asked_by_replace(*asked, *parse_address(request.address)));
    return planned;
  }

  /// To what is removed no way back leads any more. That it cannot be told keeps nobody from issuing; nor do rights
  /// that are missing: an apply may log in as somebody else.
  void tell_of_store(const IssueRequest& request, SecretStore& store, PlannedIssue& planned) {
    if (const auto gone = store.outnumbered(m_context); gone && !gone->empty())
      planned.notes.push_back(fmt::format("{} of {} is removed with its key, being more than it keeps (keep)",
                                          fmt::join(*gone, ", "), request.store_address));
    for (auto& remark : store.foretell(m_context, planned.replaces)) planned.notes.push_back(std::move(remark));
  }

  /// What is there is no certificate, or not one with its chain: whoever says so has another put in its place.
  void give_way(issuing::IssueInput& input, SecretStore& store) {
    if (!input.is_forced()) {
      if (input.unreadable->code == ErrorCode::invalid_input)
        input.unreadable->hints.push_back("or have another issued in its place: trunkform apply -replace=" +
                                          input.request.address);
      return;
    }
    const auto sight = sight_of(store);
    if (!sight) return;  // what is told then is why
    input.version = sight->version;
    input.unreadable.reset();
  }

  /// What it could not sign is known before anybody approves it. What is signed already only has to be put into its
  /// store; of what was begun the role may have signed, and only what an apply lacks is told.
  void foretell(const IssueRequest& request, bool begun, issuing::IssueInput& input) {
    const auto* record = input.record;
    if (begun && record != nullptr && record->open && !record->open->certificates_pem.empty()) return;
    const auto issuer = m_places.issuer(request.issuer);
    if (!issuer) return;
    auto foretold = (*issuer)->foretell(m_context, {request.names, request.lifetime, begun});
    if (foretold)
      input.foretold = std::move(*foretold);
    else
      input.refused = issuing::from_issuer(request, std::move(foretold.error()));
  }

  Result<issuing::StoreSight> sight_of(SecretStore& store) {
    const auto current = TRY(store.current(m_context));
    return issuing::StoreSight{current ? std::optional(current->version) : std::nullopt};
  }

  void look(const IssueRequest& request, issuing::IssueInput& input) {
    auto stored = m_sources.stored(m_context, request.source);
    if (!stored && stored.error().code != ErrorCode::not_found) {
      input.unreadable = std::move(stored.error());
      // The source speaks of arguments that nobody wrote.
      if (request.store.type == "files" && input.unreadable->code == ErrorCode::invalid_input)
        input.unreadable->hints = {fmt::format("put back what trunkform wrote into {}", to_string(request.store))};
      input.unreadable = issuing::from_store(request, std::move(*input.unreadable));
    } else if (stored) {
      input.stored = stored->chain;
      input.version = stored->version;
      input.is_revoked = is_revoked(stored->chain);
      input.key_lost = std::move(stored->key_lost);
    }
    const auto issuer = m_places.issuer(request.issuer);
    auto allowed = issuer ? (*issuer)->allowed() : Result<>(issuer.error());
    if (allowed) allowed = (*issuer)->may_prove(request.names);
    if (!allowed) {
      input.refused = issuing::from_issuer(request, allowed.error());
    } else if (stored) {
      if (auto window = (*issuer)->renewal_info(m_context, stored->certificates.front().der); window && *window)
        input.window = std::move(**window);
    }
  }
};

/// What the service calls it; none: it is not to be known, or not to be used.
std::optional<std::string> place_of(const Context& context, IssuingPlaces& places, const Locator& locator) {
  const auto store = places.store(context, locator);
  auto place = store ? (*store)->place(context) : Result<std::string>(store.error());
  return place ? std::optional(std::move(*place)) : std::nullopt;
}

/// Only a service can tell that a secret's name and its ARN are one.
void refuse_shared_places(std::vector<PlannedIssue>& planned, const std::vector<std::optional<std::string>>& kept_in) {
  std::map<std::pair<std::string, std::string>, const std::string*> first;
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (!kept_in[i]) continue;
    auto& issue = planned[i];
    const auto [known, is_new] =
        first.emplace(std::pair(issue.request.store.type, *kept_in[i]), &issue.request.address);
    if (is_new) continue;
    issue.error = issuing::kept_in_one_place(*known->second, issue.request, *kept_in[i])
                      .hint("give one of them a store of its own");
  }
}

}  // namespace

std::vector<PlannedIssue> plan_issues(const Context& context, IssuingPlaces& places, Sources& sources,
                                      const IssuePlansRequest& request) {
  IssuePlanner planner(context, places, sources, request);
  std::vector<PlannedIssue> planned(request.requests.size());
  std::vector<std::optional<std::string>> kept_in(planned.size());
  side_by_side(request.parallelism, planned.size(), 1, [&](std::size_t i) {
    planned[i] = planner.plan(request.requests[i]);
    if (planned.size() > 1) kept_in[i] = place_of(context, places, planned[i].request.store);
  });
  refuse_shared_places(planned, kept_in);
  return planned;
}

std::shared_ptr<const Offer> offer_to_come(const PlannedIssue& issue) {
  auto offer = std::make_shared<Offer>();
  if (issue.issues()) {
    offer->kind = Offer::Kind::pending;
    return offer;
  }
  // What is there and cannot be read is no matter of issuing.
  const bool is_unreadable = issue.cause == IssueCause::none && issue.error;
  if (is_unreadable)
    offer->error = *issue.error;
  else if (issue.error)
    offer->error = Error(ErrorCode::not_found, fmt::format("{} is not issued as things are", issue.request.address),
                         issue.error->summary);
  else
    offer->error = Error(ErrorCode::not_found, fmt::format("{} has not been issued yet", issue.request.address));
  return offer;
}

}  // namespace trunkform::engine
