#include "providers/probe/sip/message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <memory>
#include <mutex>
#include <string>

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

/// Takes what the library allocated.
std::string text_of(char* text) {
  std::string copy(text == nullptr ? "" : text);
  osip_free(text);
  return copy;
}

/// What the library gives away only as text that the caller frees.
template <class Header>
std::string written(int (*to_text)(const Header*, char**), const Header* header) {
  char* text = nullptr;
  return header != nullptr && to_text(header, &text) == 0 ? text_of(text) : std::string();
}

std::string copied(const char* text) { return text == nullptr ? "" : text; }

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

std::string written(osip_message_t* message) {
  char* bytes = nullptr;
  std::size_t size = 0;
  if (osip_message_to_str(message, &bytes, &size) != 0) return {};
  std::string text(bytes, size);
  osip_free(bytes);
  return text;
}

/// Whether every header of `request` is one.
bool fill(osip_message_t* sip, const SipRequest& request) {
  const auto via = fmt::format("SIP/2.0/TLS {};branch=z9hG4bK{};rport", request.local_address, request.branch);
  const auto sequence = fmt::format("{} {}", request.sequence, request.method);
  bool good = osip_message_set_via(sip, via.c_str()) == 0 && osip_message_set_from(sip, request.from.c_str()) == 0 &&
              osip_message_set_to(sip, request.to.c_str()) == 0 &&
              osip_message_set_call_id(sip, request.call_id.c_str()) == 0 &&
              osip_message_set_cseq(sip, sequence.c_str()) == 0 &&
              osip_message_set_header(sip, "Max-Forwards", "70") == 0 &&
              osip_message_set_header(sip, "User-Agent", "trunkform") == 0;
  for (const auto& route : request.routes) good = good && osip_message_set_route(sip, route.c_str()) == 0;
  if (!request.contact.empty()) good = good && osip_message_set_contact(sip, request.contact.c_str()) == 0;
  if (request.method == "OPTIONS" || request.method == "INVITE")
    good = good && osip_message_set_header(sip, "Accept", "application/sdp") == 0;
  if (request.method == "INVITE")
    good = good && osip_message_set_header(sip, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS") == 0;
  if (request.sdp.empty()) return good && osip_message_set_content_length(sip, "0") == 0;
  // The library counts the body when it writes the message.
  return good && osip_message_set_content_type(sip, "application/sdp") == 0 &&
         osip_message_set_body(sip, request.sdp.data(), request.sdp.size()) == 0;
}

/// Text that would end its header and begin another never reaches the library.
bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7f; });
}

void read_route(osip_message_t* message, SipAnswer& answer) {
  osip_record_route_t* route = nullptr;
  for (int at = 0; osip_message_get_record_route(message, at, &route) >= 0 && route != nullptr; ++at) {
    answer.record_routes.push_back(written(&osip_record_route_to_str, route));
    route = nullptr;
  }
  osip_contact_t* contact = nullptr;
  if (osip_message_get_contact(message, 0, &contact) >= 0 && contact != nullptr && contact->url != nullptr)
    answer.contact = written(&osip_uri_to_str, contact->url);
}

void read_transaction(osip_message_t* message, SipAnswer& answer) {
  osip_via_t* via = nullptr;
  osip_generic_param_t* parameter = nullptr;
  std::string branch = "branch";  // libosip2 asks for a char* that it does not write to
  if (osip_message_get_via(message, 0, &via) >= 0 && via != nullptr &&
      osip_via_param_get_byname(via, branch.data(), &parameter) == 0 && parameter != nullptr)
    answer.branch = copied(parameter->gvalue);
  auto* to = osip_message_get_to(message);
  if (to == nullptr) return;
  answer.to = written(&osip_to_to_str, to);
  parameter = nullptr;
  if (osip_to_get_tag(to, &parameter) == 0 && parameter != nullptr) answer.to_tag = copied(parameter->gvalue);
}

int status_for(const osip_message_t* request, const std::string& call_id) {
  const std::string method = copied(request->sip_method);
  if (method == "OPTIONS") return 200;
  if (method != "BYE") return 405;
  return written(&osip_call_id_to_str, osip_message_get_call_id(request)) == call_id ? 200 : 481;
}

}  // namespace

std::string_view without_port(std::string_view address) { return address.substr(0, address.rfind(':')); }

Result<std::string> request_message(const SipRequest& request) {
  const auto refuse = [&] {
    return Error(ErrorCode::invalid_input,
                 fmt::format("no {} request can be made for {}", request.method, request.uri));
  };
  std::vector<std::string_view> lines{request.uri, request.from, request.to, request.contact, request.call_id};
  lines.insert(lines.end(), request.routes.begin(), request.routes.end());
  if (!std::all_of(lines.begin(), lines.end(), is_one_line)) return refuse();
  const auto message = new_message();
  osip_uri_t* uri = nullptr;
  if (osip_uri_init(&uri) != 0) throw std::bad_alloc();
  osip_message_set_uri(message.get(), uri);  // owned by the message from here on
  if (osip_uri_parse(uri, request.uri.c_str()) != 0) return refuse();
  osip_message_set_method(message.get(), osip_strdup(request.method.c_str()));
  osip_message_set_version(message.get(), osip_strdup("SIP/2.0"));
  auto text = fill(message.get(), request) ? written(message.get()) : std::string();
  if (text.empty()) return refuse();
  return text;
}

Result<std::string> options_message(const OptionsRequest& request) {
  if (!is_host(request.host)) return Error(ErrorCode::invalid_input, "the host of verify.tls.address is no host name");
  const auto host = request.host.find(':') == std::string::npos ? request.host : "[" + request.host + "]";
  SipRequest options;
  options.method = "OPTIONS";
  options.uri = request.port == 0 ? "sips:" + host : fmt::format("sips:{}:{}", host, request.port);
  options.local_address = request.local_address;
  options.branch = request.branch;
  // No ports here: RFC 3261 §19.1.1, table 1.
  options.from = fmt::format("<sips:trunkform@{}>;tag={}", without_port(request.local_address), request.tag);
  options.to = fmt::format("<sips:{}>", host);
  options.call_id = request.call_id;
  options.contact = fmt::format("<sips:trunkform@{}>", request.local_address);
  return request_message(options);
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
  const std::string_view number = sequence->number == nullptr ? "" : sequence->number;
  std::from_chars(number.data(), number.data() + number.size(), answer.sequence);
  answer.reason = copied(osip_message_get_reason_phrase(message.get()));
  answer.call_id = written(&osip_call_id_to_str, id);
  read_transaction(message.get(), answer);
  read_route(message.get(), answer);
  return answer;
}

std::optional<std::string> reply_to(std::string_view text, const std::string& call_id) {
  const auto request = new_message();
  if (osip_message_parse(request.get(), text.data(), text.size()) != 0 || MSG_IS_RESPONSE(request.get()) ||
      copied(request->sip_method) == "ACK")
    return std::nullopt;
  const auto answer = new_message();
  auto* sip = answer.get();
  const int status = status_for(request.get(), call_id);
  osip_message_set_version(sip, osip_strdup("SIP/2.0"));
  osip_message_set_status_code(sip, status);
  osip_message_set_reason_phrase(sip, osip_strdup(osip_message_get_reason(status)));
  bool good = osip_from_clone(osip_message_get_from(request.get()), &sip->from) == 0 &&
              osip_to_clone(osip_message_get_to(request.get()), &sip->to) == 0 &&
              osip_call_id_clone(osip_message_get_call_id(request.get()), &sip->call_id) == 0 &&
              osip_cseq_clone(osip_message_get_cseq(request.get()), &sip->cseq) == 0;
  osip_via_t* via = nullptr;
  for (int at = 0; osip_message_get_via(request.get(), at, &via) >= 0 && via != nullptr; ++at) {
    good = good && osip_message_append_via(sip, written(&osip_via_to_str, via).c_str()) == 0;
    via = nullptr;
  }
  good = good && osip_message_set_header(sip, "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS") == 0 &&
         osip_message_set_content_length(sip, "0") == 0;
  auto bytes = good ? written(sip) : std::string();
  if (bytes.empty()) return std::nullopt;
  return bytes;
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
