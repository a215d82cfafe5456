#include "cmd/engine/issuing_checkup.hpp"

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

void examine_store(const Context& context, IssuingPlaces& places, const IssueRequest& request, Checkup& checkup) {
  auto store = places.store(context, request.store);
  if (!store) return checkup.bad(std::move(store.error()));
  if (auto place = (*store)->place(context)) checkup.place = std::move(*place);
  auto current = (*store)->current(context);
  if (!current) return checkup.bad(std::move(current.error()));
  checkup.good(*current ? fmt::format("the store can be asked, and has version {}", (*current)->version.value)
                        : "the store can be asked, and has nothing yet");
  if ((*store)->guarantee() == WriteGuarantee::last_writer)
    checkup.warn(Error(ErrorCode::conflict, "the store cannot compare and swap",
                       "of two runs under two states the last one to write wins, and both are issued a certificate")
                     .hint("issue this certificate under one state only"));
  checkup.unknown("whether keys may be written there shows with the first: docs/permissions.md names what that takes");
}

void examine_issuer(const Context& context, IssuingPlaces& places, Sources& sources, const IssueRequest& request,
                    Checkup& checkup) {
  auto issuer = places.issuer(request.issuer);
  if (!issuer) return checkup.bad(std::move(issuer.error()));
  if (auto allowed = (*issuer)->allowed(); !allowed) return checkup.bad(std::move(allowed.error()));
  checkup.good(fmt::format("{} may be asked: {}", request.issuer_address, (*issuer)->place()));
  const auto stored = sources.stored(context, request.source);
  if (!stored) return;
  checkup.good(fmt::format("what the store has ends {}", to_rfc3339(stored->chain->least_not_after())));
  if (const auto window = (*issuer)->renewal_info(context, stored->certificates.front().der); window && *window)
    checkup.good(fmt::format("the issuer asks for its renewal between {} and {}", to_rfc3339((*window)->start),
                             to_rfc3339((*window)->end)));
}

}  // namespace

Checkup examine_issuing(const Context& context, IssuingPlaces& places, Sources& sources, const IssueRequest& request) {
  Checkup checkup;
  examine_store(context, places, request, checkup);
  examine_issuer(context, places, sources, request, checkup);
  return checkup;
}

}  // namespace trunkform::engine
