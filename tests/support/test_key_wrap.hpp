#pragma once
// An operator's key for tests: quick, and different ones do not open each other's. Counts what it is asked for.
#include <atomic>

#include "schemas/codec/base64.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/sealed_box.hpp"
#include "schemas/ports/key_wrap.hpp"

namespace trunkform::testing {

class TestKeyWrap final : public KeyWrap {
 public:
  explicit TestKeyWrap(const std::string& name)
      : m_key(SecretBuffer::copy_of(sha256_hex(name).substr(0, k_box_key_size))), m_name(name) {}
  std::string describe() const override { return "the test key " + m_name; }
  bool may_open(std::string_view wrapped) const override { return wrapped.starts_with("test:"); }
  Result<std::string> wrap(const Context&, const SecretBuffer& key, const std::string& id) override {
    ++wraps;
    return "test:" + encode_base64(seal_box(m_key, sha256_hex(id).substr(0, k_box_salt_size), key.view(), id));
  }
  Result<SecretBuffer> unwrap(const Context&, std::string_view wrapped, const std::string& id) override {
    ++unwraps;
    const auto box = decode_base64(wrapped.substr(5));
    auto key = box ? open_secret_box(m_key, *box, id) : Result<SecretBuffer>(Error(ErrorCode::corrupt, "no box"));
    if (!key) return Error(ErrorCode::denied, m_name + " does not open it");
    return key;
  }

  std::atomic<int> wraps = 0;
  std::atomic<int> unwraps = 0;

 private:
  const SecretBuffer m_key;
  const std::string m_name;
};

}  // namespace trunkform::testing
