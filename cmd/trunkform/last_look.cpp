#include "cmd/trunkform/last_look.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/reason_text.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"

namespace trunkform::cli {
namespace {

/// Somebody waits at the terminal for something that the answer does not change.
constexpr std::chrono::seconds k_patience{10};
/// Beyond, pages of all trunks are fewer requests.
constexpr std::size_t k_single_reads = 8;

Result<> ask(Frame& frame, std::span<const TrunkId> trunks, const std::optional<Organisation>& pinned, LastLook& look) {
  const auto* loaded = TRY(frame.session.load());
  if (!loaded->configuration) return Error(ErrorCode::invalid_input, "the configuration has errors");
  auto* api = TRY(frame.session.api());
  auto context = frame.session.context();
  context.deadline = frame.world.clock.now() + k_patience;
  const auto organisation = TRY(api->organisation(context));
  if (pinned && !diff::is_organisation_of(*pinned, organisation) && organisation.by_api)
    return Error(ErrorCode::conflict, fmt::format("the credentials are of organisation \"{}\"", organisation.name));
  if (pinned && !diff::is_organisation_of(*pinned, organisation))
    return diff::explain_wrong_organisation(*pinned, organisation);
  if (trunks.size() > k_single_reads) {
    for (const auto& id : trunks) look.trunks.emplace(id, std::nullopt);
    for (auto& trunk : TRY(api->list(context, {})))
      if (const auto wanted = look.trunks.find(trunk.id); wanted != look.trunks.end()) wanted->second = trunk;
    return {};
  }
  for (const auto& id : trunks) {
    auto trunk = api->get(context, id);
    if (!trunk && trunk.error().code != ErrorCode::not_found) return std::move(trunk.error());
    look.trunks.insert_or_assign(id, trunk ? std::optional(std::move(*trunk)) : std::nullopt);
  }
  return {};
}

std::string certificate_text(const ChainFacts& chain, Instant now) {
  return fmt::format("{}, which ends {}", to_short(chain.identity.leaf),
                     views::expiry_text(chain.least_not_after(), now));
}

}  // namespace

LastLook last_look(Frame& frame, std::span<const TrunkId> trunks, const std::optional<Organisation>& pinned) {
  LastLook look;
  if (trunks.empty()) return look;
  if (const auto asked = ask(frame, trunks, pinned, look); !asked) {
    look.trunks.clear();
    look.not_asked = asked.error().summary;
  }
  return look;
}

std::string left_behind(const ResourceRecord& record, const LastLook& look, Instant now) {
  const auto trunk = fmt::format("trunk {}", views::escape_foreign(record.trunk_name));
  const auto found = look.trunks.find(record.trunk_id);
  if (found == look.trunks.end())
    return fmt::format("{} keeps its certificate; as the state has it, {} (the service was not asked{}{})", trunk,
                       certificate_text(*record.chain, now), look.not_asked.empty() ? "" : ": ",
                       views::escape_foreign(look.not_asked));
  if (!found->second)
    return fmt::format("{} ({}) is gone from the service: no certificate is left there", trunk,
                       views::escape_foreign(record.trunk_id.value));
  const auto& live = found->second->certificate;
  if (live.kind == Sighting::Kind::none) return fmt::format("{} has no certificate on the service", trunk);
  if (!live.is_certificate())
    return fmt::format("{} keeps its certificate; as the state has it, {} (the service does not show it)", trunk,
                       certificate_text(*record.chain, now));
  if (!record.is_live_as(live.chain->identity))
    return fmt::format("{} keeps what somebody else bound to it, {}; the state had recorded {}", trunk,
                       certificate_text(*live.chain, now), to_short(record.chain->identity.leaf));
  return fmt::format("{} keeps its certificate {}", trunk, certificate_text(*live.chain, now));
}

}  // namespace trunkform::cli
