#include "providers/cloud/echo.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace trunkform::cloud {
namespace {

constexpr std::size_t k_shortest = 8;
constexpr std::size_t k_run_of_a_header = 16;
/// A line of a key has 64; names rarely reach as far.
constexpr std::size_t k_run_of_a_body = 48;
/// Of what is shown of an answer nothing lies behind.
constexpr std::size_t k_looked_at = 64U << 10;

/// `Bearer TOKEN`: the token.
std::string_view credential_of(std::string_view authorization) {
  const auto space = authorization.find(' ');
  return space == std::string_view::npos ? authorization : authorization.substr(space + 1);
}

/// Every run of `length` bytes that stands in `secret` too.
void blank(std::span<char> text, std::string_view secret, std::size_t length) {
  length = std::min(length, secret.size());
  if (length < k_shortest || text.size() < length) return;
  std::unordered_set<std::string_view> runs;
  for (std::size_t i = 0; i + length <= secret.size(); ++i) runs.insert(secret.substr(i, length));
  const std::string_view seen(text.data(), text.size());
  // Marked first: what is written over is not found again.
  std::vector<bool> is_secret(text.size());
  for (std::size_t i = 0; i + length <= seen.size(); ++i)
    if (runs.contains(seen.substr(i, length)))
      std::fill_n(is_secret.begin() + static_cast<std::ptrdiff_t>(i), length, true);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (is_secret[i]) text[i] = '*';
}

void blank_in(std::span<char> text, const HttpRequest& request) {
  text = text.first(std::min(text.size(), k_looked_at));
  if (request.authorization != nullptr) blank(text, credential_of(request.authorization->view()), k_run_of_a_header);
  for (const auto& header : request.secret_headers) blank(text, header.value->view(), k_run_of_a_header);
  if (request.secret_body != nullptr && request.secret_body->size() >= k_run_of_a_body)
    blank(text, request.secret_body->view(), k_run_of_a_body);
  blank(text, request.credential, k_run_of_a_header);
}

}  // namespace

void blank_echo(HttpResponse& answer, const HttpRequest& request) {
  if (answer.status < 300) return;
  blank_in(answer.body, request);
  blank_in({answer.secret_body.data(), answer.secret_body.size()}, request);
}

}  // namespace trunkform::cloud
