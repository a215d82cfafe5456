#include "providers/cloud/http_state/place.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::http_state {
namespace {

constexpr std::string_view k_workspace = "{workspace}";

bool names_workspace(const std::string& address) { return address.find(k_workspace) != std::string::npos; }

std::string or_else(const std::string& said, const std::string& otherwise) { return said.empty() ? otherwise : said; }

/// A name in the host would choose who gets the credentials.
Result<> check_address(const std::string& argument, const std::string& address) {
  const auto refused = [&](std::string why) {
    return Error(ErrorCode::invalid_input, fmt::format("{} of backend.http is no address", argument), std::move(why))
        .hint("write it as https://gitlab.example.com/api/v4/projects/7/terraform/state/{workspace}");
  };
  const auto url = parse_url(of_workspace(address, "default"));
  if (!url) return refused(url.error().summary);
  if (address.find('#') != std::string::npos) return refused("it has a fragment");
  const auto host_ends = address.find('/', address.find("://") + 3);
  if (names_workspace(address.substr(0, host_ends))) return refused("{workspace} may stand in its path alone");
  return {};
}

Result<> check_method(const std::string& argument, const std::string& method) {
  const bool is_word =
      method.size() <= 16 && std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (is_word) return {};
  return Error(ErrorCode::invalid_input,
               fmt::format("{} of backend.http is no method: {}", argument, quoted(method, 40)))
      .hint("write a method of HTTP in capitals, such as POST");
}

}  // namespace

StateAddresses Place::addresses() const {
  return names_workspace(address) ? StateAddresses::of_each_workspace : StateAddresses::one;
}

std::string of_workspace(const std::string& address, const std::string& workspace) {
  auto text = address;
  const auto name = percent_encoded(workspace);
  for (std::size_t at = 0; (at = text.find(k_workspace, at)) != std::string::npos; at += name.size())
    text.replace(at, k_workspace.size(), name);
  return text;
}

Result<Place> place_of(const Wish& wish) {
  if (wish.address.empty())
    return Error(ErrorCode::invalid_input, "backend.http has no address")
        .hint("write \"address\" in the block, or set TF_HTTP_ADDRESS");
  if (wish.lock_address.empty())
    return Error(ErrorCode::invalid_input, "backend.http has no lock_address",
                 "this protocol has no other way to keep two runs from overwriting each other's state")
        .hint(
            "write \"lock_address\" in the block, or set TF_HTTP_LOCK_ADDRESS; of GitLab it is the address with "
            "/lock at its end, \"lock_method\": \"POST\" and \"unlock_method\": \"DELETE\"")
        .hint("where the server has no lock, use another backend");
  Place place{wish.address,
              wish.lock_address,
              or_else(wish.unlock_address, wish.lock_address),
              or_else(wish.update_method, "POST"),
              or_else(wish.lock_method, "LOCK"),
              or_else(wish.unlock_method, "UNLOCK")};
  TRY(check_address("address", place.address));
  TRY(check_address("lock_address", place.lock_address));
  TRY(check_address("unlock_address", place.unlock_address));
  TRY(check_method("update_method", place.update_method));
  TRY(check_method("lock_method", place.lock_method));
  TRY(check_method("unlock_method", place.unlock_method));
  for (const auto& other : {place.lock_address, place.unlock_address})
    if (names_workspace(other) != names_workspace(place.address))
      return Error(ErrorCode::invalid_input, "the addresses of backend.http do not agree about {workspace}",
                   "a lock would not be that of the workspace's state")
          .hint("write {workspace} in all of them, or in none");
  return place;
}

}  // namespace trunkform::cloud::http_state
