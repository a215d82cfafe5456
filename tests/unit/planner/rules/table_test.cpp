// Every row of the table with a certificate that keeps it and one that breaks it, made for the occasion.
#include <algorithm>
#include <functional>
#include <set>

#include <catch2/catch.hpp>

#include "cmd/certificates/check_report.hpp"
#include "providers/x509/private_key.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace trunkform;
using testing::Key;
using testing::KeyForm;
using testing::KeyType;

namespace {

const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
constexpr auto k_day = std::chrono::hours(24);

const testing::Family& family() {
  static const auto k_family = testing::make_family(k_now);
  return k_family;
}

/// One certificate in its circumstances: good in every respect until a row spoils one.
struct Case {
  testing::Request request = testing::leaf_request(k_now);
  testing::Issued issuer = family().intermediate;
  Key leaf_key = Key::shared();
  std::string above = family().intermediate.pem;
  std::function<std::string(const testing::Issued& leaf)> arrange;
  std::string key_text = Key::shared().text();
  CarrierPolicy carrier = [] {
    CarrierPolicy policy;
    policy.trust_store = family().root.pem;
    return policy;
  }();
  std::string crl = testing::make_revocation_list({{}, k_now - k_day, k_now + k_day}, family().intermediate);
  std::vector<std::string> names{"sip.example.com"};
  Instant now = k_now;
  Duration min_age = std::chrono::hours(1);
  std::optional<testing::Issued> previous;
  rules::Moment moment = rules::Moment::applying;
  rules::Arrangement arrangement = rules::Arrangement::as_it_stands;
};

certificates::JudgedOffer offer_of(const Case& one) {
  static const auto k_before = testing::make(testing::leaf_request(k_now), family().intermediate);
  const auto leaf = testing::make(one.request, one.issuer, one.leaf_key);
  const auto pem = one.arrange ? one.arrange(leaf) : leaf.pem + one.above;
  const auto key = x509::inspect_key(SecretBuffer::copy_of(one.key_text));
  const auto before = x509::parse_der(one.previous ? one.previous->der : k_before.der);
  x509::TrustStores stores;
  certificates::OfferQuestion question;
  question.certificates_pem = pem;
  question.revocation = *x509::RevocationLists::from_pem(one.crl);
  question.judge.key = &key;
  question.judge.carrier = &one.carrier;
  question.judge.names = one.names;
  question.judge.now = one.now;
  question.judge.min_age = one.min_age;
  question.judge.previous = before->facts.get();
  question.judge.moment = one.moment;
  question.judge.arrangement = one.arrangement;
  const auto judgement = certificates::judge_offer(question, stores, certificates::Passes::listed);
  REQUIRE(judgement);
  return *judgement;
}

std::vector<Finding> judged(const Case& one) { return offer_of(one).findings; }

Verdict verdict_of(const std::vector<Finding>& findings, std::string_view rule) {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& one) { return one.rule == rule; });
  if (found == findings.end()) FAIL("not judged: " << rule);
  return found->verdict;
}

struct Row {
  std::string rule;
  Verdict verdict;
  std::function<void(Case&)> spoil;
};

void with_key(Case& one, KeyType type) {
  one.leaf_key = Key::shared(type);
  one.key_text = one.leaf_key.text();
}

const std::vector<Row>& rows() {
  static const std::vector<Row> k_rows{
      {"pem_unreadable", Verdict::block,
       [](Case& c) { c.arrange = [](const auto&) { return std::string("rubbish"); }; }},
      {"key_unreadable", Verdict::block, [](Case& c) { c.key_text = "rubbish"; }},
      {"key_encrypted", Verdict::block,
       [](Case& c) { c.key_text = Key::shared().text(KeyForm::encrypted_pkcs8, "word"); }},
      {"key_mismatch", Verdict::block, [](Case& c) { c.key_text = Key::make().text(); }},
      {"certificate_expired", Verdict::block, [](Case& c) { c.request.not_after = k_now - std::chrono::seconds(1); }},
      {"certificate_not_yet_valid", Verdict::block,
       [](Case& c) { c.request.not_before = k_now + std::chrono::seconds(1); }},
      {"certificate_too_young", Verdict::block,
       [](Case& c) { c.request.not_before = k_now - std::chrono::minutes(59); }},
      {"leaf_not_first", Verdict::block,
       [](Case& c) { c.arrange = [](const auto& leaf) { return family().intermediate.pem + leaf.pem; }; }},
      {"chain_out_of_order", Verdict::block,
       [](Case& c) {
         c.arrange = [](const auto& leaf) { return leaf.pem + family().root.pem + family().intermediate.pem; };
       }},
      {"chain_gap", Verdict::block, [](Case& c) { c.above = family().root.pem; }},
      {"chain_bad_signature", Verdict::block,
       [](Case& c) {
         c.arrange = [](const auto& leaf) {
           return testing::with_broken_signature(leaf).pem + family().intermediate.pem;
         };
       }},
      {"chain_incomplete", Verdict::block, [](Case& c) { c.above.clear(); }},
      {"root_not_trusted", Verdict::block,
       [](Case& c) {
         c.above += family().root.pem;
         c.carrier.trust_store = testing::make_root([] {
                                   auto r = testing::root_request(k_now);
                                   r.common_name = "Other";
                                   return r;
                                 }())
                                     .pem;
       }},
      {"issuer_expired", Verdict::block,
       [](Case& c) {
         auto request = testing::intermediate_request(k_now);
         request.not_after = k_now - k_day;
         c.issuer = testing::make(request, family().root);
         c.above = c.issuer.pem;
       }},
      {"path_refused", Verdict::block,
       [](Case& c) {
         auto request = testing::intermediate_request(k_now);
         request.common_name = "Too Low";
         c.issuer = testing::make(request, family().intermediate);  // whose path length is 0
         c.above = c.issuer.pem + family().intermediate.pem;
       }},
      {"path_remarks", Verdict::warn, [](Case& c) { c.request.authority_key_id = false; }},
      {"revoked", Verdict::block,
       [](Case& c) {
         c.request.serial = "1234";
         const auto same = testing::make(c.request, family().intermediate);
         c.crl = testing::make_revocation_list({{same}, k_now - k_day, k_now + k_day}, family().intermediate);
       }},
      {"root_missing", Verdict::block, [](Case& c) { c.carrier.root = RootHandling::include; }},
      {"leaf_is_authority", Verdict::block, [](Case& c) { c.request.basic_constraints = "critical,CA:TRUE"; }},
      {"no_alternative_name", Verdict::block, [](Case& c) { c.request.names.clear(); }},
      {"name_mismatch", Verdict::block, [](Case& c) { c.names.emplace_back("other.example.com"); }},
      {"not_for_servers", Verdict::block, [](Case& c) { c.request.extended_key_usage = {"clientAuth"}; }},
      {"not_for_servers", Verdict::block, [](Case& c) { c.request.extended_key_usage = {"1.3.6.1.5.5.7.3.20"}; }},
      {"not_for_clients", Verdict::block, [](Case& c) { c.carrier.mutual_tls = true; }},
      {"key_usage_without_signing", Verdict::block, [](Case& c) { c.request.key_usage = "critical,keyAgreement"; }},
      {"key_too_weak", Verdict::block, [](Case& c) { with_key(c, KeyType::rsa_1024); }},
      {"curve_not_allowed", Verdict::block, [](Case& c) { with_key(c, KeyType::ec_secp256k1); }},
      {"key_algorithm_unfit", Verdict::block, [](Case& c) { with_key(c, KeyType::ed25519); }},
      {"weak_signature", Verdict::block, [](Case& c) { c.request.digest = "SHA1"; }},
      {"key_type_not_allowed", Verdict::block, [](Case& c) { c.carrier.key_types = {"rsa", "ecdsa_p384"}; }},
      {"issuer_not_allowed", Verdict::block, [](Case& c) { c.carrier.issuers = {"Intermediate"}; }},
      {"path_ends_first", Verdict::warn,
       [](Case& c) {
         auto request = testing::intermediate_request(k_now);
         request.not_after = k_now + 5 * k_day;
         c.issuer = testing::make(request, family().root);
         c.above = c.issuer.pem;
       }},
      {"wildcard_name", Verdict::warn,
       [](Case& c) {
         c.request.names = {"*.example.com"};
         c.carrier.identity_rules = IdentityRules::rfc6125;
         c.carrier.allow_wildcard = true;
       }},
      {"ecdsa_after_rsa", Verdict::warn,
       [](Case& c) {
         c.previous =
             testing::make(testing::leaf_request(k_now), family().intermediate, Key::shared(KeyType::rsa_2048));
       }},
      {"lifetime_above_limit", Verdict::warn,
       [](Case& c) { c.request.not_after = c.request.not_before + 201 * k_day; }},
      {"key_reused", Verdict::warn,
       [](Case& c) { c.previous = testing::make(testing::leaf_request(k_now), family().intermediate, Key::shared()); }},
      {"new_issuer", Verdict::warn,
       [](Case& c) { c.previous = testing::make(testing::leaf_request(k_now), family().root); }},
      {"surplus_certificates", Verdict::warn, [](Case& c) { c.above += testing::make_family(k_now).root.pem; }},
  };
  return k_rows;
}

}  // namespace

TEST_CASE("a good certificate keeps every rule, and every rule is judged") {
  const auto findings = judged(Case{});
  for (const auto& finding : findings) {
    INFO(finding.message);
    CHECK(finding.verdict == Verdict::pass);
  }
  CHECK(findings.size() == rules::table().size());
}

TEST_CASE("each rule has a certificate that breaks it, with its verdict, values and a mend") {
  std::set<std::string> covered;
  for (const auto& row : rows()) {
    Case one;
    row.spoil(one);
    const auto findings = judged(one);
    INFO(row.rule);
    CHECK(verdict_of(findings, row.rule) == row.verdict);
    for (const auto& finding : findings) {
      if (finding.verdict == Verdict::pass) continue;
      CHECK_FALSE(finding.message.empty());
      CHECK_FALSE(finding.mend.empty());
    }
    covered.insert(row.rule);
  }
  for (const auto& rule : rules::table()) CHECK(covered.contains(std::string(rule.name)));
}

TEST_CASE("only signatures of the list are taken, and nobody looks at the anchor's") {
  struct Row {
    std::string digest;
    std::optional<int> pss_salt;
    Verdict verdict;
  };
  const std::vector<Row> signatures{
      {"SHA256", {}, Verdict::pass},      {"SHA384", {}, Verdict::pass},     {"SHA512", {}, Verdict::pass},
      {"SHA256", 32, Verdict::pass},      {"SHA384", 48, Verdict::pass},     {"SHA256", 20, Verdict::block},
      {"SHA1", 20, Verdict::block},       {"SHA1", {}, Verdict::block},      {"MD5", {}, Verdict::block},
      {"SHA224", {}, Verdict::block},     {"RIPEMD160", {}, Verdict::block}, {"SHA3-256", {}, Verdict::block},
      {"SHA512-256", {}, Verdict::block},
  };
  auto request = testing::intermediate_request(k_now);
  const auto issuer = testing::make(request, family().root, Key::shared(KeyType::rsa_2048));
  for (const auto& row : signatures) {
    Case one;
    one.issuer = issuer;
    one.above = issuer.pem;
    one.request.digest = row.digest;
    one.request.pss_salt = row.pss_salt;
    INFO(row.digest);
    CHECK(verdict_of(judged(one), "weak_signature") == row.verdict);
  }

  // An authority that the trust store holds itself, though another signed it.
  request.digest = "SHA1";
  Case one;
  one.issuer = testing::make(request, family().root);
  one.carrier.trust_store = one.issuer.pem;
  one.above = one.issuer.pem;
  CHECK(verdict_of(judged(one), "weak_signature") == Verdict::pass);
}

TEST_CASE("what breaks a warning blocks nothing") {
  for (const auto& row : rows()) {
    if (row.verdict != Verdict::warn) continue;
    Case one;
    row.spoil(one);
    INFO(row.rule);
    CHECK_FALSE(blocks(judged(one)));
  }
}

TEST_CASE("while planning, what is too young only waits; when rebuilt, a wrong order is only told") {
  for (const auto& row : rows()) {
    const bool young = row.rule == "certificate_not_yet_valid" || row.rule == "certificate_too_young";
    const bool order = row.rule == "leaf_not_first" || row.rule == "chain_out_of_order";
    if (!young && !order) continue;
    Case one;
    row.spoil(one);
    one.moment = rules::Moment::planning;
    one.arrangement = rules::Arrangement::rebuilt;
    INFO(row.rule);
    CHECK(verdict_of(judged(one), row.rule) == Verdict::warn);
  }
}

TEST_CASE("a rule that another fault hides is neither kept nor broken, and says by what") {
  struct Hidden {
    std::string broken;
    std::vector<std::string_view> hidden;
  };
  const std::vector<Hidden> cases{
      {"key_unreadable", {"key_encrypted", "key_mismatch"}},
      {"key_encrypted", {"key_mismatch"}},
      {"certificate_not_yet_valid", {"certificate_too_young"}},
      {"leaf_not_first", {"chain_out_of_order"}},
      {"chain_gap", {"chain_incomplete", "root_not_trusted", "issuer_expired", "path_refused"}},
      {"chain_incomplete", {"root_not_trusted", "issuer_expired", "path_refused"}},
      {"root_not_trusted", {"issuer_expired", "path_refused"}},
      {"path_refused", {"issuer_expired"}},
      {"no_alternative_name", {"name_mismatch", "wildcard_name"}},
  };
  for (const auto& [broken, hidden] : cases) {
    Case one;
    std::find_if(rows().begin(), rows().end(), [&](const Row& row) { return row.rule == broken; })->spoil(one);
    const auto offer = offer_of(one);
    INFO(broken);
    CHECK(offer.unjudged.size() == hidden.size());
    for (const auto& rule : offer.unjudged) {
      INFO(rule.rule);
      CHECK(rule.before == broken);
      CHECK(std::find(hidden.begin(), hidden.end(), rule.rule) != hidden.end());
      CHECK(std::none_of(offer.findings.begin(), offer.findings.end(),
                         [&](const Finding& one_finding) { return one_finding.rule == rule.rule; }));
    }
  }
  CHECK(offer_of(Case{}).unjudged.empty());
}

TEST_CASE("a wildcard that the carrier does not allow is a mismatch") {
  Case one;
  one.request.names = {"*.example.com"};
  const auto mend = [&] {
    const auto findings = judged(one);
    CHECK(verdict_of(findings, "name_mismatch") == Verdict::block);
    return std::find_if(findings.begin(), findings.end(), [](const auto& f) { return f.rule == "name_mismatch"; })
        ->mend;
  };
  // RFC 5922 §7.2: whatever the carrier allows.
  for (const bool allowed : {false, true}) {
    one.carrier.allow_wildcard = allowed;
    CHECK(mend().find("RFC 5922 knows no wildcards") != std::string::npos);
  }
  one.carrier.identity_rules = IdentityRules::rfc6125;
  CHECK(verdict_of(judged(one), "name_mismatch") == Verdict::pass);
  one.carrier.allow_wildcard = false;
  CHECK(mend().find(R"(only with "allow_wildcard": true)") != std::string::npos);
  one.names = {"other.example.net"};
  CHECK(mend().find("wildcard") == std::string::npos);
}

TEST_CASE("a name is judged by the carrier's rules, and their clause is cited") {
  const auto clause_of = [](const Case& one) {
    const auto findings = judged(one);
    return std::find_if(findings.begin(), findings.end(), [](const auto& f) { return f.rule == "name_mismatch"; })
        ->clause;
  };
  Case one;
  for (const auto* name : {"sip.example.com", "other.example.net"}) {
    one.names = {name};
    one.carrier.identity_rules = IdentityRules::rfc5922;
    CHECK(clause_of(one) == "RFC 5922 §7.2");
    one.carrier.identity_rules = IdentityRules::rfc6125;
    CHECK(clause_of(one) == "RFC 6125 §6.4");
  }
}

TEST_CASE("what should be added to key_types is told in the words of key_types") {
  const auto mend_of = [](const Case& one, std::string_view rule) {
    const auto findings = judged(one);
    return std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.rule == rule; })->mend;
  };
  for (const auto& [type, word] :
       {std::pair(KeyType::ec_p256, "ecdsa_p256"), std::pair(KeyType::ec_p384, "ecdsa_p384")}) {
    Case one;
    with_key(one, type);
    one.previous = testing::make(testing::leaf_request(k_now), family().intermediate, Key::shared(KeyType::rsa_2048));
    CHECK(mend_of(one, "ecdsa_after_rsa").find("[\"rsa\", \"" + std::string(word) + "\"]") != std::string::npos);
    one.carrier.key_types = {"rsa"};
    CHECK(mend_of(one, "key_type_not_allowed").find("add \"" + std::string(word) + "\" to") != std::string::npos);
    one.carrier.key_types = {word};
    CHECK(verdict_of(judged(one), "key_type_not_allowed") == Verdict::pass);
  }
  Case edwards;
  with_key(edwards, KeyType::ed25519);
  edwards.carrier.key_types = {"rsa"};
  CHECK(mend_of(edwards, "key_type_not_allowed").find("to key_types") == std::string::npos);
}

TEST_CASE("allowed key types and issuers are understood as people write them") {
  for (const auto* allowed : {"ecdsa", "ec", "ecdsa_p256", "ECDSA P-256", "p256", "ec_p256"}) {
    Case one;
    one.carrier.key_types = {allowed};
    INFO(allowed);
    CHECK(verdict_of(judged(one), "key_type_not_allowed") == Verdict::pass);
  }
  for (const auto* allowed : {"Test Intermediate", "CN=Test Intermediate"}) {
    Case one;
    one.carrier.issuers = {allowed};
    CHECK(verdict_of(judged(one), "issuer_not_allowed") == Verdict::pass);
  }
}
