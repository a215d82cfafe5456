// make-certificate: writes certificates of any kind for the command-line tests and the quickstart.
//   make-certificate -out PREFIX [-kind root|intermediate|leaf] [-issuer PREFIX] [-cn NAME] [-name SAN]…
//     [-begins -10d] [-ends 80d] [-key-type ec_p256|ec_p384|ec_p521|ec_secp256k1|rsa_1024|rsa_2048|rsa_3072|ed25519]
//     [-reuse-key PREFIX] [-passphrase WORD] [-traditional] [-eku USAGE]… [-no-eku] [-no-names] [-digest SHA1]
//     [-serial HEX] [-ca] [-no-aki] [-extension NAME=VALUE]… [-now RFC3339] [-chain leaf,intermediate,root]
// Writes PREFIX.pem (the certificate), PREFIX.key, PREFIX.chain.pem (it and its issuers below the root, or the
// certificates of the prefixes that -chain names, in that order; `self` is this one). Dates are relative to now.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "tests/support/certificate_factory.hpp"

namespace {

using namespace trunkform;
using namespace trunkform::testing;

struct Options {
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;

  bool has(const std::string& name) const { return values.contains(name); }
  std::string value(const std::string& name, const std::string& otherwise = "") const {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : found->second;
  }
};

Options parse(int count, char** words) {
  static const std::vector<std::string> k_switches{"-traditional", "-no-eku", "-no-names", "-ca", "-no-aki"};
  static const std::vector<std::string> k_valued{
      "-out",       "-kind",       "-issuer", "-cn",     "-name",   "-begins", "-ends",  "-key-type",
      "-reuse-key", "-passphrase", "-eku",    "-digest", "-serial", "-now",    "-chain", "-extension"};
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (std::find(k_switches.begin(), k_switches.end(), word) != k_switches.end()) {
      options.values[word] = "yes";
    } else if (std::find(k_valued.begin(), k_valued.end(), word) != k_valued.end() && i + 1 < count) {
      options.values[word] = words[i + 1];
      options.lists[word].emplace_back(words[++i]);
    } else {
      throw std::runtime_error("what is '" + word + "'? the options are at the head of make_certificate.cpp");
    }
  }
  if (!options.has("-out")) throw std::runtime_error("-out PREFIX is needed");
  return options;
}

Duration signed_duration(std::string text) {
  const bool negative = text.starts_with("-");
  const auto duration = parse_duration(negative ? text.substr(1) : text);
  if (!duration) throw std::runtime_error("not a duration: " + text);
  return negative ? -*duration : *duration;
}

KeyType key_type(const std::string& name) {
  static const std::map<std::string, KeyType> k_types{
      {"ec_p256", KeyType::ec_p256},           {"ec_p384", KeyType::ec_p384},   {"ec_p521", KeyType::ec_p521},
      {"ec_secp256k1", KeyType::ec_secp256k1}, {"rsa_1024", KeyType::rsa_1024}, {"rsa_2048", KeyType::rsa_2048},
      {"rsa_3072", KeyType::rsa_3072},         {"ed25519", KeyType::ed25519},   {"dsa_2048", KeyType::dsa_2048}};
  const auto found = k_types.find(name);
  if (found == k_types.end()) throw std::runtime_error("not a key type: " + name);
  return found->second;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& text, bool secret) {
  std::filesystem::remove(path);
  std::ofstream file(path, std::ios::binary);
  if (secret) std::filesystem::permissions(path, std::filesystem::perms(0600));
  file << text << std::flush;
  if (!file) throw std::runtime_error("cannot write " + path);
}

Request request_of(const Options& options, Instant now) {
  const auto kind = options.value("-kind", "leaf");
  auto request = kind == "root"           ? root_request(now)
                 : kind == "intermediate" ? intermediate_request(now)
                                          : leaf_request(now);
  if (options.has("-cn")) request.common_name = options.value("-cn");
  if (const auto names = options.lists.find("-name"); names != options.lists.end()) {
    request.names = names->second;
    if (!options.has("-cn") && kind == "leaf")
      request.common_name = names->second.front().substr(names->second.front().rfind(':') + 1);
  }
  if (options.has("-no-names")) request.names.clear();
  if (options.has("-begins")) request.not_before = now + signed_duration(options.value("-begins"));
  if (options.has("-ends")) request.not_after = now + signed_duration(options.value("-ends"));
  if (const auto usages = options.lists.find("-eku"); usages != options.lists.end())
    request.extended_key_usage = usages->second;
  if (options.has("-no-eku")) request.extended_key_usage.clear();
  if (options.has("-ca")) request.basic_constraints = "critical,CA:TRUE";
  if (options.has("-no-aki")) request.authority_key_id = false;
  if (const auto extensions = options.lists.find("-extension"); extensions != options.lists.end()) {
    for (const auto& text : extensions->second)
      request.extensions.emplace_back(text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
  }
  request.digest = options.value("-digest", "SHA256");
  request.serial = options.value("-serial");
  return request;
}

std::string chain_of(const Options& options, const Issued& made) {
  if (!options.has("-chain")) {
    const auto above = options.value("-issuer") + ".chain.pem";
    const bool below_root = options.has("-issuer") && std::filesystem::exists(above);
    return made.pem + (below_root ? read(above) : std::string());
  }
  std::string chain, prefixes = options.value("-chain") + ",";
  for (std::size_t at = 0, comma = 0; (comma = prefixes.find(',', at)) != std::string::npos; at = comma + 1) {
    const auto prefix = prefixes.substr(at, comma - at);
    chain += prefix == "self" ? made.pem : read(prefix + ".pem");
  }
  return chain;
}

void run(const Options& options) {
  const auto now = options.has("-now") ? parse_rfc3339(options.value("-now")).value()
                                       : std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const auto out = options.value("-out");
  const auto key = options.has("-reuse-key") ? Key::read(read(options.value("-reuse-key") + ".key"))
                                             : Key::make(key_type(options.value("-key-type", "ec_p256")));
  const auto request = request_of(options, now);
  const auto made =
      options.has("-issuer")
          ? make(request,
                 Issued::read(read(options.value("-issuer") + ".pem"), read(options.value("-issuer") + ".key")), key)
          : make_root(request, key);
  const bool encrypted = options.has("-passphrase"), traditional = options.has("-traditional");
  const auto form = encrypted ? (traditional ? KeyForm::encrypted_traditional : KeyForm::encrypted_pkcs8)
                              : (traditional ? KeyForm::traditional : KeyForm::pkcs8);
  write(out + ".pem", made.pem, false);
  write(out + ".key", key.text(form, options.value("-passphrase")), true);
  if (options.value("-kind") != "root") write(out + ".chain.pem", chain_of(options, made), false);
}

}  // namespace

int main(int count, char** words) try {
  run(parse(count, words));
  return EXIT_SUCCESS;
} catch (const std::exception& failure) {
  std::cerr << "make-certificate: " << failure.what() << '\n';
  return EXIT_FAILURE;
}
