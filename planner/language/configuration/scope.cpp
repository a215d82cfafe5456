#include "planner/language/configuration/scope.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/language/configuration/block.hpp"

namespace trunkform::language {
namespace {

/// What nobody has: `var` and `local` are no objects.
bool is_namespace_only(const std::string& root) { return root == "var" || root == "local"; }

std::vector<std::string> names_of(const std::map<std::string, Value>& values) {
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  return names;
}

/// `group`: the level of types, where a root has one.
std::string how_to_declare(const std::string& root, const std::string& group, const std::string& name) {
  if (root == "var") return fmt::format("declare it: \"variable\": {{\"{}\": {{}}}}", name);
  if (root == "local") return fmt::format("declare it: \"locals\": {{\"{}\": …}}", name);
  if (!group.empty()) return fmt::format("declare it: \"{}\": {{\"{}\": {{\"{}\": {{ … }}}}}}", root, group, name);
  return fmt::format("declare it: \"{}\": {{\"{}\": {{ … }}}}", root, name);
}

}  // namespace

const std::vector<std::string>& named_roots() {
  static const std::vector<std::string> k_roots{"certificate", "issuer", "store", "carrier", "rollout", "notify"};
  return k_roots;
}

bool has_groups(std::string_view root) {
  return std::find(named_roots().begin(), named_roots().end(), root) != named_roots().end() && root != "carrier" &&
         root != "rollout";
}

void ConfigurationScope::set(const std::string& root, const std::string& group, const std::string& name, Value value) {
  auto& entry = m_roots[root][group];
  entry.values.insert_or_assign(name, std::move(value));
  entry.whole.reset();
}

Result<Resolution> ConfigurationScope::resolve(const Reference& reference) const {
  const auto plain = m_plain.find(reference.root);
  if (plain != m_plain.end()) {
    if (!reference.steps.empty() && !plain->second.find(reference.steps[0].name))
      return Error(ErrorCode::invalid_input,
                   fmt::format("{} has no {}", reference.root, quoted(reference.steps[0].name)))
          .at(reference.range);
    return Resolution{plain->second, 0};
  }
  const auto root = m_roots.find(reference.root);
  if (root == m_roots.end()) {
    const auto& named = named_roots();
    const bool is_named = std::find(named.begin(), named.end(), reference.root) != named.end();
    if (is_namespace_only(reference.root) || (is_named && !has_groups(reference.root)))
      return from_group(reference, {}, 0);
    return undeclared_root(reference);
  }
  if (!has_groups(reference.root)) return from_group(reference, root->second.begin()->second, 0);
  if (reference.steps.empty())
    return Error(ErrorCode::invalid_input, fmt::format("{} alone is no value", reference.root))
        .at(reference.range)
        .hint(fmt::format("write {}.TYPE.NAME", reference.root));
  const auto group = root->second.find(reference.steps[0].name);
  static const Group k_none;
  return from_group(reference, group == root->second.end() ? k_none : group->second, 1);
}

Result<Resolution> ConfigurationScope::from_group(const Reference& reference, const Group& group,
                                                  std::size_t step) const {
  if (reference.steps.size() > step) {
    const auto& name = reference.steps[step].name;
    const auto found = group.values.find(name);
    if (found != group.values.end()) return Resolution{found->second, step + 1};
    auto path = reference.root;
    for (std::size_t i = 0; i < step; ++i) path += "." + reference.steps[i].name;
    auto error = Error(ErrorCode::invalid_input, fmt::format("{}.{} is not declared", path, name)).at(reference.range);
    const auto candidates = names_of(group.values);
    if (nearest(name, candidates).empty())
      return std::move(error).hint(
          how_to_declare(reference.root, step > 0 ? reference.steps[0].name : std::string(), name));
    return suggest(std::move(error), name, candidates);
  }
  if (is_namespace_only(reference.root))
    return Error(ErrorCode::invalid_input, fmt::format("{} alone is no value", reference.root))
        .at(reference.range)
        .hint(fmt::format("write {}.NAME", reference.root));
  if (!group.whole) {
    std::vector<Entry> entries;
    for (const auto& [name, value] : group.values) entries.push_back({name, value});
    group.whole = Value::object(std::move(entries));
  }
  return Resolution{*group.whole, step};
}

Error ConfigurationScope::undeclared_root(const Reference& reference) const {
  const auto& name = reference.root;
  Error error(ErrorCode::invalid_input, fmt::format("{} is not declared", quoted(name)));
  error.source = reference.range;
  if (name == "each" || name == "count" || name == "self") {
    error.summary = fmt::format("{} means nothing here", name);
    error.hints.emplace_back(name == "self" ? "there is no self in trunkform"
                                            : fmt::format("it is set only inside a resource with {}",
                                                          name == "each" ? "for_each" : "count"));
    return error;
  }
  if (has_groups(name)) return suggest(std::move(error), name, {});
  if (name == "resource" || find_block("resource", name)) {
    error.code = ErrorCode::unsupported;
    error.summary = "references to resources are not supported in this version";
    error.hints.emplace_back("refer to the variable or local from which the resource has the value");
    return error;
  }
  if (const auto schemas = has_subtypes(name); schemas) {
    error.code = ErrorCode::unsupported;
    error.summary = fmt::format("references to {} are not supported in this version", name);
    return error;
  }
  if (reference.steps.empty()) {
    error.hints.emplace_back(
        fmt::format("for the text itself write {} without ${{}}; for a variable write var.{}", name, name));
    return error;
  }
  std::vector<std::string> known{"var", "local", "each", "count", "path", "trunkform"};
  known.insert(known.end(), named_roots().begin(), named_roots().end());
  return suggest(std::move(error), name, known);
}

Result<Resolution> InstanceScope::resolve(const Reference& reference) const {
  if (reference.root != m_root) return m_outer.resolve(reference);
  if (reference.steps.empty()) return Resolution{m_value, 0};
  if (const auto* value = m_value.find(reference.steps[0].name)) return Resolution{*value, 1};
  return Error(ErrorCode::invalid_input, fmt::format("{} has no {}", m_root, quoted(reference.steps[0].name)))
      .at(reference.range)
      .hint(m_root == "each" ? "there are each.key and each.value" : "there is count.index");
}

}  // namespace trunkform::language
