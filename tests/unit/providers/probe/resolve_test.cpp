#include "providers/probe/resolve.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>
#include <dlfcn.h>
#include <netdb.h>

#include "providers/platform/posix/clock.hpp"

using namespace std::chrono_literals;
using namespace trunkform;

namespace {

constexpr auto k_slow = 1500ms;
std::atomic<int> flags_of_last_lookup{0};

using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
int ask_the_system(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto system_lookup = reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return system_lookup(host, service, hints, found);
}

}  // namespace

/// The program's own resolver stands before the system's: it can be slow, and know a name with many addresses.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* host, const char* service,
                                                                  const addrinfo* hints, addrinfo** found) {
  const std::string name = host == nullptr ? "" : host;
  flags_of_last_lookup = hints == nullptr ? 0 : hints->ai_flags;
  if (name == "slow.invalid") {
    std::this_thread::sleep_for(k_slow);
    return EAI_AGAIN;
  }
  if (name == "unknown.invalid") return EAI_NONAME;
  if (name != "many.invalid") return ask_the_system(host, service, hints, found);
  addrinfo numeric{};
  numeric.ai_socktype = SOCK_STREAM;
  auto** next = found;
  for (int i = 0; i < 40; ++i) {
    const auto address = "127.0.1." + std::to_string(1 + i / 2);  // each of them twice
    if (const int code = ask_the_system(address.c_str(), service, &numeric, next); code != 0) return code;
    next = &(*next)->ai_next;
  }
  return 0;
}

namespace {

Result<std::vector<probe::Target>> resolve(const std::string& host, const Context& context = {},
                                           Duration patience = 10s) {
  platform::SystemClock clock;
  return probe::resolve(context, clock, patience, host, 5061);
}

}  // namespace

TEST_CASE("a resolver that does not answer holds nobody up: a stop, a deadline and the patience end the wait") {
  const auto began = std::chrono::steady_clock::now();
  std::stop_source stopped;
  stopped.request_stop();
  CHECK(resolve("slow.invalid", {std::nullopt, stopped.get_token()}).error().code == ErrorCode::cancelled);
  CHECK(resolve("slow.invalid", {platform::SystemClock().now() + 50ms, {}}).error().code == ErrorCode::timeout);
  CHECK(resolve("slow.invalid", {}, 50ms).error().code == ErrorCode::timeout);
  CHECK(std::chrono::steady_clock::now() - began < k_slow);
}

TEST_CASE("a name that nobody knows differs from a resolver that fails") {
  const auto unknown = resolve("unknown.invalid");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::not_found);
  CHECK(unknown.error().summary.find("cannot resolve unknown.invalid: ") == 0);
  CHECK(resolve("slow.invalid").error().code == ErrorCode::unavailable);
}

TEST_CASE("every address of a name is a target once, in the resolver's order") {
  const auto targets = resolve("many.invalid");
  REQUIRE(targets);
  REQUIRE(targets->size() == 20);
  CHECK(targets->front().text == "127.0.1.1:5061");
  CHECK(targets->back().text == "127.0.1.20:5061");
}

TEST_CASE("a name gives the address families that this machine has; a literal is taken as it is") {
  REQUIRE(resolve("many.invalid"));
  CHECK((flags_of_last_lookup & AI_ADDRCONFIG) != 0);
  const auto literal = resolve("2001:db8::1");
  REQUIRE(literal);
  CHECK(literal->front().text == "[2001:db8::1]:5061");
  CHECK((flags_of_last_lookup & AI_ADDRCONFIG) == 0);
}
