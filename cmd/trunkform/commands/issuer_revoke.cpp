#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "cmd/engine/revocation.hpp"
#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/issuing_access.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

constexpr std::array k_reasons{RevocationReason::unspecified, RevocationReason::key_compromise,
                               RevocationReason::affiliation_changed, RevocationReason::superseded,
                               RevocationReason::cessation_of_operation};

std::vector<std::string> reason_words() {
  std::vector<std::string> words;
  words.reserve(k_reasons.size());
  for (const auto reason : k_reasons) words.emplace_back(to_string(reason));
  return words;
}

Result<RevocationReason> reason_of(const std::string& word) {
  for (const auto reason : k_reasons)
    if (to_string(reason) == word) return reason;
  auto error = usage_error(fmt::format("-reason={} is no reason of RFC 5280", views::escape_foreign(word)),
                           fmt::format("there are {}", fmt::join(reason_words(), ", ")));
  if (const auto near = nearest(word, reason_words()); !near.empty())
    error.hints.push_back(fmt::format("did you mean {}?", near));
  return error;
}

/// One certificate that the store has.
struct Stored {
  VersionId version;
  x509::Certificate leaf;
};

Result<Stored> stored_version(const Context& context, engine::Sources& sources, const Locator& source,
                              const std::optional<VersionId>& version) {
  auto* opened = TRY(sources.open(source));
  const auto described = TRY(opened->describe(context, version, std::nullopt));
  const auto given = TRY(x509::parse_certificates(described.certificates_pem));
  auto built = TRY(x509::build_chain(given, {}));
  return Stored{described.version, std::move(built.certificates.front())};
}

/// The trunks that have it: by the state, and by the service, which knows those of other states too.
std::vector<std::string> trunks_with(const std::optional<Snapshot>& state, const std::vector<LiveTrunk>& live,
                                     const Fingerprint& leaf) {
  std::vector<std::string> trunks;
  for (const auto& trunk : live)
    if (trunk.certificate.is_certificate() && trunk.certificate.chain->identity.leaf == leaf)
      trunks.push_back(fmt::format("trunk \"{}\"", views::escape_foreign(trunk.name)));
  if (!trunks.empty() || !state) return trunks;
  for (const auto& [address, record] : state->document.resources)
    if (record.chain != nullptr && record.chain->identity.leaf == leaf) trunks.push_back(to_string(address));
  return trunks;
}

/// `refused`: the leaf that is asked for, which is no choice any more.
Error still_bound(const Context& context, engine::Sources& sources, const IssueRequest& request,
                  const std::vector<std::string>& trunks, const Fingerprint& refused) {
  Error error(
      ErrorCode::conflict,
      fmt::format("this certificate is bound on {} trunk{}", trunks.size(), trunks.size() == 1 ? "" : "s"),
      fmt::format("peers that look at revocation refuse their calls from then on: {}", fmt::join(trunks, ", ")));
  error.hints.push_back(
      fmt::format("replace it first: trunkform apply -replace={} -replace=ADDR, with the address of each binding",
                  shell_word(request.address)));
  if (const auto versions = sources.versions(context, request.source))
    for (const auto& version : *versions)
      if (auto stored = stored_version(context, sources, request.source, version.id);
          stored && stored->leaf.facts->fingerprint != refused)
        error.hints.push_back(fmt::format("-version={}: {}, ends {}", version.id.value,
                                          to_short(stored->leaf.facts->fingerprint),
                                          to_date(stored->leaf.facts->not_after)));
  error.hints.emplace_back("or insist: -force");
  return error;
}

Result<ExitCode> revoke(Frame& frame) {
  auto& [world, arguments, session, reporter] = frame;
  const auto reason = TRY(reason_of(arguments.value("reason")));
  if (!TRY(load_configuration(session, reporter))) return ExitCode::error;
  const auto* request = TRY(configured_request(session, arguments.positionals().front()));
  auto* sources = TRY(session.sources());
  auto* places = TRY(session.issuing_places());
  auto* issuer = TRY(places->issuer(request->issuer));
  // Before anything is read, shown or asked that would come to nothing.
  TRY(issuer->revokes());
  TRY(issuer->allowed());
  const auto& wanted = arguments.value("version");
  const auto stored = TRY(stored_version(session.context(), *sources, request->source,
                                         wanted.empty() ? std::nullopt : std::optional(VersionId{wanted})));
  const auto& leaf = *stored.leaf.facts;
  const auto is_free = [&](const std::optional<Snapshot>& state) -> Result<> {
    if (arguments.on("force")) return {};
    auto* api = TRY(session.api());
    const auto bound = trunks_with(state, TRY(api->list(session.context(), {})), leaf.fingerprint);
    if (!bound.empty())
      return still_bound(session.context(), *sources, *request, bound, leaf.fingerprint).of(request->address);
    return {};
  };
  TRY(is_free(arguments.on("force") ? std::nullopt : TRY(session.read_state()).snapshot));
  world.streams.out << fmt::format(
      "{}\n  leaf    {}, serial {}\n  names   {}\n  ends    {}\n  issuer  {}\n  reason  {}\n", request->address,
      to_short(leaf.fingerprint), leaf.serial, views::names_text(leaf),
      views::expiry_text(leaf.not_after, world.clock.now()), issuer->place(), to_string(reason));
  if (!arguments.on("auto-approve") &&
      !TRY(ask_for_approval(world, reporter, "Do you want to have this certificate revoked? That cannot be undone."))) {
    reporter.message("Cancelled; nothing was revoked.");
    return ExitCode::error;
  }
  // Looked at again under the lock: an apply may have bound it while somebody was asked. Recorded, so that none does
  // later.
  TRY(change_state_in_steps(frame, "issuer revoke",
                            [&](const std::optional<Snapshot>& state, engine::RunLog& log) -> Result<> {
                              TRY(is_free(state));
                              return engine::have_revoked(session.context(), *issuer, log,
                                                          state ? state->document.revoked : std::set<Fingerprint>(),
                                                          {request->address, leaf, stored.leaf.der, reason});
                            }));
  world.streams.out << fmt::format(
      "\nRevoked; {} not bound again from here. Peers learn of it when they look at their issuer's lists or answers "
      "the "
      "next time.\n",
      reason == RevocationReason::key_compromise ? "it and its key are" : "it is");
  return ExitCode::done;
}

}  // namespace

Command issuer_revoke_command() {
  return {{"issuer", "revoke"},
          "have a certificate revoked that trunkform had issued",
          "After a compromise: replace it first, then revoke the one before, which the store still has "
          "(docs/issuing.md). What is bound on a trunk is revoked with -force alone.",
          flags::join({{{"reason", FlagKind::value, "why: " + fmt::format("{}", fmt::join(reason_words(), ", ")),
                         "WORD", "unspecified"},
                        {"version", FlagKind::value, "a version of the store, instead of the current one", "ID"},
                        {"force", FlagKind::toggle, "also what is bound on a trunk"},
                        {"auto-approve", FlagKind::toggle, "do not ask"},
                        flags::lock_timeout(),
                        flags::input(),
                        flags::no_color()},
                       flags::variables()}),
          {{"ADDR", "certificate.issued.NAME", 1, 1}},
          framed(revoke)};
}

}  // namespace trunkform::cli
