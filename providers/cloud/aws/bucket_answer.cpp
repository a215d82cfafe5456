#include "providers/cloud/aws/bucket_answer.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/aws/service_error.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_xml.hpp"

namespace trunkform::cloud::aws {
namespace {

/// Where a bucket is, by the answer of a region that has not got it.
std::string told_region(const HttpResponse& answer) {
  std::string region;
  if (const auto* header = answer.header("x-amz-bucket-region"))
    region = *header;
  else
    region = SecretXml(answer.secret_body).text("Region").value_or("");
  return is_region(region) ? region : std::string();
}

pugi::xml_node list_in(pugi::xml_document& document, const HttpResponse& answer, const char* name) {
  const auto& body = answer.secret_body;
  const auto parsed = document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  return parsed ? document.child(name) : pugi::xml_node();
}

Error not_understood() {
  return Error(ErrorCode::protocol, "S3's list of objects was not understood")
      .hint("see that the endpoint is one of S3, and what stands between");
}

}  // namespace

std::optional<Refusal> bucket_refusal_of(const std::string& call, const HttpResponse& answer) {
  auto refusal = refusal_of(call, answer);
  if (!refusal) return refusal;
  const auto code = words_of(answer).code;
  auto& error = refusal->error;
  if (answer.status == 412) {
    error.code = ErrorCode::conflict;
  } else if (code == "ConditionalRequestConflict" || code == "OperationAborted") {
    error.code = ErrorCode::unavailable;
    refusal->passes = true;
    refusal->may_have_done = false;
  } else if (code == "NoSuchBucket") {
    error.hints.emplace_back("make it, or correct the bucket's name: trunkform makes no bucket");
  } else if (const auto region = told_region(answer); !region.empty() && answer.status < 500 && answer.status != 404) {
    error.hints.push_back(fmt::format("the bucket is in region {}: write that, or set AWS_REGION", region));
  }
  return refusal;
}

bool says_no_such_key(const HttpResponse& answer) {
  const auto code = words_of(answer).code;
  return answer.status == 404 && (code == "NoSuchKey" || code == "NoSuchVersion");
}

Result<ObjectKeys> listed_keys(const HttpResponse& answer) {
  pugi::xml_document document;
  const auto list = list_in(document, answer, "ListBucketResult");
  if (!list) return not_understood();
  ObjectKeys keys;
  for (const auto& object : list.children("Contents")) keys.keys.emplace_back(object.child_value("Key"));
  keys.more = std::strcmp(list.child_value("IsTruncated"), "true") == 0;
  return keys;
}

Result<std::vector<ObjectVersion>> listed_versions(const HttpResponse& answer, const std::string& key) {
  pugi::xml_document document;
  const auto list = list_in(document, answer, "ListVersionsResult");
  if (!list) return not_understood();
  std::vector<ObjectVersion> versions;
  for (const auto& entry : list.children()) {
    const bool is_removal = std::strcmp(entry.name(), "DeleteMarker") == 0;
    if (!is_removal && std::strcmp(entry.name(), "Version") != 0) continue;
    if (entry.child_value("Key") != key) continue;
    const auto written = parse_rfc3339(entry.child_value("LastModified"));
    const std::string id = entry.child_value("VersionId");
    if (!written || id.empty()) return not_understood();
    versions.push_back({id, *written, std::strcmp(entry.child_value("IsLatest"), "true") == 0, is_removal});
  }
  // Removals may be listed apart.
  std::stable_sort(versions.begin(), versions.end(), [](const ObjectVersion& one, const ObjectVersion& other) {
    return one.is_latest != other.is_latest ? one.is_latest : one.written > other.written;
  });
  return versions;
}

}  // namespace trunkform::cloud::aws
