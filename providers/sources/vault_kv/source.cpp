#include "providers/sources/vault_kv/source.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/vault/kv_metadata.hpp"
#include "providers/cloud/vault/kv_mount.hpp"
#include "providers/sources/offered_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::sources {
namespace {

using cloud::SecretJson;
using cloud::vault::KvMetadata;
using cloud::vault::time_at;

std::uint64_t number_of(const std::string& version) {
  std::uint64_t number = 0;
  (void)std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

}  // namespace

/// One version of the secret, as it came.
struct VaultKvSource::Seen {
  SecretJson json;
  VersionId version;
  std::string certificates_pem;
  std::optional<Instant> created;
};

std::string VaultKvSource::data_path(const std::optional<std::string>& version) const {
  const auto mount = cloud::vault::encoded_path(m_place.mount);
  const auto path = cloud::vault::encoded_path(m_place.path);
  if (m_place.engine == KvEngine::v1) return fmt::format("{}/{}", mount, path);
  return fmt::format("{}/data/{}{}", mount, path, version ? "?version=" + cloud::vault::encoded_segment(*version) : "");
}

std::string VaultKvSource::shown() const { return fmt::format("{}/{}", m_place.mount, m_place.path); }

SecretFields VaultKvSource::fields_in(SecretJson& json) const {
  return fields_in(json, shown(), "name the fields with certificate_field, chain_field and key_field");
}

SecretFields VaultKvSource::fields_in(SecretJson& json, const std::string& name, const std::string& remedy) const {
  const bool numbered = m_place.engine == KvEngine::v2;
  SecretFields::Reading reading;
  reading.text = [numbered, &json](const std::string& field) -> Result<std::optional<SecretBuffer>> {
    return numbered ? json.secret({"data", "data", field}) : json.secret({"data", field});
  };
  reading.names = [numbered, &json] { return numbered ? json.names({"data", "data"}) : json.names({"data"}); };
  return {m_place.fields, cloud::quoted(name), remedy, std::move(reading)};
}

/// A deleted version is a 404 that says when; what never was says nothing.
Error VaultKvSource::nothing_there(const Context& context, const HttpResponse& answer,
                                   const std::optional<std::string>& version) {
  SecretJson json(answer.secret_body);
  const auto what = fmt::format("{}{}", cloud::quoted(shown()), version ? " version " + *version : "");
  if (json.flag({"data", "metadata", "destroyed"}).value_or(false))
    return Error(ErrorCode::not_found, fmt::format("the secret {} was destroyed", what))
        .hint(fmt::format("write a new version: vault kv put -mount={} {} {}=@chain.pem {}=@key.pem",
                          shell_word(m_place.mount), shell_word(m_place.path), shell_word(m_place.fields.certificate),
                          shell_word(m_place.fields.key)));
  if (const auto deleted = time_at(json, {"data", "metadata", "deletion_time"}))
    return Error(ErrorCode::not_found, fmt::format("the secret {} was deleted on {}", what, to_rfc3339(*deleted)))
        .hint(fmt::format("bring it back: vault kv undelete -versions={} {}",
                          json.number({"data", "metadata", "version"}).value_or(0), shell_word(shown())));
  const bool numbered = m_place.engine == KvEngine::v2;
  if (auto wrong = cloud::vault::wrong_mount(context, m_client, m_place.mount, numbered ? "2" : "1", answer))
    return std::move(*wrong);
  Error error(ErrorCode::not_found, fmt::format("there is no secret {}", what),
              fmt::format("GET {}/v1/{} answered 404", m_client.address(), data_path(version)));
  if (version && numbered)
    return std::move(error).hint(fmt::format("see which versions there are: vault kv metadata get -mount={} {}{}",
                                             shell_word(m_place.mount), shell_word(m_place.path),
                                             m_place.version ? "; without `version` it is the newest" : ""));
  for (const auto& before : {m_place.mount + "/data/", m_place.mount + "/", std::string("data/")})
    if (m_place.path.starts_with(before))
      return std::move(error).hint(
          fmt::format("`path` is without the mount and the word `data`, which the API alone has: \"path\": \"{}\"",
                      m_place.path.substr(before.size())));
  const auto slash = m_place.path.rfind('/');
  const auto above = slash == std::string::npos ? std::string() : " " + shell_word(m_place.path.substr(0, slash));
  return std::move(error)
      .hint(fmt::format("check path; what is there: vault kv list -mount={}{}", shell_word(m_place.mount), above))
      .hint(numbered ? "where the mount has version 1 of the engine, set \"engine\": \"1\""
                     : "where the mount has version 2 of the engine, leave engine out");
}

Result<VaultKvSource::Seen> VaultKvSource::read(const Context& context, const std::optional<std::string>& version) {
  auto answer = TRY(m_client.read(context, data_path(version)));
  if (answer.status == 404) return nothing_there(context, answer, version);
  Seen seen{SecretJson(answer.secret_body), {}, {}, {}};
  seen.certificates_pem = TRY(fields_in(seen.json).certificates());
  if (m_place.engine == KvEngine::v1) {
    seen.version = {certificates_digest(seen.certificates_pem)};
    return seen;
  }
  const auto number = seen.json.number({"data", "metadata", "version"});
  if (!number)
    return Error(ErrorCode::protocol, fmt::format("the answer for {} has no version", cloud::quoted(shown())))
        .hint("where the mount has version 1 of the engine, set \"engine\": \"1\"");
  seen.version = {std::to_string(*number)};
  seen.created = time_at(seen.json, {"data", "metadata", "created_time"});
  return seen;
}

std::string VaultKvSource::metadata_path() const {
  return fmt::format("{}/metadata/{}", cloud::vault::encoded_path(m_place.mount),
                     cloud::vault::encoded_path(m_place.path));
}

/// By the metadata alone, which the policy need not allow. Where it says anything else, the secret itself is asked.
bool VaultKvSource::is_still(const Context& context, const VersionId& known) {
  if (m_place.engine == KvEngine::v1) return false;
  auto answer = m_client.read(context, metadata_path());
  if (!answer || answer->status == 404) return false;
  KvMetadata metadata(answer->secret_body, m_client.now());
  const auto wanted = m_place.version ? *m_place.version : metadata.newest().value_or("");
  return wanted == known.value && metadata.status(wanted) == VersionStatus::usable;
}

Result<Described> VaultKvSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                          const std::optional<VersionId>& known) {
  const auto wanted = pin && m_place.engine == KvEngine::v2 ? std::optional(pin->value) : m_place.version;
  if (!m_place.public_path.empty()) {
    auto shown_to_all = TRY(published(context, wanted));
    if (auto gone = lost(context, shown_to_all.version)) return std::move(*gone);
    return shown_to_all;
  }
  if (known && !pin && is_still(context, *known)) {
    Described still;
    still.version = *known;
    still.unchanged = true;
    return still;
  }
  auto seen = TRY(read(context, wanted));
  Described described;
  described.version = std::move(seen.version);
  described.certificates_pem = std::move(seen.certificates_pem);
  described.since = seen.created;
  described.no_key = fields_in(seen.json).no_key();
  return described;
}

Result<std::vector<SourceVersion>> VaultKvSource::versions(const Context& context) {
  if (m_place.engine == KvEngine::v1) return std::vector{SourceVersion{TRY(read(context, {})).version, {}}};
  auto answer = TRY(m_client.read(context, metadata_path()));
  if (answer.status == 404) return nothing_there(context, answer, {});
  KvMetadata metadata(answer.secret_body, m_client.now());
  std::vector<SourceVersion> versions;
  for (const auto& name : metadata.versions()) {
    const auto status = metadata.status(name).value_or(VersionStatus::usable);
    versions.push_back({{name}, metadata.created(name), status});
  }
  std::sort(versions.begin(), versions.end(),
            [](const auto& a, const auto& b) { return number_of(a.id.value) > number_of(b.id.value); });
  return versions;
}

Result<FetchedPair> VaultKvSource::fetch(const Context& context, const VersionId& version) {
  const bool numbered = m_place.engine == KvEngine::v2;
  auto seen = TRY(read(context, numbered ? std::optional(version.value) : std::nullopt));
  if (seen.version != version)
    return Error(ErrorCode::conflict,
                 fmt::format("{} holds another version than the one that was planned", cloud::quoted(shown())),
                 "the secret was written between plan and apply")
        .hint("review a new plan: trunkform plan -out=new.trunkplan");
  if (!m_place.public_path.empty()) TRY(check_published(context, version, seen.certificates_pem));
  auto key = TRY(fields_in(seen.json).key());
  FetchedPair fetched;
  fetched.certificates_pem = std::move(seen.certificates_pem);
  fetched.private_key = std::move(key);
  return fetched;
}

}  // namespace trunkform::sources
