#include "state/backends/etcd/head.hpp"

#include <algorithm>
#include <charconv>

namespace trunkform::state::etcd {
namespace {

constexpr std::string_view k_name = "trunkform-etcd ";
constexpr std::string_view k_format = "1";

std::string_view word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto found = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return found;
}

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string mark() { return std::string(k_name) + std::string(k_format) + " "; }

Result<std::string_view> behind_mark(std::string_view text, const std::string& what) {
  if (!text.starts_with(k_name))
    return Error(ErrorCode::corrupt, what + " in etcd is damaged", "it does not begin with trunkform-etcd")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  text.remove_prefix(k_name.size());
  const auto format = word(text);
  if (format != k_format)
    return Error(ErrorCode::unsupported, what + " in etcd is of another format",
                 "it is of format " + std::string(format.substr(0, 20)) + ", and this trunkform knows format 1")
        .hint("use the trunkform that wrote it; nothing was read or changed");
  return text;
}

std::string encode_head(const Head& head) {
  return mark() + std::to_string(head.number) + " " + head.write + " " + std::to_string(head.serial) + " " +
         head.lineage + "\n";
}

Result<Head> decode_head(std::string_view text) {
  auto rest = TRY(behind_mark(text, "the state's head"));
  Head head;
  const bool has_number = read_number(word(rest), head.number);
  head.write = word(rest);
  const bool has_serial = read_number(word(rest), head.serial);
  if (!has_number || !has_serial || !rest.ends_with('\n'))
    return Error(ErrorCode::corrupt, "the state's head in etcd is damaged", "it is not number, write, serial, lineage")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  rest.remove_suffix(1);
  head.lineage = rest;
  return head;
}

}  // namespace trunkform::state::etcd
