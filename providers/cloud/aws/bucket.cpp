#include "providers/cloud/aws/bucket.hpp"

#include <fmt/format.h>

#include "providers/cloud/aws/bucket_answer.hpp"
#include "providers/cloud/aws/service_error.hpp"
#include "providers/cloud/clock_difference.hpp"
#include "providers/cloud/percent_encoding.hpp"

namespace trunkform::cloud::aws {
namespace {

constexpr std::uint64_t k_largest_object = 1ULL << 30;

}  // namespace

Bucket::Bucket(BucketOptions options, CredentialKeeper& credentials, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)), m_credentials(credentials), m_caller(m_options.calls, http, clock, random) {}

SignedRequest Bucket::request(const std::string& method, const std::string& key) const {
  SignedRequest request;
  request.endpoint = m_options.place.endpoint;
  request.signable.method = method;
  // The bucket itself is asked as AWS's own clients do, without a slash behind it.
  const bool is_bucket = key.empty() && !m_options.place.path.empty();
  request.signable.path = m_options.place.path + (is_bucket ? "" : "/" + percent_encoded(key, "/"));
  request.scope = {m_options.region, "s3", PathRule::as_sent};
  request.timeout = m_options.timeout;
  request.body_limit = k_largest_object;
  return request;
}

Result<HttpResponse> Bucket::call(const Context& context, const std::string& operation, SignedRequest& request,
                                  Repeat repeat) {
  if (m_options.owner) {
    auto owner = TRY(m_options.owner(context));
    request.signable.headers.push_back({"X-Amz-Expected-Bucket-Owner", std::move(owner)});
  }
  auto credentials = TRY(m_credentials.current(context));
  for (bool again = false;; again = true) {
    bool are_refused = false;
    auto answer = m_caller.call(
        context, [&] { return request.prepare(*credentials, m_caller.clock().now()); },
        [&](const HttpResponse& seen) -> std::optional<Refusal> {
          // To read or remove what is not there is no mistake; to write over it is a condition that did not hold.
          const bool is_absent = says_no_such_key(seen);
          if (is_absent && request.signable.method != "PUT") return std::nullopt;
          are_refused = seen.status >= 400 && is_about_credentials(words_of(seen));
          auto refusal = bucket_refusal_of("s3 " + operation, seen);
          if (is_absent) refusal->error.code = ErrorCode::conflict;
          return refusal;
        },
        repeat);
    if (answer || !are_refused || again) return answer;
    credentials = TRY(m_credentials.after_refusal(context, credentials, std::move(answer.error())));
  }
}

Result<std::optional<StoredObject>> Bucket::get(const Context& context, const std::string& key) {
  return get_version(context, key, {});
}

Result<std::optional<StoredObject>> Bucket::get_version(const Context& context, const std::string& key,
                                                        const std::string& id) {
  auto request = this->request("GET", key);
  if (!id.empty()) request.signable.query = {{"versionId", id}};
  const auto answer = TRY(call(context, id.empty() ? "GetObject" : "GetObjectVersion", request, Repeat::freely));
  if (answer.status == 404) return std::optional<StoredObject>();
  const auto* etag = answer.header("ETag");
  if (etag == nullptr) return Error(ErrorCode::protocol, "S3 gave an object without its ETag");
  return std::optional(StoredObject{std::string(answer.secret_body.view()), *etag});
}

Result<std::string> Bucket::put(const Context& context, const std::string& key, const std::string& bytes,
                                const WriteCondition& condition) {
  auto request = this->request("PUT", key);
  auto& headers = request.signable.headers;
  headers.push_back({"Content-Type", "application/octet-stream"});
  if (condition.kind == WriteCondition::Kind::absent) headers.push_back({"If-None-Match", "*"});
  if (condition.kind == WriteCondition::Kind::unchanged) headers.push_back({"If-Match", condition.etag});
  if (!m_options.encryption.empty()) headers.push_back({"X-Amz-Server-Side-Encryption", m_options.encryption});
  if (!m_options.kms_key_id.empty())
    headers.push_back({"X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", m_options.kms_key_id});
  const auto body = SecretBuffer::copy_of(bytes);
  request.body = &body;
  const auto answer = TRY(call(context, "PutObject", request, Repeat::refused_only));
  const auto* etag = answer.header("ETag");
  if (etag == nullptr) return Error(ErrorCode::protocol, "S3 took an object and told no ETag");
  return *etag;
}

Result<> Bucket::remove(const Context& context, const std::string& key) {
  auto request = this->request("DELETE", key);
  TRY(call(context, "DeleteObject", request, Repeat::freely));
  return {};
}

Result<ObjectKeys> Bucket::list(const Context& context, const std::string& prefix, const std::string& after, int most) {
  auto request = this->request("GET", "");
  request.signable.query = {{"list-type", "2"}, {"max-keys", fmt::format("{}", most)}, {"prefix", prefix}};
  if (!after.empty()) request.signable.query.emplace_back("start-after", after);
  return listed_keys(TRY(call(context, "ListObjectsV2", request, Repeat::freely)));
}

Result<std::vector<ObjectVersion>> Bucket::versions(const Context& context, const std::string& key, int most) {
  auto request = this->request("GET", "");
  request.signable.query = {{"max-keys", fmt::format("{}", most)}, {"prefix", key}, {"versions", ""}};
  return listed_versions(TRY(call(context, "ListObjectVersions", request, Repeat::freely)), key);
}

Result<Instant> Bucket::now(const Context& context, const std::string& key) {
  auto request = this->request("GET", key);
  const auto answer = TRY(call(context, "GetObject", request, Repeat::freely));
  return time_of(answer, "S3", m_caller.clock().now());
}

}  // namespace trunkform::cloud::aws
