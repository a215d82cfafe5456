// Settings, variables, locals, outputs.
#include "planner/language/configuration/schema_tables.hpp"

namespace trunkform::language {
namespace {

BlockSchema s3_schema() {
  return block(
      "s3", "a bucket of Amazon S3, or of a server that keeps to its conditional writes; credentials are the run's own",
      {required("bucket", ArgumentType::literal_text, "the bucket; it must be there"),
       optional("prefix", ArgumentType::literal_text, "what all keys of the state begin with", "trunkform"),
       optional("region", ArgumentType::literal_text, "the bucket's region; without it the environment's"),
       optional("endpoint", ArgumentType::literal_text, "another server than Amazon's; the operator must trust it"),
       optional("path_style", ArgumentType::literal_boolean, "whether the bucket stands in the path", "false"),
       optional("expected_bucket_owner", ArgumentType::literal_text, "the account that owns the bucket"),
       word("server_side_encryption", {"AES256", "aws:kms", "aws:kms:dsse"}, "how objects are encrypted", {}),
       optional("kms_key_id", ArgumentType::literal_text, "the key for that")});
}

BlockSchema azblob_schema() {
  return block("azblob", "a container of Azure Blob Storage; credentials are the run's own",
               {optional("storage_account", ArgumentType::literal_text,
                         "the account, in the public cloud; the operator must trust it"),
                optional("endpoint", ArgumentType::literal_text,
                         "the whole address of another blob service; the operator must trust it"),
                required("container", ArgumentType::literal_text, "the container; it must be there"),
                optional("prefix", ArgumentType::literal_text, "what all names of the state begin with", "trunkform")});
}

BlockSchema http_schema() {
  return block(
      "http",
      "a server of Terraform's HTTP state protocol, such as GitLab; what is not said is the environment's "
      "(TF_HTTP_ADDRESS …), the password always",
      {optional("address", ArgumentType::literal_text,
                "the state's address, {workspace} in it stands for the name; the operator must trust it"),
       optional("update_method", ArgumentType::literal_text, "how it is written", "POST"),
       optional("lock_address", ArgumentType::literal_text, "the lock's address; there must be one"),
       optional("lock_method", ArgumentType::literal_text, "how it is taken", "LOCK"),
       optional("unlock_address", ArgumentType::literal_text, "where it is given back; without it where it is taken"),
       optional("unlock_method", ArgumentType::literal_text, "how it is given back", "UNLOCK"),
       optional("username", ArgumentType::literal_text, "whose password the environment has")});
}

BlockSchema etcd_schema() {
  return block("etcd",
               "keys of an etcd cluster, 3.4 or later; what is not said is the environment's, by etcdctl's names "
               "(ETCDCTL_ENDPOINTS, ETCDCTL_USER …), the password always",
               {optional("endpoints", ArgumentType::literal_text,
                         "the members' addresses, separated by commas; the operator must trust each"),
                optional("prefix", ArgumentType::literal_text, "what all keys of the state begin with", "trunkform"),
                optional("username", ArgumentType::literal_text, "whose password the environment has")});
}

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
              optional("schema_name", ArgumentType::literal_text, "the schema of the tables", "trunkform")}),
       s3_schema(), azblob_schema(), etcd_schema(), http_schema()});
  for (const auto* type : {"pg", "azurerm", "azure_blob"}) schema.blocks.push_back(later_block(type));
  return schema;
}

/// Where the key is; the operator's trust file says whether it may be read there.
BlockSchema state_key_schema(std::string name, std::string description) {
  auto transit = block("vault_transit", "a key of Vault's or OpenBao's transit engine, which never leaves it",
                       {vault_path(optional("mount", ArgumentType::literal_text, "where the engine is", "transit")),
                        required("name", ArgumentType::literal_text, "the key")});
  return block(std::move(name), std::move(description),
               {optional("env", ArgumentType::literal_text, "the environment's variable that has a passphrase"),
                optional("file", ArgumentType::literal_text, "the file that has it")},
               {std::move(transit)});
}

BlockSchema encryption_schema() {
  return block("state_encryption", "whether what trunkform keeps is encrypted, saved plans too", {},
               {state_key_schema("key", "the key: one of env, file and vault_transit"),
                many(state_key_schema("previous", "what the key was before, until `trunkform state rekey` is done"))});
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
  auto settings =
      block("trunkform", "settings; never templates",
            {optional("required_version", ArgumentType::literal_text,
                      "versions of trunkform that may run this, such as \">= 0.1, < 2\"")},
            {backend_schema(), encryption_schema(), later_block("required_providers"), later_block("cloud")});
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
