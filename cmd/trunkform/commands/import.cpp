#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::cli {
namespace {

Result<const Binding*> binding_of(const language::Configuration& configuration, const Address& address) {
  if (const auto* found = find_binding(configuration.bindings, address)) return found;
  std::vector<Address> known;
  known.reserve(configuration.bindings.size());
  for (const auto& binding : configuration.bindings) known.push_back(binding.address);
  auto error = unknown_address(address, known, "is not in the configuration");
  error.detail = "a trunk is imported for a resource block that exists";
  return std::move(error).hint(known.empty() ? "write the resource block first"
                                             : "in the configuration " + addresses_hint(known));
}

Result<ResourceRecord> record_of(const Binding& binding, const LiveTrunk& trunk, Instant now) {
  if (!trunk.certificate.is_certificate())
    return Error(ErrorCode::not_found,
                 fmt::format("trunk {} has no certificate that could be imported", trunk.id.value),
                 trunk.certificate.kind == Sighting::Kind::unknown ? trunk.certificate.why : "nothing is bound to it")
        .hint("without a certificate there is nothing to import: trunkform apply binds one");
  ResourceRecord record;
  record.address = binding.address;
  record.trunk_id = trunk.id;
  record.trunk_name = trunk.name;
  record.chain = trunk.certificate.chain;
  record.locator = binding.locator;
  record.bound_at = now;
  record.prevent_destroy = binding.prevent_destroy;
  return record;
}

/// Which version of the binding's source the live certificate is, where it is one: without it there is no way back to
/// it. A source that cannot be asked is no reason not to import.
std::optional<VersionId> version_of_live(Frame& frame, const Binding& binding, const ChainFacts& live) {
  const auto context = frame.session.context();
  const auto sources = frame.session.sources();
  const auto source = sources ? (*sources)->open(binding.locator) : sources.error();
  if (!source) return std::nullopt;
  const auto versions = (*source)->versions(context);
  if (!versions) return std::nullopt;
  for (const auto& version : *versions) {
    if (version.status != VersionStatus::usable) continue;
    const auto described = (*source)->describe(context, version.id, std::nullopt);
    if (!described) continue;
    const auto certificates = (*sources)->certificates(described->certificates_pem);
    if (!certificates) continue;
    const auto is_live = [&](const auto& one) { return one.facts->fingerprint == live.leaf().fingerprint; };
    if (std::any_of(certificates->begin(), certificates->end(), is_live)) return version.id;
  }
  return std::nullopt;
}

Result<LiveTrunk> trunk_of(TrunkApi& api, const Context& context, const TrunkId& id) {
  auto trunk = api.get(context, id);
  if (trunk || trunk.error().code != ErrorCode::not_found) return trunk;
  auto error = Error(ErrorCode::not_found, fmt::format("there is no trunk with the id {}", id.value))
                   .hint("trunkform inventory lists the trunks that the credentials see, with their ids");
  error.causes.push_back(std::move(trunk.error()));
  return error;
}

/// The next plan would forget what was imported and bind the configured one.
void warn_of_other_trunk(Frame& frame, const Binding& binding, const LiveTrunk& trunk) {
  const auto* name = std::get_if<TrunkByName>(&binding.trunk);
  const auto* id = std::get_if<TrunkById>(&binding.trunk);
  if ((name != nullptr && name->name == trunk.name) || (id != nullptr && id->id == trunk.id)) return;
  frame.reporter.warn(Error(ErrorCode::conflict, "this is another trunk than the configuration names",
                            fmt::format("imported is \"{}\" ({}), configured is {}", trunk.name, trunk.id.value,
                                        to_string(binding.trunk)))
                          .of(to_string(binding.address))
                          .at(binding.source)
                          .hint("correct `trunk` in the configuration, or forget it again: trunkform forget " +
                                shell_quoted(binding.address)));
}

/// Whether the next plans keep what was imported is the source's to say.
void tell_what_is_offered(Frame& frame, const Binding& binding, const ChainFacts& imported) {
  const auto sources = frame.session.sources();
  const auto offer = sources ? (*sources)->offer_for(frame.session.context(), binding) : nullptr;
  if (offer == nullptr || offer->chain == nullptr) return;
  auto& out = frame.world.streams.out;
  const auto& offered = offer->chain->identity.leaf;
  if (offered == imported.identity.leaf) {
    out << fmt::format("{} offers the same certificate: it stays.\n", binding.certificate);
    return;
  }
  out << fmt::format(
      "{} offers another one, {}: `trunkform plan` says when that takes its place.\n"
      "To keep {}, put its chain and its key into a certificate block, and name that one in `certificate`.\n",
      binding.certificate, to_short(offered), to_short(imported.identity.leaf));
}

Result<ExitCode> import_trunk(Frame& frame) {
  const auto address = TRY(parse_address(frame.arguments.positionals()[0]));
  const TrunkId id{frame.arguments.positionals()[1]};
  if (!TRY(load_configuration(frame.session, frame.reporter))) return ExitCode::error;
  const auto* binding = TRY(binding_of(frame.session.configuration(), address));
  auto* api = TRY(frame.session.api());
  const auto organisation = TRY(api->organisation(frame.session.context()));
  // For its errors, which need no lock; what is recorded is read under it.
  auto trunk = TRY(trunk_of(*api, frame.session.context(), id));
  if (auto refused = refuse_owned(frame, organisation, std::array{id}); !refused)
    return std::move(refused.error()).of(to_string(address));
  auto record = TRY(record_of(*binding, trunk, frame.world.clock.now()));
  TRY(change_state(
      frame, "import",
      [&](const std::optional<Snapshot>& state, const Fence& fence) -> Result<std::vector<EventBody>> {
        if (state && state->document.organisation &&
            !diff::is_organisation_of(*state->document.organisation, organisation))
          return diff::explain_wrong_organisation(address, *state->document.organisation, organisation);
        if (state && state->document.resources.contains(address))
          return Error(ErrorCode::conflict, fmt::format("{} is in the state already", to_string(address)))
              .hint(fmt::format("forget it first: trunkform forget {}", shell_quoted(address)));
        if (state)
          if (const auto owner = state::owner_of(state->document, id)) return state::owned_elsewhere(record, *owner);
        if (auto claimed = claim_trunks(frame, fence, organisation, std::array{id}); !claimed)
          return std::move(claimed.error()).of(to_string(address));
        trunk = TRY(trunk_of(*api, frame.session.context(), id));
        record = TRY(record_of(*binding, trunk, frame.world.clock.now()));
        record.version = version_of_live(frame, *binding, *record.chain);
        return std::vector<EventBody>{Adopted{record, true}};
      },
      [&]() -> Result<std::optional<Organisation>> { return organisation; }));
  frame.world.streams.out << fmt::format("Imported {}: trunk {} with {}.\n", to_string(address),
                                         views::escape_foreign(trunk.name), to_short(record.chain->identity.leaf));
  tell_what_is_offered(frame, *binding, *record.chain);
  warn_of_other_trunk(frame, *binding, trunk);
  return ExitCode::done;
}

}  // namespace

Command import_command() {
  return {{"import"},
          "take a trunk with the certificate that it has into the state",
          "Records the trunk's id and the live certificate. The trunk is not touched; what the configuration wants "
          "instead is the next plan's.",
          flags::join({{flags::no_color(), flags::lock_timeout()}, flags::variables()}),
          {{"ADDR TRUNK_ID", "the address in the configuration, and the trunk's id (trunkform inventory lists ids)", 2,
            2, 1}},
          framed(import_trunk)};
}

}  // namespace trunkform::cli
