#include "providers/platform/curl/transfer.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include "providers/platform/curl/library.hpp"
#include "providers/platform/curl/locked_blocks.hpp"
#include "providers/platform/curl/transfer_failure.hpp"

namespace trunkform::platform::detail {
namespace {

constexpr long k_stall_bytes_a_second = 16;
constexpr long k_receive_buffer = 256L << 10;
constexpr std::size_t k_first_secret = 16U << 10;
/// Parsers that read ahead (simdjson) can do so in place.
constexpr std::size_t k_slack = 64;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
}

bool may_be_repeated(const std::string& method) { return method == "GET" || method == "HEAD"; }

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Transfer::Transfer(const HttpRequest& request, const CurlOptions& options)
    : m_request(request), m_options(options), m_handle(curl_easy_init()) {
  if (!m_handle) throw std::bad_alloc();
}

std::string Transfer::where() const { return m_request.method + " " + shown_url(m_request); }

Result<> Transfer::prepare(Duration timeout) {
  const auto network = TRY(check_url(m_request.url, m_request.plain));
  TRY(add_headers());
  auto* handle = m_handle.get();
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, m_words.data());
  curl_easy_setopt(handle, CURLOPT_SHARE, shared_curl());
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_URL, m_request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  // A connection carries one request at a time here, so HTTP/2 would gain nothing; and its library keeps what was sent
  // in frames of its own, for as long as the connection lives.
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, m_options.user_agent.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, may_be_repeated(m_request.method) ? 0L : 1L);
  set_body();
  set_limits(timeout);
  set_trust(network);
  return set_client_certificate();
}

Result<> Transfer::add_headers() {
  for (const auto& header : m_request.headers) {
    if (has_control(header.name) || has_control(header.value) || header.name.find(':') != std::string::npos)
      return Error(ErrorCode::invalid_input, "a request header has a control character");
    add_line((header.name + ": " + header.value).c_str());
  }
  add_line("Expect:");  // no waiting for 100-continue
  if (m_request.authorization != nullptr) TRY(add_secret("Authorization", *m_request.authorization));
  for (const auto& header : m_request.secret_headers) TRY(add_secret(header.name, *header.value));
  return {};
}

Result<> Transfer::add_secret(std::string_view name, const SecretBuffer& value) {
  if (has_control(name) || name.find(':') != std::string_view::npos)
    return Error(ErrorCode::invalid_input, "a request header has a control character");
  if (has_control(value.view()))
    return Error(ErrorCode::invalid_input, fmt::format("the header {} has a control character", name))
        .hint("look for a line break at the end of the token or secret");
  constexpr std::string_view k_between = ": ";
  SecretBuffer line(name.size() + k_between.size() + value.size() + 1);  // its last byte is the zero
  auto* end = std::copy(name.begin(), name.end(), line.data());
  end = std::copy(k_between.begin(), k_between.end(), end);
  std::copy_n(value.data(), value.size(), end);
  m_secret_lines.push_back(std::move(line));
  return {};
}

curl_slist* Transfer::headers() {
  m_secret_headers.resize(m_secret_lines.size());
  auto* next = m_headers.get();
  for (std::size_t i = m_secret_lines.size(); i-- > 0;) {
    m_secret_headers[i] = {m_secret_lines[i].data(), next};
    next = &m_secret_headers[i];
  }
  return next;
}

void Transfer::add_line(const char* line) {
  auto* list = curl_slist_append(m_headers.get(), line);
  if (list == nullptr) throw std::bad_alloc();
  (void)m_headers.release();
  m_headers.reset(list);
}

void Transfer::set_body() {
  auto* handle = m_handle.get();
  const auto body = m_request.secret_body != nullptr ? m_request.secret_body->view() : std::string_view(m_request.body);
  const auto& method = m_request.method;
  if (method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
  } else {
    curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    if (method != "GET") curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void Transfer::set_limits(Duration timeout) {
  auto* handle = m_handle.get();
  const auto connect = std::min(timeout, m_options.connect_timeout);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<Duration::rep>(1, timeout.count())));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<Duration::rep>(1, connect.count())));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, k_stall_bytes_a_second);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(std::chrono::ceil<std::chrono::seconds>(m_options.stall).count()));
  // A token's answer is small, and comes into locked memory like everything that is sent over TLS.
  curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, m_request.secret_answer ? k_small_buffer : k_receive_buffer);
  curl_easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, k_small_buffer);
}

void Transfer::set_trust(Network network) {
  auto* handle = m_handle.get();
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const auto ca_file = m_request.ca_file.empty() ? m_options.ca_file : m_request.ca_file;
  if (!ca_file.empty()) {
    curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);  // the file's roots instead of the system's, not beside them
  }
  if (network == Network::loopback)
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");  // an http_proxy must not see what is plain because it stays here
  else if (!m_options.proxy.empty())
    curl_easy_setopt(handle, CURLOPT_PROXY, m_options.proxy.c_str());
}

Result<> Transfer::set_client_certificate() {
  const auto* own = m_request.client_certificate;
  if (own == nullptr) return {};
  if (!m_request.url.starts_with("https:"))
    return Error(ErrorCode::invalid_input, fmt::format("{} cannot be shown a client certificate", where()),
                 "certificates are shown in TLS, and this address is plain http")
        .hint("use an https address");
  const auto borrowed = [](std::string_view bytes) {
    auto* data = const_cast<char*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): it is only read
    return curl_blob{data, bytes.size(), CURL_BLOB_NOCOPY};
  };
  auto chain = borrowed(own->chain);
  auto key = borrowed(own->private_key.view());
  auto* handle = m_handle.get();
  curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, &chain);
  curl_easy_setopt(handle, CURLOPT_SSLKEY_BLOB, &key);
  // Whoever reuses the connection, or resumes its session, would be us for the server; and it holds the key.
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  return {};
}

bool Transfer::refuse(std::string why) {
  m_refusal = std::move(why);
  return false;
}

bool Transfer::take_header(std::string_view line) {
  m_header_bytes += line.size();
  if (m_header_bytes > m_options.header_limit)
    return refuse(fmt::format("the answer has more than {} bytes of headers", m_options.header_limit));
  if (line.substr(0, 5) == "HTTP/") {
    m_response.headers.clear();  // those of a 1xx or of the proxy's answer
    m_headers_ended = false;
    return true;
  }
  if (trimmed(line).empty()) {
    m_headers_ended = true;
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  m_response.headers.push_back(
      {std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  m_received += bytes.size();
  if (m_received > m_request.body_limit)
    return refuse(fmt::format("the answer is larger than {} bytes", m_request.body_limit));
  if (!m_request.secret_answer) {
    if (m_response.body.empty()) {
      curl_off_t announced = 0;
      curl_easy_getinfo(m_handle.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
      const auto room = std::clamp<curl_off_t>(announced, 0, static_cast<curl_off_t>(m_request.body_limit));
      m_response.body.reserve(std::max(static_cast<std::size_t>(room), bytes.size()) + k_slack);
    }
    m_response.body.append(bytes);
    return true;
  }
  auto& secret = m_response.secret_body;
  if (m_secret_used + bytes.size() > secret.size()) {
    SecretBuffer larger(std::max({k_first_secret, secret.size() * 2, m_secret_used + bytes.size()}));
    if (m_secret_used != 0) std::memcpy(larger.data(), secret.data(), m_secret_used);
    secret = std::move(larger);
  }
  std::memcpy(secret.data() + m_secret_used, bytes.data(), bytes.size());
  m_secret_used += bytes.size();
  return true;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    return static_cast<Transfer*>(self)->take_header({data, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    return static_cast<Transfer*>(self)->take_body({data, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

tl::expected<HttpResponse, HttpFailure> Transfer::finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &status);
  m_response.status = static_cast<int>(status);
  if (code != CURLE_OK) {
    // A refusal whose words were lost is one all the same, and its headers may say until when.
    if (m_headers_ended && m_refusal.empty() && status >= 400) {
      m_response.body.clear();
      m_response.secret_body = {};
      return std::move(m_response);
    }
    const auto words = m_refusal.empty() ? std::string(m_words.data()) : m_refusal;
    return tl::unexpected(failure_of(m_handle.get(), code, words, where()));
  }
  // libcurl takes the end of the connection for the end of the headers, and calls it an answer without a body.
  if (!m_headers_ended)
    return tl::unexpected(
        failure_of(m_handle.get(), CURLE_RECV_ERROR, "the connection ended within the answer's headers", where()));
  m_response.secret_body.truncate(m_secret_used);
  return std::move(m_response);
}

}  // namespace trunkform::platform::detail
