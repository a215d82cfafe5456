#include "providers/probe/sip/message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <memory>
#include <mutex>

#include <fmt/format.h>
#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>
#include <osipparser2/osip_port.h>

namespace trunkform::probe {
namespace {

struct FreeMessage {
  void operator()(osip_message_t* message) const { osip_message_free(message); }
};
using MessagePtr = std::unique_ptr<osip_message_t, FreeMessage>;

void say_nothing(const char*, int, osip_trace_level_t, const char*, va_list) {}

/// The library prints what it cannot parse; its words would land between ours.
void ensure_parser() {
  static std::once_flag once;
  std::call_once(once, [] {
    parser_init();
    osip_trace_initialize_func(TRACE_LEVEL0, &say_nothing);
    for (int level = TRACE_LEVEL0; level < END_TRACE_LEVEL; ++level)
      osip_trace_disable_level(static_cast<osip_trace_level_t>(level));
  });
}

MessagePtr new_message() {
  ensure_parser();
  osip_message_t* message = nullptr;
  if (osip_message_init(&message) != 0) throw std::bad_alloc();
  return MessagePtr(message);
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() < 256 &&
         std::all_of(
             host.begin(), host.end(),
             [](unsigned char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '-' || c == '_' || c == ':';
             });
}

std::string text_of(char* text) {
  std::string copy(text == nullptr ? "" : text);
  osip_free(text);
  return copy;
}

/// `[::1]:5` or `192.0.2.1:5` to its host.
std::string_view without_port(std::string_view address) { return address.substr(0, address.rfind(':')); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_length_name(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  });
  return lower == "content-length" || lower == "l";
}

}  // namespace

Result<std::string> options_message(const OptionsRequest& request) {
  if (!is_host(request.host)) return Error(ErrorCode::invalid_input, "the host of verify.tls.address is no host name");
  const auto host = request.host.find(':') == std::string::npos ? request.host : "[" + request.host + "]";
  const auto message = new_message();
  osip_uri_t* uri = nullptr;
  if (osip_uri_init(&uri) != 0) throw std::bad_alloc();
  osip_message_set_uri(message.get(), uri);  // owned by the message from here on
  const auto target = fmt::format("sips:{}:{}", host, request.port);
  if (osip_uri_parse(uri, target.c_str()) != 0) return Error(ErrorCode::invalid_input, host + " is no SIP host");
  osip_message_set_method(message.get(), osip_strdup("OPTIONS"));
  osip_message_set_version(message.get(), osip_strdup("SIP/2.0"));
  auto* sip = message.get();
  const auto via = fmt::format("SIP/2.0/TLS {};branch=z9hG4bK{};rport", request.local_address, request.branch);
  // No ports here: RFC 3261 §19.1.1, table 1.
  const auto from = fmt::format("<sips:trunkform@{}>;tag={}", without_port(request.local_address), request.tag);
  const auto to = fmt::format("<sips:{}>", host);
  const auto contact = fmt::format("<sips:trunkform@{}>", request.local_address);
  const bool set =
      osip_message_set_via(sip, via.c_str()) == 0 && osip_message_set_from(sip, from.c_str()) == 0 &&
      osip_message_set_to(sip, to.c_str()) == 0 && osip_message_set_call_id(sip, request.call_id.c_str()) == 0 &&
      osip_message_set_cseq(sip, "1 OPTIONS") == 0 && osip_message_set_contact(sip, contact.c_str()) == 0 &&
      osip_message_set_header(sip, "Max-Forwards", "70") == 0 &&
      osip_message_set_header(sip, "Accept", "application/sdp") == 0 &&
      osip_message_set_header(sip, "User-Agent", "trunkform") == 0 && osip_message_set_content_length(sip, "0") == 0;
  char* bytes = nullptr;
  std::size_t size = 0;
  if (!set || osip_message_to_str(sip, &bytes, &size) != 0)
    return Error(ErrorCode::invalid_input, "no OPTIONS request can be made for " + host);
  std::string text(bytes, size);
  osip_free(bytes);
  return text;
}

Result<SipAnswer> parse_answer(std::string_view text) {
  const auto message = new_message();
  if (osip_message_parse(message.get(), text.data(), text.size()) != 0)
    return Error(ErrorCode::protocol, "the answer is no SIP message");
  SipAnswer answer;
  if (!MSG_IS_RESPONSE(message.get())) return answer;
  answer.status = osip_message_get_status_code(message.get());
  const auto* sequence = osip_message_get_cseq(message.get());
  auto* id = osip_message_get_call_id(message.get());
  if (sequence == nullptr || sequence->method == nullptr || id == nullptr || answer.status < 100 || answer.status > 699)
    return Error(ErrorCode::protocol, "the answer lacks CSeq, Call-ID or a status");
  answer.method = sequence->method;
  char* id_text = nullptr;
  if (osip_call_id_to_str(id, &id_text) == 0) answer.call_id = text_of(id_text);
  return answer;
}

Result<std::optional<std::size_t>> message_length(std::string_view bytes, std::size_t limit) {
  std::size_t start = 0;
  while (bytes.substr(start, 2) == "\r\n") start += 2;
  const auto end = bytes.find("\r\n\r\n", start);
  if (end == std::string_view::npos) {
    if (bytes.size() > limit)
      return Error(ErrorCode::protocol, fmt::format("the SIP answer has more than {} bytes", limit));
    return std::optional<std::size_t>();
  }
  auto head = bytes.substr(start, end + 2 - start);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_length_name(trimmed(line.substr(0, colon)))) continue;
    const auto value = trimmed(line.substr(colon + 1));
    std::size_t length = 0;
    const auto [last, failure] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (value.empty() || failure != std::errc() || last != value.data() + value.size() || length > limit ||
        end + 4 + length > limit)
      return Error(ErrorCode::protocol, "the SIP answer has an impossible Content-Length");
    return std::optional(end + 4 + length);
  }
  return Error(ErrorCode::protocol, "the SIP answer has no Content-Length, so its end cannot be told");
}

}  // namespace trunkform::probe
