// The files that trunkform keeps, as somebody else may have written them. What is read is written, and read again, as
// the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schemas/codec/alert_codec.hpp"
#include "schemas/codec/claims_codec.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "schemas/codec/pacing_codec.hpp"
#include "schemas/codec/plan_codec.hpp"
#include "schemas/codec/state_codec.hpp"

namespace {

using namespace trunkform;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      if (const auto state = decode_state(bytes)) {
        const auto written = encode_state(*state);
        const auto again = decode_state(written);
        require(again && encode_state(*again) == written);
      }
      break;
    case 1:
      if (const auto event = decode_event(bytes)) {
        const auto written = encode_event(*event);
        const auto again = decode_event(written);
        require(again && encode_event(*again) == written);
      }
      break;
    case 2:
      (void)decode_plan(bytes);
      break;
    case 3:
      if (const auto claims = decode_claims(bytes)) require(decode_claims(encode_claims(*claims)).value() == *claims);
      break;
    case 4:
      if (const auto book = decode_pacing(bytes))
        require(encode_pacing(decode_pacing(encode_pacing(*book)).value()) == encode_pacing(*book));
      break;
    case 5:
      (void)decode_lock_info(bytes);
      break;
    default:
      (void)decode_open_alerts(bytes);
  }
  return 0;
}
