#include "cmd/trunkform/alike_errors.hpp"

#include <map>

#include <fmt/format.h>

#include "schemas/model/some_of.hpp"

namespace trunkform::cli {
namespace {

constexpr std::size_t k_named = 5;

/// What an error says, without the address that it is about.
std::string words_of(const Error& error, const std::string& address) {
  std::string text;
  const auto add = [&](const std::string& part) { text += part + '\n'; };
  add(error.summary);
  add(error.detail);
  for (const auto& hint : error.hints) add(hint);
  for (const auto& cause : error.causes) add(words_of(cause, address));
  for (auto at = text.find(address); at != std::string::npos; at = text.find(address, at))
    text.erase(at, address.size());
  return text;
}

std::string others_text(const std::vector<std::string>& others) {
  return fmt::format("So it is with {} other address{}: {}.", others.size(), others.size() == 1 ? "" : "es",
                     some_of(others, k_named));
}

}  // namespace

std::vector<Error> folded(const std::vector<Error>& errors) {
  std::vector<Error> result;
  std::vector<std::vector<std::string>> others;
  std::map<std::string, std::size_t> first;
  for (const auto& error : errors) {
    const auto place = result.size();
    const auto at =
        error.address.empty() ? place : first.try_emplace(words_of(error, error.address), place).first->second;
    if (at < place) {
      others[at].push_back(error.address);
      continue;
    }
    result.push_back(error);
    others.emplace_back();
  }
  for (std::size_t i = 0; i < result.size(); ++i)
    if (!others[i].empty()) result[i].detail += (result[i].detail.empty() ? "" : " ") + others_text(others[i]);
  return result;
}

}  // namespace trunkform::cli
