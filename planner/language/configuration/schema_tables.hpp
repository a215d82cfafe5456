#pragma once
// The parts of the table, by what they are about, and the words they are written in. Private to the room.
#include <string>
#include <utility>
#include <vector>

#include "planner/language/configuration/schema.hpp"
#include "schemas/model/time.hpp"
#include "schemas/model/vault_path.hpp"

namespace trunkform::language {

using trunkform::to_string;  // of Duration, which is of std::chrono: ours would hide it

std::vector<BlockSchema> root_schemas();
std::vector<BlockSchema> provider_schemas();
std::vector<BlockSchema> certificate_schemas();
std::vector<BlockSchema> issuing_schemas();
std::vector<BlockSchema> policy_schemas();
std::vector<BlockSchema> resource_schemas();
std::vector<BlockSchema> notify_schemas();
/// What later versions bring.
std::vector<BlockSchema> later_schemas();

inline ArgumentSchema required(std::string name, ArgumentType type, std::string description) {
  return {.name = std::move(name),
          .type = type,
          .need = Need::required,
          .description = std::move(description),
          .default_text = {},
          .words = {},
          .least = {},
          .greatest = {}};
}

inline ArgumentSchema optional(std::string name, ArgumentType type, std::string description,
                               std::string default_text = {}) {
  return {.name = std::move(name),
          .type = type,
          .need = Need::optional,
          .description = std::move(description),
          .default_text = std::move(default_text),
          .words = {},
          .least = {},
          .greatest = {}};
}

inline ArgumentSchema later(std::string name) {
  return {.name = std::move(name),
          .type = ArgumentType::any,
          .need = Need::later,
          .description = {},
          .default_text = {},
          .words = {},
          .least = {},
          .greatest = {}};
}

inline ArgumentSchema word(std::string name, std::vector<std::string> words, std::string description,
                           std::string default_text) {
  auto argument = optional(std::move(name), ArgumentType::word, std::move(description), std::move(default_text));
  argument.words = std::move(words);
  return argument;
}

inline ArgumentSchema between(std::int64_t least, std::int64_t greatest, ArgumentSchema argument) {
  argument.least = least;
  argument.greatest = greatest;
  return argument;
}

inline ArgumentSchema shaped(Shape shape, ArgumentSchema argument) {
  argument.shape = shape;
  return argument;
}

/// Of one or more segments: `secret`, `sip/carrier-a`.
inline ArgumentSchema vault_path(ArgumentSchema argument) {
  return shaped({no_vault_path, "a path of Vault's", "write it out, such as \"team/sip\"", normal_vault_path},
                std::move(argument));
}

/// One segment of a path: a role.
inline ArgumentSchema vault_name(ArgumentSchema argument) {
  return shaped({no_vault_name, "a name of Vault's", "write the name alone, such as \"sip\""}, std::move(argument));
}

inline BlockSchema block(std::string type, std::string description, std::vector<ArgumentSchema> arguments,
                         std::vector<BlockSchema> blocks = {}) {
  return {.type = std::move(type),
          .subtype = {},
          .is_named = false,
          .need = Need::optional,
          .description = std::move(description),
          .arguments = std::move(arguments),
          .blocks = std::move(blocks),
          .repetition = Repetition::once};
}

inline BlockSchema named(BlockSchema schema, std::string subtype = {}) {
  schema.is_named = true;
  schema.subtype = std::move(subtype);
  schema.repetition = Repetition::many;
  return schema;
}

inline BlockSchema many(BlockSchema schema) {
  schema.repetition = Repetition::many;
  return schema;
}

inline BlockSchema later_block(std::string type, std::string subtype = {}) {
  auto schema = block(std::move(type), {}, {});
  schema.subtype = std::move(subtype);
  schema.need = Need::later;
  return schema;
}

}  // namespace trunkform::language
