#include "providers/notify/command/notifier.hpp"

#include <fmt/format.h>

#include "providers/notify/text.hpp"
#include "schemas/codec/alert_codec.hpp"

namespace trunkform::notify {
namespace {

constexpr int k_try_later = 75;  // EX_TEMPFAIL of sysexits.h
constexpr std::size_t k_shown = 300;

class Command final : public Notifier {
 public:
  explicit Command(Surroundings around) : m_around(std::move(around)) {}

  Result<> send(const Context& context, const Alert& alert) override {
    auto request = m_around.program;
    request.input = encode_alert(alert) + "\n";
    const auto end = TRY(m_around.programs->run(context, request));
    if (end.exit_code == 0) return {};
    const auto how = end.exit_code < 0 ? fmt::format("was ended by signal {}", end.signal)
                                       : fmt::format("ended with exit code {}", end.exit_code);
    return Error(end.exit_code == k_try_later ? ErrorCode::unavailable : ErrorCode::rejected,
                 fmt::format("{} {}", request.path.string(), how), shortened(end.output, k_shown));
  }

 private:
  const Surroundings m_around;
};

}  // namespace

Result<std::unique_ptr<Notifier>> make_command(const CommandSettings&, Surroundings surroundings) {
  if (surroundings.programs == nullptr) return Error(ErrorCode::unsupported, "this program cannot run others");
  return std::make_unique<Command>(std::move(surroundings));
}

}  // namespace trunkform::notify
