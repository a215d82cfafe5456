#pragma once
// Which of the service's few operations a request means.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trunkform::sim {

enum class Operation { token, organisation, products, list, get, patch, unknown };
inline constexpr std::size_t k_operations = 7;

std::string_view to_string(Operation operation);
std::optional<Operation> parse_operation(std::string_view word);

struct Target {
  Operation operation = Operation::unknown;
  std::string trunk;  ///< id, decoded, for `get` and `patch`
};

Target classify(std::string_view method, std::string_view path);

/// Dot segments, encoded separators, control characters, empty segments: what only a careless or hostile client sends.
bool is_unsafe_path(std::string_view path);

inline constexpr std::string_view k_trunks_path = "/api/v2/telephony/providers/edge/trunks";

}  // namespace trunkform::sim
