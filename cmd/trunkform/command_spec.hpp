#pragma once
// What a command is, as data: its words, flags and place. The parser, `-help`, completions and docs/reference are made
// from these tables; a command's file in commands/ registers one and holds its `run`.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/run.hpp"

namespace trunkform::cli {

struct World;

enum class FlagKind {
  toggle,  ///< `-json`, `-lock=false`
  value,   ///< `-out=FILE`; the last one counts
  list,    ///< `-var a=1 -var b=2`
};

inline constexpr std::size_t k_unbounded = SIZE_MAX;

/// What the value of a flag is, beyond being text: a malformed one is a usage error before the command begins.
enum class FlagForm {
  text,
  number,      ///< whole, from `least` to `most`
  duration,    ///< `5m`
  moment,      ///< a duration from now, or RFC 3339
  address,     ///< `type.name["key"]`
  assignment,  ///< `NAME=VALUE`
};

struct Flag {
  std::string name;  ///< without dashes
  FlagKind kind = FlagKind::toggle;
  std::string help;
  std::string placeholder{};  ///< `FILE`, for value and list
  std::string initial{};      ///< when not given: a toggle's `true` or empty, a value's text
  FlagForm form = FlagForm::text;
  std::size_t least = 0;
  std::size_t most = k_unbounded;
};

struct Positional {
  std::string name;  ///< `PLANFILE`
  std::string help;
  std::size_t at_least = 0;
  std::size_t at_most = 1;    ///< k_unbounded for any number
  std::size_t addresses = 0;  ///< the first so many are addresses; k_unbounded: all
};

/// What was typed, after parsing. Flags by name; every flag of the command is there.
class Arguments {
 public:
  bool on(const std::string& flag) const;
  const std::string& value(const std::string& flag) const;  ///< empty when not given and without an initial value
  const std::vector<std::string>& list(const std::string& flag) const;
  const std::vector<std::string>& positionals() const { return m_positionals; }

  std::map<std::string, std::vector<std::string>> m_flags{};
  std::vector<std::string> m_positionals{};
};

/// Whether a command may come to hold a key, a token or a password. `may_hold` unless the registry knows better.
enum class Secrets { may_hold, never };

struct Command {
  std::vector<std::string> path;  ///< `{"state", "mv"}`
  std::string summary;            ///< one line, lower case
  std::string description;        ///< for `-help`; may be empty
  std::vector<Flag> flags;
  std::vector<Positional> positionals;
  std::function<ExitCode(World&, const Arguments&)> run;
  Secrets secrets = Secrets::may_hold;
};

/// `-help` was asked for: its text is the result.
struct HelpText {
  std::string text;
};
struct Invocation {
  const Command* command = nullptr;  ///< null where help was asked for
  Arguments arguments;
  std::optional<std::string> chdir;
  std::optional<HelpText> help;
};

/// Terraform's spellings are understood: `-out=x`, `-out x`, `--out x`, a global `-chdir=DIR` before the command.
/// Error: invalid_input with the usage to print (exit 64).
Result<Invocation> parse_arguments(const std::vector<Command>& commands, std::vector<std::string> arguments);

}  // namespace trunkform::cli
