// The only file that sees CLI11.
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/flag_values.hpp"
#include "cmd/trunkform/usage.hpp"

namespace trunkform::cli {

bool Arguments::on(const std::string& flag) const {
  const auto& values = m_flags.at(flag);
  return !values.empty() && values.back() == "true";
}

const std::string& Arguments::value(const std::string& flag) const {
  static const std::string k_none;
  const auto& values = m_flags.at(flag);
  return values.empty() ? k_none : values.back();
}

const std::vector<std::string>& Arguments::list(const std::string& flag) const { return m_flags.at(flag); }

namespace {

/// Groups have no row in the table of commands.
std::string_view summary_of_group(std::string_view name) {
  if (name == "certificate") return "look at certificates, offline: check, show";
  if (name == "notify") return "what tells people: test";
  if (name == "state") return "look at the state and repair it: list, show, mv, rm, pull, push";
  if (name == "trust") return "what the operator allows a configuration: add, list, remove";
  if (name == "workspace") return "several states of one configuration: list, show, new, select, delete";
  return {};
}

class Parser {
 public:
  explicit Parser(const std::vector<Command>& commands) : m_app("plan and apply for TLS certificates on SIP trunks") {
    m_app.name("trunkform");
    m_app.add_option("--chdir", m_chdir, "work in this folder")->option_text("DIR");
    m_app.set_help_flag("--help", "this text");
    m_app.require_subcommand(0, 1);
    for (const auto& command : commands) add(command);
  }

  /// Of words that `check_words` let through: what the library still refuses is a difference between the two.
  Result<Invocation> parse(std::vector<std::string> arguments) {
    const bool is_nothing = arguments.empty();
    std::reverse(arguments.begin(), arguments.end());
    try {
      m_app.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      return help();
    } catch (const CLI::ParseError&) {
      return not_understood();
    }
    for (auto& leaf : m_leaves)
      if (leaf->app->parsed()) return finish(*leaf);
    return is_nothing ? Result<Invocation>(help()) : not_understood();
  }

 private:
  struct Leaf {
    const Command* command = nullptr;
    CLI::App* app = nullptr;
    std::map<std::string, std::vector<std::string>> flags;
    std::vector<std::string> positionals;
  };

  CLI::App m_app;
  std::string m_chdir;
  std::vector<std::unique_ptr<Leaf>> m_leaves;
  std::map<std::string, CLI::App*> m_groups;

  Invocation help() const {
    Invocation invocation;
    invocation.help = HelpText{m_app.help()};
    return invocation;
  }

  static Error not_understood() {
    return Error(ErrorCode::invalid_input, "usage: these words were not understood")
        .hint("`trunkform -help` lists the commands, `trunkform COMMAND -help` the flags of one");
  }

  CLI::App* group(const std::vector<std::string>& path) {
    CLI::App* at = &m_app;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      auto& next = m_groups[path[i]];
      if (next == nullptr) {
        next = at->add_subcommand(path[i], std::string(summary_of_group(path[i])));
        next->require_subcommand(0, 1);
        next->set_help_flag("--help", "this text");
      }
      at = next;
    }
    return at;
  }

  void add(const Command& command) {
    auto leaf = std::make_unique<Leaf>();
    leaf->command = &command;
    auto* parent = group(command.path);
    leaf->app = parent->add_subcommand(command.path.back());
    leaf->app->description(command.description.empty() ? command.summary
                                                       : command.summary + "\n\n" + command.description);
    leaf->app->set_help_flag("--help", "this text");
    for (const auto& flag : command.flags) add_flag(*leaf, flag);
    for (const auto& positional : command.positionals) {
      auto* option = leaf->app->add_option(positional.name, leaf->positionals, positional.help);
      option->expected(static_cast<int>(positional.at_least), positional.at_most == k_unbounded
                                                                  ? CLI::detail::expected_max_vector_size
                                                                  : static_cast<int>(positional.at_most));
      if (positional.at_least > 0) option->required();
    }
    m_leaves.push_back(std::move(leaf));
  }

  static void add_flag(Leaf& leaf, const Flag& flag) {
    auto& values = leaf.flags[flag.name];
    if (!flag.initial.empty()) values = {flag.initial};
    const std::string name = "--" + flag.name;
    if (flag.kind == FlagKind::toggle) {
      leaf.app->add_flag_function(
          name, [&values](std::int64_t count) { values = {count > 0 ? "true" : "false"}; }, help_of(flag));
    } else {
      const bool many = flag.kind == FlagKind::list;
      leaf.app
          ->add_option_function<std::vector<std::string>>(
              name, [&values](const std::vector<std::string>& given) { values = given; }, help_of(flag))
          ->option_text(flag.placeholder)
          ->expected(1)
          ->multi_option_policy(many ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::TakeLast)
          ->allow_extra_args(false);
    }
  }

  Result<Invocation> finish(Leaf& leaf) {
    for (const auto& flag : leaf.command->flags)
      for (const auto& value : leaf.flags[flag.name]) TRY(check_flag_value(flag, value));
    for (const auto& positional : leaf.command->positionals)
      for (std::size_t i = 0; i < std::min(positional.addresses, leaf.positionals.size()); ++i)
        TRY(check_address_word(leaf.positionals[i]));
    Invocation invocation;
    invocation.command = leaf.command;
    invocation.arguments.m_flags = std::move(leaf.flags);
    invocation.arguments.m_positionals = std::move(leaf.positionals);
    if (!m_chdir.empty()) invocation.chdir = m_chdir;
    return invocation;
  }
};

}  // namespace

Result<Invocation> parse_arguments(const std::vector<Command>& commands, std::vector<std::string> arguments) {
  auto words = normalise_words(std::move(arguments));
  TRY(check_words(commands, words));
  return Parser(commands).parse(std::move(words));
}

}  // namespace trunkform::cli
