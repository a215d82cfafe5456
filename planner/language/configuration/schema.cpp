#include "planner/language/configuration/schema.hpp"

#include <algorithm>

#include "planner/language/configuration/schema_tables.hpp"

namespace trunkform::language {

namespace {

/// What people are told about a type.
struct Wording {
  std::string_view description;
  std::string_view example = "\"text\"";  ///< JSON
};

Wording wording_of(ArgumentType type) {
  switch (type) {
    case ArgumentType::literal_text:
    case ArgumentType::text:
      return {"a string"};
    case ArgumentType::integer:
      return {"a whole number", "1"};
    case ArgumentType::literal_boolean:
    case ArgumentType::boolean:
      return {"true or false", "true"};
    case ArgumentType::duration:
      return {R"(a duration such as "30d", "1h30m" or "90s")", R"("30m")"};
    case ArgumentType::fraction:
      return {R"(a percentage such as "33%")", R"("33%")"};
    case ArgumentType::word:
      return {"one of the known words"};
    case ArgumentType::texts:
      return {"a list of strings", R"(["one", "another"])"};
    case ArgumentType::integers:
      return {"a list of whole numbers", "[200, 486]"};
    case ArgumentType::word_list:
      return {"a list of the known words", R"(["one", "another"])"};
    case ArgumentType::reference:
      return {R"(a reference such as "${carrier.a}", or the label)", R"("${carrier.a}")"};
    case ArgumentType::references:
      return {R"(a list of references such as "${notify.webhook.ops}", or labels)", R"(["${notify.webhook.ops}"])"};
    case ArgumentType::text_or_secret:
      return {R"(a string, {"env": NAME} or {"file": PATH})"};
    case ArgumentType::text_map:
      return {"an object of strings", R"({"name": "text"})"};
    case ArgumentType::secret:
      return {R"({"env": NAME} or {"file": PATH})", R"({"env": "NAME"})"};
    case ArgumentType::any:
    case ArgumentType::literal:
      break;
  }
  return {"a value"};
}

}  // namespace

std::string_view describe(ArgumentType type) { return wording_of(type).description; }

std::string_view example_of(ArgumentType type) { return wording_of(type).example; }

const ArgumentSchema* BlockSchema::argument(std::string_view name) const {
  for (const auto& candidate : arguments)
    if (candidate.name == name) return &candidate;
  return nullptr;
}

const BlockSchema* BlockSchema::block(std::string_view name) const {
  for (const auto& candidate : blocks)
    if (candidate.type == name) return &candidate;
  return nullptr;
}

const std::vector<BlockSchema>& block_schemas() {
  static const auto table = [] {
    std::vector<BlockSchema> all;
    for (auto part : {root_schemas(), provider_schemas(), certificate_schemas(), issuing_schemas(), policy_schemas(),
                      resource_schemas(), notify_schemas(), later_schemas()})
      for (auto& block : part) all.push_back(std::move(block));
    return all;
  }();
  return table;
}

const BlockSchema* find_block(std::string_view type, std::string_view subtype) {
  for (const auto& block : block_schemas())
    if (block.type == type && block.subtype == subtype) return &block;
  return nullptr;
}

std::optional<bool> has_subtypes(std::string_view type) {
  for (const auto& block : block_schemas())
    if (block.type == type) return !block.subtype.empty();
  return std::nullopt;
}

std::vector<std::string> block_types(Extent extent) {
  std::vector<std::string> types;
  for (const auto& block : block_schemas()) {
    const bool counts = extent == Extent::all || block.need != Need::later;
    if (counts && std::find(types.begin(), types.end(), block.type) == types.end()) types.push_back(block.type);
  }
  return types;
}

std::vector<std::string> subtypes(std::string_view type, Extent extent) {
  std::vector<std::string> result;
  for (const auto& block : block_schemas()) {
    const bool counts = extent == Extent::all || block.need != Need::later;
    if (counts && block.type == type && !block.subtype.empty()) result.push_back(block.subtype);
  }
  return result;
}

}  // namespace trunkform::language
