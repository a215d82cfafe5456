#include "providers/genesys/patch_body.hpp"

#include <cstring>

#include "providers/cloud/json_text.hpp"

namespace trunkform::genesys {
namespace {

constexpr std::string_view k_before_certificate = R"({"tls":{"certificate":")";
constexpr std::string_view k_before_key = R"(","privateKey":")";
constexpr std::string_view k_after_key = R"("}})";

char* put(std::string_view text, char* into) {
  std::memcpy(into, text.data(), text.size());
  return into + text.size();
}

}  // namespace

SecretBuffer patch_body(const KeyPair& pair) {
  const auto key = pair.private_key.view();
  SecretBuffer body(k_before_certificate.size() + cloud::escaped_size(pair.chain_pem) + k_before_key.size() +
                    cloud::escaped_size(key) + k_after_key.size());
  auto* end = put(k_before_certificate, body.data());
  end = cloud::write_escaped(pair.chain_pem, end);
  end = put(k_before_key, end);
  end = cloud::write_escaped(key, end);
  put(k_after_key, end);
  return body;
}

}  // namespace trunkform::genesys
