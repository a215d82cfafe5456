#include "cmd/engine/issuing_checkup.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "cmd/engine/key_warnings.hpp"
#include "cmd/engine/pair_checkup.hpp"
#include "planner/issuing/told.hpp"

namespace trunkform::engine {
namespace {

void examine_place(const Context& context, IssuingPlaces& places, const IssueRequest& request, Checkup& checkup) {
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
  auto told = (*store)->examine(context);
  std::move(told.lines.begin(), told.lines.end(), std::back_inserter(checkup.lines));
}

void examine_store(const Context& context, IssuingPlaces& places, const IssueRequest& request, Checkup& checkup) {
  examine_place(context, places, request, checkup);
  tell_exposures(checkup, places.exposures_of_store(request.store));
}

/// What holds of any order the issuer's own checkup tells.
void examine_order(const Context& context, Issuer& issuer, const IssueRequest& request, Checkup& checkup) {
  const auto of_any = issuer.foretell(context, {});
  if (!of_any) return;
  const auto foretold = issuer.foretell(context, {request.names, request.lifetime});
  if (!foretold) return checkup.bad(issuing::from_issuer(request, foretold.error()));
  for (const auto& remark : *foretold)
    if (std::find(of_any->begin(), of_any->end(), remark) == of_any->end())
      checkup.warn(Error(ErrorCode::rejected, remark));
}

void examine_renewal(const Context& context, Issuer* issuer, Sources& sources, const IssueRequest& request,
                     Checkup& checkup) {
  const auto stored = sources.stored(context, request.source);
  if (!stored) return;
  checkup.good(fmt::format("what the store has ends {}", to_rfc3339(stored->chain->least_not_after())));
  if (stored->key_lost)
    checkup.bad(
        Error(ErrorCode::not_found, "what the store has is without its key")
            .hint("put the key back from a backup, or have another issued in its place: trunkform apply -replace=" +
                  request.address)
            .because(*stored->key_lost));
  else
    examine_pair(context, sources, request.source, stored->version, stored->chain, checkup);
  if (issuer == nullptr) return;
  if (const auto window = issuer->renewal_info(context, stored->certificates.front().der); window && *window)
    checkup.good(fmt::format("the issuer asks for its renewal between {} and {}", to_rfc3339((*window)->start),
                             to_rfc3339((*window)->end)));
}

}  // namespace

Checkup examine_issuing(const Context& context, IssuingPlaces& places, Sources& sources, const IssueRequest& request) {
  Checkup checkup;
  examine_store(context, places, request, checkup);
  const auto opened = places.issuer(request.issuer);
  auto* const issuer = opened && (*opened)->allowed() ? *opened : nullptr;  // what keeps it, its own checkup tells
  if (issuer != nullptr) examine_order(context, *issuer, request, checkup);
  examine_renewal(context, issuer, sources, request, checkup);
  return checkup;
}

Checkup examine_issuer(const Context& context, IssuingPlaces& places, const Locator& locator) {
  Checkup checkup;
  auto issuer = places.issuer(locator);
  const auto allowed = issuer ? (*issuer)->allowed() : Result<>(issuer.error());
  if (allowed)
    checkup = (*issuer)->examine(context);
  else
    checkup.bad(allowed.error());
  if (issuer) checkup.place = (*issuer)->place();
  tell_exposures(checkup, places.exposures(locator));
  return checkup;
}

}  // namespace trunkform::engine
