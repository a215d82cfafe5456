#include "providers/cloud/aws/signature.hpp"

#include <algorithm>
#include <map>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/hmac.hpp"

namespace trunkform::cloud::aws {
namespace {

constexpr std::string_view k_algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view k_end = "aws4_request";

/// Where the value of a header is: its own lines one after the other, or a secret.
using Values = std::vector<std::string_view>;
/// By lower-case name.
using Headers = std::map<std::string, Values>;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// RFC 3986 §5.2.4, and one slash for several.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto segment = path.substr(begin, end - begin);
    begin = end + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..")
      segments.push_back(segment);
    else if (!segments.empty())
      segments.pop_back();
  }
  const bool is_folder = path.ends_with('/') && !segments.empty();
  return fmt::format("/{}{}", fmt::join(segments, "/"), is_folder ? "/" : "");
}

std::string canonical_path(const std::string& path, PathRule rule) {
  if (path.empty()) return "/";
  return rule == PathRule::as_sent ? path : percent_encoded(normalized(path), "/");
}

/// Without blanks at its ends, and with one space for several; a piece at a time, so that a secret is not copied.
void add_value(Sha256& canonical, std::string_view value) {
  bool is_first = true;
  while (!value.empty()) {
    const auto* const begin = std::find_if_not(value.begin(), value.end(), is_blank);
    const auto* const end = std::find_if(begin, value.end(), is_blank);
    if (begin == end) return;
    if (!is_first) canonical.add(" ");
    is_first = false;
    canonical.add({begin, static_cast<std::size_t>(end - begin)});
    value.remove_prefix(static_cast<std::size_t>(end - value.begin()));
  }
}

void add_header(Sha256& canonical, const std::string& name, const Values& values) {
  canonical.add(name);
  canonical.add(":");
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) canonical.add(",");
    add_value(canonical, values[i]);
  }
  canonical.add("\n");
}

/// The key of one day, region and service.
SecretBuffer signing_key(const Credentials& credentials, std::string_view day, const Scope& scope) {
  auto key = joined({"AWS4", credentials.secret_access_key.view()});
  for (const auto part : {day, std::string_view(scope.region), std::string_view(scope.service), k_end})
    key = derived_key(key, part);
  return key;
}

}  // namespace

std::string canonical_query(const Query& query) {
  Query encoded;
  encoded.reserve(query.size());
  for (const auto& [name, value] : query) encoded.emplace_back(percent_encoded(name), percent_encoded(value));
  std::sort(encoded.begin(), encoded.end());
  std::string text;
  for (const auto& [name, value] : encoded) text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
  return text;
}

Signature sign(const Signable& request, const Credentials& credentials, const Scope& scope, Instant now) {
  Signature signature;
  signature.date = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
  signature.body_digest = sha256_hex(request.body);

  Headers headers;
  for (const auto& header : request.headers) headers[lower_case(header.name)].push_back(header.value);
  headers["host"] = {request.host};
  headers["x-amz-date"] = {signature.date};
  if (!credentials.session_token.empty()) headers["x-amz-security-token"] = {credentials.session_token.view()};
  if (scope.path == PathRule::as_sent) headers["x-amz-content-sha256"] = {signature.body_digest};

  std::string names;
  Sha256 canonical;
  canonical.add(fmt::format("{}\n{}\n{}\n", request.method, canonical_path(request.path, scope.path),
                            canonical_query(request.query)));
  for (const auto& [name, values] : headers) {
    add_header(canonical, name, values);
    names += (names.empty() ? "" : ";") + name;
  }
  canonical.add(fmt::format("\n{}\n{}", names, signature.body_digest));

  const auto day = std::string_view(signature.date).substr(0, 8);
  const auto where = fmt::format("{}/{}/{}/{}", day, scope.region, scope.service, k_end);
  const auto to_sign = fmt::format("{}\n{}\n{}\n{}", k_algorithm, signature.date, where, to_hex(canonical.finish()));
  const auto code = hmac_sha256(signing_key(credentials, day, scope), to_sign);
  signature.authorization =
      SecretBuffer::copy_of(fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", k_algorithm,
                                        credentials.access_key_id, where, names, to_hex(code)));
  return signature;
}

}  // namespace trunkform::cloud::aws
