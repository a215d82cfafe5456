#include "cmd/genesys_sim/service/tokens.hpp"

#include <utility>

namespace trunkform::sim {

void Tokens::accept(std::string token) { m_entries[std::move(token)].expires.reset(); }

void Tokens::issue(std::string token, Instant expires) { m_entries[std::move(token)].expires = expires; }

void Tokens::revoke(std::string_view token) {
  if (const auto found = m_entries.find(token); found != m_entries.end()) m_entries.erase(found);
}

void Tokens::revoke_all() { m_entries.clear(); }

bool Tokens::is_valid(std::string_view token, Instant now) const {
  const auto found = m_entries.find(token);
  return found != m_entries.end() && (!found->second.expires || now < *found->second.expires);
}

bool Tokens::occurs_in(std::string_view text) const {
  for (const auto& [token, entry] : m_entries)
    if (text.find(token) != std::string_view::npos) return true;
  return false;
}

RateWindow Tokens::count(std::string_view token, Instant now, std::uint64_t allowed) {
  constexpr Duration k_window = std::chrono::minutes(1);
  auto& entry = m_entries.find(token)->second;
  if (entry.in_window == 0 || now - entry.window_start >= k_window) {
    entry.window_start = now;
    entry.in_window = 0;
  }
  ++entry.in_window;
  return {entry.in_window, allowed, entry.window_start + k_window - now};
}

}  // namespace trunkform::sim
