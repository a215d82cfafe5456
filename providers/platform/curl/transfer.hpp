#pragma once
// One exchange: what is set on the handle before, and what the callbacks collect.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <curl/curl.h>

#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/curl/url_check.hpp"

namespace trunkform::platform::detail {

/// Owns an easy handle for one request. Not thread-safe. `request` and `options` are borrowed for its life.
class Transfer {
 public:
  Transfer(const HttpRequest& request, const CurlOptions& options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Errors: invalid_input (a header with a control character, a URL that is none), untrusted.
  Result<> prepare(Duration timeout);
  CURL* handle() { return m_handle.get(); }
  /// After the transfer ended with `code`.
  tl::expected<HttpResponse, HttpFailure> finish(CURLcode code);
  std::string where() const;

 private:
  struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  Result<> add_headers();
  void add_line(const char* line);
  Result<> add_secret(std::string_view name, const SecretBuffer& value);
  /// All headers. The secret ones come first and are not copied: their entries point into locked memory.
  curl_slist* headers();
  void set_body();
  void set_limits(Duration timeout);
  void set_trust(Network network);
  Result<> set_client_certificate();
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool refuse(std::string why);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  const HttpRequest& m_request;
  const CurlOptions& m_options;
  std::vector<SecretBuffer> m_secret_lines;  ///< of headers
  std::unique_ptr<curl_slist, FreeList> m_headers;
  std::vector<curl_slist> m_secret_headers;    ///< of `m_secret_lines`; `m_headers` follow
  std::unique_ptr<CURL, FreeHandle> m_handle;  ///< goes first: it points to the headers
  std::array<char, CURL_ERROR_SIZE> m_words{};
  HttpResponse m_response;
  std::size_t m_secret_used = 0;
  std::uint64_t m_received = 0;
  std::uint64_t m_header_bytes = 0;
  bool m_headers_ended = false;  ///< of the answer itself, not of a 1xx before it
  std::string m_refusal;         ///< why a callback ended the transfer
};

}  // namespace trunkform::platform::detail
