#include "providers/cloud/aws/sts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/aws/service_error.hpp"
#include "providers/cloud/aws/signed_request.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/secret_xml.hpp"

namespace trunkform::cloud::aws {
namespace {

constexpr const char* k_form = "application/x-www-form-urlencoded; charset=utf-8";

std::string form_of(const std::string& action, const Query& fields) {
  auto text = fmt::format("Action={}&Version=2011-06-15", action);
  for (const auto& [name, value] : fields) text += fmt::format("&{}={}", name, percent_encoded(value));
  return text;
}

Query fields_of(const Role& role) {
  Query fields{{"RoleArn", role.arn}, {"RoleSessionName", role.session_name}};
  if (!role.external_id.empty()) fields.emplace_back("ExternalId", role.external_id);
  return fields;
}

/// `base` null: unsigned.
Result<SecretXml> ask(const Context& context, const Surroundings& around, const std::string& region,
                      const std::string& action, const SecretBuffer& form, const Credentials* base,
                      std::optional<Duration>* clock = nullptr) {
  SignedRequest request;
  request.endpoint = TRY(around.endpoint("sts", region));
  request.signable = {"POST", {}, "/", {}, {{"Content-Type", k_form}}};
  request.scope = {region, "sts", PathRule::encoded_again};
  request.body = &form;
  Caller caller({}, around.http, around.clock, around.random);
  const auto answer = caller.call(
      context,
      [&]() -> Result<HttpRequest> {
        if (base != nullptr) return request.prepare(*base, around.clock.now());
        return request.unsigned_one();
      },
      [&](const HttpResponse& seen) { return refusal_of("sts " + action, seen); });
  if (clock != nullptr) *clock = caller.clock_difference();
  if (!answer) return answer.error();
  return SecretXml(answer->secret_body);
}

Result<Credentials> credentials_in(const SecretXml& xml, const std::string& action, const Role& role) {
  Credentials credentials;
  auto id = xml.text("AccessKeyId");
  auto secret = xml.secret("SecretAccessKey");
  auto token = xml.secret("SessionToken");
  const auto expiration = xml.text("Expiration");
  const auto expires = expiration ? parse_rfc3339(*expiration) : std::nullopt;
  if (!id || !secret || !token || !expires)
    return Error(ErrorCode::protocol, fmt::format("sts {} answered without credentials that can be used", action))
        .hint("check what AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL name: it does not answer as AWS does");
  credentials.access_key_id = std::move(*id);
  credentials.secret_access_key = std::move(*secret);
  credentials.session_token = std::move(*token);
  credentials.expires = expires;
  credentials.origin = "the role " + role.arn;
  return credentials;
}

Error not_assumed(Error error, const Role& role) {
  auto refused = Error(error.code, fmt::format("the role {} could not be assumed", role.arn));
  refused.retry_after = error.retry_after;
  if (error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout)
    return std::move(refused).because(std::move(error));
  refused.hints = {
      "the role's trust policy must name who asks for it, with the external id where it wants one; and the "
      "policy of who asks must allow sts:AssumeRole"};
  return std::move(refused).because(std::move(error));
}

}  // namespace

Result<Credentials> assume_role(const Context& context, const Surroundings& around, const std::string& region,
                                const Credentials& base, const Role& role) {
  const auto form = SecretBuffer::copy_of(form_of("AssumeRole", fields_of(role)));
  auto xml = ask(context, around, region, "AssumeRole", form, &base);
  if (!xml) return not_assumed(std::move(xml.error()), role);
  return credentials_in(*xml, "AssumeRole", role);
}

Result<Credentials> assume_role_with_web_identity(const Context& context, const Surroundings& around,
                                                  const std::string& region, const Role& role,
                                                  const SecretBuffer& token) {
  const auto text = trimmed(token.view());
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~';
  };
  // RFC 7519: base64url and dots, so nothing in it would have to be encoded.
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_plain))
    return Error(ErrorCode::invalid_input, "the web identity token is not a JSON Web Token")
        .hint("check the file that AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file names");
  const auto form = joined({form_of("AssumeRoleWithWebIdentity", fields_of(role)), "&WebIdentityToken=", text});
  auto xml = ask(context, around, region, "AssumeRoleWithWebIdentity", form, nullptr);
  if (!xml) return not_assumed(std::move(xml.error()), role);
  return credentials_in(*xml, "AssumeRoleWithWebIdentity", role);
}

Result<CallerIdentity> caller_of(const Context& context, const Surroundings& around, const std::string& region,
                                 const Credentials& credentials, std::optional<Duration>* clock) {
  const auto form = SecretBuffer::copy_of(form_of("GetCallerIdentity", {}));
  const auto xml = TRY(ask(context, around, region, "GetCallerIdentity", form, &credentials, clock));
  auto account = xml.text("Account");
  if (!account) return Error(ErrorCode::protocol, "sts GetCallerIdentity answered without an account");
  return CallerIdentity{std::move(*account), xml.text("Arn").value_or("")};
}

}  // namespace trunkform::cloud::aws
