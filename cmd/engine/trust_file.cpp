#include "cmd/engine/trust_file.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schemas/model/shell_word.hpp"

namespace trunkform::engine {
namespace {

using Json = nlohmann::ordered_json;

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

Result<TrustedScope> read_scope(const Path& path, const Json& line) {
  TrustedScope scope{text_of(line, "kind"), text_of(line, "name")};
  if (scope.kind.empty() || scope.name.empty()) return corrupt(path, "a line of \"scopes\" needs kind and name");
  return scope;
}

/// The file with every line of it checked, so that nobody after this has to.
Result<Json> parse(FileSystem& files, const Path& path) {
  auto json = TRY(parse_text(path, TRY(files.read(path, 1U << 20U))));
  if (!json.is_object()) return corrupt(path, "it is not a JSON object");
  for (const auto& [key, value] : json.items()) {
    if (key == "//") continue;
    if (!(value.is_array() &&
          (key == "hosts" || key == "secrets" || key == "write" || key == "programs" || key == "scopes")))
      return corrupt(path, fmt::format("\"{}\" is not one of the lists hosts, secrets, write, programs, scopes", key));
    for (const auto& line : value) {
      if (key == "hosts") TRY(read_host(path, line));
      if (key == "secrets") TRY(read_secret(path, line));
      if (key == "programs") TRY(read_program(path, line));
      if (key == "write") TRY(read_write(path, line));
      if (key == "scopes") TRY(read_scope(path, line));
    }
  }
  return json;
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

Result<Path> authored_folder(FileSystem& files, const Path& folder) {
  return TRY(work_tree_of(files, folder)).value_or(folder);
}

Result<> check_trust_place(FileSystem& files, const Path& path, const Path& work_folder) {
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

Result<TrustLines> read_trust_lines(FileSystem& files, const Path& path) {
  const auto json = TRY(parse(files, path));
  TrustLines lines;
  for (const auto& line : json.value("hosts", Json::array())) lines.hosts.push_back(TRY(read_host(path, line)));
  for (const auto& line : json.value("secrets", Json::array())) lines.secrets.push_back(TRY(read_secret(path, line)));
  for (const auto& line : json.value("programs", Json::array()))
    lines.programs.push_back(TRY(read_program(path, line)));
  for (const auto& line : json.value("write", Json::array())) lines.writes.push_back(TRY(read_write(path, line)));
  for (const auto& line : json.value("scopes", Json::array())) lines.scopes.push_back(TRY(read_scope(path, line)));
  return lines;
}

Result<std::optional<TrustedProgram>> Trust::add(FileSystem& files, const Path& path, const Path& work_folder,
                                                 const TrustedProgram& program) {
  TRY(check_trust_place(files, path, work_folder));
  auto json = TRY(parse_or_new(files, path));
  Json line{{"path", program.path.string()},
            {"sha256", to_hex(program.sha256)},
            {"argv", program.argv},
            {"env", program.env}};
  auto& lines = json["programs"];
  if (lines.is_null()) lines = Json::array();
  // The first line that fits counts: what it was before would stand in the way of what it is now, and at the end what
  // it is now would stand behind a line with a `*` that fits as well.
  std::optional<TrustedProgram> replaced;
  for (std::size_t i = 0; i < lines.size();) {
    auto before = TRY(read_program(path, lines[i]));
    if (before.path != program.path || before.argv != program.argv) {
      ++i;
    } else if (replaced) {
      lines.erase(i);
    } else {
      replaced = std::move(before);
      lines[i++] = line;
    }
  }
  if (!replaced) lines.push_back(std::move(line));
  TRY(save(files, path, json));
  return replaced;
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedWrite& write) {
  TRY(check_trust_place(files, path, work_folder));
  return add_line(files, path, "write", Json{{"kind", write.kind}, {"at", write.at}});
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedScope& scope) {
  TRY(check_trust_place(files, path, work_folder));
  return add_line(files, path, "scopes", Json{{"kind", scope.kind}, {"name", scope.name}});
}

const std::vector<std::string>& Trust::scope_kinds() {
  static const std::vector<std::string> kinds{"aws_account", "aws_profile", "aws_region", "aws_role"};
  return kinds;
}

const std::vector<std::string>& Trust::credential_kinds() {
  static const std::vector<std::string> kinds{"genesys", "webhook", "smtp",     "ping", "vault", "azure",
                                              "acme",    "step_ca", "postgres", "aws",  "http",  "etcd"};
  return kinds;
}

const std::vector<Trust::WriteKind>& Trust::write_kinds() {
  static const std::vector<WriteKind> kinds{{"textfile", true},
                                            {"files", true},
                                            {"acme_webroot", true},
                                            {"vault_kv", false},
                                            {"aws_secretsmanager", false},
                                            {"azure_keyvault_secret", false}};
  return kinds;
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedHost& host) {
  TRY(check_trust_place(files, path, work_folder));
  for (const auto& kind : host.credentials) {
    const auto& known = credential_kinds();
    if (std::find(known.begin(), known.end(), kind) == known.end())
      return Error(ErrorCode::invalid_input, fmt::format("there are no {} credentials", kind),
                   fmt::format("a host is trusted with one kind: {}", fmt::join(known, ", ")))
          .hint(fmt::format("trunkform trust add host {} {}", shell_word(fmt::format("{}:{}", host.host, host.port)),
                            known.front()));
  }
  Json line{{"host", host.host}, {"port", host.port}, {"credentials", host.credentials}};
  return add_line(files, path, "hosts", line);
}

Result<> Trust::add(FileSystem& files, const Path& path, const Path& work_folder, const TrustedSecret& secret) {
  TRY(check_trust_place(files, path, work_folder));
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
    if (list == "scopes") return TRY(read_scope(path, line)).name;
    const auto secret = TRY(read_secret(path, line));
    return secret.env.empty() ? secret.file : secret.env;
  };
  for (const auto* list : {"hosts", "secrets", "programs", "write", "scopes"}) {
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
