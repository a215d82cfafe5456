#include "providers/notify/registry.hpp"

#include "providers/notify/command/notifier.hpp"
#include "providers/notify/email/notifier.hpp"
#include "providers/notify/webhook/notifier.hpp"

namespace trunkform::notify {
namespace {

using Made = Result<std::unique_ptr<Notifier>>;

// One line a notifier.
struct Registrations {
  Surroundings& around;
  Made operator()(const WebhookSettings& settings) const { return make_webhook(settings, std::move(around)); }
  Made operator()(const EmailSettings& settings) const { return make_email(settings, std::move(around)); }
  Made operator()(const CommandSettings& settings) const { return make_command(settings, std::move(around)); }
};

}  // namespace

Made make_notifier(const NotifyBlock& block, Surroundings surroundings) {
  auto made = std::visit(Registrations{surroundings}, block.settings);
  if (!made && !made.error().source) made.error().source = block.source;
  if (!made && made.error().address.empty()) made.error().address = block.address;
  return made;
}

}  // namespace trunkform::notify
