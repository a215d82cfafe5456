#pragma once
// What names mean while an expression is evaluated.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "planner/language/expression/expression.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/function_host.hpp"

namespace trunkform::language {

/// A reference's value, and how many of its steps that answers; the evaluator takes the rest of them.
struct Resolution {
  Value value;
  std::size_t steps = 0;
};

/// Where expressions are evaluated: the console alone has `type(x)`.
enum class Setting { configuration, console };

/// Implementations are immutable while expressions are evaluated, or the caller sees to it; `resolve` may be called
/// from several threads then.
class Scope {
 public:
  virtual ~Scope() = default;
  /// Error: invalid_input for what is not declared. Such an error is static: it is reported even in a branch that is
  /// not taken and inside `try` and `can`; so it must not depend on values, only on what is declared.
  virtual Result<Resolution> resolve(const Reference& reference) const = 0;
  /// Files for `file`, `templatefile` …; null where expressions may not read any.
  virtual FunctionHost* host() const { return nullptr; }
  /// For `timestamp` and `plantimestamp`; none: their results are unknown.
  virtual std::optional<Instant> now() const { return std::nullopt; }
  virtual Setting setting() const { return Setting::configuration; }
};

/// The common scope: root names with a value each (`each`, `path`, `count`), and groups of declared names (`var.x`,
/// `local.x`, `certificate.pem_files.x`). Setting is constant time; looking up costs a hash.
class NameScope : public Scope {
 public:
  NameScope() = default;
  explicit NameScope(const Scope* outer) : m_outer(outer) {}  ///< names not found here are sought there; borrowed

  /// `set("each", object)`: attributes that it lacks are errors of evaluation.
  void set(std::string root, Value value);
  /// `declare("var", "port", value)`: what is not declared in the group `var` is a static error.
  void declare(const std::string& root, const std::string& name, Value value);
  void declare_group(const std::string& root);  ///< so that `var.x` without any variables is explained
  void set_host(FunctionHost* host) { m_host = host; }
  void set_now(Instant now) { m_now = now; }
  void set_setting(Setting setting) { m_setting = setting; }

  Result<Resolution> resolve(const Reference& reference) const override;
  FunctionHost* host() const override { return m_host ? m_host : (m_outer ? m_outer->host() : nullptr); }
  Setting setting() const override { return m_setting; }
  std::optional<Instant> now() const override { return m_now ? m_now : (m_outer ? m_outer->now() : std::nullopt); }

 private:
  const Scope* m_outer = nullptr;
  FunctionHost* m_host = nullptr;
  std::optional<Instant> m_now;
  Setting m_setting = Setting::configuration;
  std::unordered_map<std::string, Value> m_roots;
  std::unordered_map<std::string, std::map<std::string, Value>> m_groups;
};

}  // namespace trunkform::language
