#include "state/remote/shared_text.hpp"

namespace trunkform::state {
namespace {

constexpr int k_most_rounds = 30;
constexpr Duration k_longest_pause = std::chrono::milliseconds(400);

}  // namespace

Result<> change_shared(const Context& context, Engine& engine, Clock& clock, Random& random, Shared what,
                       const Edit& edit) {
  for (int attempt = 1;; ++attempt) {
    const auto found = TRY(engine.read_shared(context, what));
    const auto text = found ? std::optional(found->text) : std::nullopt;
    const auto wanted = TRY(edit(text));
    if (!wanted || wanted == text) return {};
    auto written = engine.write_shared(context, what, found ? std::optional(found->revision) : std::nullopt, *wanted);
    if (written) return {};
    const auto code = written.error().code;
    // After an answer that was lost the next look shows what became of it.
    const bool again = code == ErrorCode::conflict || code == ErrorCode::outcome_unknown;
    if (!again || attempt == k_most_rounds) return written;
    TRY(clock.sleep(context, Duration(static_cast<Duration::rep>(
                                 random.below(static_cast<std::uint64_t>(k_longest_pause.count()) + 1)))));
  }
}

Result<std::optional<std::string>> read_shared(const Context& context, Engine& engine, Shared what) {
  auto found = TRY(engine.read_shared(context, what));
  return found ? std::optional(std::move(found->text)) : std::nullopt;
}

}  // namespace trunkform::state
