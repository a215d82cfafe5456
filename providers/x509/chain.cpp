#include "providers/x509/chain.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "providers/x509/ways.hpp"

namespace trunkform::x509 {
namespace {

using detail::is_root;
using detail::names_as_issuer;
using detail::Node;
using detail::Nodes;
using detail::Way;

bool issued_another(const Node& node, const Nodes& nodes) {
  return std::any_of(nodes.begin(), nodes.end(),
                     [&](const Node& other) { return &other != &node && names_as_issuer(node, other); });
}

template <class Predicate>
std::vector<const Node*> narrowed(const std::vector<const Node*>& candidates, Predicate predicate) {
  std::vector<const Node*> left;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(left), predicate);
  return left.empty() ? candidates : left;
}

Result<const Node*> leaf_of(const Nodes& nodes, const KeyFacts* key) {
  std::vector<const Node*> candidates;
  for (const auto& node : nodes) candidates.push_back(&node);
  candidates = narrowed(candidates, [&](const Node* node) { return !issued_another(*node, nodes); });
  candidates = narrowed(candidates, [](const Node* node) { return !node->facts().is_ca; });
  candidates = narrowed(candidates, [](const Node* node) { return !is_root(*node); });
  if (key != nullptr) {
    candidates = narrowed(candidates, [&](const Node* node) { return node->facts().key.spki == key->public_key.spki; });
  }
  if (candidates.size() == 1) return candidates.front();
  Error error(ErrorCode::invalid_input,
              fmt::format("{} certificates could be the leaf, and nothing tells which is meant", candidates.size()));
  for (const auto* node : candidates) {
    error.detail += fmt::format("{}{} (serial {}, ends {})", error.detail.empty() ? "" : "; ", node->facts().subject,
                                node->facts().serial, to_date(node->facts().not_after));
  }
  return std::move(error).hint(
      "leave one end-entity certificate in the file, with the intermediates that lead from it");
}

Certificates certificates_of(const Way& way) {
  Certificates certificates;
  for (const auto* node : way.path) certificates.push_back(*node->certificate);
  return certificates;
}

/// The first way is the preferred one; it gives place only to one that is trusted where it is not, or trusted longer.
const Way& chosen(const std::vector<Way>& ways, const ChainWish& wish) {
  const Way* best = &ways.front();
  if (wish.accept == nullptr || ways.size() == 1) return *best;
  std::optional<Instant> best_end;
  for (const auto& way : ways) {
    const auto path = check_path(certificates_of(way), *wish.accept, wish.signatures).path;
    if (!path.trusted || (best_end && path.effective_expiry <= *best_end)) continue;
    best = &way;
    best_end = path.effective_expiry;
  }
  return *best;
}

bool is_of(const Way& way, const Certificate& certificate) {
  return std::any_of(way.path.begin(), way.path.end(),
                     [&](const Node* node) { return node->facts().fingerprint == certificate.facts->fingerprint; });
}

/// Surplus between or behind is another fact: only what the path needs has an order.
bool stand_in_order(const Certificates& given, const Way& way) {
  auto expected = way.path.begin();
  for (const auto& certificate : given) {
    if (!is_of(way, certificate)) continue;
    if (expected == way.path.end()) return true;  // repeated behind the whole chain
    if ((*expected)->facts().fingerprint != certificate.facts->fingerprint) return false;
    ++expected;
  }
  return true;
}

bool is_on(const Way& way, const Node& node) {
  return std::find(way.path.begin(), way.path.end(), &node) != way.path.end();
}

bool is_on_any(const std::vector<Way>& ways, const Node& node) {
  return std::any_of(ways.begin(), ways.end(), [&](const Way& way) { return is_on(way, node); });
}

BundleFacts bundle_of(const Certificates& given, const Nodes& nodes, const std::vector<Way>& ways, const Way& way) {
  BundleFacts bundle;
  bundle.leaf_first = given.front().facts->fingerprint == way.path.front()->facts().fingerprint;
  bundle.in_order = stand_in_order(given, way);
  bundle.bad_signature = way.bad_signature;
  bool stray_authority = false;
  for (const auto& node : nodes) {
    if (is_on(way, node)) continue;
    bundle.unused.push_back(node.certificate->facts);
    // One that another way leads through is a cross-sign: no sign that something is missing on this way.
    stray_authority = stray_authority || (node.facts().is_ca && !is_on_any(ways, node));
  }
  bundle.has_gap = !is_root(*way.path.back()) && !way.bad_signature && stray_authority;
  bundle.ends_in_root = std::any_of(nodes.begin(), nodes.end(), is_root);
  return bundle;
}

}  // namespace

Result<BuiltChain> build_chain(const Certificates& certificates, const ChainWish& wish) {
  if (certificates.empty()) return Error(ErrorCode::invalid_input, "there is no certificate");
  const auto nodes = detail::nodes_of(certificates);
  const Node* leaf = TRY(leaf_of(nodes, wish.key));
  const auto ways = detail::ways_from(*leaf, nodes, wish.signatures);
  const auto& way = chosen(ways, wish);

  BuiltChain built;
  built.bundle = bundle_of(certificates, nodes, ways, way);
  built.way = certificates_of(way);
  built.certificates = built.way;
  if (wish.root == RootHandling::omit && way.path.size() > 1 && is_root(*way.path.back()))
    built.certificates.pop_back();
  built.chain = chain_of(built.certificates);
  built.pem = to_pem(built.certificates);
  built.ways = ways.size();
  return built;
}

}  // namespace trunkform::x509
