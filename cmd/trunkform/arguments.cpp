// The only file that sees CLI11.
#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/flag_values.hpp"
#include "schemas/model/diagnostic.hpp"

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

/// `-out=x` and `-out x` become `--out…`; what is after `--`, single letters and bare words stay.
std::vector<std::string> normalise(std::vector<std::string> arguments) {
  for (auto& argument : arguments) {
    if (argument == "--") break;
    const bool single_dash =
        argument.size() > 2 && argument[0] == '-' && argument[1] != '-' && !(argument[1] >= '0' && argument[1] <= '9');
    if (single_dash) argument.insert(0, "-");
    if (argument == "-h") argument = "--help";
  }
  return arguments;
}

/// Groups have no row in the table of commands.
std::string_view summary_of_group(std::string_view name) {
  if (name == "certificate") return "look at certificates, offline: check, show";
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

  Result<Invocation> parse(std::vector<std::string> arguments) {
    const auto words = arguments;
    std::reverse(arguments.begin(), arguments.end());
    try {
      m_app.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      Invocation invocation;
      invocation.help = HelpText{m_app.help()};
      return invocation;
    } catch (const CLI::ParseError& error) {
      return usage_error(words, error.what());
    }
    for (auto& leaf : m_leaves)
      if (leaf->app->parsed()) return finish(*leaf);
    if (words.empty()) {
      Invocation invocation;
      invocation.help = HelpText{m_app.help()};
      return invocation;
    }
    return usage_error(words, "a command is missing");
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
  std::vector<std::string> m_names;
  std::map<std::string, CLI::App*> m_groups;

  CLI::App* group(const std::vector<std::string>& path) {
    CLI::App* at = &m_app;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      auto& next = m_groups[path[i]];
      if (next == nullptr) {
        next = at->add_subcommand(path[i], std::string(summary_of_group(path[i])));
        next->require_subcommand(0, 1);
        next->set_help_flag("--help", "this text");
        m_names.push_back(path[i]);
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
    if (command.path.size() == 1) m_names.push_back(command.path.back());
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

  /// The command that the bare words name; the value of a global flag may stand before it.
  const Leaf* named_leaf(const std::vector<std::string>& words) const {
    std::vector<std::string> bare;
    for (const auto& word : words)
      if (!word.starts_with("-")) bare.push_back(word);
    const Leaf* found = nullptr;
    for (const auto& leaf : m_leaves) {
      const auto& path = leaf->command->path;
      if (found != nullptr && path.size() <= found->command->path.size()) continue;
      for (std::size_t from = 0; from < 2 && from + path.size() <= bare.size(); ++from)
        if (std::equal(path.begin(), path.end(), bare.begin() + static_cast<std::ptrdiff_t>(from))) found = leaf.get();
    }
    return found;
  }

  std::optional<Error> unknown_flag(const std::vector<std::string>& words) const {
    const auto* leaf = named_leaf(words);
    if (leaf == nullptr) return std::nullopt;
    std::vector<std::string> names = {"help", "chdir"};
    for (const auto& [name, values] : leaf->flags) names.push_back(name);
    const auto command = fmt::format("{}", fmt::join(leaf->command->path, " "));
    for (const auto& word : words) {
      if (word == "--") break;
      if (!word.starts_with("--")) continue;
      const auto name = word.substr(2, word.find('=') - 2);
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      Error error(ErrorCode::invalid_input, fmt::format("usage: `trunkform {}` has no flag -{}", command, name));
      if (const auto near = nearest(name, names); !near.empty())
        error.hints.push_back(fmt::format("did you mean -{}?", near));
      error.hints.push_back(fmt::format("`trunkform {} -help` lists its flags", command));
      return error;
    }
    return std::nullopt;
  }

  /// `certificate chek` is looked for among the commands of its group.
  std::string nearest_command(const std::vector<std::string>& words) const {
    std::vector<std::string> bare;
    for (const auto& word : words)
      if (!word.starts_with("-")) bare.push_back(word);
    if (bare.empty()) return {};
    if (!m_groups.contains(bare[0])) {
      const auto near = nearest(bare[0], m_names);
      return near == bare[0] ? std::string() : near;
    }
    std::vector<std::string> names;
    for (const auto& leaf : m_leaves)
      if (leaf->command->path.front() == bare[0]) names.push_back(leaf->command->path.back());
    const auto near = bare.size() > 1 ? nearest(bare[1], names) : std::string();
    return near.empty() || near == bare[1] ? std::string() : bare[0] + " " + near;
  }

  Error usage_error(const std::vector<std::string>& words, const std::string& why) const {
    if (auto unknown = unknown_flag(words)) return std::move(*unknown);
    Error error(ErrorCode::invalid_input, "usage: " + why);
    if (const auto near = nearest_command(words); !near.empty())
      error.hints.push_back(fmt::format("did you mean `trunkform {}`?", near));
    error.hints.emplace_back("`trunkform -help` lists the commands, `trunkform COMMAND -help` the flags of one");
    return error;
  }
};

}  // namespace

Result<Invocation> parse_arguments(const std::vector<Command>& commands, std::vector<std::string> arguments) {
  return Parser(commands).parse(normalise(std::move(arguments)));
}

}  // namespace trunkform::cli
