#include "providers/cloud/vault/kv_mount.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cloud::vault {
namespace {

constexpr const char* k_look = "check `mount`, and `namespace` of provider.vault: vault secrets list";

bool says(const std::string& words, std::string_view text) { return words.find(text) != std::string::npos; }

/// Version 2 warns whoever asks it as version 1 is asked.
bool warns_of_version_2(const HttpResponse& answer) {
  const auto warnings = SecretJson(answer.secret_body).texts({"warnings"});
  return std::any_of(warnings.begin(), warnings.end(),
                     [](const std::string& warning) { return says(warning, "versioned K/V secrets engine"); });
}

}  // namespace

std::optional<Mount> mount_at(const Context& context, Client& client, const std::string& mount) {
  const auto answer = client.read(context, "sys/internal/ui/mounts/" + encoded_path(mount));
  if (!answer || answer->status == 404) return std::nullopt;
  SecretJson json(answer->secret_body);
  const auto type = json.text({"data", "type"});
  if (!type) return std::nullopt;
  return Mount{*type, json.text({"data", "options", "version"}).value_or("1")};
}

std::optional<Error> wrong_mount(const Context& context, Client& client, const std::string& mount,
                                 const std::string& version, const HttpResponse& answer) {
  const auto words = words_of(answer);
  const auto wrong = [&](const std::string& what, std::string hint) {
    return Error(ErrorCode::unsupported, what,
                 fmt::format("{} answered 404{}", client.address(), words.empty() ? std::string() : ": " + words))
        .hint(std::move(hint));
  };
  const auto name = quoted(mount);
  if (says(words, "no handler for route")) return wrong(fmt::format("nothing is mounted at {}", name), k_look);
  const auto found = mount_at(context, client, mount);
  if (says(words, "unsupported path") || (found && found->type != "kv"))
    return wrong(fmt::format("the mount {} is no key/value engine{}", name,
                             found ? fmt::format(", but {}", quoted(found->type, 64)) : std::string()),
                 k_look);
  if (version == "1" && (warns_of_version_2(answer) || (found && found->version == "2")))
    return wrong(fmt::format("the mount {} has version 2 of the key/value engine", name), "leave `engine` out");
  if (version == "2" && found && found->version == "1")
    return wrong(
        fmt::format("the mount {} has version 1 of the key/value engine", name),
        fmt::format("set \"engine\": \"1\", or upgrade the mount: vault kv enable-versioning {}", shell_word(mount)));
  return std::nullopt;
}

}  // namespace trunkform::cloud::vault
