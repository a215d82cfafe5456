#include "cmd/genesys_sim/tls/tls.hpp"

#include <csignal>
#include <new>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace trunkform::sim {
namespace tls_detail {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

Bio memory(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

SSL_CTX* context_of(const TlsContext& context) { return static_cast<SSL_CTX*>(context.native()); }
SSL* ssl_of(const std::shared_ptr<void>& ssl) { return static_cast<SSL*>(ssl.get()); }

std::shared_ptr<void> new_context() {
  std::signal(SIGPIPE, SIG_IGN);
  std::shared_ptr<void> context(SSL_CTX_new(TLS_server_method()),
                                [](void* p) { SSL_CTX_free(static_cast<SSL_CTX*>(p)); });
  if (!context) throw std::bad_alloc();
  auto* native = static_cast<SSL_CTX*>(context.get());
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_mode(native, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_AUTO_RETRY);
  return context;
}

bool use_chain(SSL_CTX* context, const std::string& pem) {
  const auto bio = memory(pem);
  bool leaf = true;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    const bool taken =
        leaf ? SSL_CTX_use_certificate(context, certificate) == 1 : SSL_CTX_add1_chain_cert(context, certificate) == 1;
    X509_free(certificate);
    if (!taken) return false;
    leaf = false;
  }
  return !leaf;
}

int refuse_passphrase(char*, int, int, void*) { return -1; }

bool use_key(SSL_CTX* context, const std::string& pem) {
  const auto bio = memory(pem);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_passphrase, nullptr);
  if (key == nullptr) return false;
  const bool taken = SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
  EVP_PKEY_free(key);
  return taken;
}

Io outcome(SSL* ssl, int result) {
  if (result > 0) return Io::done;
  const int error = SSL_get_error(ssl, result);
  ERR_clear_error();
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? Io::again : Io::closed;
}

}  // namespace tls_detail

using namespace tls_detail;

Result<TlsContext> TlsContext::make(const std::string& chain_pem, const std::string& key_pem) {
  TlsContext context(new_context());
  const bool usable = use_chain(context_of(context), chain_pem) && use_key(context_of(context), key_pem);
  ERR_clear_error();
  if (!usable) return Error(ErrorCode::invalid_input, "the chain and key cannot be served together");
  return context;
}

TlsContext TlsContext::empty() { return TlsContext(new_context()); }

TlsConnection::TlsConnection(const TlsContext& context, int socket)
    : m_ssl(SSL_new(context_of(context)), [](void* p) { SSL_free(static_cast<SSL*>(p)); }) {
  if (!m_ssl) throw std::bad_alloc();
  SSL_set_fd(ssl_of(m_ssl), socket);
}

Io TlsConnection::handshake() {
  ERR_clear_error();
  return outcome(ssl_of(m_ssl), SSL_accept(ssl_of(m_ssl)));
}

TlsConnection::ReadResult TlsConnection::read(char* data, std::size_t size) {
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_of(m_ssl), data, size, &got);
  return {outcome(ssl_of(m_ssl), result), got};
}

Io TlsConnection::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  if (bytes.empty()) return Io::done;
  return outcome(ssl_of(m_ssl), SSL_write_ex(ssl_of(m_ssl), bytes.data(), bytes.size(), &sent));
}

bool TlsConnection::has_pending() const { return SSL_pending(ssl_of(m_ssl)) > 0; }

void TlsConnection::close_notify() {
  ERR_clear_error();
  SSL_shutdown(ssl_of(m_ssl));
  ERR_clear_error();
}

}  // namespace trunkform::sim
