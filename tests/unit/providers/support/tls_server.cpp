#include "tests/unit/providers/support/tls_server.hpp"

#include <array>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>

namespace trunkform::testing {
namespace {

SSL* native(void* ssl) { return static_cast<SSL*>(ssl); }
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
BioPtr text_bio(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

void use_pair(SSL_CTX* context, const TlsServerSettings& settings) {
  const auto chain = text_bio(settings.chain_pem);
  auto* leaf = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr);
  bool good = leaf != nullptr && SSL_CTX_use_certificate(context, leaf) == 1;
  X509_free(leaf);
  while (auto* next = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr))
    SSL_CTX_add_extra_chain_cert(context, next);  // takes it
  const auto key_bio = text_bio(settings.key_pem);
  auto* key = PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr);
  good = good && key != nullptr && SSL_CTX_use_PrivateKey(context, key) == 1;
  EVP_PKEY_free(key);
  if (!good) throw std::runtime_error("the test's TLS server has no usable certificate");
}

/// A session that began with a certificate is resumed with it: what a client that mixed them up would fall for.
void ask_for_certificate(SSL_CTX* context, const std::string& roots) {
  const auto bio = text_bio(roots);
  const std::unique_ptr<X509, decltype(&X509_free)> root(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                                         &X509_free);
  if (!root || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root.get()) != 1)
    throw std::runtime_error("the test's TLS server has no usable roots for clients");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  constexpr std::array<unsigned char, 4> k_name{'t', 'e', 's', 't'};
  SSL_CTX_set_session_id_context(context, k_name.data(), k_name.size());
}

std::string subject_of(const X509* certificate) {
  std::array<char, 256> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), static_cast<int>(text.size()));
  return text.data();
}

}  // namespace

struct TlsServer::State {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
  Handler handler;
  bool waits_after_alert = false;
  std::unique_ptr<RawServer> server;
};

std::string TlsSession::read() {
  std::array<char, 16384> space{};
  const int count = SSL_read(native(m_ssl), space.data(), static_cast<int>(space.size()));
  return count > 0 ? std::string(space.data(), static_cast<std::size_t>(count)) : std::string();
}
void TlsSession::write(const std::string& bytes) {
  SSL_write(native(m_ssl), bytes.data(), static_cast<int>(bytes.size()));
}
std::string TlsSession::server_name() const {
  const char* name = SSL_get_servername(native(m_ssl), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}
bool TlsSession::resumed() const { return SSL_session_reused(native(m_ssl)) == 1; }

std::vector<std::string> TlsSession::client() const {
  std::vector<std::string> subjects;
  const std::unique_ptr<X509, decltype(&X509_free)> own(SSL_get1_peer_certificate(native(m_ssl)), &X509_free);
  if (own) subjects.push_back(subject_of(own.get()));
  const auto* rest = SSL_get_peer_cert_chain(native(m_ssl));
  for (int i = 0; i < sk_X509_num(rest); ++i) subjects.push_back(subject_of(sk_X509_value(rest, i)));
  return subjects;
}

TlsServer::TlsServer(const TlsServerSettings& settings, Handler handler) : m_state(std::make_unique<State>()) {
  auto* context = m_state->context.get();
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, settings.min_version);
  SSL_CTX_set_max_proto_version(context, settings.max_version);
  if (settings.wants_client_certificate)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  if (!settings.client_roots_pem.empty()) ask_for_certificate(context, settings.client_roots_pem);
  use_pair(context, settings);
  m_state->handler = std::move(handler);
  m_state->waits_after_alert = !settings.client_roots_pem.empty();
  m_state->server = std::make_unique<RawServer>([state = m_state.get()](RawConnection& peer) {
    // For the server's thread alone: a probe that needs it too is to die in its test.
    ::sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(state->context.get()), &SSL_free);
    SSL_set_fd(ssl.get(), peer.socket());
    if (SSL_accept(ssl.get()) != 1) {
      // Closed with something unread it would be reset, and the alert lost on its way.
      if (state->waits_after_alert) peer.wait_for_close();
      return;
    }
    TlsSession session(ssl.get());
    state->handler(session);
    SSL_shutdown(ssl.get());
  });
}

TlsServer::~TlsServer() { m_state->server.reset(); }
int TlsServer::port() const { return m_state->server->port(); }

}  // namespace trunkform::testing
