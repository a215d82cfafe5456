// Settings, variables, locals, outputs.
#include "planner/language/configuration/schema_tables.hpp"

namespace trunkform::language {
namespace {

BlockSchema backend_schema() {
  auto schema = block(
      "backend", "where the state is kept", {},
      {block("local", "a file, locked by the operating system",
             {optional("path", ArgumentType::literal_text, "the state's folder, beneath the configuration's", ".")}),
       block("postgres", "a PostgreSQL database; what is not said is the environment's (PGHOST, PGUSER …)",
             {optional("host", ArgumentType::literal_text, "the server; the operator must trust it"),
              optional("port", ArgumentType::literal_text, "its port", "5432"),
              optional("database", ArgumentType::literal_text, "the database"),
              optional("user", ArgumentType::literal_text, "the role"),
              optional("schema_name", ArgumentType::literal_text, "the schema of the tables", "trunkform")})});
  for (const auto* type : {"pg", "etcd", "s3", "azurerm", "azure_blob", "http"})
    schema.blocks.push_back(later_block(type));
  return schema;
}

BlockSchema variable_schema() {
  auto validation = block("validation", "a condition that the value must meet",
                          {required("condition", ArgumentType::any, "an expression that is true for good values"),
                           required("error_message", ArgumentType::any, "what is said when it is false")});
  return named(
      block("variable", "an input",
            {optional("type", ArgumentType::literal_text, "a type such as list(string)", "any"),
             optional("default", ArgumentType::literal, "the value where none is given; without it one must be"),
             optional("description", ArgumentType::literal_text, "for people"),
             optional("sensitive", ArgumentType::literal_boolean, "whether it is kept from being shown", "false"),
             optional("nullable", ArgumentType::literal_boolean, "whether it may be null", "true"), later("ephemeral")},
            {many(std::move(validation))}));
}

}  // namespace

std::vector<BlockSchema> root_schemas() {
  auto settings = block(
      "trunkform", "settings; never templates",
      {optional("required_version", ArgumentType::literal_text,
                "versions of trunkform that may run this, such as \">= 0.1, < 2\"")},
      {backend_schema(), later_block("state_encryption"), later_block("required_providers"), later_block("cloud")});
  settings.repetition = Repetition::many;
  auto output = named(block(
      "output", "a result",
      {required("value", ArgumentType::any, "an expression"), optional("description", ArgumentType::text, "for people"),
       optional("sensitive", ArgumentType::boolean, "whether it is kept from being shown", "false"),
       later("depends_on"), later("ephemeral")},
      {later_block("precondition")}));
  return {std::move(settings), variable_schema(), many(block("locals", "names for expressions", {})),
          std::move(output)};
}

}  // namespace trunkform::language
