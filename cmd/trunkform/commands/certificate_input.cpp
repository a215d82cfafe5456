#include "cmd/trunkform/commands/certificate_input.hpp"

#include <istream>
#include <iterator>

#include <fmt/format.h>

#include "providers/x509/private_key.hpp"
#include "providers/x509/trust_store.hpp"

namespace trunkform::cli {
namespace {

constexpr std::size_t k_largest_bundle = 1U << 20;
constexpr std::size_t k_largest_list = 64U << 20;

Path path_of(const Frame& frame, const std::string& name) { return frame.world.folder / name; }

Result<SecretBuffer> read_standard_input(const Frame& frame) {
  std::string text(k_largest_bundle + 1, '\0');
  frame.world.streams.in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const auto size = static_cast<std::size_t>(frame.world.streams.in.gcount());
  auto bytes = SecretBuffer::copy_of(std::string_view(text).substr(0, size));
  wipe(text.data(), text.size());
  if (size > k_largest_bundle)
    return Error(ErrorCode::invalid_input, "standard input holds more than 1 MiB", "a chain is a few kilobytes");
  return bytes;
}

}  // namespace

Result<std::string> read_certificates(const Frame& frame, const std::string& name) {
  const auto bytes = name == "-" ? TRY(read_standard_input(frame))
                                 : TRY(frame.world.files.read_secret(path_of(frame, name), k_largest_bundle));
  auto certificates = x509::certificates_in(bytes);
  if (certificates) return certificates;
  if (bytes.view().find("PRIVATE KEY") == std::string_view::npos) return std::string(bytes.view());
  auto error = std::move(certificates).error();
  error.summary = fmt::format("{}: {}", name, error.summary);
  return error;
}

Result<std::string> read_public_pem(const Frame& frame, const std::string& name) {
  return frame.world.files.read(path_of(frame, name), k_largest_list);
}

Result<std::string> read_trust_store(const Frame& frame, const std::string& name) {
  auto text = TRY(read_public_pem(frame, name));
  auto store = x509::TrustStore::from_pem(text);
  if (store) return text;
  auto error = std::move(store).error();
  error.summary = fmt::format("{}: {}", name, error.summary);
  return error;
}

Result<SecretBuffer> read_key(const Frame& frame, const std::string& name) {
  return frame.world.files.read_secret(path_of(frame, name));
}

Result<SecretBuffer> read_passphrase(const Frame& frame, const std::string& name) {
  auto bytes = TRY(frame.world.files.read_secret(path_of(frame, name)));
  while (!bytes.empty() && (bytes.view().back() == '\n' || bytes.view().back() == '\r'))
    bytes.truncate(bytes.size() - 1);
  if (bytes.empty()) return Error(ErrorCode::invalid_input, fmt::format("{} holds no passphrase", name), "it is empty");
  return bytes;
}

}  // namespace trunkform::cli
