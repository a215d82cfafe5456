#pragma once
// Whether octets are DER. Inside this room only. Pure.
#include <string_view>

namespace trunkform::x509::detail {

/// X.690 §10.1, §10.2, §11.1, §11.2: lengths stated, and in as few octets as they need; no string in pieces; truth
/// values, numbers and the padding of bit strings in their one form. What lies in a tagged primitive is not looked
/// into, nor the order in sets: what bears no other meaning is not judged.
bool is_distinguished(std::string_view octets);

}  // namespace trunkform::x509::detail
