#include "providers/probe/tls_connection.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <unistd.h>

namespace trunkform::probe {
namespace detail {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

}  // namespace detail

namespace {

using detail::ContextPtr;
using detail::SslPtr;

/// How late a stop may be noticed.
constexpr int k_slice_milliseconds = 50;

/// OpenSSL writes to sockets by write(2): a peer that has gone would end the whole program by SIGPIPE. Blocked for this
/// thread while it lives; one that came meanwhile is taken away.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    ::sigset_t pending;
    ::sigpending(&pending);
    m_was_pending = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&m_pipe);
    ::sigaddset(&m_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
  ~WithoutSigpipe() {
    const ::timespec now{};
    const int saved = errno;
    if (!m_was_pending)
      while (::sigtimedwait(&m_pipe, nullptr, &now) < 0 && errno == EINTR) continue;
    ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    errno = saved;
  }

 private:
  ::sigset_t m_pipe{}, m_before{};
  bool m_was_pending = false;
};

std::string openssl_words() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_clear_error();
  const bool closed = ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (code == 0 || closed) return "the peer closed the connection";
  const auto* reason = ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

/// What to do about OpenSSL's last failure; to be asked before `openssl_words`, which forgets it.
const char* hint_of_openssl() {
  const auto code = ERR_peek_error();
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return nullptr;
  switch (ERR_GET_REASON(code)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
      return "the port does not speak TLS: check the port in verify.tls.address (SIP over TLS is 5061 by default)";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "the peer has no version of TLS as new as verify.tls.min_version asks for";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return "the peer does not know the name it was asked for: check verify.tls.server_name";
    default:
      return nullptr;
  }
}

Result<int> version_of(const std::string& text) {
  if (text == "1.2") return TLS1_2_VERSION;
  if (text == "1.3") return TLS1_3_VERSION;
  if (text == "1.0") return TLS1_VERSION;
  if (text == "1.1") return TLS1_1_VERSION;
  return Error(ErrorCode::invalid_input, fmt::format("min_version {} is no version of TLS", text))
      .hint("use 1.2 or 1.3");
}

Result<ContextPtr> make_context(const std::string& min_version) {
  const int version = TRY(version_of(min_version));
  ContextPtr context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Error(ErrorCode::internal, "OpenSSL gives no TLS context: " + openssl_words());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // An old peer with a weak certificate, or without RFC 5746, is to be seen, not refused; nothing secret is sent here.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_min_proto_version(context.get(), version);
  return context;
}

Error system_failure(const Target& target, int number) {
  return Error(ErrorCode::unavailable,
               fmt::format("cannot reach {}: {}", target.text, std::generic_category().message(number)))
      .hint("check that this machine may reach the SIP port: a firewall, or a runner outside the network");
}

/// Called by OpenSSL when the peer asks for a certificate of ours; there is none.
int on_client_certificate(SSL*, void* asked) {
  *static_cast<bool*>(asked) = true;
  return 1;
}

}  // namespace

struct TlsConnection::State {
  Clock* clock = nullptr;
  Target target;
  int socket = -1;
  detail::ContextPtr context;
  detail::SslPtr ssl;
  Duration until{};  ///< monotonic
  bool asked_for_certificate = false;
  bool finished = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    ssl.reset();
    if (socket >= 0) ::close(socket);
  }

  /// Until the socket is ready for `events`, in slices, so that a stop is noticed.
  Result<> wait(const Context& outer, short events) {
    for (;;) {
      if (outer.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while probing " + target.text);
      const bool late = clock->monotonic() >= until || (outer.deadline && clock->now() >= *outer.deadline);
      if (late) return Error(ErrorCode::timeout, fmt::format("{} did not answer in time", target.text));
      ::pollfd ready{socket, events, 0};
      const int count = ::poll(&ready, 1, k_slice_milliseconds);
      if (count > 0) return {};
      if (count < 0 && errno != EINTR) return system_failure(target, errno);
    }
  }

  Result<> connect(const Context& outer) {
    socket = ::socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return system_failure(target, errno);
    if (::connect(socket, reinterpret_cast<const ::sockaddr*>(&target.address), target.size) == 0) return {};
    if (errno != EINPROGRESS) return system_failure(target, errno);
    TRY(wait(outer, POLLOUT));
    int failure = 0;
    ::socklen_t size = sizeof failure;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &size) != 0) failure = errno;
    if (failure != 0) return system_failure(target, failure);
    return {};
  }

  /// In TLS 1.3 the refusal comes after a good handshake, as an alert that a reset may overtake.
  Error ended_for_want_of_a_certificate(Error cause) const {
    return Error(ErrorCode::protocol,
                 fmt::format("{} asked for a client certificate, got none and ended the connection", target.text))
        .hint("trunkform has no client certificate to show: set \"sip_options\": false and leave call out")
        .because(std::move(cause));
  }

  /// What an SSL call of result `code` waits for; an error where it failed for good.
  Result<> wait_for_ssl(const Context& outer, int code, const char* doing) {
    const int saved = errno;
    const int why = SSL_get_error(ssl.get(), code);
    if (why == SSL_ERROR_WANT_READ) return wait(outer, POLLIN);
    if (why == SSL_ERROR_WANT_WRITE) return wait(outer, POLLOUT);
    auto error = failure_of(why, saved, doing);
    return finished && asked_for_certificate ? ended_for_want_of_a_certificate(std::move(error)) : error;
  }

  Error failure_of(int why, int system, const char* doing) const {
    if (why == SSL_ERROR_SYSCALL && ERR_peek_error() == 0 && system != 0 && system != EAGAIN)
      return Error(ErrorCode::unavailable,
                   fmt::format("{} broke the connection: {}", target.text, std::generic_category().message(system)));
    const auto* hint = hint_of_openssl();
    Error error(ErrorCode::protocol, fmt::format("{} with {} failed: {}", doing, target.text, openssl_words()));
    if (hint != nullptr) error.hints.emplace_back(hint);
    return error;
  }

  Result<> handshake(const Context& outer) {
    const WithoutSigpipe quiet;
    for (;;) {
      ERR_clear_error();
      errno = 0;
      const int code = SSL_connect(ssl.get());
      if (code == 1) {
        finished = true;
        return {};
      }
      auto waited = wait_for_ssl(outer, code, "the TLS handshake");
      if (waited) continue;
      const bool shown = asked_for_certificate && SSL_get_peer_cert_chain(ssl.get()) != nullptr;
      if (shown && (waited.error().code == ErrorCode::protocol || waited.error().code == ErrorCode::unavailable))
        return {};
      return waited;
    }
  }
};

TlsConnection::TlsConnection(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TlsConnection::TlsConnection(TlsConnection&&) noexcept = default;
TlsConnection& TlsConnection::operator=(TlsConnection&&) noexcept = default;
TlsConnection::~TlsConnection() = default;

Result<TlsConnection> TlsConnection::open(const Context& context, Clock& clock, const Target& target,
                                          const TlsSettings& settings) {
  auto state = std::make_unique<State>();
  state->clock = &clock;
  state->target = target;
  state->until = clock.monotonic() + settings.timeout;
  state->context = TRY(make_context(settings.min_version));
  SSL_CTX_set_cert_cb(state->context.get(), &on_client_certificate, &state->asked_for_certificate);
  TRY(state->connect(context));
  state->ssl.reset(SSL_new(state->context.get()));
  if (!state->ssl || SSL_set_fd(state->ssl.get(), state->socket) != 1)
    return Error(ErrorCode::internal, "OpenSSL gives no TLS connection: " + openssl_words());
  if (!settings.server_name.empty() && SSL_set_tlsext_host_name(state->ssl.get(), settings.server_name.c_str()) != 1)
    return Error(ErrorCode::invalid_input, fmt::format("{} cannot be a server name", settings.server_name));
  TRY(state->handshake(context));
  state->until = clock.monotonic() + settings.timeout;
  return TlsConnection(std::move(state));
}

bool TlsConnection::finished() const { return m_state->finished; }
std::string TlsConnection::protocol() const { return SSL_get_version(m_state->ssl.get()); }

std::vector<std::string> TlsConnection::peer_chain() const {
  std::vector<std::string> ders;
  auto* chain = SSL_get_peer_cert_chain(m_state->ssl.get());
  for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(sk_X509_value(chain, i), &bytes);
    if (size > 0) ders.emplace_back(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
  }
  return ders;
}

std::string TlsConnection::local_address() const {
  ::sockaddr_storage address{};
  ::socklen_t size = sizeof address;
  std::array<char, 64> host{};
  std::array<char, 16> port{};
  if (::getsockname(m_state->socket, reinterpret_cast<::sockaddr*>(&address), &size) != 0 ||
      ::getnameinfo(reinterpret_cast<::sockaddr*>(&address), size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "unknown.invalid";
  return address.ss_family == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port.data())
                                       : fmt::format("{}:{}", host.data(), port.data());
}

void TlsConnection::allow(Duration duration) { m_state->until = m_state->clock->monotonic() + duration; }

Result<> TlsConnection::write(const Context& context, std::string_view bytes) {
  const WithoutSigpipe quiet;
  while (!bytes.empty()) {
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int code = SSL_write_ex(m_state->ssl.get(), bytes.data(), bytes.size(), &count);
    if (code == 1)
      bytes.remove_prefix(count);
    else
      TRY(m_state->wait_for_ssl(context, code, "writing"));
  }
  return {};
}

Result<std::string> TlsConnection::read(const Context& context) {
  const WithoutSigpipe quiet;  // a read may write: an alert, an answer to a key update
  std::array<char, 16384> space{};
  for (;;) {
    ERR_clear_error();
    errno = 0;
    std::size_t count = 0;
    const int code = SSL_read_ex(m_state->ssl.get(), space.data(), space.size(), &count);
    if (code == 1) return std::string(space.data(), count);
    if (SSL_get_error(m_state->ssl.get(), code) == SSL_ERROR_ZERO_RETURN) return std::string();
    TRY(m_state->wait_for_ssl(context, code, "reading"));
  }
}

}  // namespace trunkform::probe
