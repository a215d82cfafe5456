#pragma once
// The blocks of PEM text (RFC 7468, lax: text around blocks, any line end, RFC 1421 headers) as views into it: nothing
// is copied, so that it serves text with private keys too. Inside this room only. Pure and thread-safe.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::x509::detail {

struct PemBlock {
  std::string_view label;    ///< `CERTIFICATE`
  std::string_view whole;    ///< from BEGIN to the end of the END line's dashes
  std::string_view headers;  ///< RFC 1421, with their line ends; mostly empty
  std::string_view body;     ///< base64 with its line ends
  std::size_t line = 0;      ///< of BEGIN, from 1
};

/// Error: invalid_input: a boundary that is none, an END without its BEGIN, a block without end; never quotes content.
Result<std::vector<PemBlock>> pem_blocks(std::string_view text, std::size_t most);

/// How many bytes `decode_base64` may write for `body`.
std::size_t decoded_capacity(std::string_view body);

/// Strict base64 with white space (RFC 4648 §4) into `out`, which has `decoded_capacity`; returns the size. Error:
/// invalid_input, without content; `line_offset` lines into the body.
Result<std::size_t> decode_base64(std::string_view body, char* out);

/// Base64 in lines of 64 with LF; `out` has `encoded_size` bytes.
std::size_t encoded_size(std::size_t bytes);
void encode_base64_lines(std::string_view bytes, char* out);

}  // namespace trunkform::x509::detail
