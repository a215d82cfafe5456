// renew-login ADDRESS CA-FILE CERTIFICATE KEY MOUNT: logs in to a real vault by certificate, and reads twice with an
// hour of our clock between, in which the server's token of that hour has to be renewed. Exit code 1 and why where it
// fails.
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <vector>

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

int main(int count, char** arguments) try {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (words.size() != 5) throw std::invalid_argument("see the head of tests/support/renew_login.cpp");
  platform::SimulatedClock clock(platform::SystemClock().now());
  platform::SystemRandom random;
  const auto http = platform::make_curl_client({.ca_file = words[1]}, clock);
  cloud::vault::Options options;
  options.address = words[0];
  options.login = {cloud::vault::Method::cert, words[4], "", of_file(words[3]), of_file(words[2])};
  cloud::vault::Client client(std::move(options), *http, clock, random);
  const auto read = read_around_a_renewal(client, clock);
  if (!read) std::cerr << to_line(read.error()) << '\n';
  return read ? 0 : 1;
} catch (const std::exception& failure) {
  std::cerr << failure.what() << '\n';
  return 1;
}
