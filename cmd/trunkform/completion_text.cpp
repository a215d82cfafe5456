#include "cmd/trunkform/completion_text.hpp"

#include <map>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

struct Word {
  std::string text;
  std::string summary;
};

std::string path_text(const std::vector<std::string>& path) {
  std::string text;
  for (const auto& word : path) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// What may follow each beginning of a command: "" → `plan`, `state`, …; "state" → `list`, `mv`, ….
std::map<std::string, std::vector<Word>> words_by_beginning(const std::vector<Command>& commands) {
  std::map<std::string, std::vector<Word>> words;
  for (const auto& command : commands) {
    std::string beginning;
    for (std::size_t i = 0; i < command.path.size(); ++i) {
      auto& known = words[beginning];
      const auto& word = command.path[i];
      const bool is_last = i + 1 == command.path.size();
      bool is_new = true;
      for (const auto& one : known) is_new = is_new && one.text != word;
      if (is_new) known.push_back({word, is_last ? command.summary : "commands about " + word});
      beginning += (beginning.empty() ? "" : " ") + word;
    }
  }
  return words;
}

/// For single quotes of fish, which knows \\ and \' within them.
std::string in_fish_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return quoted + "'";
}

std::string words_text(const std::vector<Word>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

std::string flags_text(const Command& command) {
  std::string text = "-help";
  for (const auto& flag : command.flags)
    text += fmt::format(" -{}{}", flag.name, flag.kind == FlagKind::toggle ? "" : "=");
  return text;
}

/// A case for each beginning and each command.
std::string bash_text(const std::vector<Command>& commands) {
  std::string text = R"(# bash completion for trunkform: source <(trunkform completion bash)
_trunkform() {
  local current=${COMP_WORDS[COMP_CWORD]} typed='' word words='' flags='' i
  # bash splits -flag=FILE at the = sign: what stands behind it is a file's name.
  if [[ $current == = || ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
    [[ $current == = ]] && current=
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames
    return
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word == -* || $word == = || ${COMP_WORDS[i-1]} == = ]] && continue
    case "$typed${typed:+ }$word" in
)";
  std::string patterns;
  const auto beginnings = words_by_beginning(commands);
  for (const auto& [beginning, words] : beginnings)
    if (!beginning.empty()) patterns += (patterns.empty() ? "" : "|") + shell_quoted(beginning);
  for (const auto& command : commands)
    patterns += (patterns.empty() ? "" : "|") + shell_quoted(path_text(command.path));
  text +=
      fmt::format("      {}) typed=\"$typed${{typed:+ }}$word\" ;;\n    esac\n  done\n  case $typed in\n", patterns);
  for (const auto& [beginning, words] : beginnings) {
    text += fmt::format("    {}) words={}", shell_quoted(beginning), shell_quoted(words_text(words)));
    if (beginning.empty()) text += " flags='-chdir= -help'";
    text += " ;;\n";
  }
  for (const auto& command : commands)
    text +=
        fmt::format("    {}) flags={} ;;\n", shell_quoted(path_text(command.path)), shell_quoted(flags_text(command)));
  return text + R"(  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
  elif [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    compopt -o filenames
  fi
}
complete -F _trunkform trunkform
)";
}

std::string zsh_item(const std::string& name, const std::string& summary) {
  std::string escaped;
  for (const char c : name) escaped += c == ':' ? std::string("\\:") : std::string(1, c);
  return shell_quoted(escaped + ":" + summary);
}

std::string zsh_text(const std::vector<Command>& commands) {
  std::string text = R"(#compdef trunkform
# zsh completion for trunkform: trunkform completion zsh > "${fpath[1]}/_trunkform"
_trunkform() {
  local typed='' word i
  local -a entries
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    [[ $word == -* ]] && continue
    case "$typed${typed:+ }$word" in
)";
  const auto beginnings = words_by_beginning(commands);
  std::string patterns;
  for (const auto& [beginning, words] : beginnings)
    if (!beginning.empty()) patterns += (patterns.empty() ? "" : "|") + shell_quoted(beginning);
  for (const auto& command : commands)
    patterns += (patterns.empty() ? "" : "|") + shell_quoted(path_text(command.path));
  text +=
      fmt::format("      {}) typed=\"$typed${{typed:+ }}$word\" ;;\n    esac\n  done\n  case $typed in\n", patterns);
  for (const auto& [beginning, words] : beginnings) {
    text += fmt::format("    {})\n      entries=(", shell_quoted(beginning));
    for (const auto& word : words) text += "\n        " + zsh_item(word.text, word.summary);
    text += "\n      )\n      _describe command entries ;;\n";
  }
  for (const auto& command : commands) {
    text += fmt::format("    {})\n      entries=('-help:this text'", shell_quoted(path_text(command.path)));
    for (const auto& flag : command.flags)
      text +=
          "\n        " + zsh_item(fmt::format("-{}{}", flag.name, flag.kind == FlagKind::toggle ? "" : "="), flag.help);
    text +=
        "\n      )\n      if [[ ${words[CURRENT]} == -*=* ]]; then compset -P '*='; _files\n"
        "      elif [[ ${words[CURRENT]} == -* ]]; then _describe flag entries\n      else _files; fi ;;\n";
  }
  text +=
      "  esac\n}\nif [[ $funcstack[1] == _trunkform ]]; then _trunkform \"$@\"; else compdef _trunkform trunkform; "
      "fi\n";
  return text;
}

std::string fish_text(const std::vector<Command>& commands) {
  std::string text =
      R"(# fish completion for trunkform: trunkform completion fish > ~/.config/fish/completions/trunkform.fish
# Whether the words typed so far, flags apart, are exactly these.
function __trunkform_at
    set -l typed
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set -a typed $word
    end
    test "$typed" = "$argv"
end
# Whether they begin with these.
function __trunkform_in
    set -l typed
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or set -a typed $word
    end
    string match -q -- "$argv *" "$typed "
end
complete -c trunkform -n '__trunkform_at' -f
complete -c trunkform -n '__trunkform_at' -o chdir -x -a '(__fish_complete_directories)' -d 'work in this folder'
)";
  for (const auto& [beginning, words] : words_by_beginning(commands))
    for (const auto& word : words)
      text += fmt::format("complete -c trunkform -n '__trunkform_at{}{}' -f -a {} -d {}\n",
                          beginning.empty() ? "" : " ", beginning, word.text, in_fish_quotes(word.summary));
  for (const auto& command : commands)
    for (const auto& flag : command.flags)
      text += fmt::format("complete -c trunkform -n '__trunkform_in {}' -o {}{} -d {}\n", path_text(command.path),
                          flag.name, flag.kind == FlagKind::toggle ? "" : " -r", in_fish_quotes(flag.help));
  return text;
}

}  // namespace

Result<std::string> completion_text(const std::vector<Command>& commands, std::string_view shell) {
  if (shell == "bash") return bash_text(commands);
  if (shell == "zsh") return zsh_text(commands);
  if (shell == "fish") return fish_text(commands);
  return Error(ErrorCode::invalid_input, fmt::format("there is no completion for \"{}\"", shell))
      .hint("there are bash, zsh and fish");
}

}  // namespace trunkform::cli
