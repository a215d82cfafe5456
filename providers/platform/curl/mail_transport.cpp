#include "providers/platform/curl/mail_transport.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <curl/curl.h>
#include <fmt/format.h>

#include "providers/platform/curl/library.hpp"
#include "providers/platform/curl/url_check.hpp"

namespace trunkform::platform {
namespace {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

bool has_control_or_blank(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
}

/// One submission.
class Submission {
 public:
  Submission(const Context& context, const MailRequest& request, const CurlOptions& options)
      : m_context(context), m_request(request), m_options(options), m_handle(curl_easy_init()) {
    if (!m_handle) throw std::bad_alloc();
  }
  Submission(const Submission&) = delete;
  Submission& operator=(const Submission&) = delete;

  Result<> run(Duration timeout) {
    TRY(check_addresses());
    TRY(set_server());
    set_envelope();
    set_login();
    set_limits(timeout);
    return judged(curl_easy_perform(m_handle.get()));
  }

 private:
  const Context& m_context;
  const MailRequest& m_request;
  const CurlOptions& m_options;
  std::unique_ptr<CURL, FreeHandle> m_handle;
  std::unique_ptr<curl_slist, FreeList> m_recipients;
  std::array<char, CURL_ERROR_SIZE> m_words{};
  std::size_t m_sent = 0;

  std::string where() const { return fmt::format("{}:{}", m_request.host, m_request.port); }

  Result<> check_addresses() const {
    if (has_control_or_blank(m_request.host) || has_control_or_blank(m_request.from) ||
        std::any_of(m_request.to.begin(), m_request.to.end(), has_control_or_blank) || m_request.to.empty())
      return Error(ErrorCode::invalid_input, "a mail address or host has a blank or a control character");
    return {};
  }

  /// `smtp://host` has no meaning of its own for the check of URLs: the host is what counts.
  Result<> set_server() {
    auto* handle = m_handle.get();
    const auto plain = m_request.security == MailSecurity::none;
    const auto network = TRY(detail::check_url(fmt::format("{}://{}/", plain ? "http" : "https", where())));
    const auto* scheme = m_request.security == MailSecurity::implicit ? "smtps" : "smtp";
    curl_easy_setopt(handle, CURLOPT_URL, fmt::format("{}://{}", scheme, where()).c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_USE_SSL, static_cast<long>(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!m_options.ca_file.empty()) {
      curl_easy_setopt(handle, CURLOPT_CAINFO, m_options.ca_file.c_str());
      curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    }
    if (network == detail::Network::loopback) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    return {};
  }

  void set_envelope() {
    auto* handle = m_handle.get();
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, fmt::format("<{}>", m_request.from).c_str());
    for (const auto& address : m_request.to) {
      auto* list = curl_slist_append(m_recipients.get(), fmt::format("<{}>", address).c_str());
      if (list == nullptr) throw std::bad_alloc();
      (void)m_recipients.release();
      m_recipients.reset(list);
    }
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, m_recipients.get());
    // One address that is gone must not keep the alert from the others.
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, &Submission::on_read);
    curl_easy_setopt(handle, CURLOPT_READDATA, this);
  }

  void set_login() {
    if (m_request.user.empty()) return;
    auto* handle = m_handle.get();
    curl_easy_setopt(handle, CURLOPT_USERNAME, m_request.user.c_str());
    if (m_request.password == nullptr) return;
    SecretBuffer text(m_request.password->size() + 1);
    if (!m_request.password->empty()) std::memcpy(text.data(), m_request.password->data(), m_request.password->size());
    text.data()[text.size() - 1] = '\0';
    curl_easy_setopt(handle, CURLOPT_PASSWORD, text.data());  // copied into memory that curl wipes (library.cpp)
  }

  void set_limits(Duration timeout) {
    auto* handle = m_handle.get();
    const auto connect = std::min(timeout, m_options.connect_timeout);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, m_words.data());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<Duration::rep>(1, timeout.count())));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<Duration::rep>(1, connect.count())));
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &Submission::on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
  }

  static std::size_t on_read(char* into, std::size_t size, std::size_t count, void* self) noexcept {
    auto& submission = *static_cast<Submission*>(self);
    const auto& message = submission.m_request.message;
    const auto taken = std::min(size * count, message.size() - submission.m_sent);
    std::memcpy(into, message.data() + submission.m_sent, taken);
    submission.m_sent += taken;
    return taken;
  }

  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return static_cast<Submission*>(self)->m_context.stop.stop_requested() ? 1 : 0;
  }

  ErrorCode code_of(CURLcode code, long answer) const {
    switch (code) {
      case CURLE_ABORTED_BY_CALLBACK:
        return ErrorCode::cancelled;
      case CURLE_OPERATION_TIMEDOUT:
        return ErrorCode::timeout;
      case CURLE_LOGIN_DENIED:
      case CURLE_USE_SSL_FAILED:
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CACERT_BADFILE:
        return ErrorCode::denied;
      default:
        return answer >= 500 && answer < 600 ? ErrorCode::rejected : ErrorCode::unavailable;
    }
  }

  static std::string hint_of(CURLcode code) {
    switch (code) {
      case CURLE_USE_SSL_FAILED:
        return "the server offers no STARTTLS: use its submission port (587), or port 465 for TLS from the first byte";
      case CURLE_LOGIN_DENIED:
        return "check user and password of the smtp block";
      case CURLE_PEER_FAILED_VERIFICATION:
        return "the server's certificate is not trusted here: TRUNKFORM_CA_FILE names other roots";
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
        return "check host and port of the smtp block, and that this machine may reach it";
      default:
        return "see the mail server's log";
    }
  }

  Result<> judged(CURLcode code) const {
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &answer);
    const std::string words = m_words[0] != '\0' ? m_words.data() : curl_easy_strerror(code);
    return Error(code_of(code, answer), fmt::format("mail to {} failed: {}", where(), words)).hint(hint_of(code));
  }
};

class CurlMail final : public MailTransport {
 public:
  CurlMail(CurlOptions options, const Clock& clock) : m_options(std::move(options)), m_clock(clock) {}

  Result<> send(const Context& context, const MailRequest& request) override {
    if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped before the mail was sent");
    auto timeout = request.timeout;
    if (context.deadline) timeout = std::min(timeout, *context.deadline - m_clock.now());
    if (timeout <= Duration(0)) return Error(ErrorCode::timeout, "the deadline passed before the mail was sent");
    detail::ensure_curl();
    return Submission(context, request, m_options).run(timeout);
  }

 private:
  const CurlOptions m_options;
  const Clock& m_clock;
};

}  // namespace

std::unique_ptr<MailTransport> make_curl_mail(CurlOptions options, const Clock& clock) {
  return std::make_unique<CurlMail>(std::move(options), clock);
}

}  // namespace trunkform::platform
