// What a request must look like before anything else is asked: its violations are counted, never fatal by themselves.
#include <algorithm>
#include <array>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {
namespace manners_detail {

constexpr std::string_view k_key_mark = "PRIVATE KEY";

bool has_media_type(const std::string* header, std::string_view wanted) {
  if (header == nullptr) return false;
  std::string lower(*header);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower.find(wanted) != std::string::npos;
}

bool names_a_credential(std::string_view query) {
  static constexpr std::array k_names{"access_token", "token", "client_secret", "authorization", "bearer"};
  return std::any_of(k_names.begin(), k_names.end(),
                     [query](const char* name) { return query_value(query, name).has_value(); });
}

bool shows_a_key(const Request& request, Operation operation) {
  const auto marked = [](std::string_view text) {
    auto decoded = percent_decode(text).value_or(std::string(text));
    std::replace(decoded.begin(), decoded.end(), '+', ' ');
    return decoded.find(k_key_mark) != std::string::npos;
  };
  if (marked(request.path) || marked(request.query)) return true;
  for (const auto& header : request.headers)
    if (marked(header.value)) return true;
  return operation != Operation::patch && marked(request.body);
}

}  // namespace manners_detail

void Service::check_manners(const Exchange& exchange) {
  using namespace manners_detail;
  const auto& request = exchange.request;
  const auto operation = exchange.target.operation;
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (is_unsafe_path(request.path)) violate(exchange, ViolationKind::unsafe_path, "dot segments or encoded separators");
  if (operation == Operation::unknown && !reads)
    violate(exchange, ViolationKind::unknown_path, "the service has no such operation");
  if (!request.query.empty()) {
    const auto decoded = percent_decode(request.query).value_or(request.query);
    const bool secret = std::any_of(m_options.clients.begin(), m_options.clients.end(), [&](const Client& client) {
      return !client.secret.empty() && decoded.find(client.secret) != std::string::npos;
    });
    if (secret || names_a_credential(request.query) || m_tokens.occurs_in(decoded))
      violate(exchange, ViolationKind::token_in_query, "a credential belongs in the Authorization header");
  }
  if (shows_a_key(request, operation))
    violate(exchange, ViolationKind::key_misplaced, "a private key outside the body of a PATCH");
  if (operation != Operation::token && !has_media_type(find_header(request.headers, "accept"), "application/json"))
    violate(exchange, ViolationKind::accept, "'Accept: application/json' is missing");
  const auto* content_type = find_header(request.headers, "content-type");
  if (operation == Operation::patch && !has_media_type(content_type, "application/json"))
    violate(exchange, ViolationKind::content_type, "'Content-Type: application/json' is missing");
  if (operation == Operation::token && !has_media_type(content_type, "application/x-www-form-urlencoded"))
    violate(exchange, ViolationKind::content_type, "'Content-Type: application/x-www-form-urlencoded' is missing");
  const auto* length = find_header(request.headers, "content-length");
  if (reads && (!request.body.empty() || (length != nullptr && *length != "0")))
    violate(exchange, ViolationKind::body_on_get, "a read has no body");
}

}  // namespace trunkform::sim
