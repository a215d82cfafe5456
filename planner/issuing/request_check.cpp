#include "planner/issuing/request_check.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "planner/rules/rules.hpp"
#include "schemas/codec/certificate_names.hpp"

namespace trunkform::issuing {
namespace {

/// Who has no profiles has something in their place.
struct NoProfiles {
  std::string_view issuer;
  std::string_view instead;
  std::string_view hint;
};
constexpr std::array k_no_profiles{
    NoProfiles{"local_ca", "it signs all certificates alike", "leave `profile` out"},
    NoProfiles{"step_ca", "provisioners and their templates are what step-ca has in their place",
               "leave `profile` out, and name the provisioner in a second issuer block"},
    NoProfiles{"vault_pki", "roles are what Vault has in their place",
               "leave `profile` out, and name the role in a second issuer block"}};

class Judge {
 public:
  explicit Judge(const IssueRequest& request) : m_request(request) {}

  RequestFaults judge() {
    for (const auto& name : m_request.names)
      if (auto fault = fault_of_name(name))
        refuse(m_request.names_range, fmt::format("no certificate can be issued for \"{}\"", name), fault->why,
               fault->hint);
      else if (m_request.issuer.type == "acme")
        judge_for_acme(name);
    for (const auto& one : k_no_profiles)
      if (one.issuer == m_request.issuer.type && !m_request.profile.empty())
        refuse(m_request.profile_range, fmt::format("issuer.{} has no profiles", one.issuer), std::string(one.instead),
               std::string(one.hint));
    return std::move(m_faults);
  }

 private:
  const IssueRequest& m_request;
  RequestFaults m_faults;

  void refuse(const SourceRange& range, std::string summary, std::string why, std::string hint) {
    m_faults.push_back(Error(ErrorCode::invalid_input, std::move(summary), std::move(why))
                           .at(range)
                           .of(m_request.address)
                           .hint(std::move(hint)));
  }

  bool has_way(std::string_view block) const {
    const auto& arguments = m_request.issuer.arguments;
    const auto found = arguments.lower_bound(std::string(block) + ".");
    return found != arguments.end() && found->first.starts_with(std::string(block) + ".");
  }

  void judge_for_acme(const std::string& name) {
    const auto kind = kind_of_name(name);
    const bool has_dns = has_way("dns_01");
    const auto summary = fmt::format("{} cannot have a certificate for \"{}\" issued", m_request.issuer_address, name);
    if (kind == NameKind::uri)
      refuse(m_request.names_range, summary,
             "ACME authorities sign for DNS names (RFC 8555 §9.7.7) and addresses (RFC 8738), and for no URIs",
             "take it out of `names`: where there is no URI, SIP peers match the DNS name (RFC 5922 §7.1)");
    else if (kind == NameKind::ip && has_dns && !has_way("http_01"))
      refuse(m_request.names_range, summary, "an address is shown to be ours by no record of a zone (RFC 8738 §7)",
             "give the issuer a block http_01 too");
    else if (kind == NameKind::dns && name.starts_with("*.") && !has_dns)
      refuse(m_request.names_range, summary, "a wildcard is shown to be ours by a record of its zone alone",
             "give the issuer a block dns_01");
  }
};

/// The leaf as it will come: issuers that change names or key are refused when they answer.
ChainPtr leaf_to_come(const IssueRequest& request) {
  auto leaf = std::make_shared<CertificateFacts>();
  for (const auto& name : request.names) leaf->names.push_back({kind_of_name(name), usual_form(name)});
  leaf->key = facts_of(request.key);
  auto chain = std::make_shared<ChainFacts>();
  chain->certificates = {std::move(leaf)};
  return chain;
}

}  // namespace

RequestFaults faults_of(const IssueRequest& request) { return Judge(request).judge(); }

RequestFaults faults_for(const IssueRequest& request, const Binding& binding) {
  // The rules that look at nothing else of a certificate than its names and its key.
  static constexpr std::array<std::string_view, 2> k_of_names{"no_alternative_name", "name_mismatch"};
  static constexpr std::array<std::string_view, 2> k_of_key{"key_too_weak", "key_type_not_allowed"};
  const auto is_one_of = [](const auto& rules, const Finding& finding) {
    return std::find(rules.begin(), rules.end(), finding.rule) != rules.end();
  };
  rules::RuleInput input;
  input.chain = leaf_to_come(request);
  input.carrier = &*binding.carrier;
  input.names = binding.identity;
  RequestFaults faults;
  for (const auto& finding : rules::judge(input)) {
    const bool is_of_key = is_one_of(k_of_key, finding);
    if (finding.verdict != Verdict::block || (!is_of_key && !is_one_of(k_of_names, finding))) continue;
    faults.push_back(Error(ErrorCode::invalid_input,
                           fmt::format("what is issued as {} could not be bound to {}: {}", request.address,
                                       to_string(binding.address), finding.rule),
                           finding.message)
                         .at(is_of_key ? request.key_range : request.names_range)
                         .of(request.address)
                         .hint(is_of_key ? "change `key` of the certificate, or what the carrier takes"
                                         : "change `names` of the certificate, or `identity` of the binding"));
  }
  return faults;
}

}  // namespace trunkform::issuing
