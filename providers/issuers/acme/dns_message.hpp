#pragma once
// The few DNS messages that change a record (RFC 1035 §4, RFC 2136). Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::issuers::acme {

/// Octets in network order.
void append_16(std::string& message, unsigned value);
void append_32(std::string& message, std::uint32_t value);
/// Not compressed, in lower case, as signatures want it (RFC 8945 §4.3.3). Error: invalid_input: no such name.
Result<std::string> wire_name(std::string_view name);

enum class DnsChange { add, remove };

/// One TXT record of `zone` that is added, or that very one taken away (RFC 2136 §2.5.1, §2.5.4). Not signed.
struct DnsUpdateQuestion {
  unsigned id = 0;
  std::string zone;
  std::string record;
  std::string value;
  DnsChange change = DnsChange::add;
};
Result<std::string> update_message(const DnsUpdateQuestion& question);
/// Who is asked has the zone `name` itself?
Result<std::string> zone_question(unsigned id, const std::string& name);

struct DnsAnswer {
  unsigned id = 0;
  bool is_answer = false;
  int code = 0;                         ///< RCODE (RFC 1035 §4.1.1, RFC 2136 §2.2)
  std::vector<std::string> soa_owners;  ///< as `wire_name`: whose SOA stands in the answer section
  std::size_t signature = 0;            ///< where its last record begins; 0: it is no TSIG
};
/// None: it is no whole DNS message.
std::optional<DnsAnswer> read_answer(std::string_view message);

/// From `at`, past a name; none where it does not end within the message.
std::optional<std::size_t> past_name(std::string_view message, std::size_t at);
/// The name at `at` as `wire_name` has it. None: it does not end, is too long, or refers to anything but what stands
/// before it (RFC 1035 §4.1.4: "a prior occurrence").
std::optional<std::string> name_at(std::string_view message, std::size_t at);
unsigned read_16(std::string_view message, std::size_t at);

/// `REFUSED`, or the number.
std::string words_of_code(int code);

}  // namespace trunkform::issuers::acme
