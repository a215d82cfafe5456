#include "providers/notify/email/message.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "providers/notify/text.hpp"
#include "schemas/codec/alert_codec.hpp"
#include "schemas/codec/base64.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::notify {
namespace {

constexpr std::string_view k_line_end = "\r\n";

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_local_part(std::string_view text) {
  static constexpr std::string_view k_more = ".!#$%&'*+/=?^_`{|}~-";  // RFC 5322 §3.2.3, dot-atom
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || k_more.find(c) != std::string_view::npos; });
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.front() != '-' && text.back() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::replace_if(clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return clean;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// RFC 2047 §2: at most 75 characters a word, and no character is split.
std::string encoded_words(std::string_view text) {
  constexpr std::size_t k_bytes = 45;  // 60 characters of base64
  constexpr std::size_t k_first = 30;  // the header's name stands before it
  std::string words;
  while (!text.empty()) {
    auto size = std::min(words.empty() ? k_first : k_bytes, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", encode_base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return words;
}

/// A quoted string (RFC 5322 §3.2.4) where it is printable ASCII, else encoded words.
std::string display_name(const std::string& name) {
  const bool plain = name.size() <= 40 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
                       return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
                     });
  return plain ? fmt::format("\"{}\"", name) : encoded_words(without_controls(name)) + "\r\n";
}

std::string shown(const MailAddress& address) {
  return address.name.empty() ? address.mailbox : fmt::format("{} <{}>", display_name(address.name), address.mailbox);
}

std::string date_line(Instant instant) {
  static constexpr std::array k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", k_days.at(std::chrono::weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()), k_months.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::string domain_of(const MailAddress& address) { return address.mailbox.substr(address.mailbox.find('@') + 1); }

std::string body_text(const Alert& alert) {
  std::string text = alert.summary + "\r\n";
  if (!alert.detail.empty()) text += "\r\n" + alert.detail + "\r\n";
  if (!alert.hint.empty()) text += "\r\nwhat to do: " + alert.hint + "\r\n";
  text += "\r\n";
  for (const auto& [name, value] : particulars(alert)) text += fmt::format("{:<13} {}\r\n", name, value);
  return text;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t k_line = 57;  // 76 characters, RFC 2045 §6.8
  std::string lines;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(k_line, bytes.size())))
    lines += encode_base64(bytes.substr(0, k_line)) + std::string(k_line_end);
  return lines;
}

}  // namespace

Result<MailAddress> parse_mail_address(const std::string& text) {
  MailAddress address;
  std::string_view mailbox = text;
  if (const auto open = text.rfind('<'); open != std::string::npos) {
    if (!text.ends_with('>'))
      mailbox = {};
    else
      mailbox = std::string_view(text).substr(open + 1, text.size() - open - 2);
    auto name = trimmed(std::string_view(text).substr(0, open));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    address.name = std::string(name);
  }
  const auto at = mailbox.rfind('@');
  const bool controls = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (controls || at == std::string_view::npos || !is_local_part(mailbox.substr(0, at)) ||
      !is_domain(mailbox.substr(at + 1)))
    return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is no mail address", without_controls(text)))
        .hint("write \"ops@example.com\" or \"Operations <ops@example.com>\", one address each");
  address.mailbox = std::string(mailbox);
  return address;
}

std::string encoded_header(std::string_view text) {
  const auto clean = without_controls(text);
  constexpr std::size_t k_longest_plain = 60;
  const bool plain = clean.size() <= k_longest_plain && clean.find("=?") == std::string::npos &&
                     std::all_of(clean.begin(), clean.end(), [](unsigned char c) { return c < 0x7F; });
  return plain ? clean : encoded_words(clean);
}

std::string mail_message(const Alert& alert, const MailAddress& from, const std::vector<MailAddress>& to) {
  std::string message;
  const auto header = [&](std::string_view name, const std::string& value) {
    message += fmt::format("{}: {}\r\n", name, value);
  };
  std::string recipients;
  for (const auto& address : to) recipients += (recipients.empty() ? "" : ",\r\n ") + shown(address);
  const auto domain = domain_of(from);
  const auto incident = sha256_hex(alert.dedup_key).substr(0, 32);
  header("From", shown(from));
  header("To", recipients);
  header("Subject", encoded_header(fmt::format("{}: {}", title(alert), shortened(alert.summary, 200))));
  header("Date", date_line(alert.time));
  header("Message-ID", fmt::format("<{}@{}>", sha256_hex(encode_alert(alert)).substr(0, 32), domain));
  header("References", fmt::format("<{}.incident@{}>", incident, domain));
  header("Auto-Submitted", "auto-generated");
  header("X-Trunkform-Alert", std::string(to_string(alert.kind)));
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  return message + std::string(k_line_end) + base64_lines(body_text(alert));
}

}  // namespace trunkform::notify
