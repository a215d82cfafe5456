#include "state/backends/s3/envelope.hpp"

namespace trunkform::state::s3 {
namespace {

constexpr std::string_view k_name = "trunkform-s3 ";
constexpr std::string_view k_format = "trunkform-s3 1 ";

}  // namespace

std::string enveloped(const std::string& write_id, std::string_view content) {
  std::string bytes(k_format);
  bytes.reserve(k_format.size() + write_id.size() + 1 + content.size());
  bytes += write_id;
  bytes += '\n';
  bytes += content;
  return bytes;
}

Result<std::string> content_of(const std::string& key, std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (bytes.starts_with(k_format) && end != std::string_view::npos) return std::string(bytes.substr(end + 1));
  if (bytes.starts_with(k_name))
    return Error(ErrorCode::unsupported, "the object " + key + " is of a later version of trunkform")
        .hint("use the version that wrote it, or a later one");
  return Error(ErrorCode::corrupt, "the object " + key + " is damaged, or not one of trunkform's",
               "its first line is not that of docs/formats/s3.md")
      .hint("in a bucket with versions an earlier one can be brought back: aws s3api list-object-versions");
}

}  // namespace trunkform::state::s3
