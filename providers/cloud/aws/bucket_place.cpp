#include "providers/cloud/aws/bucket_place.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "schemas/model/url.hpp"

namespace trunkform::cloud::aws {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_address(const std::string& host) {
  return host.starts_with('[') || host == "localhost" || host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

bool is_bucket_name(std::string_view text) {
  return text.size() >= 3 && text.size() <= 63 && is_letter_or_digit(text.front()) && is_letter_or_digit(text.back()) &&
         text.find("..") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; });
}

Result<BucketPlace> bucket_place(const std::string& endpoint, const std::string& bucket, BucketStyle style) {
  if (!is_bucket_name(bucket))
    return Error(
               ErrorCode::invalid_input, "this is not the name of a bucket",
               "it has 3 to 63 lower-case letters, digits, hyphens and single dots, and a letter or digit at its ends")
        .hint("write the bucket's name alone, without s3:// and without a key");
  const auto url = TRY(parse_url(endpoint));
  const bool in_path = style == BucketStyle::path || is_address(url.host) || bucket.find('.') != std::string::npos;
  BucketPlace place;
  place.shown = url.authority + url.path + "/" + bucket;
  place.endpoint = in_path ? url.base() : fmt::format("{}://{}.{}{}", url.scheme, bucket, url.authority, url.path);
  if (in_path) place.path = "/" + bucket;
  return place;
}

}  // namespace trunkform::cloud::aws
