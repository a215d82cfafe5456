#pragma once
// Terraform's lock info JSON: `ID, Operation, Info, Who, Version, Created, Path`.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/lock.hpp"

namespace trunkform {

namespace codec {
class JsonWriter;
}

void write_lock_info(codec::JsonWriter& out, const LockInfo& info);
/// With a newline.
std::string encode_lock_info(const LockInfo& info);
Result<LockInfo> decode_lock_info(std::string_view bytes);

}  // namespace trunkform
