#include "providers/issuers/acme/tsig.hpp"

#include <cstdlib>
#include <optional>

#include "providers/issuers/acme/dns_message.hpp"
#include "schemas/codec/hmac.hpp"

namespace trunkform::issuers::acme {
namespace {

constexpr auto k_algorithm = "hmac-sha256";
constexpr unsigned k_tsig_type = 250, k_any_class = 255;
/// Seconds by which clocks may differ (§10).
constexpr unsigned k_fudge = 300;

void append_48(std::string& text, std::uint64_t value) {
  append_16(text, static_cast<unsigned>(value >> 32U));
  append_32(text, static_cast<std::uint32_t>(value));
}

std::uint64_t seconds_of(Instant instant) {
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
}

/// §4.2: what stands in the record's data.
struct Tsig {
  std::uint64_t time = 0;
  unsigned fudge = k_fudge;
  std::string mac;
  unsigned original_id = 0;
  unsigned error = 0;
  std::string other;
};

/// §4.3.3.
std::string mac_of(const TsigKey& key, const std::string& name, const std::string& algorithm, const std::string& before,
                   std::string_view message, const Tsig& tsig) {
  auto input = before;
  input += message;
  input += name;
  append_16(input, k_any_class);
  append_32(input, 0);
  input += algorithm;
  append_48(input, tsig.time);
  append_16(input, tsig.fudge);
  append_16(input, tsig.error);
  append_16(input, static_cast<unsigned>(tsig.other.size()));
  input += tsig.other;
  const auto digest = hmac_sha256(key.secret, input);
  return {digest.bytes.begin(), digest.bytes.end()};
}

void set_16(std::string& message, std::size_t at, unsigned value) {
  std::string octets;
  append_16(octets, value);
  message.replace(at, 2, octets);
}

/// The record that begins at `at`; none: it is cut.
std::optional<Tsig> read_tsig(std::string_view message, std::size_t at) {
  const auto data = past_name(message, at);
  const auto fixed = data ? past_name(message, *data + 10) : std::nullopt;
  if (!fixed || *fixed + 10 > message.size()) return std::nullopt;
  Tsig tsig;
  tsig.time = (static_cast<std::uint64_t>(read_16(message, *fixed)) << 32U) |
              (static_cast<std::uint64_t>(read_16(message, *fixed + 2)) << 16U) | read_16(message, *fixed + 4);
  tsig.fudge = read_16(message, *fixed + 6);
  const std::size_t mac_size = read_16(message, *fixed + 8);
  const auto after = *fixed + 10 + mac_size;
  if (after + 6 > message.size()) return std::nullopt;
  tsig.mac = std::string(message.substr(*fixed + 10, mac_size));
  tsig.original_id = read_16(message, after);
  tsig.error = read_16(message, after + 2);
  tsig.other = std::string(message.substr(after + 6, read_16(message, after + 4)));
  return tsig;
}

bool is_equal(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) difference |= static_cast<unsigned char>(left[i] ^ right[i]);
  return difference == 0;
}

}  // namespace

Result<SignedMessage> tsig_signed(const std::string& message, const TsigKey& key, Instant now) {
  const auto name = TRY(wire_name(key.name));
  const auto algorithm = TRY(wire_name(k_algorithm));
  Tsig tsig;
  tsig.time = seconds_of(now);
  tsig.mac = mac_of(key, name, algorithm, {}, message, tsig);
  std::string data = algorithm;
  append_48(data, tsig.time);
  append_16(data, tsig.fudge);
  append_16(data, static_cast<unsigned>(tsig.mac.size()));
  data += tsig.mac;
  append_16(data, read_16(message, 0));
  append_32(data, 0);  // no error, nothing more
  auto whole = message + name;
  append_16(whole, k_tsig_type);
  append_16(whole, k_any_class);
  append_32(whole, 0);
  append_16(whole, static_cast<unsigned>(data.size()));
  whole += data;
  set_16(whole, 10, read_16(message, 10) + 1);
  return SignedMessage{std::move(whole), std::move(tsig.mac)};
}

Result<> check_tsig(std::string_view answer, const std::string& question_mac, const TsigKey& key, Instant now) {
  const auto read = read_answer(answer);
  const auto tsig = read && read->signature != 0 ? read_tsig(answer, read->signature) : std::nullopt;
  if (!tsig)
    return Error(ErrorCode::untrusted, "the DNS server's answer is not signed",
                 read ? "it says " + words_of_code(read->code) : "it is no DNS message");
  if (tsig->error != 0)
    return Error(ErrorCode::denied, "the DNS server refuses the key '" + key.name + "'",
                 "it says " + words_of_code(static_cast<int>(tsig->error)))
        .hint("compare `key_name`, `key` and the algorithm with the server's, and the clocks of both machines");
  std::string message(answer.substr(0, read->signature));
  set_16(message, 0, tsig->original_id);
  set_16(message, 10, read_16(message, 10) - 1);
  std::string before;
  append_16(before, static_cast<unsigned>(question_mac.size()));
  before += question_mac;
  const auto expected = mac_of(key, TRY(wire_name(key.name)), TRY(wire_name(k_algorithm)), before, message, *tsig);
  const auto difference = static_cast<std::int64_t>(tsig->time) - static_cast<std::int64_t>(seconds_of(now));
  if (!is_equal(tsig->mac, expected) || std::abs(difference) > tsig->fudge)
    return Error(ErrorCode::untrusted, "the DNS server's answer is not signed by the key '" + key.name + "'");
  return {};
}

}  // namespace trunkform::issuers::acme
