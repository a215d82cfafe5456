#pragma once
// A path while it is judged: its certificates, where each stands, and what is broken. Inside this room only.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/x509/parsed.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::x509::detail {

/// One certificate that a path may lead through.
struct Step {
  CertificatePtr facts;
  std::shared_ptr<const Parsed> parsed;

  const Reading& reading() const { return parsed->reading(); }
};

/// Leaf first. Borrowed. The last is the anchor where the path is complete; a leaf that the trust store holds is both.
using Steps = std::vector<const Step*>;

/// Whom the path must convince.
struct Demands {
  Instant at{};
  bool as_web = false;  ///< checks whose force is `web` block
  std::vector<std::string_view> usages;
  int least_rsa_bits = 2048;  ///< of issuers
  std::optional<int> max_depth;
};

struct Place {
  int depth = 0;
  bool is_anchor = false;  ///< trusted as it is, and not the leaf

  bool is_leaf() const { return depth == 0; }
};

/// What is broken, with its weight.
class Faults {
 public:
  explicit Faults(const Demands& demands) : m_as_web(demands.as_web) {}

  void add(PathCheck check, const Step& step, const Place& place, std::string what);
  void add(std::vector<PathFault> others);
  bool block() const;
  /// In the table's order, within one check from the leaf up.
  std::vector<PathFault> take() &&;

 private:
  bool m_as_web;
  std::vector<PathFault> m_faults;
};

}  // namespace trunkform::x509::detail
