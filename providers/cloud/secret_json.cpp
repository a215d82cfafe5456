#include "providers/cloud/secret_json.hpp"

#include <charconv>
#include <cstring>

#include <simdjson.h>

namespace trunkform::cloud {
namespace {

/// Between the quotes of a raw token; none where it is no whole string.
std::optional<std::string_view> quoted_part(std::string_view raw) {
  while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\t'))
    raw.remove_suffix(1);
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return std::nullopt;
  return raw.substr(1, raw.size() - 2);
}

std::optional<std::uint32_t> hex4(std::string_view digits) {
  if (digits.size() < 4) return std::nullopt;
  digits = digits.substr(0, 4);
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

char* write_utf8(std::uint32_t point, char* into) {
  const auto put = [&](std::uint32_t byte) { *into++ = static_cast<char>(byte); };
  const auto tail = [&](unsigned shift) { put(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80U) {
    put(point);
  } else if (point < 0x800U) {
    put(0xC0U | (point >> 6U));
    tail(0);
  } else if (point < 0x10000U) {
    put(0xE0U | (point >> 12U));
    tail(6);
    tail(0);
  } else {
    put(0xF0U | (point >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
  return into;
}

/// The character of `\u`, its second half included (RFC 8259 §7); takes it off the front of `rest`.
std::optional<std::uint32_t> take_unicode(std::string_view& rest) {
  const auto first = hex4(rest);
  if (!first) return std::nullopt;
  rest.remove_prefix(4);
  if (*first < 0xD800U || *first > 0xDFFFU) return first;
  if (*first > 0xDBFFU || !rest.starts_with("\\u")) return std::nullopt;
  const auto second = hex4(rest.substr(2));
  if (!second || *second < 0xDC00U || *second > 0xDFFFU) return std::nullopt;
  rest.remove_prefix(6);
  return 0x10000U + ((*first - 0xD800U) << 10U) + (*second - 0xDC00U);
}

std::optional<char> unescaped_letter(char letter) {
  constexpr std::string_view k_letters = "\"\\/bfnrt";
  constexpr std::string_view k_meaning = "\"\\/\b\f\n\r\t";
  const auto at = k_letters.find(letter);
  return at == std::string_view::npos ? std::nullopt : std::optional(k_meaning[at]);
}

/// Never longer than `raw`: an escape is at least as long as what it means.
std::optional<SecretBuffer> unescaped(std::string_view raw) {
  SecretBuffer text(raw.size());
  char* end = text.data();
  while (!raw.empty()) {
    const char character = raw.front();
    raw.remove_prefix(1);
    if (static_cast<unsigned char>(character) < 0x20) return std::nullopt;
    if (character != '\\') {
      *end++ = character;
      continue;
    }
    if (raw.empty()) return std::nullopt;
    const char letter = raw.front();
    raw.remove_prefix(1);
    if (letter == 'u') {
      const auto point = take_unicode(raw);
      if (!point) return std::nullopt;
      end = write_utf8(*point, end);
    } else if (const auto meant = unescaped_letter(letter)) {
      *end++ = *meant;
    } else {
      return std::nullopt;
    }
  }
  text.truncate(static_cast<std::size_t>(end - text.data()));
  return text;
}

}  // namespace

/// The on-demand parser indexes in place and gives the raw text of a value, so that a secret stays in this buffer.
struct SecretJson::Reader {
  explicit Reader(const SecretBuffer& json) : size(json.size()), padded(json.size() + simdjson::SIMDJSON_PADDING) {
    if (size > 0) std::memcpy(padded.data(), json.data(), size);
  }

  /// Reading goes forward only: each question begins anew.
  template <class Use>
  void at(Path path, const Use& use) {
    if (parser.iterate(padded.data(), size, padded.size()).get(document) != simdjson::SUCCESS) return;
    simdjson::ondemand::value value;
    if (document.get_value().get(value) != simdjson::SUCCESS) return;
    for (const auto name : path) {
      simdjson::ondemand::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS) return;
      if (object.find_field_unordered(name).get(value) != simdjson::SUCCESS) return;
    }
    use(value);
  }

  std::size_t size;
  SecretBuffer padded;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
};

SecretJson::SecretJson(const SecretBuffer& json) : m_reader(std::make_unique<Reader>(json)) {}
SecretJson::SecretJson(SecretJson&&) noexcept = default;
SecretJson& SecretJson::operator=(SecretJson&&) noexcept = default;
SecretJson::~SecretJson() = default;

std::optional<SecretBuffer> SecretJson::secret(Path path) {
  std::optional<SecretBuffer> found;
  m_reader->at(path, [&](auto& value) {
    if (const auto raw = quoted_part(value.raw_json_token())) found = unescaped(*raw);
  });
  return found;
}

std::optional<std::string> SecretJson::text(Path path) {
  const auto found = secret(path);
  return found ? std::optional(std::string(found->view())) : std::nullopt;
}

std::optional<std::int64_t> SecretJson::number(Path path) {
  std::optional<std::int64_t> found;
  m_reader->at(path, [&](auto& value) {
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS) found = number;
  });
  return found;
}

std::optional<bool> SecretJson::flag(Path path) {
  std::optional<bool> found;
  m_reader->at(path, [&](auto& value) {
    bool flag = false;
    if (value.get_bool().get(flag) == simdjson::SUCCESS) found = flag;
  });
  return found;
}

std::optional<Instant> SecretJson::time(Path path) {
  constexpr double k_latest = 253402300799.0;  // the year 9999, which is the last that is written with four digits
  std::optional<Instant> found;
  m_reader->at(path, [&](auto& value) {
    double seconds = 0;
    if (value.get_double().get(seconds) == simdjson::SUCCESS && seconds >= 0 && seconds <= k_latest)
      found = Instant(Duration(static_cast<Duration::rep>(seconds * 1000)));
  });
  return found;
}

std::vector<std::string> SecretJson::names(Path path) {
  std::vector<std::string> found;
  m_reader->at(path, [&](auto& value) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return;
    for (auto member : object) {
      std::string_view name;
      if (member.unescaped_key().get(name) != simdjson::SUCCESS) return;
      found.emplace_back(name);
    }
  });
  return found;
}

std::vector<std::string> SecretJson::texts(Path path) {
  std::vector<std::string> found;
  m_reader->at(path, [&](auto& value) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return;
    for (auto item : array) {
      std::string_view text;
      if (item.get_string().get(text) == simdjson::SUCCESS) found.emplace_back(text);
    }
  });
  return found;
}

std::optional<std::vector<SecretJson>> SecretJson::items(Path path) {
  std::optional<std::vector<SecretJson>> found;
  m_reader->at(path, [&](auto& value) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return;
    std::vector<SecretJson> items;
    for (auto item : array) {
      std::string_view raw;
      if (simdjson::to_json_string(item).get(raw) != simdjson::SUCCESS) return;
      items.emplace_back(SecretBuffer::copy_of(raw));
    }
    found = std::move(items);
  });
  return found;
}

}  // namespace trunkform::cloud
