#include "cmd/genesys_sim/http/front.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include "cmd/genesys_sim/http/wire.hpp"

namespace trunkform::sim {
namespace front_detail {

/// The connection that this thread serves: a handler is not told, but has to say how its answer is delivered.
thread_local Wire* t_wire = nullptr;

class WireStream final : public httplib::Stream {
 public:
  explicit WireStream(Wire& wire) : m_wire(wire) {}
  bool is_readable() const override { return m_wire.is_readable(); }
  bool is_writable() const override { return m_wire.is_writable(); }
  ssize_t read(char* data, size_t size) override { return m_wire.read(data, size); }
  ssize_t write(const char* data, size_t size) override { return m_wire.write(data, size); }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return m_wire.descriptor(); }

 private:
  Wire& m_wire;
};

Request request_of(const httplib::Request& in, Instant now) {
  const auto question = in.target.find('?');
  Request request{in.method, in.target.substr(0, question), {}, {}, in.body, now};
  if (question != std::string::npos) request.query = in.target.substr(question + 1);
  for (const auto& [name, value] : in.headers)
    if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" && name != "LOCAL_PORT")
      request.headers.push_back({name, value});
  return request;
}

void fill_in(httplib::Response& out, Response response) {
  out.status = response.status;
  std::string type = "application/octet-stream";
  for (auto& header : response.headers)
    if (header.name == "Content-Type")
      type = std::move(header.value);
    else
      out.set_header(header.name, header.value);
  // A provider, because httplib compresses plain content as soon as the client can read that.
  auto body = response.shared_body ? std::move(response.shared_body)
                                   : std::make_shared<const std::string>(std::move(response.body));
  if (body->empty()) return out.set_content("", type);
  const auto size = body->size();
  out.set_content_provider(size, type, [body = std::move(body)](size_t offset, size_t length, httplib::DataSink& sink) {
    return sink.write(body->data() + offset, length);
  });
}

class Server final : public httplib::Server {
 public:
  Server(FrontOptions options, Service& service, std::function<Instant()> clock)
      : m_options(std::move(options)), m_service(service), m_clock(std::move(clock)) {
    const auto threads = m_options.threads;
    new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
    set_keep_alive_max_count(1'000'000);
    set_payload_max_length(16 << 20);
    set_tcp_nodelay(true);
    set_socket_options([](socket_t socket) {  // httplib's own would share the port with another server
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    const auto serve = [this](const httplib::Request& in, httplib::Response& out) { answer(in, out); };
    const std::string all = "/[^]*";
    Get(all, serve).Post(all, serve).Put(all, serve).Patch(all, serve).Delete(all, serve).Options(all, serve);
  }

  int open() {
    const int port = m_options.port == 0                            ? bind_to_any_port(m_options.host)
                     : bind_to_port(m_options.host, m_options.port) ? m_options.port
                                                                    : -1;
    if (port > 0) ::listen(svr_sock_, 1024);  // httplib's own backlog is five
    return port;
  }
  void halt() {
    m_stop = true;
    stop();
  }

 private:
  FrontOptions m_options;
  Service& m_service;
  std::function<Instant()> m_clock;
  std::atomic<bool> m_stop = false;

  void answer(const httplib::Request& in, httplib::Response& out) {
    auto response = m_service.handle(request_of(in, m_clock()));
    t_wire->plan(response.delivery);
    fill_in(out, std::move(response));
  }

  bool process_and_close_socket(socket_t descriptor) override {
    const Socket socket(descriptor);
    socket.receive_timeout(50);
    std::optional<TlsConnection> tls;
    if (m_options.tls) tls.emplace(*m_options.tls, descriptor);
    for (int slice = 0; tls && slice < 200; ++slice) {
      const auto io = tls->handshake();
      if (io == Io::done) break;
      if (io == Io::closed || m_stop) return false;
    }
    Wire wire(socket, tls ? &*tls : nullptr, m_stop);
    WireStream stream(wire);
    t_wire = &wire;
    bool close = false;
    while (!close && !wire.is_dead() && wire.await_request())
      if (!process_request(stream, false, close, nullptr)) break;
    t_wire = nullptr;
    if (tls && !wire.is_dead()) tls->close_notify();
    return true;
  }
};

class Front final : public HttpFront {
 public:
  Front(FrontOptions options, Service& service, std::function<Instant()> clock)
      : m_host(options.host), m_wanted(options.port), m_server(std::move(options), service, std::move(clock)) {}
  ~Front() override {
    if (!m_thread.joinable()) return;
    m_server.halt();
    m_thread.join();
  }
  Result<> start() {
    m_port = m_server.open();
    if (m_port <= 0)
      return Error(ErrorCode::io, fmt::format("cannot listen on {}:{}", m_host, m_wanted), "is the port taken?");
    m_thread = std::thread([this] { m_server.listen_after_bind(); });
    while (!m_server.is_running()) std::this_thread::yield();  // stop() before that would be forgotten
    return {};
  }
  int port() const override { return m_port; }

 private:
  std::string m_host;
  int m_wanted;
  Server m_server;
  int m_port = 0;
  std::thread m_thread;
};

}  // namespace front_detail

Result<std::unique_ptr<HttpFront>> HttpFront::start(FrontOptions options, Service& service,
                                                    std::function<Instant()> clock) {
  auto front = std::make_unique<front_detail::Front>(std::move(options), service, std::move(clock));
  TRY(front->start());
  return std::unique_ptr<HttpFront>(std::move(front));
}

}  // namespace trunkform::sim
