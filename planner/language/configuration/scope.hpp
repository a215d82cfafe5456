#pragma once
// What the names of a configuration mean: `var.x`, `local.x`, `certificate.TYPE.x`, `store.TYPE.x`, `carrier.x`,
// `path.module`, `trunkform.workspace`; `each` and `count` in an InstanceScope. A name that was declared but could not
// be evaluated is unknown. Fill it first, resolve then; resolving is not thread-safe while whole groups are first used.
// Private to the room.
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "planner/language/expression/scope.hpp"

namespace trunkform::language {

/// The blocks that others refer to.
const std::vector<std::string>& named_roots();
/// Whether a root has groups between it and its names, as `certificate.TYPE.x` has.
bool has_groups(std::string_view root);

class ConfigurationScope final : public Scope {
 public:
  ConfigurationScope(FunctionHost& host, std::optional<Instant> now) : m_host(&host), m_now(now) {}

  /// `set("certificate", "pem_files", "a", …)`; `group` is empty for var, local, carrier and rollout.
  void set(const std::string& root, const std::string& group, const std::string& name, Value value);
  /// A root with plain attributes: `path`, `trunkform`.
  void set_root(const std::string& root, Value value) { m_plain[root] = std::move(value); }

  Result<Resolution> resolve(const Reference& reference) const override;
  FunctionHost* host() const override { return m_host; }
  std::optional<Instant> now() const override { return m_now; }

 private:
  struct Group {
    std::map<std::string, Value> values;
    mutable std::optional<Value> whole;  ///< made when first used: `certificate.pem_files[each.key]`
  };
  using Groups = std::map<std::string, Group>;
  FunctionHost* m_host;
  std::optional<Instant> m_now;
  std::unordered_map<std::string, Groups> m_roots;
  std::unordered_map<std::string, Value> m_plain;

  Result<Resolution> from_group(const Reference& reference, const Group& group, std::size_t step) const;
  Error undeclared_root(const Reference& reference) const;
};

/// Adds `each` or `count` of one instance.
class InstanceScope final : public Scope {
 public:
  InstanceScope(const Scope& outer, std::string root, Value value)
      : m_outer(outer), m_root(std::move(root)), m_value(std::move(value)) {}
  Result<Resolution> resolve(const Reference& reference) const override;
  FunctionHost* host() const override { return m_outer.host(); }
  std::optional<Instant> now() const override { return m_outer.now(); }

 private:
  const Scope& m_outer;
  std::string m_root;
  Value m_value;
};

}  // namespace trunkform::language
