#pragma once
// A JSON document that holds secrets, read where it lies: what is taken out of it goes into locked memory or was
// public, and nothing is copied elsewhere. What is absent, or of another type, is none. One owner; not thread-safe.
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/time.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

class SecretJson {
 public:
  /// Copies the text into locked memory of its own.
  explicit SecretJson(const SecretBuffer& json);
  SecretJson(SecretJson&&) noexcept;
  SecretJson& operator=(SecretJson&&) noexcept;
  ~SecretJson();

  /// Names of members, from the outside in; empty is the document.
  using Path = std::initializer_list<std::string_view>;

  /// A string with its escapes resolved. None where they are no Unicode, too.
  std::optional<SecretBuffer> secret(Path path);
  /// The same of a string that is no secret.
  std::optional<std::string> text(Path path);
  std::optional<std::int64_t> number(Path path);
  std::optional<bool> flag(Path path);
  /// A number of seconds since 1970, with a fraction or not.
  std::optional<Instant> time(Path path);
  /// The names of an object's members; empty where there is no object.
  std::vector<std::string> names(Path path);
  /// The strings of a list, without what is none.
  std::vector<std::string> texts(Path path);
  /// The items of a list, each a document of its own; none where there is no list.
  std::optional<std::vector<SecretJson>> items(Path path);

 private:
  struct Reader;
  std::unique_ptr<Reader> m_reader;
};

}  // namespace trunkform::cloud
