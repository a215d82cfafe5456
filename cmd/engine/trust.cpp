#include "cmd/engine/trust.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schemas/model/region.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::engine {
namespace {

using Json = nlohmann::ordered_json;

bool matches_path(const std::string& pattern, const Path& path) {
  if (!pattern.ends_with("/*")) return pattern == path.string();
  return path.parent_path().string() == pattern.substr(0, pattern.size() - 2);
}

/// The folder with the nearest `.git` at or above `folder`: a configuration is often one folder of a repository, and a
/// pull request may change all of it.
Result<std::optional<Path>> work_tree_of(FileSystem& files, const Path& folder) {
  auto at = without_links(folder);
  for (;;) {
    if (TRY(files.exists(at / ".git"))) return std::optional(at);
    if (at == at.parent_path()) return std::optional<Path>();
    at = at.parent_path();
  }
}

Result<> check_place(FileSystem& files, const Path& path, const Path& work_folder) {
  const auto refused = [&](const std::string& where) {
    return Error(ErrorCode::untrusted, fmt::format("the trust file {} lies in {}", path.string(), where),
                 "a pull request could change it, and decide where credentials go")
        .hint("keep it in your own configuration folder, or name another: TRUNKFORM_TRUST_FILE=PATH");
  };
  if (lies_beneath(path, work_folder)) return refused("the work folder");
  const auto tree = TRY(work_tree_of(files, work_folder));
  if (tree && lies_beneath(path, *tree)) return refused(fmt::format("the git work tree {}", tree->string()));
  return {};
}

Error corrupt(const Path& path, const std::string& what) {
  return Error(ErrorCode::corrupt, fmt::format("the trust file {} cannot be read", path.string()), what)
      .hint("mend it by hand, or move it away and add what you trust again: trunkform trust add host|secret …");
}

/// `byte` counts from 1, as the library does.
std::string place_of(const std::string& text, std::size_t byte) {
  const auto before = std::string_view(text).substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_begin = before.rfind('\n');
  return fmt::format("line {}, column {}", line,
                     line_begin == std::string_view::npos ? before.size() + 1 : before.size() - line_begin);
}

Result<Json> parse_text(const Path& path, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& failure) {
    return corrupt(path, failure.byte > text.size()
                             ? fmt::format("it ends too early, at {}", place_of(text, failure.byte))
                             : fmt::format("it is not JSON: {}", place_of(text, failure.byte)));
  }
}

Result<TrustedHost> read_host(const Path& path, const Json& line) {
  TrustedHost host;
  const auto wrong = [&] {
    return corrupt(path, "a line of \"hosts\" needs a host, an optional port and credentials");
  };
  if (!line.is_object() || !line.contains("host") || !line["host"].is_string()) return wrong();
  host.host = line["host"].get<std::string>();
  if (line.contains("port")) {
    if (!line["port"].is_number_integer()) return wrong();
    const auto port = line["port"].get<std::int64_t>();
    if (port < 1 || port > 65535) return corrupt(path, fmt::format("{} is no port: there are 1 to 65535", port));
    host.port = static_cast<int>(port);
  }
  if (!line.contains("credentials") || !line["credentials"].is_array()) return wrong();
  for (const auto& kind : line["credentials"]) {
    if (!kind.is_string()) return wrong();
    host.credentials.push_back(kind.get<std::string>());
  }
  return host;
}

Result<TrustedSecret> read_secret(const Path& path, const Json& line) {
  const auto text = [&](const char* key) {
    return line.is_object() && line.contains(key) && line[key].is_string() ? line[key].get<std::string>() : "";
  };
  TrustedSecret secret{text("env"), text("file")};
  if (secret.env.empty() == secret.file.empty()) return corrupt(path, "a line of \"secrets\" needs either env or file");
  return secret;
}

std::optional<std::vector<std::string>> texts_of(const Json& line, const char* key) {
  std::vector<std::string> texts;
  if (!line.contains(key)) return texts;
  if (!line[key].is_array()) return std::nullopt;
  for (const auto& text : line[key]) {
    if (!text.is_string()) return std::nullopt;
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::string text_of(const Json& line, const char* key) {
  return line.is_object() && line.contains(key) && line[key].is_string() ? line[key].get<std::string>() : std::string();
}

Result<TrustedProgram> read_program(const Path& path, const Json& line) {
  const auto digest = parse_fingerprint(text_of(line, "sha256"));
  const auto argv = line.is_object() ? texts_of(line, "argv") : std::nullopt;
  const auto env = line.is_object() ? texts_of(line, "env") : std::nullopt;
  if (text_of(line, "path").empty() || !digest || !argv || !env)
    return corrupt(path, "a line of \"programs\" needs path and sha256, and may have the lists argv and env");
  return TrustedProgram{text_of(line, "path"), *digest, *argv, *env};
}

Result<TrustedWrite> read_write(const Path& path, const Json& line) {
  TrustedWrite write{text_of(line, "kind"), text_of(line, "at")};
  if (write.kind.empty() || write.at.empty()) return corrupt(path, "a line of \"write\" needs kind and at");
  return write;
}

/// The file with every line of it checked, so that nobody after this has to.
Result<Json> parse(FileSystem& files, const Path& path) {
  auto json = TRY(parse_text(path, TRY(files.read(path, 1U << 20U))));
  if (!json.is_object()) return corrupt(path, "it is not a JSON object");
  for (const auto& [key, value] : json.items()) {
    if (key == "//") continue;
    if (!(value.is_array() && (key == "hosts" || key == "secrets" || key == "write" || key == "programs")))
      return corrupt(path, fmt::format("\"{}\" is not one of the lists hosts, secrets, write, programs", key));
    for (const auto& line : value) {
      if (key == "hosts") TRY(read_host(path, line));
      if (key == "secrets") TRY(read_secret(path, line));
      if (key == "programs") TRY(read_program(path, line));
      if (key == "write") TRY(read_write(path, line));
    }
  }
  return json;
}

/// As a shell takes it for one word.
std::string quoted(const std::string& word) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=:@%+,").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

Result<Json> parse_or_new(FileSystem& files, const Path& path) {
  if (TRY(files.exists(path))) return parse(files, path);
  return Json(Json::object());
}

Result<> save(FileSystem& files, const Path& path, const Json& json) {
  TRY(files.create_directories(path.parent_path()));
  return files.replace(path, json.dump(2) + "\n", 0600);
}

Result<> add_line(FileSystem& files, const Path& path, const char* list, const Json& line) {
  auto json = TRY(parse_or_new(files, path));
  auto& lines = json[list];
  if (lines.is_null()) lines = Json::array();
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
  return save(files, path, json);
}

}  // namespace

Path without_links(const Path& path) {
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
  TRY(check_place(files, trust.m_path, work_folder));
  if (!TRY(files.exists(trust.m_path))) return trust;
  TRY(files.check_private(trust.m_path));
  const auto json = TRY(parse(files, trust.m_path));
  for (const auto& line : json.value("hosts", Json::array()))
    trust.m_hosts.push_back(TRY(read_host(trust.m_path, line)));
  for (const auto& line : json.value("secrets", Json::array()))
    trust.m_secrets.push_back(TRY(read_secret(trust.m_path, line)));
  for (const auto& line : json.value("programs", Json::array()))
    trust.m_programs.push_back(TRY(read_program(trust.m_path, line)));
  for (const auto& line : json.value("write", Json::array()))
    trust.m_writes.push_back(TRY(read_write(trust.m_path, line)));
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
      .hint(fmt::format("if you trust this host, run: trunkform trust add host {}:{} {}", parts->host, parts->port,
                        kind));
}

Result<> Trust::allow_environment_secret(const std::string& name) const {
  if (std::any_of(m_secrets.begin(), m_secrets.end(), [&](const auto& line) { return line.env == name; })) return {};
  return Error(ErrorCode::untrusted, fmt::format("the environment variable {} may not be read as a secret", name),
               "only variables that the trust file names are")
      .hint(fmt::format("if the configuration may use it, run: trunkform trust add secret env {}", name));
}

Result<> Trust::allow_file_secret(const Path& path) const {
  const auto matches = [&](const auto& line) { return !line.file.empty() && matches_path(line.file, path); };
  if (std::any_of(m_secrets.begin(), m_secrets.end(), matches)) return {};
  return Error(ErrorCode::untrusted, fmt::format("the file {} may not be read as a secret", path.string()),
               "only files that the trust file names are")
      .hint(fmt::format("if the configuration may use it, run: trunkform trust add secret file {}", path.string()));
}

Result<const TrustedProgram*> Trust::allow_program(const std::vector<std::string>& command) const {
  const Path path = command.front();
  if (is_interpreter(path))
    return Error(ErrorCode::untrusted, fmt::format("{} runs whatever its arguments say", path.string()),
                 "trusting it would be trusting everything that it can be told")
        .hint("name the script itself, with its interpreter in its first line (#!)");
  for (const auto& line : m_programs) {
    if (line.path != path || line.argv.size() != command.size() - 1) continue;
    if (std::equal(
            line.argv.begin(), line.argv.end(), command.begin() + 1,
            [](const std::string& pattern, const std::string& word) { return pattern == "*" || pattern == word; }))
      return &line;
  }
  std::string words = quoted(path.string());
  for (auto word = command.begin() + 1; word != command.end(); ++word) words += " " + quoted("-arg=" + *word);
  return Error(
             ErrorCode::untrusted, fmt::format("the program {} may not be run with these arguments", path.string()),
             "configuration may come from somebody else's change, so it does not decide which programs run; the trust "
             "file of the person or pipeline that runs trunkform does")
      .hint(fmt::format("if you trust this program as it is now, run: trunkform trust add program {}", words));
}

Result<> Trust::allow_write(const std::string& kind, const Path& path) const {
  const auto allows = [&](const TrustedWrite& line) { return line.kind == kind && matches_path(line.at, path); };
  if (std::any_of(m_writes.begin(), m_writes.end(), allows)) return {};
  return Error(ErrorCode::untrusted, fmt::format("{} may not be written", path.string()),
               "it lies outside of the configuration's folder, and the trust file has no line for it")
      .hint(fmt::format("if it may be, run: trunkform trust add write {} {}", kind, quoted(path.string())));
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedProgram& program) {
  TRY(check_place(files, path, work_folder));
  return add_line(files, path, "programs",
                  Json{{"path", program.path.string()},
                       {"sha256", to_hex(program.sha256)},
                       {"argv", program.argv},
                       {"env", program.env}});
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedWrite& write) {
  TRY(check_place(files, path, work_folder));
  return add_line(files, path, "write", Json{{"kind", write.kind}, {"at", write.at}});
}

const std::vector<std::string>& Trust::credential_kinds() {
  static const std::vector<std::string> kinds{"genesys", "webhook", "smtp", "ping"};
  return kinds;
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedHost& host) {
  TRY(check_place(files, path, work_folder));
  for (const auto& kind : host.credentials) {
    const auto& known = credential_kinds();
    if (std::find(known.begin(), known.end(), kind) == known.end())
      return Error(ErrorCode::invalid_input, fmt::format("there are no {} credentials", kind),
                   fmt::format("a host is trusted with one kind: {}", fmt::join(known, ", ")))
          .hint(fmt::format("trunkform trust add host {}:{} {}", host.host, host.port, known.front()));
  }
  Json line{{"host", host.host}, {"port", host.port}, {"credentials", host.credentials}};
  return add_line(files, path, "hosts", line);
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedSecret& secret) {
  TRY(check_place(files, path, work_folder));
  return add_line(files, path, "secrets", secret.env.empty() ? Json{{"file", secret.file}} : Json{{"env", secret.env}});
}

Result<> Trust::remove(FileSystem& files, const Path& path, const std::string& what) {
  auto json = TRY(parse_or_new(files, path));
  bool removed = false;
  const auto name_of = [&](const std::string& list, const Json& line) -> Result<std::string> {
    if (list == "hosts") {
      const auto host = TRY(read_host(path, line));
      return fmt::format("{}:{}", host.host, host.port);
    }
    if (list == "programs") return TRY(read_program(path, line)).path.string();
    if (list == "write") return TRY(read_write(path, line)).at;
    const auto secret = TRY(read_secret(path, line));
    return secret.env.empty() ? secret.file : secret.env;
  };
  for (const auto* list : {"hosts", "secrets", "programs", "write"}) {
    if (!json.contains(list)) continue;
    auto& lines = json[list];
    for (std::size_t i = lines.size(); i-- > 0;) {
      if (TRY(name_of(list, lines[i])) != what) continue;
      lines.erase(i);
      removed = true;
    }
  }
  if (!removed)
    return Error(ErrorCode::not_found, fmt::format("the trust file has no line for {}", what))
        .hint("trunkform trust list shows what is there");
  return save(files, path, json);
}

}  // namespace trunkform::engine
