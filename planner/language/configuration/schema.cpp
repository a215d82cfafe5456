#include "planner/language/configuration/schema.hpp"

#include <algorithm>

#include "planner/language/configuration/schema_tables.hpp"

namespace trunkform::language {

std::string_view describe(ArgumentType type) {
  switch (type) {
    case ArgumentType::literal_text:
    case ArgumentType::text:
      return "a string";
    case ArgumentType::integer:
      return "a whole number";
    case ArgumentType::literal_boolean:
    case ArgumentType::boolean:
      return "true or false";
    case ArgumentType::duration:
      return "a duration such as \"30d\", \"1h30m\" or \"90s\"";
    case ArgumentType::fraction:
      return "a percentage such as \"33%\"";
    case ArgumentType::word:
      return "one of the known words";
    case ArgumentType::texts:
      return "a list of strings";
    case ArgumentType::integers:
      return "a list of whole numbers";
    case ArgumentType::word_list:
      return "a list of the known words";
    case ArgumentType::reference:
      return "a reference such as \"${carrier.a}\", or the label";
    case ArgumentType::references:
      return "a list of references such as \"${notify.webhook.ops}\", or labels";
    case ArgumentType::text_or_secret:
      return "a string, {\"env\": NAME} or {\"file\": PATH}";
    case ArgumentType::text_map:
      return "an object of strings";
    case ArgumentType::secret:
      return "{\"env\": NAME} or {\"file\": PATH}";
    case ArgumentType::any:
    case ArgumentType::literal:
      break;
  }
  return "a value";
}

std::string_view example_of(ArgumentType type) {
  switch (type) {
    case ArgumentType::integer:
      return "1";
    case ArgumentType::literal_boolean:
    case ArgumentType::boolean:
      return "true";
    case ArgumentType::duration:
      return "\"30m\"";
    case ArgumentType::fraction:
      return "\"33%\"";
    case ArgumentType::texts:
    case ArgumentType::word_list:
      return "[\"one\", \"another\"]";
    case ArgumentType::integers:
      return "[200, 486]";
    case ArgumentType::reference:
      return "\"${carrier.a}\"";
    case ArgumentType::references:
      return "[\"${notify.webhook.ops}\"]";
    case ArgumentType::text_map:
      return "{\"name\": \"text\"}";
    case ArgumentType::secret:
      return "{\"env\": \"NAME\"}";
    case ArgumentType::literal_text:
    case ArgumentType::text:
    case ArgumentType::word:
    case ArgumentType::text_or_secret:
    case ArgumentType::any:
    case ArgumentType::literal:
      break;
  }
  return "\"text\"";
}

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
    for (auto part : {root_schemas(), provider_schemas(), certificate_schemas(), policy_schemas(), resource_schemas(),
                      notify_schemas(), later_schemas()})
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
