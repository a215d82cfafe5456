#include "planner/language/expression/scope.hpp"

#include <fmt/format.h>

#include "schemas/model/diagnostic.hpp"

namespace trunkform::language {
namespace {

/// What a root name stands for, in people's words.
std::string describe(const std::string& root) {
  if (root == "var") return "variable";
  if (root == "local") return "local value";
  return root;
}

Error undeclared(const Reference& reference, const std::map<std::string, Value>& group) {
  const auto what = describe(reference.root);
  if (reference.steps.empty() || reference.steps.front().form != Step::Form::attribute)
    return Error(ErrorCode::invalid_input, fmt::format("\"{}\" alone is no value", reference.root),
                 fmt::format("name the {}: {}.NAME", what, reference.root))
        .at(reference.range);
  const auto& name = reference.steps.front().name;
  auto error = Error(ErrorCode::invalid_input, fmt::format("there is no {} \"{}\"", what, name)).at(reference.range);
  std::vector<std::string> names;
  for (const auto& [key, value] : group) names.push_back(key);
  if (const auto near = nearest(name, names); !near.empty())
    error.hints.push_back(fmt::format("did you mean {}.{}?", reference.root, near));
  else if (reference.root == "var")
    error.hints.push_back(fmt::format("declare it: \"variable\": {{\"{}\": {{}}}}", name));
  return error;
}

}  // namespace

void NameScope::set(std::string root, Value value) { m_roots.insert_or_assign(std::move(root), std::move(value)); }

void NameScope::declare(const std::string& root, const std::string& name, Value value) {
  m_groups[root].insert_or_assign(name, std::move(value));
}

void NameScope::declare_group(const std::string& root) { m_groups[root]; }

Result<Resolution> NameScope::resolve(const Reference& reference) const {
  if (const auto root = m_roots.find(reference.root); root != m_roots.end()) return Resolution{root->second, 0};
  if (const auto group = m_groups.find(reference.root); group != m_groups.end()) {
    const bool named = !reference.steps.empty() && reference.steps.front().form == Step::Form::attribute;
    if (named)
      if (const auto found = group->second.find(reference.steps.front().name); found != group->second.end())
        return Resolution{found->second, 1};
    return undeclared(reference, group->second);
  }
  if (m_outer) return m_outer->resolve(reference);
  return Error(ErrorCode::invalid_input, fmt::format("\"{}\" means nothing here", to_string(reference)))
      .at(reference.range);
}

}  // namespace trunkform::language
