#include "schemas/model/event.hpp"

namespace trunkform {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

std::string_view to_string(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::committed:
      return "committed";
    case OutcomeKind::not_committed:
      return "not_committed";
    case OutcomeKind::failed:
      return "failed";
    case OutcomeKind::rolled_back:
      return "rolled_back";
    case OutcomeKind::foreign:
      break;
  }
  return "foreign";
}

std::string_view kind_of(const EventBody& body) {
  return std::visit(Overloaded{[](const EpochOpened&) { return "epoch_opened"; },
                               [](const RunStarted&) { return "run_started"; },
                               [](const RunFinished&) { return "run_finished"; },
                               [](const Intent&) { return "intent"; },
                               [](const Patched&) { return "patched"; },
                               [](const ReadBack&) { return "read_back"; },
                               [](const Probed&) { return "probed"; },
                               [](const Outcome&) { return "outcome"; },
                               [](const Deferred&) { return "deferred"; },
                               [](const Adopted&) { return "adopted"; },
                               [](const Forgotten&) { return "forgotten"; },
                               [](const Moved&) { return "moved"; },
                               [](const StateReplaced&) { return "state_replaced"; },
                               [](const LockBroken&) { return "lock_broken"; },
                               [](const IssueBegun&) { return "issue_begun"; },
                               [](const IssueOrdered&) { return "issue_ordered"; },
                               [](const IssueEnded&) { return "issue_ended"; },
                               [](const IssueForgotten&) { return "issue_forgotten"; },
                               [](const IssueRevokeAsked&) { return "issue_revoke_asked"; },
                               [](const IssueRevokeRefused&) { return "issue_revoke_refused"; },
                               [](const IssueRevoked&) { return "issue_revoked"; },
                               [](const IssueFailed&) { return "issue_failed"; },
                               [](const IssueMoved&) { return "issue_moved"; },
                               [](const IssueUnstaged&) { return "issue_unstaged"; },
                               [](const ReplaceAsked&) { return "replace_asked"; },
                               [](const ReplaceWithdrawn&) { return "replace_withdrawn"; }},
                    body);
}

const std::string* issue_of(const EventBody& body) {
  return std::visit(
      Overloaded{[](const IssueBegun& e) { return &e.address; }, [](const IssueOrdered& e) { return &e.address; },
                 [](const IssueEnded& e) { return &e.address; }, [](const IssueForgotten& e) { return &e.address; },
                 [](const IssueRevokeAsked& e) { return &e.address; },
                 [](const IssueRevokeRefused& e) { return &e.address; },
                 [](const IssueRevoked& e) { return &e.address; }, [](const IssueFailed& e) { return &e.address; },
                 [](const IssueMoved& e) { return &e.to; }, [](const IssueUnstaged& e) { return &e.address; },
                 [](const auto&) -> const std::string* { return nullptr; }},
      body);
}

const Address* address_of(const EventBody& body) {
  return std::visit(
      Overloaded{[](const Intent& e) { return &e.address; }, [](const Patched& e) { return &e.address; },
                 [](const ReadBack& e) { return &e.address; }, [](const Probed& e) { return &e.address; },
                 [](const Outcome& e) { return &e.address; }, [](const Deferred& e) { return &e.address; },
                 [](const Adopted& e) { return &e.record.address; }, [](const Forgotten& e) { return &e.address; },
                 [](const Moved& e) { return &e.to; }, [](const ReplaceAsked& e) { return &e.address; },
                 [](const ReplaceWithdrawn& e) { return &e.address; },
                 [](const auto&) -> const Address* { return nullptr; }},
      body);
}

}  // namespace trunkform
