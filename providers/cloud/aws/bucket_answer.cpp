#include "providers/cloud/aws/bucket_answer.hpp"

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
  return answer.status == 404 && words_of(answer).code == "NoSuchKey";
}

Result<ObjectKeys> listed_keys(const HttpResponse& answer) {
  pugi::xml_document document;
  const auto& body = answer.secret_body;
  const auto parsed = document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  const auto list = document.child("ListBucketResult");
  if (!parsed || !list)
    return Error(ErrorCode::protocol, "S3's list of objects was not understood")
        .hint("see that the endpoint is one of S3, and what stands between");
  ObjectKeys keys;
  for (const auto& object : list.children("Contents")) keys.keys.emplace_back(object.child_value("Key"));
  keys.more = std::strcmp(list.child_value("IsTruncated"), "true") == 0;
  return keys;
}

}  // namespace trunkform::cloud::aws
