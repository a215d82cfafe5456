#include "providers/x509/pem_blocks.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "providers/x509/other_form.hpp"

namespace trunkform::x509::detail {
namespace {

constexpr std::string_view k_begin = "-----BEGIN ";
constexpr std::string_view k_end = "-----END ";
constexpr std::string_view k_dashes = "-----";
constexpr std::size_t k_line_bytes = 48;  // 64 characters

struct Line {
  std::string_view text;  // without line end and surrounding blanks
  std::size_t start = 0;  // offset of the line's first byte
  std::size_t next = 0;   // offset behind its line end
};

std::string_view trim(std::string_view text) {
  const auto blank = [](char character) { return character == ' ' || character == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Line line_at(std::string_view text, std::size_t start) {
  // find_first_of calls memchr for each character: ten times slower.
  const auto rest = text.substr(start);
  const auto* const found =
      std::find_if(rest.begin(), rest.end(), [](char byte) { return byte == '\r' || byte == '\n'; });
  if (found == rest.end()) return {trim(rest), start, text.size()};
  const auto end = start + static_cast<std::size_t>(found - rest.begin());
  const bool crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return {trim(text.substr(start, end - start)), start, end + (crlf ? 2 : 1)};
}

std::optional<std::string_view> label_of(std::string_view line, std::string_view prefix) {
  if (line.size() < prefix.size() + k_dashes.size() || !line.starts_with(prefix) || !line.ends_with(k_dashes)) {
    return std::nullopt;
  }
  const auto label = line.substr(prefix.size(), line.size() - prefix.size() - k_dashes.size());
  const auto printable = [](char character) { return character >= ' ' && character <= '~' && character != '-'; };
  if (label.empty() || label.size() > 64 || !std::all_of(label.begin(), label.end(), printable)) return std::nullopt;
  return label;
}

Error broken(std::size_t line, std::string why) {
  return Error(ErrorCode::invalid_input, fmt::format("not valid PEM at line {}: {}", line, why));
}

/// RFC 1421 headers stand before the first empty line, and the first of them has a colon.
void split_headers(PemBlock& block) {
  const auto first = line_at(block.body, 0);
  if (first.text.find(':') == std::string_view::npos) return;
  for (std::size_t at = 0; at < block.body.size();) {
    const auto line = line_at(block.body, at);
    at = line.next;
    if (!line.text.empty()) continue;
    block.headers = block.body.substr(0, line.start);
    block.body.remove_prefix(at);
    return;
  }
}

const std::array<bool, 256>& base64_alphabet() {
  static const auto k_alphabet = [] {
    std::array<bool, 256> table{};
    for (const char character : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
      table[static_cast<unsigned char>(character)] = true;
    }
    return table;
  }();
  return k_alphabet;
}

std::size_t alphabet_run(std::string_view text) {
  const auto& alphabet = base64_alphabet();
  std::size_t run = 0;
  while (run < text.size() && alphabet[static_cast<unsigned char>(text[run])]) ++run;
  return run;
}

bool is_space(char character) {
  return character == '\n' || character == '\r' || character == ' ' || character == '\t';
}

}  // namespace

Result<std::vector<PemBlock>> pem_blocks(std::string_view text, std::size_t most) {
  std::vector<PemBlock> blocks;
  std::optional<PemBlock> open;
  std::size_t body_start = 0;
  std::size_t number = 0;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // editors on Windows write it
  for (std::size_t at = 0; at < text.size();) {
    const auto line = line_at(text, at);
    at = line.next;
    ++number;
    if (!line.text.starts_with(k_dashes)) continue;
    const auto begin = label_of(line.text, k_begin);
    const auto end = label_of(line.text, k_end);
    if (!begin && !end) {
      if (auto other = other_form(text)) return std::move(*other);
      return broken(number, "a line of dashes that is neither BEGIN nor END");
    }
    if (begin) {
      if (open) return broken(number, fmt::format("BEGIN inside the block that begins at line {}", open->line));
      if (blocks.size() == most) return broken(number, fmt::format("more than {} blocks", most));
      open = PemBlock{*begin, {}, {}, {}, number};
      open->whole = text.substr(line.start);
      body_start = line.next;
      continue;
    }
    if (!open) return broken(number, "END without its BEGIN");
    if (*end != open->label) return broken(number, fmt::format("END does not match the BEGIN at line {}", open->line));
    open->whole =
        open->whole.substr(0, static_cast<std::size_t>(line.text.data() + line.text.size() - open->whole.data()));
    open->body = text.substr(body_start, line.start - body_start);
    split_headers(*open);
    blocks.push_back(*open);
    open.reset();
  }
  if (open) {
    return broken(open->line, "the block has no END line: the text is cut off")
        .hint("fetch or write the file again; a renewal may have been in progress");
  }
  return blocks;
}

std::size_t decoded_capacity(std::string_view body) { return body.size() / 4 * 3 + 3; }

Result<std::size_t> decode_base64(std::string_view body, char* out) {
  std::array<unsigned char, 4> group{};
  std::size_t filled = 0, padding = 0, written = 0, line = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char character = body[i];
    if (character == '\n' || (character == '\r' && (i + 1 == body.size() || body[i + 1] != '\n'))) ++line;
    if (is_space(character)) continue;
    if (filled == 0 && padding == 0) {
      // Nearly all of the text comes through here: whole lines at once.
      const auto run = alphabet_run(body.substr(i)) / 4 * 4;
      if (run != 0) {
        const auto* from = reinterpret_cast<const unsigned char*>(body.data() + i);
        written += static_cast<std::size_t>(
            EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out + written), from, static_cast<int>(run)));
        i += run - 1;
        continue;
      }
    }
    if (character == '=') {
      ++padding;
    } else if (padding != 0 || !base64_alphabet()[static_cast<unsigned char>(character)]) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("a character that is not base64, {} lines below BEGIN", line + 1));
    }
    group[filled++] = static_cast<unsigned char>(character);
    if (filled < group.size()) continue;
    std::array<unsigned char, 3> bytes{};
    if (padding > 2 || EVP_DecodeBlock(bytes.data(), group.data(), 4) != 3) break;
    std::memcpy(out + written, bytes.data(), 3 - padding);
    written += 3 - padding;
    filled = 0;
  }
  if (filled != 0 || padding > 2) return Error(ErrorCode::invalid_input, "the base64 is cut off or padded wrongly");
  return written;
}

std::size_t encoded_size(std::size_t bytes) {
  const auto characters = (bytes + 2) / 3 * 4;
  return characters + (characters + 63) / 64;
}

void encode_base64_lines(std::string_view bytes, char* out) {
  while (!bytes.empty()) {
    const auto chunk = bytes.substr(0, k_line_bytes);
    bytes.remove_prefix(chunk.size());
    // The encoder ends with a NUL, just where the line end belongs.
    out += EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out), reinterpret_cast<const unsigned char*>(chunk.data()),
                           static_cast<int>(chunk.size()));
    *out++ = '\n';
  }
}

}  // namespace trunkform::x509::detail
