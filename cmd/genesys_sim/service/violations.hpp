#pragma once
// What no well-behaved client of this service ever does. Each one is counted; a program that ends with any has failed
// (exit status 3). Not thread-safe: owned by the Service.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/time.hpp"

namespace trunkform::sim {

enum class ViolationKind {
  patch_body,      ///< a PATCH body other than exactly `tls` with the two strings
  unknown_path,    ///< a write to a path that the service does not have
  unsafe_path,     ///< dot segments, encoded slashes or control characters in a path
  token_in_query,  ///< a credential in a query
  key_misplaced,   ///< a private key anywhere but in the PATCH's body
  accept,          ///< an API call without `Accept: application/json`
  content_type,    ///< a body without the right `Content-Type`
  body_on_get,     ///< a GET with a body
  blind_repeat,    ///< a PATCH repeated after a lost answer, without reading first
  body_too_large,
};
std::string_view to_string(ViolationKind kind);

struct Violation {
  ViolationKind kind = ViolationKind::patch_body;
  std::string method;
  std::string path;
  std::string what;  ///< one line; never a secret
  Instant time{};
};

class Violations {
 public:
  void add(Violation violation);
  std::uint64_t count() const { return m_count; }
  /// The first thousand; `count` has them all.
  const std::vector<Violation>& items() const { return m_items; }

 private:
  std::uint64_t m_count = 0;
  std::vector<Violation> m_items;
};

}  // namespace trunkform::sim
