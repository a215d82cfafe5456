#include "tests/unit/schemas/codec/random_model.hpp"

#include <array>

namespace trunkform::testing {

std::string RandomModel::text() {
  static const std::array<std::string, 12> k_pieces = {"a", "Carrier East", "\"", "\\",   "\n",  "\t",
                                                       "ü", "\x7f",         "日", "\x01", "CN=", std::string(1, '\0')};
  std::string result;
  for (auto left = below(6); left > 0; --left) result += k_pieces[below(k_pieces.size())];
  return result;
}

Fingerprint RandomModel::fingerprint() {
  Fingerprint result;
  for (auto& byte : result.bytes) byte = static_cast<std::uint8_t>(below(256));
  return result;
}

Instant RandomModel::instant() {
  const auto whole = std::chrono::seconds(below(8'000'000'000ULL));
  return Instant(whole) + Duration(coin() ? below(1000) : 0);
}

Address RandomModel::address() {
  const auto key = [this]() -> InstanceKey {
    switch (below(3)) {
      case 0:
        return std::monostate{};
      case 1:
        return static_cast<std::int64_t>(below(1000));
      default:
        return text() + "x";
    }
  };
  Address result;
  for (auto left = below(3); left > 0; --left) result.modules.push_back({"m" + std::to_string(below(9)), key()});
  result.type = "genesys_trunk_certificate";
  result.name = "carrier_" + std::to_string(below(100));
  result.key = key();
  return result;
}

CertificatePtr RandomModel::certificate() {
  CertificateFacts facts;
  facts.fingerprint = fingerprint();
  facts.subject = text();
  facts.common_name = text();
  facts.issuer = text();
  facts.serial = std::to_string(below(1'000'000));
  facts.not_before = instant();
  facts.not_after = instant();
  for (auto left = below(3); left > 0; --left) facts.names.push_back({static_cast<NameKind>(below(6)), text()});
  facts.key = {static_cast<KeyAlgorithm>(below(6)), static_cast<int>(below(5000)), text(), fingerprint()};
  facts.signature_algorithm = text();
  facts.signature_digest = text();
  facts.version = coin() ? 3 : 1;
  facts.is_ca = coin();
  facts.self_issued = coin();
  if (coin()) facts.path_length = static_cast<int>(below(4));
  facts.has_key_usage = coin();
  facts.key_usage_cert_sign = coin();
  facts.key_usage_digital_signature = coin();
  for (auto left = below(3); left > 0; --left) facts.extended_key_usage.push_back(text());
  facts.subject_key_id = text();
  facts.authority_key_id = text();
  return std::make_shared<const CertificateFacts>(facts);
}

ChainPtr RandomModel::chain() {
  auto result = std::make_shared<ChainFacts>();
  for (auto left = 1 + below(3); left > 0; --left) result->certificates.push_back(certificate());
  result->identity = {result->leaf().fingerprint, fingerprint()};
  return result;
}

Locator RandomModel::locator() {
  Locator result;
  result.type = text();
  for (auto left = below(3); left > 0; --left) result.arguments[text()] = text();
  return result;
}

ResourceRecord RandomModel::record() {
  ResourceRecord result;
  result.address = address();
  result.trunk_id = {text()};
  result.trunk_name = text();
  result.chain = chain();
  if (coin()) result.as_read = identity();
  result.locator = locator();
  if (coin()) result.version = VersionId{text()};
  result.bound_at = instant();
  result.plan = text();
  for (auto left = below(k_history_length + 1); left > 0; --left) {
    HistoryEntry entry{coin() ? result.chain : chain(), locator(), std::nullopt, instant(), text()};
    if (coin()) entry.version = VersionId{text()};
    result.history.push_back(entry);
  }
  if (coin()) result.quarantine = Quarantine{identity(), instant(), text()};
  if (coin()) result.failure = Failure{instant(), text(), text()};
  if (coin())
    result.look = LastLook{static_cast<CheckVerdict>(1 + below(3)), instant(), text(), text(), coin(), coin()};
  result.prevent_destroy = coin();
  return result;
}

Verification RandomModel::verification() {
  const auto check = [this] { return CheckResult{static_cast<CheckVerdict>(below(4)), text()}; };
  return {check(), check(), check()};
}

EventBody RandomModel::body(std::size_t kind) {
  switch (kind) {
    case 0:
      return EpochOpened{text(), below(1000), below(3)};
    case 1:
      return RunStarted{text(), below(1000), text()};
    case 2:
      return RunFinished{below(9), below(9), below(9), coin()};
    case 3:
      return Intent{address(), {text()}, coin() ? std::optional(identity()) : std::nullopt, record(), text()};
    case 4:
      return Patched{address(), coin(), text()};
    case 5:
      return ReadBack{address(), coin() ? std::optional(identity()) : std::nullopt, text()};
    case 6:
      return Probed{address(), verification()};
    case 7:
      return Outcome{address(), static_cast<OutcomeKind>(below(5)), coin() ? std::optional(record()) : std::nullopt,
                     verification(), text()};
    case 8:
      return Deferred{address(), instant()};
    case 9:
      return Adopted{record(), coin()};
    case 10:
      return Forgotten{address(), text()};
    case 11:
      return Moved{address(), address()};
    case 12:
      return StateReplaced{below(1000), text()};
    case 13:
      return LockBroken{text(), text()};
    case 14: {
      auto open = open_issue();
      open.order.clear();
      open.certificates_pem.clear();
      return IssueBegun{text(), std::move(open)};
    }
    case 15:
      return IssueOrdered{text(), text(), text(), text()};
    case 16:
      return IssueEnded{text(), text(), coin() ? std::optional(issued()) : std::nullopt, text(), coin()};
    case 17:
      return IssueRevoked{text(), fingerprint(), text(), coin() ? std::optional(fingerprint()) : std::nullopt};
    case 18:
      return IssueForgotten{text(), text()};
    case 19:
      return IssueFailed{text(), text()};
    case 20:
      return IssueMoved{text(), text()};
    case 21:
      return IssueUnstaged{text(), text(), instant()};
    case 22:
      return ReplaceWithdrawn{address(), text()};
    case 23:
      return IssueRevokeAsked{text(), fingerprint(), text(), coin() ? std::optional(fingerprint()) : std::nullopt};
    case 24:
      return IssueRevokeRefused{text(), coin() ? std::optional(fingerprint()) : std::nullopt,
                                coin() ? std::optional(fingerprint()) : std::nullopt, text()};
    default:
      return ReplaceAsked{address(), coin() ? std::optional(fingerprint()) : std::nullopt};
  }
}

OpenIssue RandomModel::open_issue() {
  OpenIssue open;
  open.issuer = locator();
  open.store = locator();
  open.names = {text(), text()};
  open.request = text();
  open.since = instant();
  open.reuses_key = coin();
  open.key = KeyType::rsa_3072;
  if (coin()) open.lifetime = std::chrono::hours(below(1000));
  open.profile = text();
  open.order = text();
  open.certificates_pem = text();
  if (coin()) open.replaces = VersionId{text()};
  return open;
}

IssuedCertificate RandomModel::issued() { return {text(), chain(), {text()}, locator(), locator(), instant()}; }

IssueRecord RandomModel::issue() {
  IssueRecord record{text(), std::nullopt, std::nullopt};
  if (coin()) record.open = open_issue();
  if (coin() || !record.open) record.last = issued();
  if (coin()) {
    const auto open = open_issue();
    const IssueTerms& asked = open;
    record.amiss = AmissIssue{asked, instant(), text()};
  }
  return record;
}

Event RandomModel::event() {
  return {
      below(1'000'000), instant(), text(), text(), text(), fingerprint(), body(below(std::variant_size_v<EventBody>))};
}

StateDocument RandomModel::document(std::size_t resources) {
  StateDocument result;
  result.lineage = text();
  result.serial = below(1'000'000);
  if (coin()) result.organisation = Organisation{text(), text(), coin()};
  for (auto left = below(3); left > 0; --left) result.revoked.insert(fingerprint());
  for (auto left = below(3); left > 0; --left)
    result.replacements[address()] = {instant(), coin() ? std::optional(fingerprint()) : std::nullopt};
  for (auto left = below(3); left > 0; --left) {
    auto record = issue();
    auto address = record.address;
    result.issues.insert_or_assign(std::move(address), std::move(record));
  }
  while (result.resources.size() < resources) {
    auto made = record();
    auto where = made.address;
    result.resources.insert_or_assign(where, std::move(made));
  }
  for (auto left = below(4); left > 0; --left) result.outputs[text()] = {coin() ? "{\"a\":1}" : "", text(), coin()};
  result.folded_through = below(1'000'000);
  for (auto left = below(3); left > 0; --left) result.open_intents[address()] = below(1000);
  return result;
}

}  // namespace trunkform::testing
