#include "cmd/engine/trust.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/engine/trust_file.hpp"
#include "schemas/model/region.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::engine {
namespace {

bool matches_path(const std::string& pattern, const Path& path) {
  if (!pattern.ends_with("/*")) return pattern == path.string();
  return path.parent_path().string() == pattern.substr(0, pattern.size() - 2);
}

bool leaves_by_link(const Path& path, const Path& folder) {
  if (lies_beneath(path, folder)) return false;
  for (auto at = path.parent_path(); at != at.parent_path(); at = at.parent_path())
    if (lies_beneath(at, folder)) return true;
  return false;
}

}  // namespace

Path without_links(const Path& path) {
  // The folder of a bare file name is "", which means the working directory and is no path to the library.
  if (path.empty()) return without_links(".");
  std::error_code unreadable;
  const auto resolved = std::filesystem::weakly_canonical(std::filesystem::absolute(path), unreadable);
  return unreadable ? std::filesystem::absolute(path).lexically_normal() : resolved;
}

bool lies_beneath(const Path& path, const Path& folder) {
  const auto relative = without_links(path).lexically_relative(without_links(folder));
  return !relative.empty() && *relative.begin() != "..";
}

bool is_interpreter(const Path& path) {
  auto name = without_links(path).filename().string();
  while (!name.empty() && (name.back() == '.' || (name.back() >= '0' && name.back() <= '9'))) name.pop_back();
  static const std::vector<std::string> k_names{"sh",      "bash", "dash",      "ash",
                                                "ksh",     "mksh", "zsh",       "csh",
                                                "tcsh",    "fish", "busybox",   "toybox",
                                                "env",     "perl", "python",    "python3",
                                                "ruby",    "node", "nodejs",    "deno",
                                                "bun",     "php",  "lua",       "tclsh",
                                                "awk",     "gawk", "mawk",      "sed",
                                                "xargs",   "find", "ssh",       "sudo",
                                                "su",      "doas", "setpriv",   "setsid",
                                                "nohup",   "nice", "timeout",   "time",
                                                "curl",    "wget", "nc",        "socat",
                                                "git",     "make", "osascript", "pwsh",
                                                "Rscript", "java", "guile",     "ld-linux-x86-64.so"};
  return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

Path Trust::location(const ProcessEnvironment& environment) {
  if (const auto given = environment.variable("TRUNKFORM_TRUST_FILE"); given && !given->empty()) return *given;
  if (const auto folder = environment.variable("XDG_CONFIG_HOME"); folder && !folder->empty())
    return Path(*folder) / "trunkform" / "trust.json";
  return Path(environment.variable("HOME").value_or("/")) / ".config" / "trunkform" / "trust.json";
}

Result<Trust> Trust::load(FileSystem& files, ProcessEnvironment& environment, const Path& work_folder) {
  Trust trust;
  trust.m_path = location(environment);
  trust.m_loopback = environment.variable("TRUNKFORM_TRUST_LOOPBACK") == "1";
  TRY(check_trust_place(files, trust.m_path, work_folder));
  trust.m_authored = TRY(authored_folder(files, work_folder));
  if (!TRY(files.exists(trust.m_path))) return trust;
  TRY(files.check_private(trust.m_path));
  auto lines = TRY(read_trust_lines(files, trust.m_path));
  trust.m_hosts = std::move(lines.hosts);
  trust.m_secrets = std::move(lines.secrets);
  trust.m_programs = std::move(lines.programs);
  trust.m_writes = std::move(lines.writes);
  trust.m_scopes = std::move(lines.scopes);
  return trust;
}

bool is_genesys_host(const std::string& host) {
  const auto& domains = genesys_regions();
  return std::any_of(domains.begin(), domains.end(),
                     [&](const std::string& domain) { return host == "api." + domain || host == "login." + domain; });
}

Result<> Trust::allow_host(const std::string& url, const std::string& kind) const {
  const auto parts = parse_url(url);
  if (!parts)
    return Error(ErrorCode::invalid_input, fmt::format("{} is not an http or https address", url),
                 parts.error().summary)
        .hint("an address has a scheme, a host and perhaps a port and path, and no user name in it");
  const bool loopback = is_loopback(parts->host);
  if (parts->scheme == "http" && !loopback)
    return Error(ErrorCode::untrusted, fmt::format("credentials do not go over plain http to {}", parts->host),
                 "anybody on the way could read them")
        .hint("use an https:// address");
  if (kind == "genesys" && parts->scheme == "https" && parts->port == 443 && is_genesys_host(parts->host)) return {};
  if (loopback && m_loopback) return {};
  for (const auto& line : m_hosts)
    if (line.host == parts->host && line.port == parts->port &&
        std::find(line.credentials.begin(), line.credentials.end(), kind) != line.credentials.end())
      return {};
  return Error(ErrorCode::untrusted,
               fmt::format("{}:{} is not trusted with {} credentials", parts->host, parts->port, kind),
               "configuration may come from somebody else's change, so it does not decide where credentials go; the "
               "trust file of the person or pipeline that runs trunkform does")
      .hint(fmt::format("if you trust this host, run: trunkform trust add host {} {}",
                        shell_word(fmt::format("{}:{}", parts->host, parts->port)), kind));
}

Result<> Trust::allow_environment_secret(const std::string& name) const {
  if (std::any_of(m_secrets.begin(), m_secrets.end(), [&](const auto& line) { return line.env == name; })) return {};
  return Error(ErrorCode::untrusted, fmt::format("the environment variable {} may not be read as a secret", name),
               "only variables that the trust file names are")
      .hint(fmt::format("if the configuration may use it, run: trunkform trust add secret env {}", shell_word(name)));
}

Result<> Trust::allow_file_secret(const Path& path) const {
  const auto refused = [](const Path& file, std::string why) {
    return Error(ErrorCode::untrusted, fmt::format("the file {} may not be read as a secret", file.string()),
                 std::move(why))
        .hint(fmt::format("if the configuration may use it, run: trunkform trust add secret file {}",
                          shell_word(file.string())));
  };
  if (!names_file_secret(path)) return refused(path, "only files that the trust file names are");
  if (!m_authored || !leaves_by_link(path, *m_authored)) return {};
  const auto target = without_links(path);
  if (names_file_secret(target)) return {};
  return refused(target, fmt::format("{} is a link to it, and whoever may change the configuration could point it "
                                     "anywhere",
                                     path.string()));
}

bool Trust::names_file_secret(const Path& path) const {
  return std::any_of(m_secrets.begin(), m_secrets.end(),
                     [&](const TrustedSecret& line) { return !line.file.empty() && matches_path(line.file, path); });
}

std::string command_to_trust(const TrustedProgram& program) {
  auto words = "trunkform trust add program " + shell_word(program.path.string());
  for (const auto& argument : program.argv) words += " " + shell_word("-arg=" + argument);
  for (const auto& name : program.env) words += " " + shell_word("-env=" + name);
  return words;
}

Result<const TrustedProgram*> Trust::allow_program(const std::vector<std::string>& command,
                                                   const std::vector<std::string>& line) const {
  const Path path = command.front();
  if (is_interpreter(path))
    return Error(ErrorCode::untrusted, fmt::format("{} runs whatever its arguments say", path.string()),
                 "trusting it would be trusting everything that it can be told")
        .hint("name the script itself, with its interpreter in its first line (#!)");
  for (const auto& known : m_programs) {
    if (known.path != path || known.argv.size() != command.size() - 1) continue;
    if (std::equal(
            known.argv.begin(), known.argv.end(), command.begin() + 1,
            [](const std::string& pattern, const std::string& word) { return pattern == "*" || pattern == word; }))
      return &known;
  }
  const auto& wanted = line.empty() ? command : line;
  const TrustedProgram to_add{path, {}, {wanted.begin() + 1, wanted.end()}, {}};
  return Error(
             ErrorCode::untrusted, fmt::format("the program {} may not be run with these arguments", path.string()),
             "configuration may come from somebody else's change, so it does not decide which programs run; the trust "
             "file of the person or pipeline that runs trunkform does")
      .hint("if you trust this program as it is now, run: " + command_to_trust(to_add));
}

Result<> Trust::allow_write(const std::string& kind, const Path& place) const {
  const auto allows = [&](const TrustedWrite& line) { return line.kind == kind && matches_path(line.at, place); };
  if (std::any_of(m_writes.begin(), m_writes.end(), allows)) return {};
  const auto is_path = std::any_of(write_kinds().begin(), write_kinds().end(),
                                   [&](const WriteKind& known) { return known.name == kind && known.is_path; });
  return Error(ErrorCode::untrusted, fmt::format("{} may not be written", place.string()),
               kind == "textfile"
                   ? "it lies outside of the configuration's folder, and the trust file has no line for it"
               : is_path ? "configuration may come from somebody else's change, so it does not decide what is written "
                           "to this machine, and the trust file has no line for it"
                         : "configuration may come from somebody else's change, so it does not decide where private "
                           "keys go, and the trust file has no line for it")
      .hint(fmt::format("if it may be, run: trunkform trust add write {} {}", kind, shell_word(place.string())));
}

Result<> Trust::allow_scope(const std::string& kind, const std::string& name, const std::string& chosen) const {
  if (std::any_of(m_scopes.begin(), m_scopes.end(),
                  [&](const TrustedScope& line) { return line.kind == kind && line.name == name; }))
    return {};
  return Error(
             ErrorCode::untrusted, fmt::format("{}, which is not trusted", chosen),
             "configuration may come from somebody else's change, so it does not decide where and as whom credentials "
             "are used; the environment and the trust file of the person or pipeline that runs trunkform do")
      .hint(fmt::format("if it may be used, run: trunkform trust add scope {} {}", kind, shell_word(name)));
}

}  // namespace trunkform::engine
