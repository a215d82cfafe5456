#include "providers/probe/dns_client.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>

namespace trunkform::probe {
namespace {

/// How late a stop may be noticed.
constexpr int k_wait_milliseconds = 50;

bool is_absent(int status) { return status == ARES_ENOTFOUND || status == ARES_ENODATA; }

std::string words_of(int status) {
  switch (status) {
    case ARES_ECONNREFUSED:
      return "no DNS server gives an answer";
    case ARES_ETIMEOUT:
      return "no DNS server answered in time";
    case ARES_ESERVFAIL:
      return "the DNS server says that it failed";
    case ARES_EREFUSED:
      return "the DNS server refuses to answer";
    default:
      return ares_strerror(status);
  }
}

Error failure(int status, const std::string& what, const std::string& server) {
  const auto code = status == ARES_EBADRESP || status == ARES_EFORMERR ? ErrorCode::protocol
                    : status == ARES_ETIMEOUT                          ? ErrorCode::timeout
                                                                       : ErrorCode::unavailable;
  Error error(code, fmt::format("cannot look up {}: {}", what, words_of(status)));
  error.hints.emplace_back(server.empty() ? "check this machine's resolver: /etc/resolv.conf"
                                          : "check TRUNKFORM_DNS_SERVER, which names the server that is asked");
  return error;
}

/// One channel, one question.
class Question {
 public:
  Question(Clock& clock, Duration patience) : m_clock(clock), m_until(clock.monotonic() + patience) {}
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() {
    if (m_channel != nullptr) ares_destroy(m_channel);
  }

  Result<> open(const std::string& server) {
    static const int library = ares_library_init(ARES_LIB_INIT_ALL);
    ares_options options{};
    options.timeout = 2000;
    options.tries = 3;
    // A trunk's name is a whole one: with the machine's search list it could become somebody else's.
    options.ndomains = 0;
    const int status =
        library != ARES_SUCCESS
            ? library
            : ares_init_options(&m_channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS);
    if (status != ARES_SUCCESS)
      return Error(ErrorCode::unavailable, fmt::format("names cannot be looked up: {}", ares_strerror(status)));
    if (!server.empty() && ares_set_servers_ports_csv(m_channel, server.c_str()) != ARES_SUCCESS)
      return Error(ErrorCode::invalid_input, "TRUNKFORM_DNS_SERVER is no address of a server")
          .hint("write it like 192.0.2.53 or 127.0.0.1:5353");
    return {};
  }

  ares_channel channel() { return m_channel; }

  /// Until `done`. The callback has run on return, whatever came.
  Result<> wait(const Context& context, const std::string& what, const bool& done) {
    while (!done) {
      if (context.stop.stop_requested())
        return give_up(Error(ErrorCode::cancelled, "stopped while looking up " + what));
      if (m_clock.monotonic() >= m_until || (context.deadline && m_clock.now() >= *context.deadline))
        return give_up(Error(ErrorCode::timeout, fmt::format("{} was not looked up in time", what)));
      step();
    }
    return {};
  }

 private:
  Clock& m_clock;
  Duration m_until;
  ares_channel m_channel = nullptr;

  Error give_up(Error error) {
    ares_cancel(m_channel);
    return error;
  }

  void step() {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const auto mask = static_cast<unsigned>(ares_getsock(m_channel, sockets.data(), ARES_GETSOCK_MAXNUM));
    std::vector<::pollfd> polled;
    for (unsigned i = 0; i < sockets.size(); ++i) {
      const bool reads = ARES_GETSOCK_READABLE(mask, i) != 0;
      const bool writes = ARES_GETSOCK_WRITABLE(mask, i) != 0;
      if (reads || writes)
        polled.push_back({sockets[i], static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0});
    }
    const int ready = ::poll(polled.data(), polled.size(), k_wait_milliseconds);
    for (const auto& one : polled)
      if (ready > 0 && one.revents != 0)
        ares_process_fd(m_channel, (one.revents & ~POLLOUT) != 0 ? one.fd : ARES_SOCKET_BAD,
                        (one.revents & POLLOUT) != 0 ? one.fd : ARES_SOCKET_BAD);
    if (ready <= 0) ares_process_fd(m_channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its own timeouts
  }
};

/// What came back for a query: the message, or why there is none.
struct Reply {
  bool done = false;
  int status = ARES_SUCCESS;
  std::vector<unsigned char> message;
};

void on_reply(void* argument, int status, int, unsigned char* message, int size) {
  auto& reply = *static_cast<Reply*>(argument);
  reply.done = true;
  reply.status = status;
  if (status == ARES_SUCCESS && size > 0) reply.message.assign(message, message + size);
}

struct Found {
  bool done = false;
  int status = ARES_SUCCESS;
  ares_addrinfo* list = nullptr;
};

void on_addresses(void* argument, int status, int, ares_addrinfo* list) {
  auto& found = *static_cast<Found*>(argument);
  found.done = true;
  found.status = status;
  found.list = list;
}

struct FreeData {
  void operator()(void* data) const { ares_free_data(data); }
};
struct FreeAddresses {
  void operator()(ares_addrinfo* list) const { ares_freeaddrinfo(list); }
};

std::string text_of(const unsigned char* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

class CaresClient final : public DnsClient {
 public:
  CaresClient(Clock& clock, Duration patience, std::string server)
      : m_clock(clock), m_patience(patience), m_server(std::move(server)) {}

  Result<std::vector<NaptrRecord>> naptr(const Context& context, const std::string& name) override {
    std::vector<NaptrRecord> records;
    const auto message = TRY(ask(context, name, ns_t_naptr, "NAPTR"));
    if (message.empty()) return records;
    ares_naptr_reply* list = nullptr;
    const int status = ares_parse_naptr_reply(message.data(), static_cast<int>(message.size()), &list);
    const std::unique_ptr<ares_naptr_reply, FreeData> owned(list);
    if (status != ARES_SUCCESS && !is_absent(status)) return failure(status, "NAPTR of " + name, m_server);
    for (const auto* one = list; one != nullptr; one = one->next)
      records.push_back({one->order, one->preference, text_of(one->flags), text_of(one->service),
                         one->replacement == nullptr ? "" : one->replacement});
    return records;
  }

  Result<std::vector<SrvRecord>> srv(const Context& context, const std::string& name) override {
    std::vector<SrvRecord> records;
    const auto message = TRY(ask(context, name, ns_t_srv, "SRV"));
    if (message.empty()) return records;
    ares_srv_reply* list = nullptr;
    const int status = ares_parse_srv_reply(message.data(), static_cast<int>(message.size()), &list);
    const std::unique_ptr<ares_srv_reply, FreeData> owned(list);
    if (status != ARES_SUCCESS && !is_absent(status)) return failure(status, "SRV of " + name, m_server);
    for (const auto* one = list; one != nullptr; one = one->next)
      records.push_back({one->priority, one->weight, one->port, one->host == nullptr ? "" : one->host});
    return records;
  }

  Result<std::vector<Target>> addresses(const Context& context, const std::string& host, int port) override {
    if (m_server.empty() || is_address(host)) return resolve(context, m_clock, m_patience, host, port);
    Question question(m_clock, m_patience);
    TRY(question.open(m_server));
    Found found;
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NUMERICSERV;
    ares_getaddrinfo(question.channel(), host.c_str(), std::to_string(port).c_str(), &hints, &on_addresses, &found);
    auto waited = question.wait(context, host, found.done);
    const std::unique_ptr<ares_addrinfo, FreeAddresses> owned(found.list);
    if (!waited) return std::move(waited.error());
    if (is_absent(found.status)) return Error(ErrorCode::not_found, fmt::format("{} has no address", host));
    if (found.status != ARES_SUCCESS) return failure(found.status, host, m_server);
    std::vector<Target> targets;
    for (const auto* node = owned->nodes; node != nullptr; node = node->ai_next)
      add_target(targets, *node->ai_addr, node->ai_addrlen, port);
    if (targets.empty()) return Error(ErrorCode::not_found, fmt::format("{} has no address", host));
    return targets;
  }

 private:
  Clock& m_clock;
  Duration m_patience;
  std::string m_server;

  /// Empty where there is no such record.
  Result<std::vector<unsigned char>> ask(const Context& context, const std::string& name, int type, const char* kind) {
    const auto what = fmt::format("{} of {}", kind, name);
    Question question(m_clock, m_patience);
    TRY(question.open(m_server));
    Reply reply;
    ares_query(question.channel(), name.c_str(), ns_c_in, type, &on_reply, &reply);
    TRY(question.wait(context, what, reply.done));
    if (is_absent(reply.status)) return std::vector<unsigned char>();
    if (reply.status != ARES_SUCCESS) return failure(reply.status, what, m_server);
    return std::move(reply.message);
  }
};

}  // namespace

std::unique_ptr<DnsClient> make_dns_client(Clock& clock, Duration patience, std::string server) {
  return std::make_unique<CaresClient>(clock, patience, std::move(server));
}

}  // namespace trunkform::probe
