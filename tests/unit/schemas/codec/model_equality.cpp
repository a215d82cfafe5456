#include "tests/unit/schemas/codec/model_equality.hpp"

#include <algorithm>
#include <tuple>

namespace trunkform::testing {
namespace {

auto fields(const CertificateFacts& f) {
  return std::tie(f.fingerprint, f.subject, f.common_name, f.issuer, f.serial, f.not_before, f.not_after, f.names,
                  f.key, f.signature_algorithm, f.signature_digest, f.version, f.is_ca, f.self_issued, f.path_length,
                  f.has_key_usage, f.key_usage_cert_sign, f.key_usage_digital_signature, f.extended_key_usage,
                  f.subject_key_id, f.authority_key_id);
}

auto fields(const LastLook& l) { return std::tie(l.verdict, l.at, l.by, l.evidence, l.recorded, l.settled); }
auto fields(const Quarantine& q) { return std::tie(q.identity, q.since, q.reason); }

bool same(const CheckResult& l, const CheckResult& r) { return l.verdict == r.verdict && l.evidence == r.evidence; }

bool same(const Verification& l, const Verification& r) {
  return same(l.accepted, r.accepted) && same(l.served, r.served) && same(l.settled, r.settled);
}

bool same(const HistoryEntry& l, const HistoryEntry& r) {
  return testing::same(l.chain, r.chain) &&
         std::tie(l.locator, l.version, l.bound_at, l.plan) == std::tie(r.locator, r.version, r.bound_at, r.plan);
}

bool same(const std::optional<ResourceRecord>& l, const std::optional<ResourceRecord>& r) {
  return l.has_value() == r.has_value() && (!l || testing::same(*l, *r));
}

bool same_body(const EpochOpened& l, const EpochOpened& r) {
  return std::tie(l.lock_id, l.epoch, l.torn_bytes) == std::tie(r.lock_id, r.epoch, r.torn_bytes);
}
bool same_body(const RunStarted& l, const RunStarted& r) {
  return std::tie(l.command, l.planned, l.reason) == std::tie(r.command, r.planned, r.reason);
}
bool same_body(const RunFinished& l, const RunFinished& r) {
  return std::tie(l.changed, l.failed, l.deferred, l.stopped) == std::tie(r.changed, r.failed, r.deferred, r.stopped);
}
bool same_body(const Intent& l, const Intent& r) {
  return std::tie(l.address, l.trunk_id, l.from) == std::tie(r.address, r.trunk_id, r.from) &&
         testing::same(l.record, r.record);
}
bool same_body(const Patched& l, const Patched& r) {
  return std::tie(l.address, l.read_back, l.correlation_id) == std::tie(r.address, r.read_back, r.correlation_id);
}
bool same_body(const ReadBack& l, const ReadBack& r) {
  return std::tie(l.address, l.live, l.status) == std::tie(r.address, r.live, r.status);
}
bool same_body(const Probed& l, const Probed& r) {
  return l.address == r.address && same(l.verification, r.verification);
}
bool same_body(const Outcome& l, const Outcome& r) {
  return std::tie(l.address, l.kind, l.message) == std::tie(r.address, r.kind, r.message) && same(l.record, r.record) &&
         same(l.verification, r.verification);
}
bool same_body(const Deferred& l, const Deferred& r) {
  return std::tie(l.address, l.not_before) == std::tie(r.address, r.not_before);
}
bool same_body(const Adopted& l, const Adopted& r) {
  return l.imported == r.imported && testing::same(l.record, r.record);
}
bool same_body(const Forgotten& l, const Forgotten& r) {
  return std::tie(l.address, l.why) == std::tie(r.address, r.why);
}
bool same_body(const Moved& l, const Moved& r) { return std::tie(l.from, l.to) == std::tie(r.from, r.to); }
bool same_body(const StateReplaced& l, const StateReplaced& r) {
  return std::tie(l.serial, l.why) == std::tie(r.serial, r.why);
}
bool same_body(const LockBroken& l, const LockBroken& r) {
  return std::tie(l.lock_id, l.holder) == std::tie(r.lock_id, r.holder);
}

bool same(const OpenIssue& l, const OpenIssue& r) {
  return std::tie(l.request, l.since, l.issuer, l.store, l.names, l.key, l.lifetime, l.profile, l.replaces, l.order,
                  l.certificates_pem, l.reuses_key) == std::tie(r.request, r.since, r.issuer, r.store, r.names, r.key,
                                                                r.lifetime, r.profile, r.replaces, r.order,
                                                                r.certificates_pem, r.reuses_key);
}
bool same(const IssuedCertificate& l, const IssuedCertificate& r) {
  return testing::same(l.chain, r.chain) && std::tie(l.request, l.version, l.issuer, l.store, l.at) ==
                                                std::tie(r.request, r.version, r.issuer, r.store, r.at);
}
bool same(const AmissIssue& l, const AmissIssue& r) {
  return l.asked == r.asked && std::tie(l.at, l.why) == std::tie(r.at, r.why);
}
template <class T>
bool both(const std::optional<T>& l, const std::optional<T>& r) {
  return l.has_value() == r.has_value() && (!l || same(*l, *r));
}
bool same(const IssueRecord& l, const IssueRecord& r) {
  return l.address == r.address && both(l.open, r.open) && both(l.last, r.last) && both(l.amiss, r.amiss);
}
bool same_body(const IssueBegun& l, const IssueBegun& r) { return l.address == r.address && same(l.issue, r.issue); }
bool same_body(const IssueOrdered& l, const IssueOrdered& r) {
  return std::tie(l.address, l.request, l.order, l.certificates_pem) ==
         std::tie(r.address, r.request, r.order, r.certificates_pem);
}
bool same_body(const IssueEnded& l, const IssueEnded& r) {
  return std::tie(l.address, l.request, l.message, l.amiss) == std::tie(r.address, r.request, r.message, r.amiss) &&
         both(l.issued, r.issued);
}
bool same_body(const IssueRevokeAsked& l, const IssueRevokeAsked& r) {
  return std::tie(l.address, l.leaf, l.reason, l.key) == std::tie(r.address, r.leaf, r.reason, r.key);
}
bool same_body(const IssueRevokeRefused& l, const IssueRevokeRefused& r) {
  return std::tie(l.address, l.leaf, l.key, l.message) == std::tie(r.address, r.leaf, r.key, r.message);
}
bool same_body(const IssueRevoked& l, const IssueRevoked& r) {
  return std::tie(l.address, l.leaf, l.reason, l.key) == std::tie(r.address, r.leaf, r.reason, r.key);
}
bool same_body(const IssueForgotten& l, const IssueForgotten& r) {
  return std::tie(l.address, l.why) == std::tie(r.address, r.why);
}
bool same_body(const IssueFailed& l, const IssueFailed& r) {
  return std::tie(l.address, l.message) == std::tie(r.address, r.message);
}
bool same_body(const IssueMoved& l, const IssueMoved& r) { return std::tie(l.from, l.to) == std::tie(r.from, r.to); }
bool same_body(const IssueUnstaged& l, const IssueUnstaged& r) {
  return std::tie(l.address, l.request, l.since) == std::tie(r.address, r.request, r.since);
}
bool same_body(const ReplaceAsked& l, const ReplaceAsked& r) {
  return std::tie(l.address, l.instead_of) == std::tie(r.address, r.instead_of);
}
bool same_body(const ReplaceWithdrawn& l, const ReplaceWithdrawn& r) {
  return std::tie(l.address, l.why) == std::tie(r.address, r.why);
}

}  // namespace

bool same(const ChainPtr& left, const ChainPtr& right) {
  if (!left || !right) return left == right;
  return left->identity == right->identity &&
         std::equal(left->certificates.begin(), left->certificates.end(), right->certificates.begin(),
                    right->certificates.end(), [](const auto& l, const auto& r) { return fields(*l) == fields(*r); });
}

bool same(const ResourceRecord& l, const ResourceRecord& r) {
  if (l.quarantine.has_value() != r.quarantine.has_value()) return false;
  if (l.quarantine && fields(*l.quarantine) != fields(*r.quarantine)) return false;
  if (l.failure.has_value() != r.failure.has_value()) return false;
  if (l.failure && std::tie(l.failure->since, l.failure->reason, l.failure->status_before) !=
                       std::tie(r.failure->since, r.failure->reason, r.failure->status_before))
    return false;
  if (l.look.has_value() != r.look.has_value()) return false;
  if (l.look && fields(*l.look) != fields(*r.look)) return false;
  return std::tie(l.address, l.trunk_id, l.trunk_name, l.as_read, l.locator, l.version, l.bound_at, l.plan,
                  l.prevent_destroy) == std::tie(r.address, r.trunk_id, r.trunk_name, r.as_read, r.locator, r.version,
                                                 r.bound_at, r.plan, r.prevent_destroy) &&
         same(l.chain, r.chain) &&
         std::equal(l.history.begin(), l.history.end(), r.history.begin(), r.history.end(),
                    [](const HistoryEntry& a, const HistoryEntry& b) { return same(a, b); });
}

bool same(const StateDocument& l, const StateDocument& r) {
  return std::tie(l.lineage, l.serial, l.organisation, l.folded_through, l.open_intents, l.revoked, l.replacements) ==
             std::tie(r.lineage, r.serial, r.organisation, r.folded_through, r.open_intents, r.revoked,
                      r.replacements) &&
         std::equal(l.resources.begin(), l.resources.end(), r.resources.begin(), r.resources.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); }) &&
         std::equal(l.issues.begin(), l.issues.end(), r.issues.begin(), r.issues.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); }) &&
         std::equal(l.outputs.begin(), l.outputs.end(), r.outputs.begin(), r.outputs.end(),
                    [](const auto& a, const auto& b) {
                      return std::tie(a.first, a.second.json, a.second.type, a.second.sensitive) ==
                             std::tie(b.first, b.second.json, b.second.type, b.second.sensitive);
                    });
}

bool same(const Event& l, const Event& r) {
  if (std::tie(l.sequence, l.time, l.run, l.actor, l.plan, l.previous) !=
          std::tie(r.sequence, r.time, r.run, r.actor, r.plan, r.previous) ||
      l.body.index() != r.body.index()) {
    return false;
  }
  return std::visit([&](const auto& body) { return same_body(body, std::get<std::decay_t<decltype(body)>>(r.body)); },
                    l.body);
}

}  // namespace trunkform::testing
