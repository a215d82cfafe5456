#include "tests/unit/cmd/genesys_sim/raw_client.hpp"

#include <cerrno>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trunkform::sim::testing {

RawClient::RawClient(int port) : m_socket(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const timeval patience{10, 0};
  ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
}

RawClient::~RawClient() { ::close(m_socket); }

void RawClient::send(const std::string& bytes) {
  if (::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
    throw std::runtime_error("cannot send");
}

Received RawClient::read_all(std::chrono::milliseconds patience) {
  const auto start = std::chrono::steady_clock::now();
  Received received;
  char data[4096];
  while (true) {
    const auto took = std::chrono::steady_clock::now() - start;
    received.took = std::chrono::duration_cast<std::chrono::milliseconds>(took);
    pollfd polled{m_socket, POLLIN, 0};
    const auto left = patience - received.took;
    received.end = End::timeout;
    if (left.count() <= 0 || ::poll(&polled, 1, static_cast<int>(left.count())) == 0) return received;
    const auto got = ::recv(m_socket, data, sizeof data, 0);
    received.end = got == 0 ? End::closed : End::reset;
    if (got <= 0) return received;
    received.bytes.append(data, static_cast<std::size_t>(got));
  }
}

std::string RawClient::read_until(const std::string& mark) {
  std::string bytes;
  char c = 0;
  while (!bytes.ends_with(mark) && ::recv(m_socket, &c, 1, 0) == 1) bytes += c;
  return bytes;
}

TlsClient::TlsClient(int port, int max_version)
    : m_raw(port),
      m_context(SSL_CTX_new(TLS_client_method()), [](void* p) { SSL_CTX_free(static_cast<SSL_CTX*>(p)); }),
      m_ssl(SSL_new(static_cast<SSL_CTX*>(m_context.get())), [](void* p) { SSL_free(static_cast<SSL*>(p)); }) {
  auto* ssl = static_cast<SSL*>(m_ssl.get());
  SSL_set_min_proto_version(ssl, TLS1_VERSION);
  SSL_set_security_level(ssl, 0);
  SSL_set_max_proto_version(ssl, max_version);
  SSL_set_fd(ssl, m_raw.descriptor());
  m_connected = SSL_connect(ssl) == 1;
}

TlsClient::~TlsClient() = default;

std::vector<std::string> TlsClient::chain_pem() const {
  std::vector<std::string> chain;
  const STACK_OF(X509)* served = SSL_get_peer_cert_chain(static_cast<SSL*>(m_ssl.get()));
  for (int i = 0; i < sk_X509_num(served); ++i) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, sk_X509_value(served, i));
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    chain.emplace_back(data, static_cast<std::size_t>(size));
    BIO_free(bio);
  }
  return chain;
}

std::string TlsClient::version() const { return SSL_get_version(static_cast<SSL*>(m_ssl.get())); }

void TlsClient::send(const std::string& bytes) {
  if (SSL_write(static_cast<SSL*>(m_ssl.get()), bytes.data(), static_cast<int>(bytes.size())) <= 0)
    throw std::runtime_error("cannot send");
}

std::string TlsClient::read_until(const std::string& mark) {
  std::string bytes;
  char c = 0;
  while (!bytes.ends_with(mark) && SSL_read(static_cast<SSL*>(m_ssl.get()), &c, 1) == 1) bytes += c;
  return bytes;
}

}  // namespace trunkform::sim::testing
