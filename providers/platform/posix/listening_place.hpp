#pragma once
// An address to listen at, as the kernel has it and not as it was written. Thread-safe.
#include <compare>
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform::platform {

struct ListeningPlace {
  std::string host;  ///< `0.0.0.0`, `::`, `127.0.0.1`
  std::string port;  ///< `80`; `0` is any, and so no two of them meet but those that are written alike

  /// Whether who listens here hears what comes there: `::` hears IPv4 too, as Linux has it.
  bool covers(const ListeningPlace& other) const;
  friend auto operator<=>(const ListeningPlace&, const ListeningPlace&) = default;
};

/// `address`: `0.0.0.0:80`, `[::]:80`, `:80` (all). Nothing is looked up. Error: invalid_input.
Result<ListeningPlace> listening_place(const std::string& address);

}  // namespace trunkform::platform
