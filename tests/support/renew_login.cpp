// renew-login ADDRESS CA-FILE CERTIFICATE KEY MOUNT: logs in to a real vault by certificate, and reads twice with an
// hour of our clock between, in which the server's token of that hour has to be renewed. Exit code 1 and why where it
// fails.
#include <fstream>
#include <iostream>
#include <iterator>

#include "providers/cloud/vault/client.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/platform/simulated/clock.hpp"

using namespace trunkform;

namespace {

std::function<Result<SecretBuffer>()> of_file(std::string path) {
  return [path = std::move(path)]() -> Result<SecretBuffer> {
    std::ifstream file(path);
    return SecretBuffer::copy_of(std::string(std::istreambuf_iterator<char>(file), {}));
  };
}

Result<> read_around_a_renewal(cloud::vault::Client& client, platform::SimulatedClock& clock) {
  TRY(client.read({}, "auth/token/lookup-self"));
  clock.advance(std::chrono::minutes(41));
  TRY(client.read({}, "auth/token/lookup-self"));
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return std::cerr << "see the head of tests/support/renew_login.cpp\n", 64;
  platform::SimulatedClock clock(platform::SystemClock().now());
  platform::SystemRandom random;
  const auto http = platform::make_curl_client({.ca_file = arguments[2]}, clock);
  cloud::vault::Options options;
  options.address = arguments[1];
  options.login = {cloud::vault::Method::cert, arguments[5], "", of_file(arguments[4]), of_file(arguments[3])};
  cloud::vault::Client client(std::move(options), *http, clock, random);
  const auto read = read_around_a_renewal(client, clock);
  if (!read) std::cerr << to_line(read.error()) << '\n';
  return read ? 0 : 1;
}
