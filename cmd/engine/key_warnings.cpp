#include "cmd/engine/key_warnings.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

/// Of a folder with hundreds of keys all are alike.
constexpr std::size_t k_told = 5;

class Findings {
 public:
  void add(KeyExposures exposures, const std::string& address) {
    for (auto& one : exposures)
      if (m_known.insert(one.error.summary).second) m_all.push_back(std::move(one.error).of(address));
  }

  std::vector<Diagnostic> take() {
    std::vector<Diagnostic> told;
    for (auto& error : m_all) {
      if (told.size() == k_told) break;
      told.push_back({Severity::warning, std::move(error)});
    }
    if (m_all.size() > k_told)
      told.push_back({Severity::warning, Error(ErrorCode::untrusted,
                                               fmt::format("{} more findings about key files", m_all.size() - k_told))
                                             .hint("trunkform doctor tells them all")});
    return told;
  }

 private:
  std::set<std::string> m_known;
  std::vector<Error> m_all;
};

}  // namespace

std::vector<Diagnostic> key_warnings(Sources& sources, IssuingPlaces* places, const std::vector<Binding>& bindings,
                                     const std::vector<IssueRequest>& issued) {
  Findings findings;
  std::set<std::string_view> seen;
  for (const auto& binding : bindings) {
    // What is issued lies in a store, which tells more of it.
    if (is_issue_address(binding.certificate) || !seen.insert(binding.certificate).second) continue;
    if (const auto source = sources.open(*binding.locator)) findings.add((*source)->exposures(), binding.certificate);
  }
  for (const auto& request : issued) {
    if (places == nullptr) break;
    if (seen.insert(request.store_address).second)
      findings.add(places->exposures_of_store(request.store), request.store_address);
    if (seen.insert(request.issuer_address).second)
      findings.add(places->exposures(request.issuer), request.issuer_address);
  }
  return findings.take();
}

void tell_exposures(Checkup& checkup, KeyExposures exposures) {
  for (auto& one : exposures) {
    const auto is_said = [&](const CheckupLine& line) { return line.message == one.error.summary; };
    if (std::none_of(checkup.lines.begin(), checkup.lines.end(), is_said)) checkup.warn(std::move(one.error));
  }
}

}  // namespace trunkform::engine
