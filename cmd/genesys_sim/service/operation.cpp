#include "cmd/genesys_sim/service/operation.hpp"

#include <algorithm>

#include "cmd/genesys_sim/service/message.hpp"

namespace trunkform::sim {

std::string_view to_string(Operation operation) {
  switch (operation) {
    case Operation::token:
      return "token";
    case Operation::organisation:
      return "organisation";
    case Operation::products:
      return "products";
    case Operation::list:
      return "list";
    case Operation::get:
      return "get";
    case Operation::patch:
      return "patch";
    case Operation::unknown:
      return "unknown";
  }
  return "unknown";
}

std::optional<Operation> parse_operation(std::string_view word) {
  for (std::size_t i = 0; i < k_operations; ++i)
    if (to_string(static_cast<Operation>(i)) == word) return static_cast<Operation>(i);
  return std::nullopt;
}

Target classify(std::string_view method, std::string_view path) {
  if (method == "POST" && path == "/oauth/token") return {Operation::token, {}};
  if (method == "GET" && path == "/api/v2/organizations/me") return {Operation::organisation, {}};
  if (method == "GET" && path == "/api/v2/authorization/products") return {Operation::products, {}};
  if (!path.starts_with(k_trunks_path)) return {};
  auto rest = path.substr(k_trunks_path.size());
  if (rest.empty()) return {method == "GET" ? Operation::list : Operation::unknown, {}};
  rest.remove_prefix(1);
  const auto id = percent_decode(rest);
  if (path[k_trunks_path.size()] != '/' || !id || id->empty() || id->find('/') != std::string::npos) return {};
  if (method == "GET") return {Operation::get, *id};
  if (method == "PATCH") return {Operation::patch, *id};
  return {};
}

bool is_unsafe_path(std::string_view path) {
  const auto decoded = percent_decode(path);
  if (!decoded || decoded->find("//") != std::string::npos) return true;
  const auto slashes = [](std::string_view text) { return std::count(text.begin(), text.end(), '/'); };
  if (slashes(*decoded) != slashes(path) || decoded->find('\\') != std::string::npos) return true;
  if (std::any_of(decoded->begin(), decoded->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) return true;
  const std::string closed = *decoded + "/";
  return closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos;
}

}  // namespace trunkform::sim
