#include "providers/x509/ways.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/path/issuing.hpp"

namespace trunkform::x509::detail {
namespace {

bool signed_by(const Node& issuer, const Node& child, Signatures* signatures) {
  return signed_by(issuer.step, child.step, signatures);
}

/// Higher is taken first.
auto preference(const Node& issuer) {
  return std::make_tuple(!issuer.facts().self_issued, issuer.facts().not_after, issuer.facts().fingerprint);
}

class Walker {
 public:
  Walker(const Nodes& nodes, Signatures* signatures) : m_nodes(nodes), m_signatures(signatures) {}

  /// Depth first, in the order of preference.
  void walk(const Node& at) {
    m_path.push_back(&at);
    // A leaf may have its issuer's name and key, and be no root.
    const bool leads_on = (m_path.size() == 1 || !is_root(at)) && go_on(at);
    if (!leads_on && m_ways.size() < k_most_ways) m_ways.push_back({m_path, ends_badly(at)});
    m_path.pop_back();
  }

  std::vector<Way> take() { return std::move(m_ways); }

 private:
  struct Above {
    std::vector<const Node*> signers;  ///< most preferred first
    std::vector<const Node*> named;    ///< also those that did not sign
  };

  const Nodes& m_nodes;
  Signatures* m_signatures;
  std::vector<const Node*> m_path;
  std::vector<Way> m_ways;
  std::map<const Node*, Above> m_above;

  bool is_passed(const Node* node) const { return std::find(m_path.begin(), m_path.end(), node) != m_path.end(); }

  /// Once for each certificate, however many ways lead through it.
  const Above& above(const Node& child) {
    const auto [found, missing] = m_above.try_emplace(&child);
    if (!missing) return found->second;
    auto& above = found->second;
    for (const auto& node : m_nodes) {
      if (&node == &child || !names_as_issuer(node, child)) continue;
      above.named.push_back(&node);
      if (signed_by(node, child, m_signatures)) above.signers.push_back(&node);
    }
    std::sort(above.signers.begin(), above.signers.end(),
              [](const Node* a, const Node* b) { return preference(*a) > preference(*b); });
    return above;
  }

  bool go_on(const Node& at) {
    bool leads_on = false;
    for (const auto* issuer : above(at).signers) {
      if (is_passed(issuer)) continue;
      leads_on = true;
      if (m_ways.size() < k_most_ways) walk(*issuer);
    }
    return leads_on;
  }

  bool ends_badly(const Node& last) {
    if (is_root(last)) return !signed_by(last, last, m_signatures);
    const auto& named = above(last).named;
    return std::any_of(named.begin(), named.end(), [&](const Node* node) { return !is_passed(node); });
  }
};

}  // namespace

Nodes nodes_of(const Certificates& certificates) {
  Nodes nodes;
  for (const auto& certificate : certificates) nodes.push_back({&certificate, {certificate.facts, nullptr}});
  const auto by_fingerprint = [](const Node& a, const Node& b) {
    return a.facts().fingerprint < b.facts().fingerprint;
  };
  const auto same = [](const Node& a, const Node& b) { return a.facts().fingerprint == b.facts().fingerprint; };
  std::sort(nodes.begin(), nodes.end(), by_fingerprint);
  nodes.erase(std::unique(nodes.begin(), nodes.end(), same), nodes.end());
  for (auto& node : nodes) node.step.parsed = parsed_of(*node.certificate);
  return nodes;
}

bool names_as_issuer(const Node& issuer, const Node& child) {
  return names_as_issuer(issuer.step.reading(), child.step.reading());
}

bool is_root(const Node& node) { return node.facts().self_issued && names_as_issuer(node, node); }

std::vector<Way> ways_from(const Node& leaf, const Nodes& nodes, Signatures* signatures) {
  Walker walker(nodes, signatures);
  walker.walk(leaf);
  return walker.take();
}

}  // namespace trunkform::x509::detail
