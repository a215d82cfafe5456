// What a service answers, in its body and in the headers that say how long to wait. No wait is shorter than nothing.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "providers/cloud/retry_after.hpp"
#include "providers/genesys/service_error.hpp"
#include "providers/genesys/trunk_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trunkform;
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  x509::FactsCache facts;
  genesys::TrunkReader reader(facts);
  auto body = text;
  if (data[0] % 3 == 0) (void)reader.page(body);
  if (data[0] % 3 == 1) (void)reader.trunk(body);
  if (data[0] % 3 == 2) {
    const auto wait = cloud::parse_retry_after(text, Instant(std::chrono::hours(24 * 365 * 56)));
    if (wait && *wait < Duration::zero()) std::abort();
    HttpResponse answer;
    answer.status = 429;
    answer.body = text;
    (void)genesys::read_message(answer);
  }
  return 0;
}
