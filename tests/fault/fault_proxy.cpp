#include "tests/fault/fault_proxy.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/send_all.hpp"

namespace trunkform::testing {
namespace {

constexpr auto k_pause = std::chrono::milliseconds(15);
constexpr std::size_t k_pieces = 6;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// As it was read and as the service answered it, both without a connection that is kept.
std::string pass_on(int service, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(service);
  std::string answer;
  auto closing = request;
  closing.insert(closing.find("\r\n") + 2, "Connection: close\r\n");
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send_all(socket, closing)) {
    char buffer[16384];
    for (ssize_t size = 0; (size = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(socket);
  return answer;
}

void keep_open(std::string& answer) {
  const std::string line = "Connection: close\r\n";
  if (const auto at = answer.find(line); at != std::string::npos) answer.erase(at, line.size());
}

std::size_t body_length(const std::string& head) {
  const std::string name = "Content-Length: ";
  const auto at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

}  // namespace

/// One of the client's. TLS goes through memory, so that its bytes can be held back and cut.
class FaultProxy::Connection {
 public:
  Connection(FaultProxy& proxy, int socket)
      : m_proxy(proxy),
        m_socket(socket),
        m_ssl(SSL_new(static_cast<SSL_CTX*>(proxy.m_context))),
        m_in(BIO_new(BIO_s_mem())),
        m_out(BIO_new(BIO_s_mem())) {
    SSL_set_bio(m_ssl, m_in, m_out);
    SSL_set_accept_state(m_ssl);
  }
  ~Connection() { SSL_free(m_ssl); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void serve() {
    Stage stage{};
    if (const auto spoil = m_proxy.take({Stage::connect}, stage); spoil && !spoil_connect(*spoil)) return;
    if (!handshake() || speaks_http_2()) return;
    while (serve_one() && !m_proxy.m_close_each) {
    }
  }

 private:
  FaultProxy& m_proxy;
  int m_socket;
  SSL* m_ssl;
  BIO* m_in;
  BIO* m_out;

  bool fill() {
    char buffer[16384];
    const auto size = ::recv(m_socket, buffer, sizeof buffer, 0);
    return size > 0 && BIO_write(m_in, buffer, static_cast<int>(size)) > 0;
  }
  std::string waiting() {
    std::string bytes(BIO_ctrl_pending(m_out), '\0');
    if (!bytes.empty()) (void)BIO_read(m_out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }
  bool flush() { return send_all(m_socket, waiting()); }
  void reset() const {
    const linger at_once{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  void end() const { ::shutdown(m_socket, SHUT_WR); }
  /// Until the client closes, or the proxy does.
  void drain() const {
    char buffer[4096];
    while (::recv(m_socket, buffer, sizeof buffer, 0) > 0) {
    }
  }
  bool slowly(std::string_view bytes, auto write) {
    const auto piece = std::max<std::size_t>(1, (bytes.size() + k_pieces - 1) / k_pieces);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
      if (!write(bytes.substr(0, piece))) return false;
      std::this_thread::sleep_for(k_pause);
    }
    return true;
  }

  /// What all ways but `slow` and `torn` have in common. Nothing further is said.
  void give_up(Spoil spoil) {
    if (spoil == Spoil::reset) return reset();
    if (spoil != Spoil::stall) end();
    drain();
  }

  bool spoil_connect(Spoil spoil) {
    if (spoil == Spoil::slow) {
      std::this_thread::sleep_for(k_pause * k_pieces);
      return true;
    }
    if (spoil == Spoil::torn) {
      char half[100];
      (void)::recv(m_socket, half, sizeof half, 0);  // the rest is unread when it closes
      end();
      return false;
    }
    give_up(spoil);
    return false;
  }

  bool spoil_tls(Spoil spoil) {
    const auto hello = waiting();
    const auto raw = [&](std::string_view bytes) { return send_all(m_socket, bytes); };
    if (spoil == Spoil::slow) return slowly(hello, raw);
    if (spoil == Spoil::torn) (void)raw(std::string_view(hello).substr(0, hello.size() / 2));
    give_up(spoil);
    return false;
  }

  bool speaks_http_2() const {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(m_ssl, &name, &size);
    return size == 2;
  }

  bool handshake() {
    for (;;) {
      const int done = SSL_accept(m_ssl);
      Stage stage{};
      if (BIO_ctrl_pending(m_out) > 0)
        if (const auto spoil = m_proxy.take({Stage::tls}, stage); spoil && !spoil_tls(*spoil)) return false;
      if (!flush()) return false;
      if (done == 1) return true;
      if (SSL_get_error(m_ssl, done) != SSL_ERROR_WANT_READ || !fill()) return false;
    }
  }

  bool read_some(std::string& into) {
    char buffer[16384];
    for (;;) {
      const int size = SSL_read(m_ssl, buffer, sizeof buffer);
      if (size > 0) {
        into.append(buffer, static_cast<std::size_t>(size));
        return true;
      }
      if (SSL_get_error(m_ssl, size) != SSL_ERROR_WANT_READ || !flush() || !fill()) return false;
    }
  }
  bool write(std::string_view bytes) {
    return bytes.empty() || (SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())) > 0 && flush());
  }

  bool read_request(std::string& request) {
    std::size_t head = std::string::npos;
    while ((head = request.find("\r\n\r\n")) == std::string::npos)
      if (!read_some(request)) return false;
    const auto whole = head + 4 + body_length(request.substr(0, head + 2));
    while (request.size() < whole)
      if (!read_some(request)) return false;
    return true;
  }

  /// Whether another request may come.
  bool serve_one() {
    std::string request;
    if (!read_request(request)) return false;
    Stage stage{};
    const auto spoil = m_proxy.take({Stage::headers, Stage::body, Stage::committed}, stage);
    if (spoil && stage == Stage::headers && *spoil != Spoil::slow) return spoil_unseen(*spoil);
    auto answer = pass_on(m_proxy.m_service, request);
    if (!m_proxy.m_close_each) keep_open(answer);
    // What the service asked for and nobody heard cannot be kept.
    if (stage == Stage::committed && answer.starts_with("HTTP/1.1 429")) return write(answer);
    return spoil ? spoil_answer(stage, *spoil, answer) : write(answer);
  }

  /// The service does not hear of it; the client cannot know.
  bool spoil_unseen(Spoil spoil) {
    if (spoil == Spoil::torn) (void)write("HTTP/1.1 200 OK\r\nContent-Type: application/js");
    give_up(spoil);
    return false;
  }

  bool spoil_answer(Stage stage, Spoil spoil, const std::string& answer) {
    const auto head = std::string_view(answer).substr(0, answer.find("\r\n\r\n") + 4);
    const auto body = std::string_view(answer).substr(head.size());
    const auto encrypted = [&](std::string_view bytes) { return write(bytes); };
    if (spoil == Spoil::slow) {
      if (stage == Stage::committed) std::this_thread::sleep_for(k_pause * k_pieces);
      if (stage == Stage::headers) return slowly(head, encrypted) && write(body);
      return stage == Stage::body ? write(head) && slowly(body, encrypted) : write(answer);
    }
    if (stage == Stage::body) {
      (void)write(head);
      // A reset takes with it what the peer has not read yet.
      if (spoil == Spoil::reset) std::this_thread::sleep_for(k_pause * k_pieces);
    }
    if (spoil == Spoil::torn) (void)write(stage == Stage::body ? body.substr(0, body.size() / 2) : head.substr(0, 20));
    give_up(spoil);
    return false;
  }
};

namespace {

/// As the service's own front would: HTTP/2 for whoever offers it. The exchanges behind it are HTTP/1.1, so a client
/// that takes it gets none of them done.
int prefer_http_2(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                  unsigned int offered_size, void*) {
  const std::basic_string_view<unsigned char> names(offered, offered_size);
  bool is_first = true;
  for (std::size_t at = 0; at < names.size(); at += 1U + names[at]) {
    const auto name = names.substr(at + 1, names[at]);
    const bool is_http_2 = name.size() == 2 && name[0] == 'h' && name[1] == '2';
    if (!is_first && !is_http_2) continue;
    *chosen = name.data();
    *size = static_cast<unsigned char>(name.size());
    is_first = false;
    if (is_http_2) break;
  }
  return is_first ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_OK;
}

}  // namespace

FaultProxy::FaultProxy(const std::string& chain_pem, const std::string& key_pem, int service) : m_service(service) {
  auto* context = SSL_CTX_new(TLS_server_method());
  m_context = context;
  auto* text = BIO_new_mem_buf(chain_pem.data(), static_cast<int>(chain_pem.size()));
  auto* leaf = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, leaf);
  X509_free(leaf);
  while (auto* next = PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) SSL_CTX_add0_chain_cert(context, next);
  ERR_clear_error();
  BIO_free(text);
  text = BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size()));
  auto* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  SSL_CTX_use_PrivateKey(context, key);
  EVP_PKEY_free(key);
  BIO_free(text);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, prefer_http_2, nullptr);
  m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 64) != 0 ||
      ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the proxy cannot listen");
  m_port = ntohs(address.sin_port);
  m_acceptor = std::thread([this] { accept_all(); });
}

FaultProxy::~FaultProxy() {
  {
    const std::scoped_lock guard(m_mutex);
    m_closing = true;
    ::shutdown(m_listener, SHUT_RDWR);
    for (const int socket : m_open) ::shutdown(socket, SHUT_RDWR);
  }
  m_acceptor.join();
  for (auto& thread : m_threads) thread.join();
  ::close(m_listener);
  SSL_CTX_free(static_cast<SSL_CTX*>(m_context));
}

void FaultProxy::accept_all() {
  for (;;) {
    const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    const std::scoped_lock guard(m_mutex);
    if (socket < 0 || m_closing) {
      if (socket >= 0) ::close(socket);
      return;
    }
    m_open.insert(socket);
    m_threads.emplace_back([this, socket] {
      Connection(*this, socket).serve();
      const std::scoped_lock end(m_mutex);
      m_open.erase(socket);
      ::close(socket);
    });
  }
}

void FaultProxy::expect(std::optional<WireFault> fault) {
  const std::scoped_lock guard(m_mutex);
  m_next = fault;
}

int FaultProxy::spoilt() const {
  const std::scoped_lock guard(m_mutex);
  return m_spoilt;
}

std::optional<Spoil> FaultProxy::take(std::initializer_list<Stage> stages, Stage& stage) {
  const std::scoped_lock guard(m_mutex);
  if (!m_next || std::find(stages.begin(), stages.end(), m_next->stage) == stages.end()) return std::nullopt;
  stage = m_next->stage;
  const auto spoil = m_next->spoil;
  m_next.reset();
  ++m_spoilt;
  return spoil;
}

}  // namespace trunkform::testing
