#include "providers/probe/resolve.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

namespace trunkform::probe {
namespace {

std::string text_of(const ::sockaddr& address, ::socklen_t size, int port) {
  std::array<char, NI_MAXHOST> host{};
  if (::getnameinfo(&address, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return "?";
  return address.sa_family == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port)
                                       : fmt::format("{}:{}", host.data(), port);
}

/// Shared by the caller and the resolver's thread: the last one frees it.
struct Lookup {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  int code = 0;
  ::addrinfo* found = nullptr;

  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup() {
    if (found != nullptr) ::freeaddrinfo(found);
  }
};

void ask_resolver(Lookup& lookup, const std::string& host, int port) {
  ::addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  // A literal is what the user wants, whatever this machine has.
  wanted.ai_flags = AI_NUMERICSERV | (is_address(host) ? 0 : AI_ADDRCONFIG);
  ::addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  const std::lock_guard lock(lookup.mutex);
  lookup.code = code;
  lookup.found = found;
  lookup.done = true;
  lookup.changed.notify_all();
}

Result<std::shared_ptr<const Lookup>> look_up(const Context& context, Clock& clock, Duration patience,
                                              const std::string& host, int port) {
  static constexpr auto k_slice = std::chrono::milliseconds(50);  // how late a stop may be noticed
  const auto until = clock.monotonic() + patience;
  const auto lookup = std::make_shared<Lookup>();
  try {
    std::thread([lookup, host, port] { ask_resolver(*lookup, host, port); }).detach();
  } catch (const std::system_error& failure) {
    return Error(ErrorCode::io, fmt::format("cannot resolve {}: no thread can be started: {}", host, failure.what()));
  }
  std::unique_lock lock(lookup->mutex);
  while (!lookup->changed.wait_for(lock, k_slice, [&] { return lookup->done; })) {
    if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while resolving " + host);
    if (clock.monotonic() >= until || (context.deadline && clock.now() >= *context.deadline))
      return Error(ErrorCode::timeout, fmt::format("the name {} was not resolved in time", host))
          .hint("check this machine's resolver: getent ahosts " + host);
  }
  return std::shared_ptr<const Lookup>(lookup);
}

bool is_unknown(int code) { return code == EAI_NONAME || code == EAI_NODATA || code == EAI_ADDRFAMILY; }

}  // namespace

void add_target(std::vector<Target>& targets, const ::sockaddr& address, ::socklen_t size, int port) {
  Target target;
  if (size > sizeof target.address) return;
  std::memcpy(&target.address, &address, size);
  target.size = size;
  target.text = text_of(address, size, port);
  const auto same = [&](const Target& other) { return other.text == target.text; };
  if (std::none_of(targets.begin(), targets.end(), same)) targets.push_back(std::move(target));
}

bool is_address(const std::string& host) {
  ::in6_addr space{};
  return ::inet_pton(AF_INET, host.c_str(), &space) == 1 || ::inet_pton(AF_INET6, host.c_str(), &space) == 1;
}

Result<std::vector<Target>> resolve(const Context& context, Clock& clock, Duration patience, const std::string& host,
                                    int port) {
  const auto lookup = TRY(look_up(context, clock, patience, host, port));
  if (lookup->code != 0)
    return Error(is_unknown(lookup->code) ? ErrorCode::not_found : ErrorCode::unavailable,
                 fmt::format("cannot resolve {}: {}", host, ::gai_strerror(lookup->code)))
        .hint("check verify.tls.address, and that this machine resolves it: getent ahosts " + host);
  std::vector<Target> targets;
  for (const auto* entry = lookup->found; entry != nullptr; entry = entry->ai_next)
    add_target(targets, *entry->ai_addr, entry->ai_addrlen, port);
  if (targets.empty()) return Error(ErrorCode::not_found, fmt::format("{} has no address", host));
  return targets;
}

}  // namespace trunkform::probe
