#include <algorithm>
#include <iterator>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "providers/stores/places.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

std::vector<std::string> write_kinds() {
  std::vector<std::string> kinds;
  for (const auto& kind : engine::Trust::write_kinds()) kinds.emplace_back(kind.name);
  return kinds;
}

Error not_this(std::string what, std::string why = {}) {
  return usage_error(std::move(what), std::move(why))
      .hint(fmt::format("trunkform trust add host HOST:PORT KIND    (KIND: {})",
                        fmt::join(engine::Trust::credential_kinds(), ", ")))
      .hint("trunkform trust add secret env NAME")
      .hint("trunkform trust add secret file PATH")
      .hint("trunkform trust add program PATH -arg=ARGUMENT … -env=NAME …    (an ARGUMENT * stands for any one)")
      .hint(fmt::format("trunkform trust add write KIND PLACE    (KIND: {})", fmt::join(write_kinds(), ", ")))
      .hint(fmt::format("trunkform trust add scope KIND NAME    (KIND: {})",
                        fmt::join(engine::Trust::scope_kinds(), ", ")));
}

/// POSIX's portable names; what is anything else can never be set, so it is a typing error.
Result<> check_variable(const std::string& name) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  if (!name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), is_part)) return {};
  return not_this(fmt::format("'{}' is not the name of an environment variable", views::escape_foreign(name)),
                  "a name has letters, digits and _, and does not begin with a digit");
}

Result<engine::TrustedHost> host_of(const std::string& where, const std::string& kind) {
  const auto parts = parse_url("https://" + where);
  if (!parts)
    return not_this(fmt::format("'{}' is not HOST:PORT", views::escape_foreign(where)), "ports are 1 to 65535");
  const auto& kinds = engine::Trust::credential_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    auto error = not_this(fmt::format("there are no {} credentials", views::escape_foreign(kind)),
                          fmt::format("a host is trusted with one kind: {}", fmt::join(kinds, ", ")));
    if (const auto near = nearest(kind, kinds); !near.empty())
      error.hints.insert(error.hints.begin(), fmt::format("did you mean {}?", near));
    return error;
  }
  return engine::TrustedHost{parts->host, parts->port, {kind}};
}

Result<engine::TrustedScope> scope_of(const std::string& kind, const std::string& name) {
  const auto& kinds = engine::Trust::scope_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return engine::TrustedScope{kind, name};
  auto error = not_this(fmt::format("there are no scopes {}", views::escape_foreign(kind)),
                        fmt::format("there are {}", fmt::join(kinds, ", ")));
  if (const auto near = nearest(kind, kinds); !near.empty())
    error.hints.insert(error.hints.begin(), fmt::format("did you mean {}?", near));
  return error;
}

/// A place that can never be written to is a typing error, and the line would be one that allows nothing.
Result<> check_path(FileSystem& files, const std::string& kind, const Path& path) {
  const auto no_place = [&](std::string why) {
    return usage_error(
        fmt::format("nothing of kind {} can be written to '{}'", kind, views::escape_foreign(path.string())),
        std::move(why));
  };
  const bool is_pattern = path.filename() == "*";
  auto nearest_folder = is_pattern || kind == "textfile" ? path.parent_path() : path;
  if (path == path.root_path() || path.string().find('*') < path.string().size() - (is_pattern ? 1 : 0))
    return no_place(path == path.root_path() ? "it is the root of all folders"
                                             : "a * stands for a whole last name only")
        .hint("name a folder of its own, such as /var/lib/trunkform/sip");
  while (nearest_folder.has_relative_path() && !TRY(files.exists(nearest_folder)))
    nearest_folder = nearest_folder.parent_path();
  if (const auto names = files.list(nearest_folder); !names && names.error().code == ErrorCode::not_found)
    return no_place(fmt::format("'{}' is no folder", views::escape_foreign(nearest_folder.string())))
        .hint("name a folder, or a place where one can be made");
  if (kind == "textfile" && !is_pattern && path.extension() != ".prom")
    return no_place("the collector reads no file whose name does not end in .prom").hint("call it NAME.prom");
  return {};
}

Result<engine::TrustedWrite> write_of(const Frame& frame, const std::string& kind, const std::string& place) {
  for (const auto& known : engine::Trust::write_kinds()) {
    if (known.name != kind) continue;
    if (!known.is_path) {
      if (auto possible = stores::check_place(kind, place); !possible) return usage_error(std::move(possible.error()));
      return engine::TrustedWrite{kind, place};
    }
    const auto path = std::filesystem::absolute(frame.world.folder / place).lexically_normal();
    // Runs look the line up by where they really write: one with a link in it would allow nothing.
    auto real = engine::without_links(path.has_filename() ? path : path.parent_path());
    TRY(check_path(frame.world.files, kind, real));
    return engine::TrustedWrite{kind, real.string()};
  }
  auto error = not_this(fmt::format("nothing of kind {} is written", views::escape_foreign(kind)),
                        fmt::format("there are {}", fmt::join(write_kinds(), ", ")));
  if (const auto near = nearest(kind, write_kinds()); !near.empty())
    error.hints.insert(error.hints.begin(), fmt::format("did you mean {}?", near));
  return error;
}

std::string added_to(const Path& trust_file) { return "Added to " + trust_file.string() + ".\n"; }

std::string as_flags(const std::vector<std::string>& variables) {
  std::string flags;
  for (const auto& name : variables) flags += " -env=" + views::escape_foreign(name);
  return flags;
}

/// What is in `left` and not in `right`.
std::vector<std::string> without(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  std::vector<std::string> rest;
  std::copy_if(left.begin(), left.end(), std::back_inserter(rest),
               [&](const std::string& one) { return std::find(right.begin(), right.end(), one) == right.end(); });
  return rest;
}

/// A command that trusts a program again is easily typed without the variables of before: then the hook runs without
/// its credentials.
std::string what_became_of(const engine::TrustedProgram& before, const engine::TrustedProgram& now,
                           const Path& trust_file) {
  const bool is_same = before.sha256 == now.sha256;
  const auto added = as_flags(without(now.env, before.env)), gone = as_flags(without(before.env, now.env));
  auto text =
      fmt::format("{} {}: the line of {} with these arguments{}.\n",
                  is_same && added.empty() && gone.empty() ? "Was already in" : "Replaced in", trust_file.string(),
                  views::escape_foreign(now.path.string()),
                  is_same ? std::string()
                          : fmt::format(", sha256 {} instead of {}", to_short(now.sha256), to_short(before.sha256)));
  if (!added.empty()) text += fmt::format("The program is given more than before:{}\n", added);
  if (!gone.empty()) text += fmt::format("The program is no longer given:{}\n", gone);
  return text;
}

/// Pinned as it is now: another program under the same name is not trusted. What is told of it.
Result<std::string> add_program(Frame& frame, const Path& trust_file) {
  const auto& words = frame.arguments.positionals();
  const Path path = words[1];
  if (!path.is_absolute())
    return usage_error(fmt::format("{} is not the whole path of a program", views::escape_foreign(path.string())))
        .hint("write it from the root, as the configuration does");
  if (engine::is_interpreter(path))
    return Error(ErrorCode::untrusted, fmt::format("{} runs whatever its arguments say", path.string()))
        .hint("trust the script itself, with its interpreter in its first line (#!)");
  for (const auto& name : frame.arguments.list("env")) TRY(check_variable(name));
  engine::TrustedProgram program;
  program.path = path;
  program.sha256 = sha256(TRY(frame.world.files.read(path)));
  program.argv = frame.arguments.list("arg");
  program.env = frame.arguments.list("env");
  const auto before = TRY(engine::Trust::add(frame.world.files, trust_file, frame.world.folder, program));
  return before ? what_became_of(*before, program, trust_file) : added_to(trust_file);
}

Result<ExitCode> add_trust(Frame& frame) {
  const auto& words = frame.arguments.positionals();
  const auto path = engine::Trust::location(frame.world.environment);
  auto told = added_to(path);
  for (const auto& word : words)
    if (word.empty()) return not_this("one of the words is empty (an unset variable of the shell?)");
  if (words.size() == 3 && words[0] == "host") {
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, TRY(host_of(words[1], words[2]))));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "env") {
    TRY(check_variable(words[2]));
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{words[2], {}}));
  } else if (words.size() == 3 && words[0] == "secret" && words[1] == "file") {
    const auto full = std::filesystem::absolute(frame.world.folder / words[2]).lexically_normal();
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, engine::TrustedSecret{{}, full.string()}));
  } else if (words.size() == 2 && words[0] == "program") {
    told = TRY(add_program(frame, path));
  } else if (words.size() == 3 && words[0] == "write") {
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, TRY(write_of(frame, words[1], words[2]))));
  } else if (words.size() == 3 && words[0] == "scope") {
    TRY(engine::Trust::add(frame.world.files, path, frame.world.folder, TRY(scope_of(words[1], words[2]))));
  } else {
    return not_this("this is not something that can be trusted");
  }
  frame.world.streams.out << told;
  return ExitCode::done;
}

Result<ExitCode> list_trust(Frame& frame) {
  const auto trust = TRY(engine::Trust::load(frame.world.files, frame.world.environment, frame.world.folder));
  frame.world.streams.out << "# " << trust.path().string() << '\n';
  for (const auto& host : trust.hosts()) {
    frame.world.streams.out << "host " << host.host << ':' << host.port;
    for (const auto& kind : host.credentials) frame.world.streams.out << ' ' << kind;
    frame.world.streams.out << '\n';
  }
  for (const auto& secret : trust.secrets())
    frame.world.streams.out << "secret " << (secret.env.empty() ? "file " + secret.file : "env " + secret.env) << '\n';
  for (const auto& program : trust.programs())
    frame.world.streams.out << fmt::format("program {} sha256 {}{}{} {}\n", program.path.string(),
                                           to_short(program.sha256), as_flags(program.env),
                                           program.argv.empty() ? "" : " --", fmt::join(program.argv, " "));
  for (const auto& write : trust.writes()) frame.world.streams.out << "write " << write.kind << ' ' << write.at << '\n';
  for (const auto& scope : trust.scopes())
    frame.world.streams.out << "scope " << scope.kind << ' ' << scope.name << '\n';
  return ExitCode::done;
}

Result<ExitCode> remove_trust(Frame& frame) {
  const auto path = engine::Trust::location(frame.world.environment);
  TRY(engine::Trust::remove(frame.world.files, path, frame.arguments.positionals().front()));
  frame.world.streams.out << "Removed from " << path.string() << ".\n";
  return ExitCode::done;
}

}  // namespace

std::vector<Command> trust_commands() {
  return {{{"trust", "add"},
           "allow a host, a secret, a program, a place to write or a cloud's scope, in the operator's trust file",
           "A program is trusted as it is now, with exactly these arguments; it is given no environment but the "
           "variables of "
           "-env.",
           {{"arg", FlagKind::list, "one argument of a program, in order; * stands for any one", "ARGUMENT"},
            {"env", FlagKind::list, "a variable that a program is given", "NAME"}},
           {{"WHAT",
             "host HOST:PORT KIND, secret env NAME, secret file PATH, program PATH, write KIND PLACE, scope KIND NAME",
             1, 4}},
           framed(add_trust)},
          {{"trust", "list"}, "what the trust file allows", {}, {}, {}, framed(list_trust)},
          {{"trust", "remove"},
           "take a line out of the trust file",
           {},
           {},
           {{"WHAT", "HOST:PORT, or the name of the variable, file, program, place or scope", 1, 1}},
           framed(remove_trust)}};
}

}  // namespace trunkform::cli
