#include "planner/language/configuration/schema.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "planner/language/configuration/version_constraint.hpp"
#include "schemas/model/time.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

void check_block(const BlockSchema& block) {
  INFO(block.type << "." << block.subtype);
  std::set<std::string> names;
  if (block.need != Need::later) CHECK_FALSE(block.description.empty());
  for (const auto& argument : block.arguments) {
    INFO(argument.name);
    CHECK(names.insert(argument.name).second);
    if (argument.need == Need::later) continue;
    CHECK_FALSE(argument.description.empty());
    if (argument.need == Need::required) CHECK(argument.default_text.empty());
    if (argument.type == ArgumentType::word) CHECK_FALSE(argument.words.empty());
    if (argument.type == ArgumentType::duration && !argument.default_text.empty())
      CHECK(parse_duration(argument.default_text));
    CHECK(argument.least.has_value() == argument.greatest.has_value());
  }
  for (const auto& nested : block.blocks) {
    CHECK(names.insert(nested.type).second);
    check_block(nested);
  }
}

}  // namespace

TEST_CASE("every block and argument of the table is named once, described, and has a default that reads back") {
  std::set<std::pair<std::string, std::string>> blocks;
  for (const auto& block : block_schemas()) {
    CHECK(blocks.insert({block.type, block.subtype}).second);
    check_block(block);
  }
  CHECK(blocks.size() > 35);
}

TEST_CASE("the defaults of the table are those of the documentation") {
  const auto* rollout = find_block("rollout", "");
  CHECK(rollout->argument("stagger")->default_text == "3m");
  CHECK(rollout->argument("on_failure")->default_text == "rollback");
  const auto* rotate = find_block("resource", "genesys_trunk_certificate")->block("rotate");
  CHECK(rotate->argument("before_expiry")->default_text == "30d");
  CHECK(rotate->argument("lifetime_left")->default_text == "33%");
  CHECK(find_block("provider", "genesys")->argument("requests_per_minute")->default_text == "240");
}

TEST_CASE("version constraints hold as Terraform's do") {
  CHECK(satisfies("0.1.0", ">= 0.1, < 2").value());
  CHECK(satisfies("1.4.2", "~> 1.2").value());
  CHECK_FALSE(satisfies("2.0.0", "~> 1.2").value());
  CHECK(satisfies("1.2.9", "~> 1.2.3").value());
  CHECK_FALSE(satisfies("1.3.0", "~> 1.2.3").value());
  CHECK(satisfies("1.0.0", "1.0.0").value());
  CHECK_FALSE(satisfies("1.0.0", "!= 1").value());
  for (const auto* bad : {"", "latest", ">= ", "=> 1", ">= 1,", "1.2.3.4", "> 1 < 2"}) {
    INFO(bad);
    CHECK_FALSE(satisfies("1.0.0", bad));
  }
}
