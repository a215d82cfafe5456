#include "cmd/engine/forecasting.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "cmd/engine/records.hpp"
#include "providers/cloud/pacer.hpp"

namespace trunkform::engine {
namespace {

/// The token, the organisation, the pages: docs/architecture.md, What it costs.
std::uint64_t requests_per_plan(std::size_t trunks) { return 2 + std::max<std::uint64_t>(1, (trunks + 99) / 100); }

std::vector<diff::DiffInput> selected(std::vector<diff::DiffInput> bindings, const diff::Selection& selection) {
  diff::find_rivals(bindings);
  std::vector<const diff::DiffInput*> chosen;
  for (const auto& input : bindings)
    if (selection.selects(input.binding.address)) chosen.push_back(&input);
  std::sort(chosen.begin(), chosen.end(),
            [](const auto* a, const auto* b) { return a->binding.address < b->binding.address; });
  std::vector<diff::DiffInput> result;
  result.reserve(chosen.size());
  for (const auto* input : chosen) result.push_back(*input);
  return result;
}

/// Trunks that no binding means, selected or not.
std::vector<forecast::Outside> outside_of(const std::vector<diff::DiffInput>& bindings,
                                          const std::vector<LiveTrunk>& trunks) {
  std::set<std::string_view> bound;
  for (const auto& input : bindings)
    if (input.trunk.trunk != nullptr) bound.insert(input.trunk.trunk->id.value);
  std::vector<forecast::Outside> result;
  for (const auto& trunk : trunks) {
    if (bound.contains(trunk.id.value)) continue;
    auto& outside = result.emplace_back(forecast::Outside{trunk.id, trunk.name});
    if (trunk.certificate.is_certificate()) outside.expiry = trunk.certificate.chain->least_not_after();
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return a.expiry.value_or(Instant::max()) < b.expiry.value_or(Instant::max());
  });
  return result;
}

forecast::ReserveSlot pace(int requests_per_minute) {
  auto pacer = std::make_shared<cloud::Pacer>(requests_per_minute);
  return [pacer](Duration now) { return pacer->reserve(now); };
}

}  // namespace

forecast::Forecast make_forecast(const Context& context, Sources& sources, const Gathered& gathered,
                                 const ForecastRequest& request, Instant now) {
  forecast::Forecast result;
  const auto& configured = request.plan.configuration.bindings;
  const auto& records = records_of(gathered.state);
  const auto leaving = gathered.leaving();
  const schedule::FailedChains failed(configured, records, leaving);
  const auto proven = schedule::proofs(configured, records, leaving);
  judge_bindings(context, sources, gathered, request.plan, now, [&](std::vector<diff::DiffInput> bindings) {
    auto outside = outside_of(bindings, gathered.trunks);
    forecast::Input input{.bindings = selected(std::move(bindings), request.plan.selection),
                          .leftovers = forecast::Leftovers{failed, proven, records},
                          .start = now,
                          .end = request.end,
                          .renewal = request.renewal,
                          .assumptions = request.assumptions,
                          .pacing = [&] { return pace(request.assumptions.requests_per_minute); }};
    input.assumptions.requests_per_plan = requests_per_plan(gathered.trunks.size());
    result = forecast::run_ahead(input);
    result.outside = std::move(outside);
  });
  return result;
}

}  // namespace trunkform::engine
