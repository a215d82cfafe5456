#include "providers/issuers/acme/dns_message.hpp"

#include <array>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/codec/ascii_case.hpp"

namespace trunkform::issuers::acme {
namespace {

constexpr unsigned k_soa = 6, k_txt = 16, k_tsig = 250;
constexpr unsigned k_in = 1, k_none = 254;
constexpr unsigned k_opcode_update = 5U << 11U;
constexpr std::size_t k_header = 12;
constexpr unsigned k_longest_label = 63, k_reference = 0xC0;
constexpr std::size_t k_longest_name = 255;
/// Long enough for the authority to look, short enough to be forgotten soon.
constexpr std::uint32_t k_seconds_to_live = 60;

std::string header(unsigned id, unsigned flags, unsigned records) {
  std::string message;
  for (const unsigned value : {id, flags, 1U, 0U, records, 0U}) append_16(message, value);
  return message;
}

struct Record {
  std::string owner;
  unsigned type = 0;
  unsigned record_class = 0;
  std::size_t end = 0;  ///< past it
};

std::optional<Record> record_at(std::string_view message, std::size_t at) {
  const auto name_end = past_name(message, at);
  auto owner = name_at(message, at);
  if (!name_end || !owner || *name_end + 10 > message.size()) return std::nullopt;
  const auto end = *name_end + 10 + read_16(message, *name_end + 8);
  if (end > message.size()) return std::nullopt;
  return Record{std::move(*owner), read_16(message, *name_end), read_16(message, *name_end + 2), end};
}

/// Past the questions.
std::optional<std::size_t> past_questions(std::string_view message) {
  std::size_t at = k_header;
  for (unsigned questions = read_16(message, 4); questions > 0; --questions) {
    const auto end = past_name(message, at);
    if (!end || !name_at(message, at) || *end + 4 > message.size()) return std::nullopt;
    at = *end + 4;
  }
  return at;
}

}  // namespace

void append_16(std::string& message, unsigned value) {
  message += static_cast<char>((value >> 8U) & 0xFFU);
  message += static_cast<char>(value & 0xFFU);
}

void append_32(std::string& message, std::uint32_t value) {
  append_16(message, value >> 16U);
  append_16(message, value & 0xFFFFU);
}

unsigned read_16(std::string_view message, std::size_t at) {
  if (at + 2 > message.size()) return 0;
  return (static_cast<unsigned>(static_cast<unsigned char>(message[at])) << 8U) |
         static_cast<unsigned char>(message[at + 1]);
}

Result<std::string> wire_name(std::string_view name) {
  const auto lower = lower_case(name);
  std::string_view rest = lower;
  if (rest.ends_with('.')) rest.remove_suffix(1);
  std::string wire;
  while (!rest.empty()) {
    const auto label = rest.substr(0, rest.find('.'));
    if (label.empty() || label.size() > 63)
      return Error(ErrorCode::invalid_input, cloud::quoted(name) + " is no name of the DNS");
    wire += static_cast<char>(label.size());
    wire += label;
    rest.remove_prefix(std::min(label.size() + 1, rest.size()));
  }
  if (wire.size() > 254) return Error(ErrorCode::invalid_input, cloud::quoted(name) + " is too long for the DNS");
  return wire + '\0';
}

Result<std::string> update_message(const DnsUpdateQuestion& question) {
  auto message = header(question.id, k_opcode_update, 1);
  message += TRY(wire_name(question.zone));
  append_16(message, k_soa);
  append_16(message, k_in);
  message += TRY(wire_name(question.record));
  append_16(message, k_txt);
  const bool is_added = question.change == DnsChange::add;
  append_16(message, is_added ? k_in : k_none);
  append_32(message, is_added ? k_seconds_to_live : 0);
  append_16(message, static_cast<unsigned>(question.value.size() + 1));
  message += static_cast<char>(question.value.size());
  return message + question.value;
}

Result<std::string> zone_question(unsigned id, const std::string& name) {
  auto message = header(id, 0, 0);
  message += TRY(wire_name(name));
  append_16(message, k_soa);
  append_16(message, k_in);
  return message;
}

std::optional<std::size_t> past_name(std::string_view message, std::size_t at) {
  while (at < message.size()) {
    const auto size = static_cast<unsigned char>(message[at]);
    if (size == 0) return at + 1;
    if (size >= k_reference) return at + 2 <= message.size() ? std::optional(at + 2) : std::nullopt;
    if (size > k_longest_label) return std::nullopt;
    at += std::size_t{1} + size;
  }
  return std::nullopt;
}

std::optional<std::string> name_at(std::string_view message, std::size_t at) {
  std::string name;
  // Each reference leads before what was read, so that there is no way round.
  for (auto begin = at; at < message.size();) {
    const auto size = static_cast<unsigned char>(message[at]);
    if (size >= k_reference) {
      const std::size_t there = at + 2 <= message.size() ? read_16(message, at) & 0x3FFFU : begin;
      if (there >= begin || there < k_header) return std::nullopt;
      begin = at = there;
      continue;
    }
    if (size > k_longest_label || at + 1 + size > message.size()) return std::nullopt;
    name += message.substr(at, std::size_t{1} + size);
    if (name.size() > k_longest_name) return std::nullopt;
    if (size == 0) return lower_case(name);
    at += std::size_t{1} + size;
  }
  return std::nullopt;
}

std::optional<DnsAnswer> read_answer(std::string_view message) {
  if (message.size() < k_header) return std::nullopt;
  const auto flags = read_16(message, 2);
  DnsAnswer answer{read_16(message, 0), (flags & 0x8000U) != 0, static_cast<int>(flags & 0xFU), {}, 0};
  auto at = past_questions(message);
  if (!at) return std::nullopt;
  const auto answers = read_16(message, 6);
  const auto records = answers + read_16(message, 8) + read_16(message, 10);
  for (unsigned number = 1; number <= records; ++number) {
    auto record = record_at(message, *at);
    if (!record) return std::nullopt;
    if (number <= answers && record->type == k_soa && record->record_class == k_in)
      answer.soa_owners.push_back(std::move(record->owner));
    if (number == records && read_16(message, 10) > 0 && record->type == k_tsig) answer.signature = *at;
    at = record->end;
  }
  return answer;
}

std::string words_of_code(int code) {
  // RFC 1035, RFC 2136 and RFC 8945 §3.
  static constexpr std::array<std::string_view, 19> k_words = {
      "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
      "NOTZONE", "",        "",         "",         "",       "",        "BADSIG",   "BADKEY",  "BADTIME"};
  const auto index = static_cast<std::size_t>(code);
  if (index < k_words.size() && !k_words[index].empty()) return std::string(k_words[index]);
  return "code " + std::to_string(code);
}

}  // namespace trunkform::issuers::acme
