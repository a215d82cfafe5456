#include "providers/platform/curl/http_client.hpp"

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <vector>

#include <curl/curl.h>

#include "providers/platform/curl/library.hpp"
#include "providers/platform/curl/transfer.hpp"
#include "providers/platform/curl/transfer_failure.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::platform {
namespace {

/// Between two looks at the deadline; a stop wakes the wait at once.
constexpr int k_poll_milliseconds = 1000;
constexpr std::size_t k_most_idle = 32;

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
/// A multi handle keeps connections; one transfer at a time uses it.
using Connections = std::unique_ptr<CURLM, FreeMulti>;

class CurlClient final : public HttpClient {
 public:
  CurlClient(CurlOptions options, const Clock& clock) : m_options(std::move(options)), m_clock(clock) {}

  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    if (context.stop.stop_requested())
      return tl::unexpected(detail::not_sent(Error(ErrorCode::cancelled, "stopped before the request was sent")));
    auto timeout = request.timeout;
    if (context.deadline) timeout = std::min(timeout, *context.deadline - m_clock.now());
    if (timeout <= Duration(0))
      return tl::unexpected(
          detail::not_sent(Error(ErrorCode::timeout, "the deadline passed before the request was sent")));
    detail::ensure_curl();
    detail::Transfer transfer(request, m_options);
    if (auto prepared = transfer.prepare(timeout); !prepared)
      return tl::unexpected(detail::not_sent(std::move(prepared.error())));
    auto connections = borrow();
    auto answer = request.client_certificate == nullptr ? run(context, connections.get(), transfer)
                                                        : run_with_key(context, connections.get(), transfer);
    give_back(std::move(connections));
    return answer;
  }

 private:
  static tl::expected<HttpResponse, HttpFailure> run(const Context& context, CURLM* multi, detail::Transfer& transfer) {
    // Takes the handle out on every way, before the transfer frees it.
    struct Added {
      CURLM* multi;
      CURL* handle;
      ~Added() { curl_multi_remove_handle(multi, handle); }
    };
    if (curl_multi_add_handle(multi, transfer.handle()) != CURLM_OK) throw std::runtime_error("curl_multi_add_handle");
    const Added added{multi, transfer.handle()};
    const std::stop_callback wake(context.stop, [multi] { curl_multi_wakeup(multi); });
    for (int running = 1;;) {
      auto state = curl_multi_perform(multi, &running);
      if (state == CURLM_OK && running == 0) break;
      if (context.stop.stop_requested()) {
        return tl::unexpected(detail::stopped_failure(transfer.handle(), transfer.where()));
      }
      if (state == CURLM_OK) state = curl_multi_poll(multi, nullptr, 0, k_poll_milliseconds, nullptr);
      if (state != CURLM_OK) throw std::runtime_error(curl_multi_strerror(state));
    }
    int left = 0;
    const auto* message = curl_multi_info_read(multi, &left);
    if (message == nullptr || message->msg != CURLMSG_DONE) throw std::runtime_error("libcurl ended without a result");
    return transfer.finish(message->data.result);
  }

  /// libcurl has the client's key read and used on the stack that calls it.
  static tl::expected<HttpResponse, HttpFailure> run_with_key(const Context& context, CURLM* multi,
                                                              detail::Transfer& transfer) {
    tl::expected<HttpResponse, HttpFailure> answer;
    x509::on_wiped_stack([&] { answer = run(context, multi, transfer); });
    return answer;
  }

  Connections borrow() {
    {
      const std::scoped_lock lock(m_mutex);
      if (!m_idle.empty()) {
        auto connections = std::move(m_idle.back());
        m_idle.pop_back();
        return connections;
      }
    }
    Connections fresh(curl_multi_init());
    if (!fresh) throw std::bad_alloc();
    return fresh;
  }

  void give_back(Connections connections) {
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < k_most_idle) m_idle.push_back(std::move(connections));
  }

  CurlOptions m_options;
  const Clock& m_clock;
  std::mutex m_mutex;
  std::vector<Connections> m_idle;  // last in, first out: the connection used last is the likeliest to be alive
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(CurlOptions options, const Clock& clock) {
  return std::make_unique<CurlClient>(std::move(options), clock);
}

}  // namespace trunkform::platform
