#include "cmd/engine/way_back.hpp"

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"
#include "state/document/history.hpp"

namespace trunkform::engine {

Result<WayBack> find_way_back(const Context& context, KeyRing& keys, const Binding& binding,
                              const ResourceRecord& record, Instant now) {
  auto left = record;
  auto none = Error(ErrorCode::not_found, "no_way_back: no earlier certificate that is still valid is recorded")
                  .of(to_string(binding.address))
                  .hint(fmt::format("see what it had: trunkform history {}", shell_quoted(binding.address)))
                  .hint("offer another certificate in the source, then run: trunkform apply");
  while (const auto* entry = state::way_back(left, now)) {
    auto pair = keys.pair_for_rollback(context, binding, *entry);
    if (pair) return WayBack{*entry, std::move(*pair)};
    none = std::move(pair.error());
    left.history.erase(left.history.begin(), left.history.begin() + (entry - left.history.data()) + 1);
  }
  return none;
}

}  // namespace trunkform::engine
