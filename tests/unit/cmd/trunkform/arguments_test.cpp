#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/commands/commands.hpp"

using namespace trunkform;
using trunkform::cli::Invocation;

namespace {

const std::vector<cli::Command>& commands() {
  static const auto all = cli::all_commands();
  return all;
}

Invocation parsed(std::vector<std::string> words) {
  INFO(words.front());
  auto invocation = cli::parse_arguments(commands(), std::move(words));
  INFO((invocation ? "" : to_line(invocation.error())));
  REQUIRE(invocation);
  return std::move(*invocation);
}

Error refused(std::vector<std::string> words) {
  const auto invocation = cli::parse_arguments(commands(), std::move(words));
  REQUIRE_FALSE(invocation);
  return invocation.error();
}

}  // namespace

TEST_CASE("Terraform's spellings of a flag with a value mean the same") {
  for (const auto& words : std::vector<std::vector<std::string>>{{"plan", "-out=x"},
                                                                 {"plan", "-out", "x"},
                                                                 {"plan", "--out=x"},
                                                                 {"plan", "--out", "x"},
                                                                 {"plan", "-out=y", "-out=x"}}) {
    const auto invocation = parsed(words);
    REQUIRE(invocation.command != nullptr);
    CHECK(invocation.command->path == std::vector<std::string>{"plan"});
    CHECK(invocation.arguments.value("out") == "x");
  }
  CHECK(parsed({"plan"}).arguments.value("out").empty());
  CHECK(parsed({"plan", "-out=a=b"}).arguments.value("out") == "a=b");
}

TEST_CASE("a toggle is on, off, or as it begins") {
  CHECK(parsed({"apply"}).arguments.on("lock"));
  CHECK_FALSE(parsed({"apply", "-lock=false"}).arguments.on("lock"));
  CHECK(parsed({"apply", "-lock=true"}).arguments.on("lock"));
  CHECK(parsed({"apply", "-lock"}).arguments.on("lock"));
  CHECK_FALSE(parsed({"apply"}).arguments.on("auto-approve"));
  CHECK(parsed({"apply", "-auto-approve"}).arguments.on("auto-approve"));
  CHECK_FALSE(parsed({"apply", "-auto-approve=false"}).arguments.on("auto-approve"));
}

TEST_CASE("variables are a list, and their values are not looked into") {
  const auto invocation = parsed({"plan", "-var", "a=1", "-var=b=2", "-var", "c=-x --y", "-var-file=f.json"});
  CHECK(invocation.arguments.list("var") == std::vector<std::string>{"a=1", "b=2", "c=-x --y"});
  CHECK(invocation.arguments.list("var-file") == std::vector<std::string>{"f.json"});
}

TEST_CASE("a plan file goes before or after the flags") {
  CHECK(parsed({"apply", "reviewed.plan", "-no-color"}).arguments.positionals() ==
        std::vector<std::string>{"reviewed.plan"});
  CHECK(parsed({"apply", "-no-color", "reviewed.plan"}).arguments.positionals() ==
        std::vector<std::string>{"reviewed.plan"});
  CHECK(parsed({"apply", "-lock-timeout", "30s", "p"}).arguments.positionals() == std::vector<std::string>{"p"});
}

TEST_CASE("a command of two words is found, and -chdir stands before it") {
  const auto invocation = parsed({"-chdir=elsewhere", "state", "mv", "x.a", "x.b"});
  REQUIRE(invocation.command != nullptr);
  CHECK(invocation.command->path == std::vector<std::string>{"state", "mv"});
  CHECK(invocation.arguments.positionals() == std::vector<std::string>{"x.a", "x.b"});
  CHECK(invocation.chdir == "elsewhere");
}

TEST_CASE("an address in quotes and brackets arrives as it was typed") {
  const std::string address = R"(genesys_trunk_certificate.a["East 1"])";
  CHECK(parsed({"plan", "-target=" + address}).arguments.list("target") == std::vector{address});
  CHECK(parsed({"state", "show", address}).arguments.positionals() == std::vector{address});
}

TEST_CASE("what is not known is refused with what was perhaps meant") {
  const auto command = refused({"aply"});
  CHECK(command.code == ErrorCode::invalid_input);
  REQUIRE_FALSE(command.hints.empty());
  CHECK(command.hints.front() == "did you mean `trunkform apply`?");
  const auto flag = refused({"plan", "-otu=x"});
  CHECK(flag.summary.find("otu") != std::string::npos);
  REQUIRE_FALSE(flag.hints.empty());
  CHECK(flag.hints.front() == "did you mean -out?");
}

TEST_CASE("too much, too little and nothing are usage errors") {
  CHECK(refused({"apply", "one", "two"}).code == ErrorCode::invalid_input);
  CHECK(refused({"state", "mv", "only-one"}).code == ErrorCode::invalid_input);
  CHECK(refused({"state"}).code == ErrorCode::invalid_input);
  CHECK(refused({"plan", "-out"}).code == ErrorCode::invalid_input);
}

TEST_CASE("help is asked for in every usual way and names the flags in our spelling") {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"apply", "-help"}, {"apply", "--help"}, {"apply", "-h"}}) {
    const auto invocation = parsed(words);
    REQUIRE(invocation.help);
    CHECK(invocation.help->text.find("lock-timeout") != std::string::npos);
    CHECK(invocation.help->text.find("PLANFILE") != std::string::npos);
  }
  REQUIRE(parsed({"-help"}).help);
  CHECK(parsed({"-help"}).help->text.find("apply") != std::string::npos);
}

TEST_CASE("a word that must be an address and is none is a usage error that says how one looks") {
  const std::vector<std::vector<std::string>> malformed{
      {"state", "show", "a["},   {"state", "list", "a.b", "q"}, {"state", "mv", "a.b", "b"}, {"state", "rm", "q"},
      {"forget", "a.b", "a.b["}, {"import", "q", "7f"},         {"rollback", "q"},           {"history", "q"},
      {"verify", "a.b", "q"}};
  for (const auto& words : malformed) {
    INFO(words[0]);
    const auto result = cli::parse_arguments(commands(), words);
    REQUIRE_FALSE(result);
    CHECK(result.error().summary.find(" is not an address") != std::string::npos);
    CHECK(result.error().summary.starts_with("usage: "));
  }
  CHECK(cli::parse_arguments(commands(), {"import", "a.b", "no address, but an id"}));
}

TEST_CASE("a malformed number, duration, address or assignment is a usage error with the value and an example") {
  const std::vector<std::vector<std::string>> malformed{{"plan", "-parallelism=0"},
                                                        {"plan", "-parallelism=1001"},
                                                        {"apply", "-parallelism=ten"},
                                                        {"plan", "-parallelism=-1"},
                                                        {"plan", "-parallelism=4x"},
                                                        {"history", "-limit=0"},
                                                        {"history", "-limit=99999999999999999999"},
                                                        {"apply", "-lock-timeout=5"},
                                                        {"plan", "-lock-timeout=x"},
                                                        {"forget", "-lock-timeout=soon", "a.b"},
                                                        {"apply", "-wait=-1h"},
                                                        {"apply", "-wait=2"},
                                                        {"apply", "-deadline=tomorrow"},
                                                        {"verify", "-interval=soon"},
                                                        {"verify", "-parallelism=ten"},
                                                        {"forecast", "-parallelism=0"},
                                                        {"forecast", "-apply-every=often"},
                                                        {"forecast", "-target=a"},
                                                        {"plan", "-target=a"},
                                                        {"apply", "-exclude=a.b[c]"},
                                                        {"plan", "-replace=a.b.c"},
                                                        {"plan", "-target", "a.b", "-target", "1.x"}};
  for (auto words : malformed) {
    const auto last = words.back() == "a.b" ? words[1] : words.back();
    INFO(fmt::format("{}", fmt::join(words, " ")));
    const auto error = refused(words);
    CHECK(error.code == ErrorCode::invalid_input);
    CHECK(error.summary.starts_with("usage: "));
    CHECK(error.summary.find(last.substr(last.find('=') + 1)) != std::string::npos);
    REQUIRE_FALSE(error.hints.empty());
    CHECK(error.hints.front().starts_with("for example -"));
  }
  const auto secret = refused({"plan", "-var", "hunter2"});
  CHECK(to_line(secret).find("hunter2") == std::string::npos);
  CHECK(secret.hints.front().starts_with("for example -var"));
  CHECK(parsed({"plan", "-parallelism=1000", "-target=a.b[0]", "-var=x=", "-lock-timeout=0s"}).command != nullptr);
  CHECK(parsed({"apply", "-wait=1h30m", "-deadline=2026-11-28T06:00:00Z"}).command != nullptr);
}

TEST_CASE("help tells defaults, what may be repeated, and what a group of commands is for") {
  const auto plan = parsed({"plan", "-help"}).help->text;
  CHECK(plan.find("(default 10)") != std::string::npos);
  CHECK(plan.find("may be given several times") != std::string::npos);
  const auto all = parsed({"-help"}).help->text;
  for (const auto* summary : {"look at certificates", "repair", "what the operator allows", "several states"})
    CHECK(all.find(summary) != std::string::npos);
  CHECK(refused({"certificate", "chek", "x"}).hints.front() == "did you mean `trunkform certificate check`?");
  CHECK(refused({"state", "mov", "a", "b"}).hints.front() == "did you mean `trunkform state mv`?");
}
