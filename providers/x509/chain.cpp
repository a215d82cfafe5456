#include "providers/x509/chain.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/certificate_blocks.hpp"
#include "providers/x509/handles.hpp"

namespace trunkform::x509 {
namespace {

struct Node {
  const Certificate* certificate = nullptr;
  detail::CertificateHandle handle;

  const CertificateFacts& facts() const { return *certificate->facts; }
};

using Nodes = std::vector<Node>;

/// A set by fingerprint, in the fingerprints' order: from here on the order of the input is forgotten.
Nodes nodes_of(const Certificates& certificates) {
  Nodes nodes;
  for (const auto& certificate : certificates) nodes.push_back({&certificate, nullptr});
  const auto by_fingerprint = [](const Node& a, const Node& b) {
    return a.facts().fingerprint < b.facts().fingerprint;
  };
  const auto same = [](const Node& a, const Node& b) { return a.facts().fingerprint == b.facts().fingerprint; };
  std::sort(nodes.begin(), nodes.end(), by_fingerprint);
  nodes.erase(std::unique(nodes.begin(), nodes.end(), same), nodes.end());
  for (auto& node : nodes) node.handle = detail::handle_of(*node.certificate);
  return nodes;
}

/// Names and key identifiers (RFC 5280 §4.2.1.1). A missing keyCertSign is the path check's to refuse.
bool names_as_issuer(const Node& issuer, const Node& child) {
  const int verdict = X509_check_issued(issuer.handle.get(), child.handle.get());
  return verdict == X509_V_OK || verdict == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

bool signed_by(const Node& issuer, const Node& child, Signatures* signatures) {
  const auto &of_issuer = issuer.facts().fingerprint, &of_child = child.facts().fingerprint;
  if (signatures != nullptr && signatures->knows(of_issuer, of_child)) return true;
  auto* key = X509_get0_pubkey(issuer.handle.get());
  const bool good = key != nullptr && X509_verify(child.handle.get(), key) == 1;
  if (!good) (void)detail::take_openssl_reason();
  if (good && signatures != nullptr) signatures->remember(of_issuer, of_child);
  return good;
}

bool is_root(const Node& node) { return node.facts().self_issued && names_as_issuer(node, node); }

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

struct Walk {
  std::vector<const Node*> path;
  Signatures* signatures = nullptr;
  bool bad_signature = false;
};

/// Higher is taken first.
auto preference(const Node& issuer) {
  return std::make_tuple(!issuer.facts().self_issued, issuer.facts().not_after, issuer.facts().fingerprint);
}

const Node* issuer_of(const Node& child, const Nodes& nodes, Walk& walk) {
  const Node* best = nullptr;
  bool named = false;
  for (const auto& node : nodes) {
    if (std::find(walk.path.begin(), walk.path.end(), &node) != walk.path.end()) continue;
    if (!names_as_issuer(node, child)) continue;
    named = true;
    if (!signed_by(node, child, walk.signatures)) continue;
    if (best == nullptr || preference(node) > preference(*best)) best = &node;
  }
  walk.bad_signature = walk.bad_signature || (named && best == nullptr);
  return best;
}

Walk walk_from(const Node& leaf, const Nodes& nodes, Signatures* signatures) {
  Walk walk{{&leaf}, signatures};
  for (const Node* at = &leaf; at != nullptr && !is_root(*at);) {
    at = issuer_of(*at, nodes, walk);
    if (at != nullptr) walk.path.push_back(at);
  }
  const auto& last = *walk.path.back();
  if (is_root(last) && !signed_by(last, last, signatures)) walk.bad_signature = true;
  return walk;
}

bool is_of(const Walk& walk, const Certificate& certificate) {
  return std::any_of(walk.path.begin(), walk.path.end(),
                     [&](const Node* node) { return node->facts().fingerprint == certificate.facts->fingerprint; });
}

/// Surplus between or behind is another fact: only what the path needs has an order.
bool stand_in_order(const Certificates& given, const Walk& walk) {
  auto expected = walk.path.begin();
  for (const auto& certificate : given) {
    if (!is_of(walk, certificate)) continue;
    if (expected == walk.path.end()) return true;  // repeated behind the whole chain
    if ((*expected)->facts().fingerprint != certificate.facts->fingerprint) return false;
    ++expected;
  }
  return true;
}

BundleFacts bundle_of(const Certificates& given, const Nodes& nodes, const Walk& walk) {
  BundleFacts bundle;
  bundle.leaf_first = given.front().facts->fingerprint == walk.path.front()->facts().fingerprint;
  bundle.in_order = stand_in_order(given, walk);
  bundle.bad_signature = walk.bad_signature;
  bool authority_left = false;
  for (const auto& node : nodes) {
    if (std::find(walk.path.begin(), walk.path.end(), &node) != walk.path.end()) continue;
    bundle.unused.push_back(node.certificate->facts);
    authority_left = authority_left || node.facts().is_ca;
  }
  bundle.has_gap = !is_root(*walk.path.back()) && !walk.bad_signature && authority_left;
  bundle.ends_in_root = std::any_of(nodes.begin(), nodes.end(), is_root);
  return bundle;
}

}  // namespace

Result<BuiltChain> build_chain(const Certificates& certificates, RootHandling root, const KeyFacts* key,
                               Signatures* signatures) {
  if (certificates.empty()) return Error(ErrorCode::invalid_input, "there is no certificate");
  const auto nodes = nodes_of(certificates);
  const Node* leaf = TRY(leaf_of(nodes, key));
  const auto walk = walk_from(*leaf, nodes, signatures);

  BuiltChain built;
  built.bundle = bundle_of(certificates, nodes, walk);
  auto path = walk.path;
  if (root == RootHandling::omit && path.size() > 1 && is_root(*path.back())) path.pop_back();
  for (const auto* node : path) built.certificates.push_back(*node->certificate);
  built.chain = chain_of(built.certificates);
  built.pem = to_pem(built.certificates);
  return built;
}

}  // namespace trunkform::x509
