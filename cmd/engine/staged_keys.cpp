#include "cmd/engine/staged_keys.hpp"

#include <fmt/format.h>

namespace trunkform::engine {

std::optional<Error> remove_staged_key(const Context& context, IssuingPlaces& places, const Locator& locator,
                                       const std::string& request, const std::string& address) {
  auto store = places.store_to_clear(context, locator);
  auto gone = store ? (*store)->unstage(context, request) : Result<>(store.error());
  if (gone) return std::nullopt;
  return Error(ErrorCode::unavailable, "the key that was staged for a request could not be removed",
               fmt::format("it may still lie in {}, and nothing uses it", to_string(locator)))
      .of(address)
      .hint("remove what lies there as `pending`, by hand, when the store can be reached")
      .because(std::move(gone.error()));
}

}  // namespace trunkform::engine
