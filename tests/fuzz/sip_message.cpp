// What a SIP peer sends: its answers, its requests within a call, and where one message ends.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "providers/probe/sip/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t k_limit = 1 << 16;
  const auto length = trunkform::probe::message_length(text, k_limit);
  if (length && *length && **length > k_limit + size) std::abort();
  (void)trunkform::probe::parse_answer(text);
  (void)trunkform::probe::reply_to(text, "call-id");
  (void)trunkform::probe::without_port(text);
  return 0;
}
