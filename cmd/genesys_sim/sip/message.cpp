#include "cmd/genesys_sim/sip/message.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <strings.h>

namespace trunkform::sim {
namespace sip_message_detail {

constexpr std::size_t k_largest = 64 << 10;

struct Field {
  std::string_view name, value;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is(std::string_view name, std::string_view full, std::string_view compact) {
  const auto same = [name](std::string_view other) {
    return !other.empty() && name.size() == other.size() && strncasecmp(name.data(), other.data(), name.size()) == 0;
  };
  return same(full) || same(compact);
}

/// The header fields of a head that ends before its empty line.
std::vector<Field> fields(std::string_view head) {
  std::vector<Field> found;
  auto line_end = head.find("\r\n");
  while (line_end != std::string_view::npos) {
    head.remove_prefix(line_end + 2);
    line_end = head.find("\r\n");
    const auto line = head.substr(0, line_end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      found.push_back({trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))});
  }
  return found;
}

}  // namespace sip_message_detail

using namespace sip_message_detail;

std::optional<std::string> SipFramer::next() {
  while (m_buffer.starts_with("\r\n")) m_buffer.erase(0, 2);  // keep-alives (RFC 3261 §7.5)
  if (m_broken) return std::nullopt;
  const auto end = m_buffer.find("\r\n\r\n");
  if (end == std::string::npos) {
    m_broken = m_buffer.size() > k_largest;
    return std::nullopt;
  }
  std::size_t length = 0;
  bool announced = false;
  for (const auto& field : fields(std::string_view(m_buffer).substr(0, end))) {
    if (!is(field.name, "Content-Length", "l")) continue;
    const auto [last, problem] = std::from_chars(field.value.data(), field.value.data() + field.value.size(), length);
    announced = problem == std::errc() && last == field.value.data() + field.value.size();
  }
  m_broken = !announced || length > k_largest;
  if (m_broken || m_buffer.size() < end + 4 + length) return std::nullopt;
  auto message = m_buffer.substr(0, end + 4 + length);
  m_buffer.erase(0, end + 4 + length);
  return message;
}

std::string answer_sip(std::string_view message, std::string_view tag) {
  const auto method = message.substr(0, message.find(' '));
  if (method == "ACK" || method.starts_with("SIP/")) return {};
  const auto head = message.substr(0, message.find("\r\n\r\n"));
  std::string copied;
  int needed = 0;
  for (const auto& [name, value] : fields(head)) {
    const bool via = is(name, "Via", "v"), to = is(name, "To", "t");
    if (!via && !to && !is(name, "From", "f") && !is(name, "Call-ID", "i") && !is(name, "CSeq", {})) continue;
    if (!via) ++needed;
    copied += fmt::format("{}: {}", name, value);
    if (to && value.find(";tag=") == std::string_view::npos) copied += fmt::format(";tag={}", tag);
    copied += "\r\n";
  }
  const char* status = needed < 4 ? "400 Bad Request" : method == "OPTIONS" ? "200 OK" : "405 Method Not Allowed";
  return fmt::format("SIP/2.0 {}\r\n{}Allow: OPTIONS\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n", status,
                     copied);
}

}  // namespace trunkform::sim
