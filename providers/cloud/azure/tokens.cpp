#include "providers/cloud/azure/tokens.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/azure/login.hpp"
#include "providers/cloud/azure/token_answer.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::azure {
namespace {

constexpr Duration k_before_its_end = std::chrono::minutes(5);

/// A machine without an identity is no refusal: the next link is tried.
bool is_nothing_there(const Link& link, const Error& error) {
  return std::holds_alternative<ManagedIdentity>(link.how) && error.code == ErrorCode::denied;
}

}  // namespace

Result<Tokens::Bearer> Tokens::current(const Context& context, const std::string& resource) {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_held.find(resource);
  if (found != m_held.end() && m_caller.clock().monotonic() < found->second.fetch_again_at) return found->second.bearer;
  return fetch(context, resource);
}

Result<Tokens::Bearer> Tokens::after_refusal(const Context& context, const std::string& resource, const Bearer& refused,
                                             Error why) {
  const std::scoped_lock lock(m_mutex);
  const auto& held = m_held[resource];
  if (held.bearer != refused) return held.bearer;
  if (held.fetched_at == m_caller.clock().monotonic()) return why;
  return fetch(context, resource);
}

Result<HttpResponse> Tokens::with(
    const Context& context, const std::string& resource,
    const std::function<Result<HttpResponse>(const SecretBuffer& bearer, bool& is_unknown)>& call) {
  auto bearer = TRY(current(context, resource));
  for (bool again = false;; again = true) {
    bool is_unknown = false;
    auto answer = call(*bearer, is_unknown);
    if (answer || !is_unknown || again) return answer;
    bearer = TRY(after_refusal(context, resource, bearer, std::move(answer.error())));
  }
}

Authority Tokens::authority() {
  const std::scoped_lock lock(m_mutex);
  const auto* application = m_answered == nullptr ? nullptr : application_of(*m_answered);
  if (application == nullptr) return {};
  const auto url = parse_url(m_identity.authority);
  return {url ? url->host : std::string(), application->tenant};
}

const Link* Tokens::answered() {
  const std::scoped_lock lock(m_mutex);
  return m_answered;
}

Result<Tokens::Bearer> Tokens::fetch(const Context& context, const std::string& resource) {
  std::string looked_at;
  const auto note = [&](const Link& link, const std::string& why) {
    looked_at += fmt::format("{}{}: {}", looked_at.empty() ? "" : "; ", link.name, why);
  };
  for (const auto& link : m_identity.chain) {
    if (m_answered != nullptr && m_answered != &link) continue;
    if (std::holds_alternative<std::monostate>(link.how)) {
      note(link, link.missing);
      continue;
    }
    if (const auto nobody = m_answered == nullptr ? no_metadata_service(context, link) : std::nullopt) {
      note(link, nobody->summary);
      continue;
    }
    auto asked = ask(context, link, resource);
    if (asked) {
      m_answered = &link;
      return (m_held[resource] = std::move(*asked)).bearer;
    }
    if (!is_nothing_there(link, asked.error())) return std::move(asked.error());
    note(link, asked.error().summary);
  }
  return Error(ErrorCode::denied, "no credentials for Azure", "looked at: " + looked_at)
      .hint(
          "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or another way: docs/configuration.md, "
          "provider.azure");
}

/// Outside of Azure nobody answers, and that is to cost a second, not a minute of tries.
std::optional<Error> Tokens::no_metadata_service(const Context& context, const Link& link) {
  const auto* way = std::get_if<ManagedIdentity>(&link.how);
  if (way == nullptr || !way->endpoint.empty()) return std::nullopt;
  if (m_http.send(context, metadata_probe())) return std::nullopt;
  return Error(ErrorCode::unavailable, "the metadata service of a virtual machine does not answer");
}

Result<Tokens::Held> Tokens::ask(const Context& context, const Link& link, const std::string& resource) {
  Login login;
  auto answer = m_caller.call(
      context,
      [&]() -> Result<HttpRequest> {
        TRY(prepare_login(link, m_identity.authority, resource, m_caller.clock().now(), m_random, login));
        return login.request;
      },
      [&](const HttpResponse& seen) { return refusal_of_token(shown_call(login.request), seen); });
  if (!answer) {
    auto error = std::move(answer.error());
    if (error.code == ErrorCode::denied && application_of(link) != nullptr)
      error.hints = {
          fmt::format("check {}, and the application it is of, {}", link.name, application_of(link)->client)};
    return error;
  }
  auto granted = granted_by(answer->secret_body, m_caller.clock().now());
  // The body is not shown: it may be a token in a shape that was not understood.
  if (!granted)
    return Error(ErrorCode::protocol, shown_call(login.request) + " answered without a token that can be used");
  const auto now = m_caller.clock().monotonic();
  // One whose end is not known, or is near already, serves those who wait for it now.
  const auto serves = granted->lasts ? std::max(*granted->lasts - k_before_its_end, Duration(0)) : Duration(0);
  return Held{std::make_shared<const SecretBuffer>(joined({"Bearer ", granted->token.view()})), now, now + serves};
}

}  // namespace trunkform::cloud::azure
