#include "providers/probe/resolve.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

namespace trunkform::probe {
namespace {

std::string text_of(const ::addrinfo& entry, int port) {
  std::array<char, NI_MAXHOST> host{};
  if (::getnameinfo(entry.ai_addr, entry.ai_addrlen, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return "?";
  return entry.ai_family == AF_INET6 ? fmt::format("[{}]:{}", host.data(), port)
                                     : fmt::format("{}:{}", host.data(), port);
}

}  // namespace

bool is_address(const std::string& host) {
  ::in6_addr space{};
  return ::inet_pton(AF_INET, host.c_str(), &space) == 1 || ::inet_pton(AF_INET6, host.c_str(), &space) == 1;
}

Result<std::vector<Target>> resolve(const std::string& host, int port) {
  ::addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  ::addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  const std::unique_ptr<::addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  if (code != 0)
    return Error(code == EAI_NONAME ? ErrorCode::not_found : ErrorCode::unavailable,
                 fmt::format("cannot resolve {}: {}", host, ::gai_strerror(code)))
        .hint("check verify.tls.address, and that this machine resolves it: getent ahosts " + host);
  std::vector<Target> targets;
  for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
    Target target;
    if (entry->ai_addrlen > sizeof target.address) continue;
    std::memcpy(&target.address, entry->ai_addr, entry->ai_addrlen);
    target.size = entry->ai_addrlen;
    target.text = text_of(*entry, port);
    const auto same = [&](const Target& other) { return other.text == target.text; };
    if (std::none_of(targets.begin(), targets.end(), same)) targets.push_back(std::move(target));
  }
  if (targets.empty()) return Error(ErrorCode::not_found, fmt::format("{} has no address", host));
  return targets;
}

}  // namespace trunkform::probe
