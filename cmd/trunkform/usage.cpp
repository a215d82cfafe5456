#include "cmd/trunkform/usage.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/trunkform/habits.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::cli {

namespace {
constexpr std::string_view k_mark = "usage: ";
}

Error usage_error(std::string what, std::string why) {
  return {ErrorCode::invalid_input, std::string(k_mark) + std::move(what), std::move(why)};
}

Error usage_error(Error error) {
  error.code = ErrorCode::invalid_input;
  if (!is_usage_error(error)) error.summary.insert(0, k_mark);
  return error;
}

bool is_usage_error(const Error& error) {
  return error.code == ErrorCode::invalid_input && error.summary.starts_with(k_mark);
}

namespace {

using Words = std::vector<std::string>;

constexpr const char* k_list_hint = "`trunkform -help` lists the commands";

std::string shown(const std::string& word) { return views::escape_foreign(word); }

/// `-x`, `--out`; a lone dash is standard input.
bool is_flag(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

/// `out` of `--out=x`.
std::string flag_name(const std::string& word) {
  const auto start = word.find_first_not_of('-');
  return start == std::string::npos ? std::string() : word.substr(start, word.find('=') - start);
}

/// The first word behind `-chdir=DIR` and `-chdir DIR`.
std::size_t first_of_command(const Words& words) {
  std::size_t at = 0;
  for (; at < words.size() && is_flag(words[at]) && flag_name(words[at]) == "chdir"; ++at)
    if (words[at].find('=') == std::string::npos) ++at;
  return at;
}

constexpr std::size_t k_few_flags = 10;

/// What is begun well is meant before what is only spelled alike: -ver is -version, and not -var. Empty: nothing is.
std::string meant(const std::string& name, const Words& flags) {
  Words begun;
  if (name.size() > 1)
    std::copy_if(flags.begin(), flags.end(), std::back_inserter(begun),
                 [&](const std::string& flag) { return flag.starts_with(name) || name.ends_with("-" + flag); });
  return begun.size() == 1 ? begun.front() : nearest(name, flags);
}

std::string path_text(const Command& command) { return fmt::format("{}", fmt::join(command.path, " ")); }

/// One walk over the words, in the order in which they are typed.
class Walk {
 public:
  Walk(const std::vector<Command>& commands, const Words& words) : m_commands(commands), m_words(words) {}

  Result<> run() {
    if (m_words.empty()) return {};  // answered with help
    TRY(global_flags());
    if (m_help) return {};
    const auto* command = TRY(find_command());
    if (m_help) return {};
    TRY(words_of(*command));
    if (m_help) return {};
    return count_positionals(*command);
  }

 private:
  const std::vector<Command>& m_commands;
  const Words& m_words;
  std::size_t m_at = 0;
  bool m_help = false;
  Words m_bare;

  bool ended() const { return m_at >= m_words.size(); }

  Result<> global_flags() {
    for (; !ended() && is_flag(m_words[m_at]); ++m_at) {
      const auto& word = m_words[m_at];
      const auto name = flag_name(word);
      if (name == "help") {
        m_help = true;
        return {};
      }
      if (name != "chdir") return misplaced(name);
      const auto equals = word.find('=');
      const bool is_joined = equals != std::string::npos;
      if (!is_joined) ++m_at;
      if (ended() || (is_joined && equals + 1 == word.size()) || m_words[m_at].empty())
        return usage_error("-chdir names no folder")
            .hint("write it like this: trunkform -chdir=DIR COMMAND")
            .hint(k_list_hint);
    }
    return {};
  }

  /// A flag of a command, before the command.
  Error misplaced(const std::string& name) const {
    const auto knows = [&](const Command& command) {
      return std::any_of(command.flags.begin(), command.flags.end(),
                         [&](const Flag& flag) { return flag.name == name; });
    };
    const bool is_known = std::any_of(m_commands.begin(), m_commands.end(), knows);
    if (is_known)
      return usage_error(fmt::format("-{} stands before the command", shown(name)),
                         "flags follow the command; only -chdir precedes it")
          .hint(fmt::format("write it like this: trunkform COMMAND -{} …", shown(name)))
          .hint("`trunkform COMMAND -help` lists the flags of a command");
    auto error = usage_error(fmt::format("there is no flag -{}", shown(name)),
                             "before the command only -chdir=DIR, -help and -version are possible");
    if (const auto near = nearest(name, {"chdir", "help", "version"}); !near.empty())
      error.hints.push_back(fmt::format("did you mean -{}?", near));
    error.hints.emplace_back(k_list_hint);
    return error;
  }

  Words beginnings() const {
    Words names;
    for (const auto& command : m_commands)
      if (std::find(names.begin(), names.end(), command.path.front()) == names.end())
        names.push_back(command.path.front());
    return names;
  }

  Words members_of(const std::string& group) const {
    Words names;
    for (const auto& command : m_commands)
      if (command.path.size() > 1 && command.path.front() == group) names.push_back(command.path[1]);
    return names;
  }

  Result<const Command*> find_command() {
    if (ended()) return usage_error("a command is missing").hint(k_list_hint);
    const auto word = m_words[m_at++];
    const auto members = members_of(word);
    if (!members.empty()) return find_member(word, members);
    for (const auto& command : m_commands)
      if (command.path.size() == 1 && command.path.front() == word) return &command;
    if (auto habit = habit_of_command(word)) return std::move(*habit).hint(k_list_hint);
    auto error = usage_error(word.empty() ? "the command is an empty word (an unset variable of the shell?)"
                                          : fmt::format("there is no command `trunkform {}`", shown(word)));
    if (const auto near = nearest(word, beginnings()); !near.empty())
      error.hints.push_back(fmt::format("did you mean `trunkform {}`?", near));
    error.hints.emplace_back(k_list_hint);
    return error;
  }

  Result<const Command*> find_member(const std::string& group, const Words& members) {
    const auto help = fmt::format("`trunkform {} -help` says what each does", group);
    if (!ended() && flag_name(m_words[m_at]) == "help" && is_flag(m_words[m_at])) {
      m_help = true;
      return nullptr;
    }
    if (ended() || is_flag(m_words[m_at]))
      return usage_error(fmt::format("`trunkform {}` is a group of commands, and none is named", group))
          .hint(fmt::format("choose one: {}", fmt::join(members, ", ")))
          .hint(help);
    const auto word = m_words[m_at++];
    for (const auto& command : m_commands)
      if (command.path.size() > 1 && command.path[0] == group && command.path[1] == word) return &command;
    if (auto habit = habit_of_command(group + " " + word)) return std::move(*habit).hint(help);
    auto error = usage_error(fmt::format("there is no command `trunkform {} {}`", group, shown(word)));
    if (const auto near = nearest(word, members); !near.empty())
      error.hints.push_back(fmt::format("did you mean `trunkform {} {}`?", group, near));
    else
      error.hints.push_back(fmt::format("there are: {}", fmt::join(members, ", ")));
    error.hints.push_back(help);
    return error;
  }

  static std::string help_hint(const Command& command) {
    return fmt::format("`trunkform {} -help` lists its flags and arguments", path_text(command));
  }

  Result<> words_of(const Command& command) {
    bool only_bare = false;
    for (; !ended() && !m_help; ++m_at) {
      const auto& word = m_words[m_at];
      if (word == "--" && !only_bare)
        only_bare = true;
      else if (only_bare || !is_flag(word))
        m_bare.push_back(word);
      else
        TRY(flag(command, word));
    }
    return {};
  }

  Result<> flag(const Command& command, const std::string& word) {
    const auto name = flag_name(word);
    if (name == "help") {
      m_help = true;
      return {};
    }
    const auto found =
        std::find_if(command.flags.begin(), command.flags.end(), [&](const Flag& flag) { return flag.name == name; });
    if (found == command.flags.end() || !word.starts_with("--")) return unknown(command, name);
    const auto equals = word.find('=');
    if (found->kind == FlagKind::toggle) return toggle(command, *found, word, equals);
    const bool is_joined = equals != std::string::npos;
    if (!is_joined) ++m_at;
    const bool is_empty = is_joined ? equals + 1 == word.size() : !ended() && m_words[m_at].empty();
    if (is_joined && !is_empty) return {};
    if (!is_empty && !ended() && !is_flag_of(command, m_words[m_at])) return {};
    return usage_error(fmt::format("-{} has no value", name),
                       is_empty  ? "it is empty (an unset variable of the shell?)"
                       : ended() ? "it is the last word"
                                 : fmt::format("the next word is the flag {}", shown(m_words[m_at].substr(1))))
        .hint(fmt::format("write it like this: -{}={}", name, found->placeholder))
        .hint(help_hint(command));
  }

  static bool is_flag_of(const Command& command, const std::string& word) {
    if (!word.starts_with("--")) return false;
    const auto name = flag_name(word);
    return name == "help" ||
           std::any_of(command.flags.begin(), command.flags.end(), [&](const Flag& flag) { return flag.name == name; });
  }

  static Result<> toggle(const Command& command, const Flag& flag, const std::string& word, std::size_t equals) {
    if (equals == std::string::npos) return {};
    const auto value = word.substr(equals + 1);
    for (const auto* known : {"true", "false", "1", "0"})
      if (value == known) return {};
    return usage_error(fmt::format("-{}={} is neither true nor false", flag.name, shown(value)))
        .hint(fmt::format("write -{} to have it, -{}=false to leave it out", flag.name, flag.name))
        .hint(help_hint(command));
  }

  Error unknown(const Command& command, const std::string& name) const {
    const auto path = path_text(command);
    if (name == "chdir")
      return usage_error("-chdir stands behind the command",
                         "it says where the command looks for everything, so it comes first, as in Terraform")
          .hint(fmt::format("write it like this: trunkform -chdir=DIR {} …", path))
          .hint(help_hint(command));
    if (auto habit = habit_of_flag(path, name)) return std::move(*habit).hint(help_hint(command));
    auto error = usage_error(fmt::format("`trunkform {}` has no flag -{}", path, shown(name)));
    Words names = {"help"};
    for (const auto& flag : command.flags) names.push_back(flag.name);
    if (const auto near = meant(name, names); !near.empty())
      error.hints.push_back(fmt::format("did you mean -{}?", near));
    else if (command.flags.size() <= k_few_flags)
      error.detail = fmt::format("it has -{}", fmt::join(names, ", -"));
    error.hints.push_back(help_hint(command));
    return error;
  }

  Result<> count_positionals(const Command& command) const {
    std::size_t least = 0, most = 0;
    Words names;
    for (const auto& positional : command.positionals) {
      least += positional.at_least;
      most = positional.at_most == k_unbounded ? k_unbounded : most + positional.at_most;
      names.push_back(positional.name);
    }
    const auto path = path_text(command);
    const auto wanted = fmt::format("{}", fmt::join(names, " "));
    if (m_bare.size() < least) {
      const auto* what = command.positionals.front().help.c_str();
      auto error = usage_error(fmt::format("`trunkform {}` needs {}", path,
                                           least == 1 ? wanted : fmt::format("{} ({} words)", wanted, least)),
                               fmt::format("{}: {}", wanted, what));
      error.hints.push_back(help_hint(command));
      return error;
    }
    if (m_bare.size() <= most) return {};
    const auto& extra = m_bare[most];
    auto error =
        usage_error(most == 0 ? fmt::format("`trunkform {}` takes no argument, and '{}' is one", path, shown(extra))
                              : fmt::format("`trunkform {}` takes no more than {}, and '{}' is too many", path, wanted,
                                            shown(extra)));
    if (extra == "true" || extra == "false")
      error.hints.emplace_back("a flag's true or false is joined to it: -json=true");
    if (path == "plan")
      error.hints.emplace_back("only these addresses: -target='ADDR'; a saved plan: trunkform show FILE");
    error.hints.push_back(help_hint(command));
    return error;
  }
};

}  // namespace

Words normalise_words(Words words) {
  for (auto& word : words) {
    if (word == "--") break;
    const bool single_dash = word.size() > 2 && word[0] == '-' && word[1] != '-' && !(word[1] >= '0' && word[1] <= '9');
    if (single_dash) word.insert(0, "-");
    if (word == "-h") word = "--help";
  }
  const auto at = first_of_command(words);
  if (at >= words.size()) return words;
  auto& first = words[at];
  if (first == "--version" || first == "-v") first = "version";
  // `help plan` and `-help plan` are `plan -help`.
  if (first != "help" && first != "--help") return words;
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
  words.emplace_back("--help");
  return words;
}

std::size_t end_of_command(const std::vector<Command>& commands, const Words& words, Words& path) {
  path.clear();
  const auto at = first_of_command(words);
  std::size_t length = 0;
  for (const auto& command : commands) {
    const auto& known = command.path;
    if (known.size() <= length || at + known.size() > words.size()) continue;
    if (!std::equal(known.begin(), known.end(), words.begin() + static_cast<std::ptrdiff_t>(at))) continue;
    length = known.size();
    path = known;
  }
  return length == 0 ? words.size() : at + length;
}

Result<> check_words(const std::vector<Command>& commands, const Words& words) { return Walk(commands, words).run(); }

}  // namespace trunkform::cli
