#include "providers/issuers/acme/problem.hpp"

#include <array>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"

namespace trunkform::issuers::acme {
namespace {

constexpr std::string_view k_types = "urn:ietf:params:acme:error:";
constexpr std::size_t k_subproblems = 20;

std::string short_type(std::string type) {
  if (type.starts_with(k_types)) type.erase(0, k_types.size());
  return type == "about:blank" ? std::string() : type;
}

/// `text`: the string of a member; `items`: what its list of subproblems has.
template <class Text>
Problem read(const Text& text, std::optional<std::vector<cloud::SecretJson>> items) {
  Problem problem{short_type(text("type")), text("detail"), text("instance"), 0, {}};
  if (!items) return problem;
  for (auto& item : *items) {
    if (problem.subproblems.size() == k_subproblems) break;
    problem.subproblems.push_back({item.text({"identifier", "value"}).value_or(""),
                                   short_type(item.text({"type"}).value_or("")), item.text({"detail"}).value_or("")});
  }
  return problem;
}

struct Meaning {
  std::string_view type;
  ErrorCode code;
  std::string_view hint;
};

// RFC 8555 §6.7, RFC 9773 §7.4, and draft-ietf-acme-profiles for the profile.
constexpr std::array<Meaning, 25> k_meanings{{
    {"accountDoesNotExist", ErrorCode::denied,
     "check `account_key` of the issuer: the authority does not know this key"},
    {"alreadyReplaced", ErrorCode::conflict, ""},
    {"alreadyRevoked", ErrorCode::conflict, ""},
    {"badCSR", ErrorCode::invalid_input, "choose another `key` or other `names` in the certificate's block"},
    {"badNonce", ErrorCode::unavailable, ""},
    {"badPublicKey", ErrorCode::invalid_input,
     "the authority does not take this type of key: see `account_key` of the issuer and `key` of the certificate"},
    {"badRevocationReason", ErrorCode::invalid_input, "give another reason"},
    {"badSignatureAlgorithm", ErrorCode::invalid_input, "use an ECDSA P-256 or RSA key as `account_key`"},
    {"caa", ErrorCode::rejected, "the domain's CAA records do not name this authority: dig CAA DOMAIN"},
    {"compound", ErrorCode::rejected, ""},
    {"connection", ErrorCode::rejected,
     "the authority could not reach the name: for http-01 its port 80 must lead to this machine from everywhere"},
    {"dns", ErrorCode::rejected, "look at the name's records as the world sees them: dig +trace DOMAIN"},
    {"externalAccountRequired", ErrorCode::denied,
     "the authority wants an account of its own: give its key id and key in `external_account` of the issuer"},
    {"incorrectResponse", ErrorCode::rejected,
     "something else answered: for http-01 look at what port 80 of the name serves, for dns-01 at the TXT record"},
    {"invalidContact", ErrorCode::invalid_input,
     "correct `contact` of the issuer, such as [\"mailto:pki@example.com\"]"},
    {"invalidProfile", ErrorCode::invalid_input, "choose one of the profiles that the authority's directory names"},
    {"malformed", ErrorCode::rejected, ""},
    {"orderNotReady", ErrorCode::conflict, ""},
    {"rateLimited", ErrorCode::throttled,
     "wait until the limit allows more; the authority's words say which one it is"},
    {"rejectedIdentifier", ErrorCode::invalid_input, "the authority does not sign for this name: see `names`"},
    {"serverInternal", ErrorCode::unavailable, ""},
    {"unauthorized", ErrorCode::denied, ""},
    {"unsupportedContact", ErrorCode::invalid_input,
     "use `contact` of another kind, such as [\"mailto:pki@example.com\"]"},
    {"unsupportedIdentifier", ErrorCode::invalid_input, "the authority signs for no names of this kind: see `names`"},
    {"userActionRequired", ErrorCode::denied, "somebody must agree to the authority's new terms first"},
}};

const Meaning* meaning_of(std::string_view type) {
  for (const auto& meaning : k_meanings)
    if (meaning.type == type) return &meaning;
  return nullptr;
}

}  // namespace

cloud::SecretJson json_of(const HttpResponse& answer) {
  return cloud::SecretJson(SecretBuffer::copy_of(answer.body.empty() ? std::string_view("{}") : answer.body));
}

Problem problem_of(const HttpResponse& answer) {
  auto json = json_of(answer);
  auto problem =
      read([&](std::string_view name) { return json.text({name}).value_or(""); }, json.items({"subproblems"}));
  problem.status = answer.status;
  return problem;
}

std::optional<Problem> error_member(cloud::SecretJson& document) {
  if (document.names({"error"}).empty()) return std::nullopt;
  return read([&](std::string_view name) { return document.text({"error", name}).value_or(""); },
              document.items({"error", "subproblems"}));
}

std::string words_of(const Problem& problem) {
  std::string words;
  const auto add = [&](const std::string& name, const std::string& type, const std::string& detail) {
    if (name.empty() && type.empty() && detail.empty()) return;
    if (!words.empty()) words += "; ";
    if (!name.empty()) words += cloud::quoted(name) + ": ";
    if (!type.empty()) words += cloud::quoted(type, 60);
    if (!type.empty() && !detail.empty()) words += ": ";
    if (!detail.empty()) words += cloud::quoted(detail, 400);
  };
  add("", problem.type, problem.detail);
  for (const auto& part : problem.subproblems) add(part.name, part.type, part.detail);
  return words;
}

ErrorCode code_of(const Problem& problem) {
  // "Not found" is told by the status alone: its type is `malformed`.
  if (problem.status == 404 || problem.status == 410) return ErrorCode::not_found;
  if (const auto* meaning = meaning_of(problem.type)) return meaning->code;
  if (problem.status == 429) return ErrorCode::throttled;
  if (problem.status >= 500) return ErrorCode::unavailable;
  if (problem.status == 401 || problem.status == 403) return ErrorCode::denied;
  return ErrorCode::rejected;
}

Error to_error(const Problem& problem, std::string summary) {
  auto words = words_of(problem);
  if (problem.status != 0) words = fmt::format("it answered {}{}{}", problem.status, words.empty() ? "" : ": ", words);
  if (words.empty()) words = "it does not say why";
  Error error(code_of(problem), std::move(summary), std::move(words));
  if (const auto* meaning = meaning_of(problem.type); meaning != nullptr && !meaning->hint.empty())
    error.hints.emplace_back(meaning->hint);
  if (!problem.instance.empty()) error.hints.push_back("the authority says more at " + cloud::quoted(problem.instance));
  return error;
}

}  // namespace trunkform::issuers::acme
