#pragma once
// The one body that a PATCH may have: `{"tls":{"certificate": string, "privateKey": string}}`, nothing else, ever
// (the guide, section 4). Read as a stream, so that duplicate keys are seen.
#include <string>
#include <string_view>

namespace trunkform::sim {

struct PatchBody {
  std::string certificate;
  std::string private_key;
  std::string problem;  ///< empty: exactly as it must be; never quotes a value
  bool is_json = true;
};

PatchBody read_patch_body(std::string_view body);

}  // namespace trunkform::sim
