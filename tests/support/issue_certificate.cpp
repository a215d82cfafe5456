// issue-certificate: an issuer as its block describes it, driven by hand, for tests against real servers. Everything is
// allowed to it.
//   issue-certificate ISSUER.json issue OUT [profile=P] [replaces=CERT.pem] [lifetime=30d] NAME…
//   issue-certificate ISSUER.json submit|poll REF OUT …   one step alone; prints the reference
//   issue-certificate ISSUER.json window CERT.pem | revoke CERT.pem | rollover KEY.pem | deactivate
// ISSUER.json: {"type": "acme", "arguments": {…}}. OUT.key and OUT.csr are made where they are not there; OUT.pem is
// what was issued.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "providers/issuers/acme/issuer.hpp"
#include "providers/issuers/registry.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/process_environment.hpp"
#include "providers/platform/posix/program_runner.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/new_key.hpp"
#include "providers/x509/signing_request.hpp"
#include "schemas/codec/digest.hpp"

namespace {

using namespace trunkform;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string der_of(const std::string& path) {
  const auto found = x509::parse_certificates(text_of(path));
  return found ? found->front().der : std::string();
}

struct Machine {
  platform::SystemClock clock;
  platform::SystemRandom random;
  platform::PosixFileSystem disk;
  FileSystem& files = disk;
  platform::PosixProcessEnvironment environment;
  platform::PosixProgramRunner programs;
  std::unique_ptr<HttpClient> http = platform::make_curl_client({}, clock);

  issuers::Surroundings surroundings() {
    issuers::Permissions may;
    may.secret = [this](const std::string& reference) -> Result<SecretBuffer> {
      if (reference.starts_with("file:")) return files.read_secret(reference.substr(5));
      auto secret = environment.take_secret(reference.substr(4));
      if (!secret) return Error(ErrorCode::not_found, "no variable " + reference);
      return std::move(*secret);
    };
    may.host = [](const std::string&, const std::string&) { return Result<>(); };
    may.write = [](const std::string&, const Path&) { return Result<>(); };
    may.program = [](const std::vector<std::string>& command,
                     const std::vector<std::string>&) -> Result<ProgramRequest> {
      ProgramRequest request;
      request.path = command.front();
      request.digest = sha256(text_of(command.front()));
      request.arguments = {command.begin() + 1, command.end()};
      request.environment = {{"PATH", "/usr/bin:/bin"}};
      return request;
    };
    return {files, *http, clock, random, environment, &programs, std::filesystem::current_path(), may, {}};
  }
};

/// Key and request are made once, as the engine does it.
Result<IssueOrder> order_of(Machine& machine, const std::string& out, const std::vector<std::string>& words) {
  IssueOrder order;
  order.request = "00000000-0000-4000-8000-000000000001";
  for (const auto& word : words) {
    const auto value = word.substr(word.find('=') + 1);
    if (word.starts_with("profile="))
      order.profile = value;
    else if (word.starts_with("replaces="))
      order.replaces_der = der_of(value);
    else if (word.starts_with("lifetime="))
      order.lifetime = parse_duration(value);
    else
      order.names.push_back(word);
  }
  if (!std::filesystem::exists(out + ".csr")) {
    const auto key = TRY(x509::make_key(KeyType::ecdsa_p256));
    TRY(machine.files.replace(out + ".key", key.view()));
    TRY(machine.files.replace(out + ".csr", TRY(x509::make_signing_request(key, order.names))));
  }
  order.csr_der = text_of(out + ".csr");
  return order;
}

/// The reference of an order that is not signed yet; empty: it is.
Result<std::string> keep(Machine& machine, const OrderStatus& status, const std::string& out) {
  if (const auto* pending = std::get_if<OrderPending>(&status)) return pending->ref;
  if (const auto* gone = std::get_if<OrderGone>(&status)) return gone->why;
  TRY(machine.files.replace(out + ".pem", std::get<OrderIssued>(status).certificates_pem));
  return std::string();
}

Result<> issue(Machine& machine, Issuer& issuer, const std::string& out, const std::vector<std::string>& words) {
  const auto order = TRY(order_of(machine, out, words));
  auto status = TRY(issuer.submit({}, order));
  for (int polls = 0; polls < 20; ++polls) {
    const auto ref = TRY(keep(machine, status, out));
    if (ref.empty()) return {};
    TRY(machine.clock.sleep({}, std::get<OrderPending>(status).retry_after));
    status = TRY(issuer.poll({}, ref, order));
  }
  return Error(ErrorCode::timeout, "the order is still pending");
}

Result<> step(Machine& machine, Issuer& issuer, const std::vector<std::string>& words) {
  const bool is_poll = words.front() == "poll";
  const std::size_t out = is_poll ? 2 : 1;
  const auto order = TRY(order_of(machine, words.at(out), {words.begin() + static_cast<long>(out) + 1, words.end()}));
  const auto status = TRY(is_poll ? issuer.poll({}, words.at(1), order) : issuer.submit({}, order));
  std::cout << TRY(keep(machine, status, words.at(out))) << '\n';
  return {};
}

Result<> carry_out(Machine& machine, Issuer& issuer, const std::vector<std::string>& words) {
  const auto& verb = words.at(0);
  if (verb == "issue") return ::issue(machine, issuer, words.at(1), {words.begin() + 2, words.end()});
  if (verb == "submit" || verb == "poll") return step(machine, issuer, words);
  if (verb == "revoke") return issuer.revoke({}, der_of(words.at(1)), RevocationReason::superseded);
  if (verb == "window") {
    const auto window = TRY(issuer.renewal_info({}, der_of(words.at(1))));
    std::cout << (window ? to_rfc3339(window->start) + " " + to_rfc3339(window->end) + " " + window->explanation
                         : "none")
              << '\n';
    return {};
  }
  auto& account = dynamic_cast<issuers::acme::AcmeIssuer&>(issuer).account();
  if (verb == "rollover") return account.roll_over({}, TRY(machine.files.read_secret(words.at(1))));
  if (verb == "deactivate") return account.deactivate({});
  return Error(ErrorCode::invalid_input, "no such verb: " + verb);
}

void tell(const Error& error) {
  std::cerr << to_string(error.code) << ": " << to_line(error) << '\n';
  for (const auto& hint : error.hints) std::cerr << "  hint: " << hint << '\n';
  if (error.retry_after) std::cerr << "  after: " << to_string(*error.retry_after) << '\n';
}

Result<> run(const std::vector<std::string>& words) {
  const auto json = nlohmann::json::parse(text_of(words.at(0)));
  Locator locator{json.at("type"), {}};
  for (const auto& [name, value] : json.at("arguments").items())
    locator.arguments[name] = value.is_string() ? value.get<std::string>() : value.dump();
  Machine machine;
  const auto issuer = TRY(issuers::make_issuer(locator, machine.surroundings()));
  return carry_out(machine, *issuer, {words.begin() + 1, words.end()});
}

}  // namespace

int main(int count, char** words) {
  try {
    const auto done = run({words + 1, words + count});
    if (done) return 0;
    tell(done.error());
    return 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
