#pragma once
// Single text fields out of a JSON object, and a text into JSON. For small answers; listings have their own reader.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

/// The values of the top-level string fields `names`, in their order; empty where the text is no JSON object, the field
/// is absent or is no string.
std::vector<std::string> string_fields(std::string_view json, std::initializer_list<std::string_view> names);

/// The same for one field of a secret, into locked memory; nothing is copied elsewhere. Only values without escapes are
/// taken: a token has none (RFC 6750 §2.1). Empty where there is no such value.
SecretBuffer secret_field(const SecretBuffer& json, std::string_view name);

/// How many bytes `text` takes inside a JSON string, without the quotes, and the writing of them to `into`; returns the
/// end. Bytes beyond ASCII are copied.
std::size_t escaped_size(std::string_view text);
char* write_escaped(std::string_view text, char* into);

/// An object of texts, in their order, in locked memory. Names are written as they are.
SecretBuffer json_of(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace trunkform::cloud
