#include "state/document/fold.hpp"

#include <algorithm>
#include <map>

#include "state/document/history.hpp"

namespace trunkform::state {
namespace {

using Meant = std::map<Address, Identity>;

/// One event into a document.
class Step {
 public:
  Step(StateDocument& document, Meant& meant) : m_document(document), m_meant(meant) {}

  void apply(const Event& event) {
    std::visit([&](const auto& body) { on(event, body); }, event.body);
    m_document.folded_through = event.sequence;
  }

 private:
  StateDocument& m_document;
  Meant& m_meant;

  template <class Other>
  void on(const Event&, const Other&) {}

  void on(const Event& event, const Intent& body) { m_document.open_intents[body.address] = event.sequence; }

  void on(const Event& event, const Outcome& body) {
    m_document.open_intents.erase(body.address);
    // What failed is taken back, and then what was to go is there again.
    if (body.kind == OutcomeKind::committed) m_document.replacements.erase(body.address);
    if (body.record) {
      put(*body.record);
      auto& record = m_document.resources.at(body.record->address);
      record.look.reset();
      look(record, event, body.verification, Looker::the_run);
    }
    if (body.kind == OutcomeKind::rolled_back) quarantine(event, body);
  }

  /// While an intent is open, what is seen is about a certificate that the document does not have yet.
  void on(const Event& event, const Probed& body) {
    const auto found = m_document.resources.find(body.address);
    if (found == m_document.resources.end() || m_document.open_intents.contains(body.address)) return;
    const auto looker = event.plan.empty() ? Looker::somebody_else : Looker::the_run;
    look(found->second, event, body.verification, looker);
    // A run that ended right after this line has not said yet what it does about it: the next one has to know.
    const auto& settled = body.verification.settled;
    if (looker == Looker::the_run && settled.verdict == CheckVerdict::fail && !found->second.failure)
      found->second.failure = Failure{event.time, shortened(settled.evidence), {}};
  }

  void on(const Event&, const Adopted& body) {
    m_document.open_intents.erase(body.record.address);
    const auto asked = m_document.replacements.find(body.record.address);
    if (asked != m_document.replacements.end() && !asked->second.holds(body.record.chain->identity.leaf))
      m_document.replacements.erase(asked);
    put(body.record);
  }

  void on(const Event&, const Forgotten& body) {
    m_document.open_intents.erase(body.address);
    m_document.replacements.erase(body.address);
    m_document.resources.erase(body.address);
  }

  void on(const Event&, const Moved& body) {
    if (auto node = m_document.resources.extract(body.from)) {
      m_document.resources.erase(body.to);
      node.key() = body.to;
      node.mapped().address = body.to;
      m_document.resources.insert(std::move(node));
    }
    if (auto node = m_document.open_intents.extract(body.from)) {
      node.key() = body.to;
      m_document.open_intents.insert(std::move(node));
    }
    rename_replacement(body.from, body.to);
    if (auto node = m_meant.extract(body.from)) {
      node.key() = body.to;
      m_meant.insert(std::move(node));
    }
  }

  void on(const Event&, const IssueBegun& body) {
    auto& record = m_document.issues[body.address];
    record.address = body.address;
    record.open = body.issue;
  }

  void on(const Event&, const IssueOrdered& body) {
    const auto found = m_document.issues.find(body.address);
    if (found == m_document.issues.end() || !found->second.open || found->second.open->request != body.request) return;
    found->second.open->order = body.order;
    found->second.open->certificates_pem = body.certificates_pem;
  }

  void on(const Event& event, const IssueEnded& body) {
    auto& record = m_document.issues[body.address];
    record.address = body.address;
    record.amiss.reset();
    if (body.amiss && record.open) {
      const IssueTerms& asked = *record.open;
      record.amiss = AmissIssue{asked, event.time, body.message};
    }
    record.open.reset();
    if (body.issued) {
      record.last = body.issued;
      forget_replacement(body.address);
    }
    if (!record.last && !record.amiss) m_document.issues.erase(body.address);
  }

  void on(const Event&, const IssueRevokeAsked& body) { refuse(body.leaf, body.key); }

  void on(const Event&, const IssueRevokeRefused& body) {
    if (body.leaf) m_document.revoked.erase(*body.leaf);
    if (body.key) m_document.revoked.erase(*body.key);
  }

  void on(const Event&, const IssueRevoked& body) { refuse(body.leaf, body.key); }

  void refuse(const Fingerprint& leaf, const std::optional<Fingerprint>& key) {
    m_document.revoked.insert(leaf);
    if (key) m_document.revoked.insert(*key);
  }

  void on(const Event&, const IssueForgotten& body) {
    m_document.issues.erase(body.address);
    forget_replacement(body.address);
  }

  void on(const Event& event, const ReplaceAsked& body) {
    m_document.replacements.insert_or_assign(body.address, Replacement{event.time, body.instead_of});
  }

  void on(const Event&, const ReplaceWithdrawn& body) { m_document.replacements.erase(body.address); }

  void forget_replacement(const std::string& issue) {
    if (const auto address = parse_address(issue)) m_document.replacements.erase(*address);
  }

  void rename_replacement(const Address& from, const Address& to) {
    auto node = m_document.replacements.extract(from);
    if (!node) return;
    node.key() = to;
    m_document.replacements.erase(to);
    m_document.replacements.insert(std::move(node));
  }

  void on(const Event&, const IssueMoved& body) {
    const auto from = parse_address(body.from), to = parse_address(body.to);
    if (from && to) rename_replacement(*from, *to);
    auto node = m_document.issues.extract(body.from);
    if (!node) return;
    m_document.issues.erase(body.to);
    node.key() = body.to;
    node.mapped().address = body.to;
    m_document.issues.insert(std::move(node));
  }

  enum class Looker { the_run, somebody_else };

  /// Without a look at the port nothing new is known about it.
  static void look(ResourceRecord& record, const Event& event, const Verification& seen, Looker looker) {
    const auto none = CheckVerdict::not_configured;
    if (seen.served.verdict == none && seen.settled.verdict == none) return;
    for (const auto verdict : {CheckVerdict::fail, CheckVerdict::inconclusive, CheckVerdict::pass})
      for (const auto* check : {&seen.settled, &seen.served, &seen.accepted}) {
        if (check->verdict != verdict) continue;
        // Who saw nothing does not take back what was seen to be wrong.
        const auto& before = record.look;
        if (verdict == CheckVerdict::inconclusive && before && before->verdict == CheckVerdict::fail) return;
        const bool soak_is_over = seen.settled.verdict != none || (before && before->settled);
        record.look =
            LastLook{verdict,     event.time, event.actor, shortened(check->evidence), looker == Looker::somebody_else,
                     soak_is_over};
        return;
      }
  }

  /// Whole characters only.
  static std::string shortened(std::string text) {
    constexpr std::size_t k_longest = 400;
    if (text.size() <= k_longest) return text;
    auto end = k_longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.erase(end) + "…";
  }

  void put(const ResourceRecord& record) {
    const auto found = m_document.resources.find(record.address);
    const ResourceRecord* previous = found == m_document.resources.end() ? nullptr : &found->second;
    auto next = succeed(previous, record);
    m_document.resources.insert_or_assign(record.address, std::move(next));
  }

  /// The engine's own quarantine in the record wins; without one the intent tells what failed.
  void quarantine(const Event& event, const Outcome& body) {
    if (body.record && body.record->quarantine) return;
    const auto meant = m_meant.find(body.address);
    const auto found = m_document.resources.find(body.address);
    if (meant == m_meant.end() || found == m_document.resources.end()) return;
    const auto& failed = meant->second;
    if (found->second.chain && found->second.chain->identity == failed) return;
    found->second.quarantine = Quarantine{failed, event.time, body.message};
  }
};

}  // namespace

void Folding::add(const Event& event) {
  // Events that are in the document already still say which chain an open intent meant.
  if (const auto* intent = std::get_if<Intent>(&event.body)) {
    if (intent->record.chain)
      m_meant.insert_or_assign(intent->address, intent->record.chain->identity);
    else
      m_meant.erase(intent->address);
  }
  if (event.sequence > m_document.folded_through) Step(m_document, m_meant).apply(event);
}

StateDocument fold(StateDocument document, std::span<const Event> events) {
  Folding folding(std::move(document));
  for (const auto& event : events) folding.add(event);
  return std::move(folding).take();
}

std::vector<Event> open_intents(std::span<const Event> events) {
  std::map<Address, Event> open;
  for (const auto& event : events) {
    if (const auto* intent = std::get_if<Intent>(&event.body)) {
      open.insert_or_assign(intent->address, event);
    } else if (const auto* moved = std::get_if<Moved>(&event.body)) {
      auto node = open.extract(moved->from);
      if (!node) continue;
      auto& renamed = std::get<Intent>(node.mapped().body);
      renamed.address = renamed.record.address = moved->to;
      node.key() = moved->to;
      open.insert(std::move(node));
    } else if (std::holds_alternative<Outcome>(event.body) || std::holds_alternative<Adopted>(event.body) ||
               std::holds_alternative<Forgotten>(event.body)) {
      open.erase(*address_of(event.body));
    }
  }
  std::vector<Event> result;
  result.reserve(open.size());
  for (auto& [address, event] : open) result.push_back(std::move(event));
  std::sort(result.begin(), result.end(), [](const Event& l, const Event& r) { return l.sequence < r.sequence; });
  return result;
}

}  // namespace trunkform::state
