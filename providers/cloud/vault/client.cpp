#include "providers/cloud/vault/client.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cloud::vault {
namespace {

constexpr std::uint64_t k_largest_answer = 8U << 20;
constexpr Duration k_brief = std::chrono::seconds(10);

/// What Go's server says, in plain http, to a request in plain http at its port for https.
bool wants_tls(const HttpResponse& answer) {
  return answer.status == 400 &&
         answer.secret_body.view().starts_with("Client sent an HTTP request to an HTTPS server");
}

/// `POST /v1/secret/data/sip`: what a policy says to allow it.
std::string policy_for(std::string_view call) {
  const auto method = call.substr(0, call.find(' '));
  const auto path = call.substr(std::min(call.find("/v1/") + 4, call.size()));
  if (method == "LIST") return policy_line(path, {"list"});
  if (method == "GET") return policy_line(path, {"read"});
  if (method == "POST") return policy_line(path, {"create", "update"});
  return policy_line(path, {"delete"});
}

}  // namespace

std::string policy_line(std::string_view path, const std::vector<std::string_view>& capabilities) {
  return fmt::format("path \"{}\" {{ capabilities = [\"{}\"] }}", path, fmt::join(capabilities, "\", \""));
}

std::string words_of(const HttpResponse& answer) {
  std::string words;
  for (const auto& error : SecretJson(answer.secret_body).texts({"errors"}))
    words += (words.empty() ? "" : "; ") + cloud::quoted(error);
  return words;
}

std::string encoded_segment(std::string_view text) { return percent_encoded(text); }

std::string encoded_path(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return percent_encoded(text, "/");
}

std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer) {
  if ((answer.status >= 200 && answer.status < 300) || answer.status == 404) return std::nullopt;
  const auto words = words_of(answer);
  const auto said = fmt::format("{} answered {}{}{}", call, answer.status, words.empty() ? "" : ": ", words);
  const auto refused = [&](ErrorCode code, bool passes) { return Refusal{Error(code, said), passes}; };
  if (wants_tls(answer)) {
    auto refusal = refused(ErrorCode::protocol, false);
    refusal.error.detail = "the server speaks https at that port, and was spoken to in plain http";
    refusal.error.hints.emplace_back("write https:// in `address` of provider.vault, or in VAULT_ADDR: vault status");
    return refusal;
  }
  switch (answer.status) {
    case 400:
      return refused(ErrorCode::invalid_input, false);
    case 401:
    case 403: {
      auto refusal = refused(ErrorCode::denied, false);
      refusal.error.hints.push_back(fmt::format(
          "the token is not valid any more, or its policies lack: {} (docs/permissions.md)", policy_for(call)));
      return refusal;
    }
    case 412:  // a replica that has not seen yet what was written
      return refused(ErrorCode::unavailable, true);
    case 429:
      return refused(ErrorCode::throttled, true);
    case 503: {
      auto refusal = refused(ErrorCode::unavailable, true);
      // Sealed or standby, and said by the service itself; a proxy says 503 also of a connection that was cut.
      refusal.may_have_done = words.empty();
      refusal.error.hints.emplace_back("where it is sealed somebody has to unseal it: vault status");
      return refusal;
    }
    default:
      break;
  }
  if (answer.status >= 500) {
    auto refusal = refused(ErrorCode::unavailable, true);
    refusal.may_have_done = true;
    return refusal;
  }
  return refused(ErrorCode::protocol, false);
}

/// The token of a run: fetched by the first call, renewed or fetched again when two thirds of its time are over, and
/// where it has died before. Who comes meanwhile waits.
class Client::Tokens {
 public:
  using Bearer = std::shared_ptr<const SecretBuffer>;

  explicit Tokens(Client& client) : m_client(client) {}

  Result<Bearer> current(const Context& context) {
    const std::scoped_lock lock(m_mutex);
    if (m_bearer && (!m_renew_at || m_client.m_caller.clock().monotonic() < *m_renew_at)) return m_bearer;
    if (m_bearer && m_renewable)
      if (auto renewed = renew(context)) return m_bearer;
    auto fetched = fetch(context);
    const auto now = m_client.m_caller.clock().monotonic();
    if (fetched || !m_bearer || !m_ends_at || now >= *m_ends_at) return fetched;
    // It is good for a third of its time yet.
    m_renew_at = std::min(*m_ends_at, now + k_between_renewals);
    return m_bearer;
  }

  /// Another one than `refused`; an error where there is none to be had.
  Result<Bearer> after_refusal(const Context& context, const Bearer& refused, Error why) {
    const std::scoped_lock lock(m_mutex);
    if (m_bearer != refused) return m_bearer;
    // One that was given is what it is; a login may have been cut short by who revoked its token.
    if (m_client.m_options.login.method == Method::token || m_fetched_at == m_client.m_caller.clock().monotonic())
      return why;
    // What a policy forbids it forbids the next token too.
    if (m_bearer == m_mute || !is_dead(context)) return why;
    return fetch(context);
  }

  /// `refused` is a token that was fetched for this very call. Where it may not look itself up either, no refusal of it
  /// says that it has died: it stays until its time is over.
  void still_refused(const Context& context, const Bearer& refused) {
    const std::scoped_lock lock(m_mutex);
    if (m_bearer == refused && m_mute != refused && is_dead(context)) m_mute = refused;
  }

 private:
  static constexpr Duration k_between_renewals = std::chrono::seconds(10);

  Client& m_client;
  std::mutex m_mutex;
  Bearer m_bearer;
  Bearer m_mute;  ///< the token whose refusals mean nothing
  bool m_renewable = false;
  std::optional<Duration> m_renew_at, m_ends_at;
  std::optional<Duration> m_fetched_at;

  void keep(std::string_view token, const Lease& lease) {
    // Vault takes it for `X-Vault-Token`.
    m_bearer = std::make_shared<const SecretBuffer>(joined({"Bearer ", token}));
    take(lease);
  }
  void take(const Lease& lease) {
    const auto now = m_client.m_caller.clock().monotonic();
    m_renewable = lease.renewable;
    m_renew_at = lease.lasts ? std::optional(now + *lease.lasts * 2 / 3) : std::nullopt;
    m_ends_at = lease.lasts ? std::optional(now + *lease.lasts) : std::nullopt;
  }

  Result<HttpResponse> post(const Context& context, const std::string& path, const SecretBuffer* body,
                            const std::optional<OwnCertificate>& own) {
    const auto call = "POST /v1/" + path;
    return m_client.m_caller.call(
        context,
        [&]() -> Result<HttpRequest> {
          auto request = m_client.request_for("POST", path);
          request.secret_body = body;
          if (body == nullptr) request.body = "{}";
          // Who logs in shows no token of before.
          if (body == nullptr) request.authorization = m_bearer.get();
          if (body != nullptr) request.credential = credential_in(m_client.m_options.login, *body);
          if (own) request.client_certificate = &own->shown;
          return request;
        },
        [&](const HttpResponse& answer) -> std::optional<Refusal> {
          if (answer.status == 404)
            return Refusal{Error(ErrorCode::not_found, call + " answered 404: nothing is mounted there")};
          return refusal_of(call, answer);
        });
  }

  /// The one of before stays until another is there: a secret id may be good for one login alone.
  Result<Bearer> fetch(const Context& context) {
    const auto& login = m_client.m_options.login;
    if (login.method == Method::token) return fetch_given(context, TRY(login.secret()));
    const auto path = login_path(login);
    const auto own = TRY(certificate_of(login));
    const auto body = TRY(login_body(login));
    auto answer = post(context, path, &body, own);
    if (!answer) return login_refused(std::move(answer.error()), own);
    auto granted = granted_by(answer->secret_body);
    // The body is not shown: it may be a token in a shape that was not understood.
    if (!granted) return Error(ErrorCode::protocol, "POST /v1/" + path + " answered without a token that can be used");
    keep(granted->token.view(), granted->lease);
    m_fetched_at = m_client.m_caller.clock().monotonic();
    return m_bearer;
  }

  Error login_refused(Error error, const std::optional<OwnCertificate>& own) const {
    // Who one is was not believed: 400 for a role or secret id that is not known, or a JWT that is not taken.
    if (error.code == ErrorCode::invalid_input) error.code = ErrorCode::denied;
    if (error.code != ErrorCode::denied) return error;
    error.hints = {"check `auth` of provider.vault, and the role it names"};
    if (!own) return error;
    error.detail = "it was shown the certificate " + described(*own->facts);
    error.hints.push_back(
        fmt::format("see whom it takes: vault list {}; where something before Vault ends TLS, the "
                    "certificate is lost there",
                    shell_word("auth/" + m_client.m_options.login.mount + "/certs")));
    return error;
  }

  Result<HttpResponse> look_up(const Context& context) {
    return m_client.m_caller.call(
        context,
        [&]() -> Result<HttpRequest> {
          auto request = m_client.request_for("GET", "auth/token/lookup-self");
          request.authorization = m_bearer.get();
          return request;
        },
        [](const HttpResponse& seen) { return refusal_of("GET /v1/auth/token/lookup-self", seen); });
  }

  /// Every token may look itself up, unless somebody took the policy `default` from it.
  bool is_dead(const Context& context) {
    const auto answer = look_up(context);
    return !answer && answer.error().code == ErrorCode::denied;
  }

  /// How long it lasts it may be allowed to ask, or not.
  Result<Bearer> fetch_given(const Context& context, const SecretBuffer& secret) {
    const auto token = trimmed(secret.view());
    if (token.empty()) return Error(ErrorCode::denied, "the token of Vault is empty");
    keep(token, {});
    auto answer = look_up(context);
    if (answer)
      if (const auto lease = lease_of_lookup(answer->secret_body)) take(*lease);
    m_fetched_at = m_client.m_caller.clock().monotonic();
    return m_bearer;
  }

  Result<> renew(const Context& context) {
    const auto own = TRY(certificate_of(m_client.m_options.login));
    const auto answer = TRY(post(context, "auth/token/renew-self", nullptr, own));
    const auto granted = granted_by(answer.secret_body);
    if (!granted) return Error(ErrorCode::protocol, "the renewal of the token was not understood");
    take(granted->lease);
    return {};
  }
};

Client::Client(Options options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)),
      m_caller(m_options.calls, http, clock, random),
      m_tokens(std::make_unique<Tokens>(*this)) {}

Client::~Client() = default;

Result<> Client::log_in(const Context& context) {
  TRY(m_tokens->current(context));
  return {};
}

Result<CertificatePtr> Client::own_certificate() const {
  const auto own = TRY(certificate_of(m_options.login));
  return own ? own->facts : nullptr;
}

std::optional<Context> Client::briefly(const Context& context) {
  if (m_is_silent) return std::nullopt;
  auto brief = context;
  const auto until = now() + k_brief;
  brief.deadline = context.deadline ? std::min(*context.deadline, until) : until;
  return brief;
}

HttpRequest Client::request_for(const std::string& method, const std::string& path) const {
  HttpRequest request;
  request.method = method;
  request.url = m_options.address + "/v1/" + path;
  request.headers = {{"Accept", "application/json"}, {"X-Vault-Request", "true"}};
  if (method != "GET") request.headers.push_back({"Content-Type", "application/json"});
  if (!m_options.name_space.empty()) request.headers.push_back({"X-Vault-Namespace", m_options.name_space});
  request.timeout = m_options.timeout;
  request.body_limit = k_largest_answer;
  request.secret_answer = true;
  return request;
}

Result<HttpResponse> Client::authorized(const Context& context, const std::function<HttpRequest()>& prepare,
                                        const Caller::Judge& judge, Repeat repeat, Change* change) {
  auto bearer = TRY(m_tokens->current(context));
  for (bool again = false;; again = true) {
    auto answer = m_caller.call(
        context,
        [&]() -> Result<HttpRequest> {
          auto request = prepare();
          request.authorization = bearer.get();
          return request;
        },
        judge, repeat, change);
    if (answer || answer.error().code != ErrorCode::denied) return answer;
    if (again) {
      m_tokens->still_refused(context, bearer);
      return answer;
    }
    bearer = TRY(m_tokens->after_refusal(context, bearer, std::move(answer.error())));
  }
}

Result<HttpResponse> Client::read(const Context& context, const std::string& path) {
  const bool lists = path.find("list=true") != std::string::npos;
  const auto call = (lists ? "LIST /v1/" : "GET /v1/") + path.substr(0, path.find('?'));
  return authorized(
      context, [&] { return request_for("GET", path); },
      [&](const HttpResponse& seen) { return refusal_of(call, seen); }, Repeat::freely);
}

Result<HttpResponse> Client::write(const Context& context, const std::string& path, const SecretBuffer& body,
                                   Repeat repeat, Change* change) {
  const auto call = "POST /v1/" + path;
  return authorized(
      context,
      [&] {
        auto request = request_for("POST", path);
        request.secret_body = &body;
        return request;
      },
      [&](const HttpResponse& seen) {
        return seen.status == 400 && !wants_tls(seen) ? std::nullopt : refusal_of(call, seen);
      },
      repeat, change);
}

}  // namespace trunkform::cloud::vault
