#include "providers/cloud/azure/blob_container.hpp"

#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "providers/cloud/azure/blob_answer.hpp"
#include "providers/cloud/clock_difference.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/retry_after.hpp"

namespace trunkform::cloud::azure {
namespace {

constexpr std::uint64_t k_largest_blob = 1ULL << 30;
constexpr const char* k_storage = "https://storage.azure.com";  ///< whom tokens are for, in every cloud
constexpr const char* k_blob_version = "2023-11-03";

std::vector<HttpHeader> note_headers(const BlobNotes& notes) {
  std::vector<HttpHeader> headers;
  for (const auto& [name, value] : notes) headers.push_back({"x-ms-meta-" + name, value});
  return headers;
}

void add(std::vector<HttpHeader>& headers, const WriteCondition& condition) {
  if (condition.kind == WriteCondition::Kind::absent) headers.push_back({"If-None-Match", "*"});
  if (condition.kind == WriteCondition::Kind::unchanged) headers.push_back({"If-Match", condition.etag});
}

void add_lease(std::vector<HttpHeader>& headers, const std::string& lease) {
  if (!lease.empty()) headers.push_back({"x-ms-lease-id", lease});
}

}  // namespace

/// One request. Where `absence` is an answer, to ask for a blob that is not there is no mistake.
struct BlobContainer::Ask {
  enum class Absence { refusal, answer };
  std::string operation;  ///< `PutBlob`, for messages
  std::string method;
  std::string name{};   ///< empty: the container itself
  std::string query{};  ///< without `?`
  std::vector<HttpHeader> headers{};
  const SecretBuffer* body = nullptr;
  Repeat repeat = Repeat::freely;
  Absence absence = Absence::refusal;
};

BlobContainer::BlobContainer(BlobOptions options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)),
      m_caller(m_options.calls, http, clock, random),
      m_tokens(m_options.identity, m_caller, http, random) {}

Result<HttpResponse> BlobContainer::call(const Context& context, const Ask& ask) {
  HttpRequest wanted;
  wanted.method = ask.method;
  wanted.url = fmt::format("{}/{}", m_options.place.address, m_options.place.container);
  if (!ask.name.empty()) wanted.url += "/" + percent_encoded(ask.name, "/");
  if (!ask.query.empty()) wanted.url += "?" + ask.query;
  wanted.headers = ask.headers;
  wanted.headers.push_back({"x-ms-version", k_blob_version});
  if (ask.method == "PUT") wanted.headers.push_back({"Content-Type", "application/octet-stream"});
  wanted.secret_body = ask.body;
  wanted.secret_answer = true;
  wanted.timeout = m_options.timeout;
  wanted.body_limit = k_largest_blob;
  return m_tokens.with(context, k_storage, [&](const SecretBuffer& bearer, bool& is_unknown) {
    return m_caller.call(
        context,
        [&]() -> Result<HttpRequest> {
          auto request = wanted;
          request.authorization = &bearer;
          request.headers.push_back({"x-ms-date", to_http_date(m_caller.clock().now())});
          return request;
        },
        [&](const HttpResponse& seen) -> std::optional<Refusal> {
          // A part that begins at a blob's end is refused as none.
          const bool is_absent = says_no_such_blob(seen) || seen.status == 416;
          if (ask.absence == Ask::Absence::answer && is_absent) return std::nullopt;
          is_unknown = seen.status == 401;
          return blob_refusal_of("azure " + ask.operation, seen);
        },
        ask.repeat);
  });
}

Result<std::optional<StoredBlob>> BlobContainer::get(const Context& context, const std::string& name) {
  const auto answer =
      TRY(call(context, {.operation = "GetBlob", .method = "GET", .name = name, .absence = Ask::Absence::answer}));
  if (answer.status == 404) return std::optional<StoredBlob>();
  auto facts = TRY(blob_facts(answer));
  facts.size = answer.secret_body.size();
  return std::optional(StoredBlob{std::move(facts), std::string(answer.secret_body.view())});
}

Result<std::optional<std::string>> BlobContainer::get_from(const Context& context, const std::string& name,
                                                           std::uint64_t offset) {
  Ask ask{.operation = "GetBlob", .method = "GET", .name = name, .absence = Ask::Absence::answer};
  if (offset > 0) ask.headers.push_back({"x-ms-range", fmt::format("bytes={}-", offset)});
  const auto answer = TRY(call(context, ask));
  if (answer.status == 404) return std::optional<std::string>();
  if (answer.status == 416) return std::optional(std::string());
  if (offset > 0 && answer.status != 206) return Error(ErrorCode::protocol, "Azure gave a whole blob for a part of it");
  return std::optional(std::string(answer.secret_body.view()));
}

Result<std::optional<BlobFacts>> BlobContainer::look(const Context& context, const std::string& name,
                                                     const std::string& lease) {
  Ask ask{.operation = "GetBlobProperties", .method = "HEAD", .name = name, .absence = Ask::Absence::answer};
  add_lease(ask.headers, lease);
  const auto answer = TRY(call(context, ask));
  if (answer.status == 404) return std::optional<BlobFacts>();
  return std::optional(TRY(blob_facts(answer)));
}

Result<std::string> BlobContainer::put(const Context& context, const std::string& name, const std::string& bytes,
                                       const BlobNotes& notes, const WriteCondition& condition,
                                       const std::string& lease) {
  const auto body = SecretBuffer::copy_of(bytes);
  Ask ask{.operation = "PutBlob",
          .method = "PUT",
          .name = name,
          .headers = note_headers(notes),
          .body = &body,
          .repeat = Repeat::refused_only};
  ask.headers.push_back({"x-ms-blob-type", "BlockBlob"});
  add(ask.headers, condition);
  add_lease(ask.headers, lease);
  const auto answer = TRY(call(context, ask));
  const auto* etag = answer.header("ETag");
  if (etag == nullptr) return Error(ErrorCode::protocol, "Azure took a blob and told no ETag");
  return *etag;
}

Result<> BlobContainer::put_notes(const Context& context, const std::string& name, const BlobNotes& notes,
                                  const std::string& lease) {
  Ask ask{.operation = "SetBlobMetadata",
          .method = "PUT",
          .name = name,
          .query = "comp=metadata",
          .headers = note_headers(notes)};
  add_lease(ask.headers, lease);
  TRY(call(context, ask));
  return {};
}

Result<> BlobContainer::remove(const Context& context, const std::string& name, const WriteCondition& condition,
                               const std::string& lease) {
  Ask ask{.operation = "DeleteBlob", .method = "DELETE", .name = name, .absence = Ask::Absence::answer};
  add(ask.headers, condition);
  add_lease(ask.headers, lease);
  TRY(call(context, ask));
  return {};
}

Result<BlobPage> BlobContainer::list(const Context& context, const std::string& prefix, const std::string& next,
                                     int most) {
  Ask ask{.operation = "ListBlobs",
          .method = "GET",
          .query = fmt::format("restype=container&comp=list&prefix={}&maxresults={}", percent_encoded(prefix), most)};
  if (!next.empty()) ask.query += "&marker=" + percent_encoded(next);
  return listed_blobs(TRY(call(context, ask)));
}

Result<> BlobContainer::change_lease(const Context& context, const std::string& name, std::vector<HttpHeader> headers,
                                     Repeat repeat) {
  TRY(call(context, {.operation = "LeaseBlob",
                     .method = "PUT",
                     .name = name,
                     .query = "comp=lease",
                     .headers = std::move(headers),
                     .repeat = repeat}));
  return {};
}

Result<> BlobContainer::lease(const Context& context, const std::string& name, const std::string& id,
                              Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return change_lease(context, name,
                      {{"x-ms-lease-action", "acquire"},
                       {"x-ms-proposed-lease-id", id},
                       {"x-ms-lease-duration", fmt::format("{}", seconds)}},
                      Repeat::freely);
}

Result<> BlobContainer::renew_lease(const Context& context, const std::string& name, const std::string& id) {
  return change_lease(context, name, {{"x-ms-lease-action", "renew"}, {"x-ms-lease-id", id}}, Repeat::freely);
}

Result<> BlobContainer::release_lease(const Context& context, const std::string& name, const std::string& id) {
  return change_lease(context, name, {{"x-ms-lease-action", "release"}, {"x-ms-lease-id", id}}, Repeat::refused_only);
}

Result<> BlobContainer::create_log(const Context& context, const std::string& name, const BlobNotes& notes) {
  Ask ask{.operation = "PutBlob",
          .method = "PUT",
          .name = name,
          .headers = note_headers(notes),
          .repeat = Repeat::refused_only};
  ask.headers.push_back({"x-ms-blob-type", "AppendBlob"});
  ask.headers.push_back({"If-None-Match", "*"});
  TRY(call(context, ask));
  return {};
}

Result<std::uint64_t> BlobContainer::append(const Context& context, const std::string& name, std::uint64_t offset,
                                            const std::string& bytes) {
  const auto body = SecretBuffer::copy_of(bytes);
  const auto answer = TRY(call(context, {.operation = "AppendBlock",
                                         .method = "PUT",
                                         .name = name,
                                         .query = "comp=appendblock",
                                         .headers = {{"x-ms-blob-condition-appendpos", fmt::format("{}", offset)}},
                                         .body = &body,
                                         .repeat = Repeat::refused_only}));
  std::uint64_t appends = 0;
  const auto* count = answer.header("x-ms-blob-committed-block-count");
  const auto* end = count == nullptr ? nullptr : count->data() + count->size();
  if (count == nullptr || std::from_chars(count->data(), end, appends).ptr != end)
    return Error(ErrorCode::protocol, "Azure appended to a blob and did not tell how often it was");
  return appends;
}

Result<Instant> BlobContainer::now(const Context& context, const std::string& name) {
  const auto answer = TRY(call(
      context, {.operation = "GetBlobProperties", .method = "HEAD", .name = name, .absence = Ask::Absence::answer}));
  return time_of(answer, "Azure", m_caller.clock().now());
}

}  // namespace trunkform::cloud::azure
