#include "providers/issuers/acme/issuer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/issuers/acme/chains.hpp"
#include "providers/issuers/acme/proving.hpp"
#include "providers/issuers/acme/renewal.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::issuers::acme {
namespace {

/// How long a call waits for the server to sign, before it leaves the waiting to its caller.
constexpr auto k_signing_patience = std::chrono::seconds(15);
constexpr auto k_look_again = std::chrono::seconds(1);
/// After the first step: most servers are as far by then.
constexpr auto k_look_soon = std::chrono::milliseconds(100);
constexpr auto k_pem = "application/pem-certificate-chain";

Result<OrderStatus> invalid_order(const Order& order, Instant now) {
  if (!order.error && order.expires && *order.expires <= now)
    return OrderStatus(OrderGone{
        Error(ErrorCode::not_found, "the order has lapsed", "it was open until " + to_rfc3339(*order.expires))});
  if (!order.error) return Error(ErrorCode::rejected, "the authority refused the order", "it does not say why");
  auto error = to_error(*order.error, "the authority refused the order");
  // RFC 8555 §7.1.6: `invalid` is an end. What is refused here stays so, whatever its type means elsewhere.
  error.code = ErrorCode::rejected;
  return error;
}

/// RFC 9773 §5: a courtesy that must keep nobody from renewing. Who changed authority or account names a certificate
/// that this one does not know, and servers have different answers to that; one of them is 500.
bool is_about_what_is_replaced(const Result<Answer>& answer) {
  if (!answer) return answer.error().code == ErrorCode::unavailable;
  const auto type = answer->problem ? answer->problem->type : std::string();
  return type == "alreadyReplaced" || type == "malformed" || type == "unauthorized";
}

bool names_lifetime(const Result<Answer>& answer) {
  return answer && answer->problem && lower_case(words_of(*answer->problem)).find("notafter") != std::string::npos;
}

/// Let's Encrypt has lifetimes by profile alone, and no type of problem says that a `notAfter` is what it is about.
bool is_about_lifetime(const Result<Answer>& answer) {
  return names_lifetime(answer) || (answer && answer->problem && answer->problem->type == "malformed");
}

std::string all_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + cloud::quoted(name);
  return text;
}

}  // namespace

AcmeIssuer::AcmeIssuer(AcmePlace place, Account::SecretReader secrets,
                       std::vector<std::unique_ptr<Responder>> responders, HttpClient& http, Clock& clock,
                       Random& random)
    : m_preferred_chain(std::move(place.preferred_chain)),
      m_allowed(std::move(place.allowed)),
      m_wire(std::move(place.wire), http, clock, random),
      m_account(std::move(place.account), std::move(secrets), m_wire),
      m_responders(std::move(responders)) {}

/// By the way that comes first: which ways the authority offers shows with the order alone.
Result<> AcmeIssuer::may_prove(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const bool is_wildcard = name.starts_with("*.");
    const bool is_address = kind_of_name(name) == NameKind::ip;
    for (const auto& responder : m_responders) {
      const bool is_dns = std::string_view(responder->challenge_type()) == "dns-01";
      if (is_dns ? is_address : is_wildcard) continue;
      TRY(responder->may_present({is_wildcard ? name.substr(2) : name, {}, {}}));
      break;
    }
  }
  return {};
}

/// For the lifetime that the server gives, where it takes no other; and without a word of what is replaced, where that
/// is what it does not like; the last try is without either. What is malformed in another way stays so, and orders are
/// counted.
Result<Answer> AcmeIssuer::order_with(const Context& context, OrderWish wish) {
  const auto post = [&]() -> Result<Answer> {
    return m_account.post_to(context, &Directory::new_order, TRY(order_payload(wish)));
  };
  auto answer = post();
  if (wish.not_after && is_about_lifetime(answer)) {
    wish.not_after.reset();
    answer = post();
  }
  if (wish.replaces.empty() || !is_about_what_is_replaced(answer)) return answer;
  wish.replaces.clear();
  return post();
}

Result<Answer> AcmeIssuer::place_order(const Context& context, const IssueOrder& order) {
  const auto directory = TRY(m_wire.directory(context));
  const auto& profiles = directory.profiles;
  if (!order.profile.empty() && std::find(profiles.begin(), profiles.end(), order.profile) == profiles.end())
    return Error(ErrorCode::invalid_input, fmt::format("the authority has no profile {}", cloud::quoted(order.profile)),
                 profiles.empty() ? "it has none" : "it has " + all_of(profiles))
        .hint("correct `profile` of the certificate's block");
  OrderWish wish{order.names, order.profile, {}, {}};
  if (order.lifetime) wish.not_after = std::chrono::floor<std::chrono::seconds>(m_wire.clock().now() + *order.lifetime);
  if (!directory.renewal_info.empty() && !order.replaces_der.empty())
    if (auto id = certificate_id_of(order.replaces_der)) wish.replaces = std::move(*id);
  return order_with(context, std::move(wish));
}

Result<OrderStatus> AcmeIssuer::submit(const Context& context, const IssueOrder& order) {
  const auto response = TRY(accepted(TRY(place_order(context, order)), "the authority takes no such order"));
  const auto* location = response.header("Location");
  if (location == nullptr || location->empty())
    return Error(ErrorCode::protocol, "the authority does not say where the order is",
                 "its answer to newOrder has no Location (RFC 8555 §7.4)");
  return OrderStatus(OrderPending{*location, Duration::zero()});
}

Result<std::variant<AcmeIssuer::Seen, OrderGone>> AcmeIssuer::read(const Context& context, const std::string& ref) {
  using Read = std::variant<Seen, OrderGone>;
  static constexpr auto k_unreadable = "the order cannot be read";
  auto answer = TRY(m_account.post(context, ref, ""));
  // The account is valid, or nothing could have been asked. Others say 404 of what is not the account's.
  if (answer.problem && answer.problem->type == "unauthorized")
    return Read(OrderGone{
        Error(ErrorCode::not_found, "the order is another ACME account's than that of `account_key`, and is given up",
              words_of(*answer.problem))
            .hint("only who placed an order can have it signed: see that `account_key` names the account that is meant")
            .hint("then order anew with it: trunkform apply")});
  if (auto gone = gone_of(answer, k_unreadable)) return Read(std::move(*gone));
  const auto wait = answer.wait;
  auto order = TRY(order_of(TRY(accepted(std::move(answer), k_unreadable))));
  return Read(Seen{std::move(order), wait});
}

Result<OrderStatus> AcmeIssuer::poll(const Context& context, const std::string& ref, const IssueOrder& order) {
  std::vector<Responder*> responders;
  responders.reserve(m_responders.size());
  for (const auto& responder : m_responders) responders.push_back(responder.get());
  auto& clock = m_wire.clock();
  Duration waited{};
  Duration pause = k_look_again;
  for (;;) {
    const auto found = TRY(read(context, ref));
    if (const auto* gone = std::get_if<OrderGone>(&found)) return OrderStatus(*gone);
    const auto& seen = std::get<Seen>(found);
    switch (seen.order.status) {
      case Status::pending: {
        const auto proving = TRY(prove(context, m_account, seen.order, order.names, responders));
        if (const auto* gone = std::get_if<OrderGone>(&proving)) return OrderStatus(*gone);
        if (const auto* undecided = std::get_if<Undecided>(&proving))  // for minutes
          return OrderStatus(OrderPending{ref, undecided->wait});
        break;
      }
      case Status::ready:
        if (auto gone = TRY(finalize(context, seen.order, order))) return OrderStatus(std::move(*gone));
        break;
      case Status::processing:
        break;
      case Status::valid:
        return download(context, seen.order.certificate);
      default:
        return invalid_order(seen.order, clock.now());
    }
    auto wait = pause;
    if (seen.order.status == Status::processing && seen.wait)
      wait = std::max<Duration>(*seen.wait, k_look_again);
    else if (seen.order.status != Status::processing && waited == Duration::zero())
      wait = k_look_soon;
    else
      pause *= 2;  // nobody says how long: rarer and rarer
    if (waited + wait > k_signing_patience) return OrderStatus(OrderPending{ref, wait});
    TRY(clock.sleep(context, wait));
    waited += wait;
  }
}

Result<std::optional<OrderGone>> AcmeIssuer::finalize(const Context& context, const Order& seen,
                                                      const IssueOrder& order) {
  static constexpr auto k_unsigned = "the authority does not sign the request";
  const auto payload = fmt::format(R"({{"csr":"{}"}})", base64url(order.csr_der));
  auto answer = TRY(m_account.post(context, seen.finalize, payload));
  // An earlier request may have come through: the order itself says what became of it.
  if (answer.problem && answer.problem->type == "orderNotReady") return std::optional<OrderGone>();
  if (auto gone = gone_of(answer, k_unsigned)) return gone;
  TRY(accepted(std::move(answer), k_unsigned));
  return std::optional<OrderGone>();
}

Result<OrderStatus> AcmeIssuer::download(const Context& context, const std::string& url) {
  static constexpr auto k_unfetched = "the certificate cannot be fetched";
  auto answer = TRY(m_account.post(context, url, "", k_pem));
  if (auto gone = gone_of(answer, k_unfetched)) return OrderStatus(std::move(*gone));
  const auto first = TRY(accepted(std::move(answer), k_unfetched));
  if (m_preferred_chain.empty()) return OrderStatus(OrderIssued{first.body});
  std::vector<std::string> seen;
  const auto is_preferred = [&](const std::string& pem) -> Result<bool> {
    const auto names = TRY(authorities_of(pem));
    if (!names.empty()) seen.push_back(names.back());
    return std::find(names.begin(), names.end(), m_preferred_chain) != names.end();
  };
  if (TRY(is_preferred(first.body))) return OrderStatus(OrderIssued{first.body});
  for (const auto& address : alternates_of(first, url)) {
    auto other = TRY(accepted(TRY(m_account.post(context, address, "", k_pem)), k_unfetched));
    if (TRY(is_preferred(other.body))) return OrderStatus(OrderIssued{std::move(other.body)});
  }
  return Error(ErrorCode::invalid_input,
               fmt::format("no chain of the certificate leads to {}", cloud::quoted(m_preferred_chain)),
               "those that the authority offers lead to " + all_of(seen))
      .hint("correct or remove `preferred_chain` of the issuer");
}

Result<std::optional<RenewalWindow>> AcmeIssuer::renewal_info(const Context& context, const std::string& leaf_der) {
  const auto id = certificate_id_of(leaf_der);
  const auto directory = m_wire.directory(context);
  if (!id || !directory || directory->renewal_info.empty()) return std::optional<RenewalWindow>();
  const auto answer = m_wire.get(context, directory->renewal_info + "/" + *id);
  if (!answer || answer->problem) return std::optional<RenewalWindow>();
  return renewal_window_of(answer->response);
}

Result<> AcmeIssuer::revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) {
  const auto payload = fmt::format(R"({{"certificate":"{}","reason":{}}})", base64url(leaf_der), number_of(reason));
  cloud::Change change;
  auto answer = m_account.post_to(context, &Directory::revoke_cert, payload, &change);
  if (!answer) return change.told(std::move(answer.error()));
  if (answer->problem && answer->problem->type == "alreadyRevoked") return {};
  auto done = accepted(std::move(*answer), "the authority does not revoke the certificate");
  if (!done) return change.told(std::move(done.error()));
  return {};
}

}  // namespace trunkform::issuers::acme
