// Makes certificates for the benchmark: FOLDER/roots.pem, and for each i below COUNT FOLDER/chain-i.pem (about 4 KB: a
// leaf and two intermediates) with FOLDER/key-i.pem.
//
//   bench_certificates FOLDER COUNT
#include <chrono>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "tests/support/certificate_factory.hpp"

namespace {

using namespace trunkform::testing;

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

void make_all(const std::string& folder, int count) {
  const trunkform::Instant now =
      std::chrono::time_point_cast<trunkform::Instant::duration>(std::chrono::system_clock::now());
  const auto signer = Key::make(KeyType::rsa_2048);
  const auto authority = [&](trunkform::testing::Request request, const std::string& name) {
    request.common_name = name;
    request.path_length.reset();
    return request;
  };
  const auto root = make_root(authority(root_request(now), "Bench Root"), signer);
  const auto upper = make(authority(intermediate_request(now), "Bench Upper"), root, signer);
  const auto lower = make(authority(intermediate_request(now), "Bench Lower"), upper, Key::make(KeyType::rsa_2048));
  write(folder + "/roots.pem", root.pem);
  for (int i = 0; i < count; ++i) {
    auto request = leaf_request(now, "sip.example.com");
    request.organisation = fmt::format("Carrier {}", i);
    for (int name = 0; name < 12; ++name)
      request.names.push_back(fmt::format("edge-{}-{}.sip.trunks.example.com", i, name));
    const auto leaf = make(request, lower);
    write(fmt::format("{}/chain-{}.pem", folder, i), leaf.pem + lower.pem + upper.pem);
    write(fmt::format("{}/key-{}.pem", folder, i), leaf.key.text());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_certificates FOLDER COUNT\n");
    return 64;
  }
  try {
    make_all(argv[1], std::stoi(argv[2]));
    return 0;
  } catch (const std::exception& failure) {
    fmt::print(stderr, "bench_certificates: {}\n", failure.what());
    return 1;
  }
}
