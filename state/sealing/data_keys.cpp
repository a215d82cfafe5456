#include "state/sealing/data_keys.hpp"

#include <array>

#include <fmt/format.h>

#include "schemas/codec/sealed_box.hpp"

namespace trunkform::state {
namespace {

/// Of random bytes, in hexadecimal: a name of a key says nothing of it.
std::string make_id(Random& random) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  std::string id;
  for (const auto byte : bytes) id += fmt::format("{:02x}", byte);
  return id;
}

}  // namespace

void DataKeys::learn(const std::string& id, const std::string& wrapped) {
  m_keys.try_emplace(id, DataKey{wrapped, std::nullopt});
}

Result<std::string> DataKeys::make() {
  auto id = make_id(*m_random);
  SecretBuffer key(k_box_key_size);
  m_random->fill({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  auto wrapped = TRY(m_operators->current->wrap(m_operators->context, key, id));
  m_keys.insert_or_assign(id, DataKey{std::move(wrapped), std::move(key)});
  return id;
}

Result<std::string> DataKeys::current() {
  // One that was made and not written yet is as good as another: what it sealed has it beside it.
  if (m_current.empty()) m_current = m_keys.empty() ? TRY(make()) : m_keys.begin()->first;
  return m_current;
}

Result<SecretBuffer> DataKeys::open(const std::string& id, const std::string& wrapped) const {
  std::optional<Error> refused;
  const auto attempt = [&](KeyWrap& wrap) -> std::optional<SecretBuffer> {
    if (!wrap.may_open(wrapped)) return std::nullopt;
    auto key = wrap.unwrap(m_operators->context, wrapped, id);
    if (key) return std::move(*key);
    if (!refused || refused->code == ErrorCode::denied) refused = std::move(key.error());
    return std::nullopt;
  };
  if (auto key = attempt(*m_operators->current)) return std::move(*key);
  for (const auto& before : m_operators->previous)
    if (auto key = attempt(*before)) return std::move(*key);
  if (refused && refused->code != ErrorCode::denied) return std::move(*refused);
  Error error(ErrorCode::denied, "the state is encrypted with another key",
              fmt::format("{} does not open it{}", m_operators->current->describe(),
                          m_operators->previous.empty() ? "" : ", and neither does one of state_encryption.previous"));
  if (refused) error.causes.push_back(std::move(*refused));
  return std::move(error)
      .hint("give the key that it was encrypted with: trunkform.state_encryption.key names where it is read")
      .hint(
          "where the key was changed: name the earlier one in trunkform.state_encryption.previous, then: trunkform "
          "state rekey");
}

Result<const SecretBuffer*> DataKeys::key(const std::string& id) {
  const auto found = m_keys.find(id);
  if (found == m_keys.end())
    return Error(ErrorCode::denied, "a part of the state is encrypted with a key that the state does not have",
                 fmt::format("the key's id is {}", id))
        .hint("where the state's document was lost or put back: take one that is later")
        .hint("the trunks themselves are as they are: trunkform inventory");
  auto& key = found->second;
  if (!key.opened) key.opened = TRY(open(id, key.wrapped));
  return &*key.opened;
}

std::map<std::string, std::string> DataKeys::wrapped() const {
  std::map<std::string, std::string> all;
  for (const auto& [id, key] : m_keys) all.emplace(id, key.wrapped);
  return all;
}

Result<> DataKeys::rekey(Fresh fresh) {
  for (auto& [id, known] : m_keys) {
    const auto* key = TRY(this->key(id));
    known.wrapped = TRY(m_operators->current->wrap(m_operators->context, *key, id));
  }
  if (fresh == Fresh::no) return {};
  m_current = TRY(make());
  m_is_fresh = true;
  return {};
}

}  // namespace trunkform::state
