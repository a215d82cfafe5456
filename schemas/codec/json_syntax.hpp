#pragma once
// Where and why a text is not JSON, for messages. Slow and only for texts that a fast reader refused.
#include <string>
#include <string_view>

namespace trunkform::codec {

/// `line 3, column 14: unexpected end of input`; columns count bytes.
std::string describe_syntax_error(std::string_view bytes);

}  // namespace trunkform::codec
