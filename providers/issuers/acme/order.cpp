#include "providers/issuers/acme/order.hpp"

#include <array>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::issuers::acme {
namespace {

constexpr std::array<std::string_view, 8> k_words = {"pending", "ready",   "processing",  "valid",
                                                     "invalid", "expired", "deactivated", "revoked"};

Result<Status> status_of(cloud::SecretJson& json, const char* what) {
  const auto word = json.text({"status"}).value_or("");
  for (std::size_t i = 0; i < k_words.size(); ++i)
    if (k_words[i] == word) return static_cast<Status>(i);
  return Error(ErrorCode::protocol, std::string("the authority's ") + what + " has no status that is one",
               "it is " + cloud::quoted(word, 40));
}

/// §8: base64url of at least 128 bits.
bool is_token(std::string_view text) {
  constexpr auto k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() >= 22 && text.size() <= 256 && text.find_first_not_of(k_alphabet) == std::string_view::npos;
}

Result<> read_known(cloud::SecretJson& json, Challenge& challenge) {
  challenge.url = json.text({"url"}).value_or("");
  challenge.token = json.text({"token"}).value_or("");
  challenge.status = TRY(status_of(json, "challenge"));
  challenge.error = error_member(json);
  if (!is_token(challenge.token) || challenge.url.empty())
    return Error(ErrorCode::protocol, "the authority's challenge has no token that is one",
                 "it is " + cloud::quoted(challenge.token, 60));
  return {};
}

}  // namespace

std::string_view to_string(Status status) { return k_words[static_cast<std::size_t>(status)]; }

Result<Order> order_of(const HttpResponse& answer) {
  auto json = json_of(answer);
  Order order;
  order.status = TRY(status_of(json, "order"));
  if (const auto text = json.text({"expires"})) order.expires = parse_rfc3339(*text);
  order.authorizations = json.texts({"authorizations"});
  order.finalize = json.text({"finalize"}).value_or("");
  order.certificate = json.text({"certificate"}).value_or("");
  order.error = error_member(json);
  if (order.finalize.empty())
    return Error(ErrorCode::protocol, "the authority's order has no address to finalize it at");
  if (order.status == Status::valid && order.certificate.empty())
    return Error(ErrorCode::protocol, "the authority's order is valid and has no certificate");
  return order;
}

Result<Authorization> authorization_of(const HttpResponse& answer) {
  auto json = json_of(answer);
  Authorization authorization;
  authorization.status = TRY(status_of(json, "authorization"));
  authorization.name = json.text({"identifier", "value"}).value_or("");
  authorization.is_wildcard = json.flag({"wildcard"}).value_or(false);
  auto items = json.items({"challenges"});
  if (!items) return authorization;
  for (auto& item : *items) {
    Challenge challenge;
    challenge.type = item.text({"type"}).value_or("");
    // Of kinds that are not known here nothing is known.
    if (challenge.type == "http-01" || challenge.type == "dns-01") TRY(read_known(item, challenge));
    authorization.challenges.push_back(std::move(challenge));
  }
  return authorization;
}

Result<std::string> order_payload(const OrderWish& wish) {
  codec::JsonWriter writer;
  writer.begin_object();
  writer.key("identifiers");
  writer.begin_array();
  for (const auto& name : wish.names) {
    const auto kind = kind_of_name(name);
    if (kind != NameKind::dns && kind != NameKind::ip)
      return Error(ErrorCode::invalid_input, "no ACME authority signs for " + cloud::quoted(name),
                   "they know DNS names (RFC 8555 §9.7.7) and addresses (RFC 8738)")
          .hint("take the name out of `names`: SIP peers match the DNS name too (RFC 5922 §7.1)");
    writer.begin_object();
    writer.member("type", kind == NameKind::ip ? "ip" : "dns");
    writer.member("value", name);
    writer.end_object();
  }
  writer.end_array();
  writer.member_unless_empty("profile", wish.profile);
  writer.member_unless_empty("replaces", wish.replaces);
  if (wish.not_after) writer.member("notAfter", *wish.not_after);
  writer.end_object();
  return writer.take();
}

}  // namespace trunkform::issuers::acme
