#include "cmd/trunkform/issuing_access.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/trusted_program.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "providers/issuers/acme/listeners.hpp"
#include "providers/issuers/registry.hpp"
#include "providers/stores/registry.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::cli {
namespace {

/// What is judged is what is written: no link on the way leads elsewhere afterwards.
Locator without_links(Locator store, const Path& base) {
  const auto path = store.arguments.find("path");
  if (store.type == "files" && path != store.arguments.end())
    path->second = engine::without_links(base / path->second).string();
  return store;
}

issuers::Permissions permissions(World& world, Session& session, const engine::Trust& trust) {
  issuers::Permissions may;
  may.secret = [&session](const std::string& reference) { return session.secret(reference); };
  may.readable = [&session](const std::string& reference) { return session.check_secret(reference); };
  may.host = [&trust](const std::string& url, const std::string& kind) { return trust.allow_host(url, kind); };
  may.program = [&world, &trust](const std::vector<std::string>& command,
                                 const std::vector<std::string>& line) -> Result<ProgramRequest> {
    // Before anything is ordered: the runner would refuse it only then.
    TRY(is_as_trusted(world, *TRY(trust.allow_program(command, line))));
    return trusted_program(world, trust, command, line);
  };
  may.write = [&trust](const std::string& kind, const Path& path) {
    return trust.allow_write(kind, engine::without_links(path));
  };
  return may;
}

}  // namespace

Result<std::unique_ptr<engine::IssuingPlaces>> open_issuing(World& world, Session& session) {
  const auto* trust = TRY(session.trust());
  engine::IssuingPlaces::Makers makers;
  makers.issuer = [&world, &session, trust,
                   listeners = std::make_shared<issuers::acme::Listeners>()](const Locator& locator) {
    return issuers::make_issuer(locator, {world.files, world.http, world.clock, world.random, world.environment,
                                          world.outlets.programs, world.folder, permissions(world, session, *trust),
                                          [&session] { return session.vault(); }, listeners});
  };
  makers.store = [&world, services = session.store_services()](const Locator& locator) {
    return stores::make_store(without_links(locator, world.folder), {world.files, world.clock, world.folder, services});
  };
  makers.may_write = [trust](const std::string& kind, const std::string& place) {
    return trust->allow_write(kind, place);
  };
  makers.exposures = [&session](const std::string& reference) { return session.exposures(reference); };
  return std::make_unique<engine::IssuingPlaces>(std::move(makers));
}

Result<const IssueRequest*> configured_request(const Session& session, const std::string& address) {
  std::vector<std::string> known;
  known.reserve(session.configuration().issued.size());
  for (const auto& request : session.configuration().issued) {
    if (request.address == address) return &request;
    known.push_back(request.address);
  }
  Error error(
      ErrorCode::not_found, fmt::format("{} is not in the configuration", views::escape_foreign(address)),
      known.empty() ? "no certificate.issued is declared" : fmt::format("there are {}", fmt::join(known, ", ")));
  const auto near = nearest(address, known);
  return std::move(error).hint(near.empty() ? "its block names the issuer that is asked: put it back"
                                            : fmt::format("did you mean {}?", near));
}

}  // namespace trunkform::cli
