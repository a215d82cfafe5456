#pragma once
// Access tokens and their rate windows. Not thread-safe: owned by the Service.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/time.hpp"

namespace trunkform::sim {

/// One token's minute: what `inin-ratelimit-*` tell.
struct RateWindow {
  std::uint64_t count = 0;
  std::uint64_t allowed = 0;  ///< 0: no limit
  Duration reset{};           ///< until the window ends
  bool exceeded() const { return allowed != 0 && count > allowed; }
};

class Tokens {
 public:
  /// A token that never expires.
  void accept(std::string token);
  void issue(std::string token, Instant expires);
  void revoke(std::string_view token);
  void revoke_all();
  bool is_valid(std::string_view token, Instant now) const;
  /// Whether `text` contains a token that was ever handed out and still stands.
  bool occurs_in(std::string_view text) const;
  /// Counts one request in the token's window of a minute, which opens with its first request.
  RateWindow count(std::string_view token, Instant now, std::uint64_t allowed);

 private:
  struct Entry {
    std::optional<Instant> expires;
    Instant window_start{};
    std::uint64_t in_window = 0;
  };
  std::map<std::string, Entry, std::less<>> m_entries;
};

}  // namespace trunkform::sim
