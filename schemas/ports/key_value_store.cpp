#include "schemas/ports/key_value_store.hpp"

#include <utility>

namespace trunkform {

KeyRange keys_beneath(const std::string& prefix) {
  // The first key behind all of them: the last byte that can be raised is, and what follows it goes.
  auto end = prefix;
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return {prefix.empty() ? std::string(1, '\0') : prefix, std::string(1, '\0')};
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {prefix, std::move(end)};
}

KeyChange put_key(std::string key, std::string value, LeaseId lease) {
  return {KeyChange::Kind::put, {std::move(key)}, std::move(value), lease};
}

KeyChange remove_keys(KeyRange keys) { return {KeyChange::Kind::remove, std::move(keys)}; }

}  // namespace trunkform
