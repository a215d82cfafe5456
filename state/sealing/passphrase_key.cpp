#include "state/sealing/passphrase_key.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "schemas/codec/base64.hpp"
#include "schemas/codec/sealed_box.hpp"

namespace trunkform::state {
namespace {

constexpr std::string_view k_kind = "scrypt:";
/// 32 MiB and a tenth of a second: what RFC 7914 and OWASP's cheat sheet call interactive.
constexpr unsigned k_log_n = 15;
constexpr std::size_t k_salt_size = 16;

std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string vouched(const std::string& id) { return "trunkform data key\n" + id; }

Error changed() {
  return {ErrorCode::denied, "the wrapped key of the state is damaged", "it is not as trunkform writes it"};
}

struct Parts {
  unsigned log_n = 0;
  std::string salt;
  std::string box;
};

Result<Parts> parts_of(std::string_view wrapped) {
  wrapped.remove_prefix(k_kind.size());
  const auto first = wrapped.find(':');
  const auto second = wrapped.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return changed();
  Parts parts;
  const auto number = wrapped.substr(0, first);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), parts.log_n);
  auto salt = decode_base64(wrapped.substr(first + 1, second - first - 1));
  auto box = decode_base64(wrapped.substr(second + 1));
  if (error != std::errc() || end != number.data() + number.size() || !salt || !box) return changed();
  parts.salt = std::move(*salt);
  parts.box = std::move(*box);
  return parts;
}

}  // namespace

bool PassphraseKey::may_open(std::string_view wrapped) const { return wrapped.starts_with(k_kind); }

Result<const SecretBuffer*> PassphraseKey::stretched(const std::string& salt, unsigned log_n) {
  const auto name = fmt::format("{}:{}", log_n, salt);
  const auto found = m_stretched.find(name);
  if (found != m_stretched.end()) return &found->second;
  auto key = TRY(stretch_passphrase(m_passphrase, salt, log_n));
  return &m_stretched.emplace(name, std::move(key)).first->second;
}

Result<std::string> PassphraseKey::wrap(const Context&, const SecretBuffer& key, const std::string& id) {
  const std::scoped_lock guard(m_mutex);
  if (m_salt.empty()) m_salt = random_bytes(m_random, k_salt_size);
  const auto* own = TRY(stretched(m_salt, k_log_n));
  const auto box = seal_box(*own, random_bytes(m_random, k_box_salt_size), key.view(), vouched(id));
  return fmt::format("{}{}:{}:{}", k_kind, k_log_n, encode_base64(m_salt), encode_base64(box));
}

Result<SecretBuffer> PassphraseKey::unwrap(const Context&, std::string_view wrapped, const std::string& id) {
  const auto parts = TRY(parts_of(wrapped));
  const std::scoped_lock guard(m_mutex);
  auto own = stretched(parts.salt, parts.log_n);
  if (!own && own.error().code == ErrorCode::corrupt) return changed();
  if (!own) return std::move(own.error());
  auto key = open_secret_box(**own, parts.box, vouched(id));
  if (key) return key;
  return Error(ErrorCode::denied, fmt::format("{} is not the one, or the wrapped key was changed", describe()));
}

Result<> check_passphrase(const SecretBuffer& passphrase, const std::string& name) {
  if (passphrase.size() >= k_shortest_passphrase) return {};
  return Error(ErrorCode::invalid_input, fmt::format("the secret {} is too short for the key of a state", name),
               fmt::format("it has less than {} characters, and who has a copy of the state can try them all",
                           k_shortest_passphrase))
      .hint("let a generator write it: openssl rand -base64 32");
}

}  // namespace trunkform::state
