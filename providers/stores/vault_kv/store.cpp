#include "providers/stores/vault_kv/store.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/vault/kv_mount.hpp"
#include "providers/stores/layout.hpp"
#include "providers/stores/vault_kv/seen.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {

using cloud::SecretJson;

std::string VaultKvStore::api_path(std::string_view what, const std::string& path) const {
  return kv_api_path(cloud::vault::encoded_path(m_place.mount), what, cloud::vault::encoded_path(path));
}

std::string VaultKvStore::shown(const std::string& path) const {
  return fmt::format("the secret {}", cloud::quoted(fmt::format("{}/{}", m_place.mount, path)));
}

Result<std::string> VaultKvStore::place(const Context&) {
  // The same path of another namespace is another secret, and whoever may change the configuration may name one.
  const auto& name_space = m_client.name_space();
  return fmt::format("{}/{}{}/{}", m_client.address(), name_space.empty() ? "" : "namespace:" + name_space + "/",
                     m_place.mount, m_place.path);
}

Result<VaultKvStore::Seen> VaultKvStore::read(const Context& context, const std::string& path) {
  auto answer = TRY(m_client.read(context, api_path("data", path)));
  Seen seen{0, answer.status != 404, SecretJson(answer.secret_body)};
  // A deleted version is a 404 that has its number; what never was has none.
  const auto number = seen.json.number({"data", "metadata", "version"});
  if (seen.is_there && !number)
    return Error(ErrorCode::protocol, fmt::format("the answer for {} has no version", shown(path)))
        .hint(fmt::format("a store needs version 2 of the key/value engine: vault kv enable-versioning {}",
                          shell_word(m_place.mount)));
  seen.number = static_cast<std::uint64_t>(number.value_or(0));
  return seen;
}

Result<std::optional<StoredVersion>> VaultKvStore::current(const Context& context) {
  // A plan asks this, and public_path is there so that it needs no right to the key.
  return m_place.public_path.empty() ? promoted(context) : newest_version(context);
}

Result<std::optional<StoredVersion>> VaultKvStore::promoted(const Context& context) {
  auto seen = TRY(read(context, m_place.path));
  const auto version = seen.version();
  if (!version) return std::optional<StoredVersion>();
  return std::optional(StoredVersion{*version, seen.request()});
}

Result<std::optional<StagedKey>> VaultKvStore::staged(const Context& context) {
  auto seen = TRY(read(context, pending_path()));
  if (!seen.is_there) return std::optional<StagedKey>();
  auto key =
      TRY(staged_in(seen.field(), shown(pending_path()),
                    fmt::format("nothing of ours uses it: look at it, and where it is nobody's: vault kv metadata "
                                "delete -mount={} {}",
                                shell_word(m_place.mount), shell_word(pending_path()))));
  return std::optional(std::move(key));
}

Result<std::uint64_t> VaultKvStore::write(const Context& context, const std::string& path, std::uint64_t cas,
                                          const SecretBuffer& fields, const std::string& request,
                                          const Error& otherwise) {
  const auto body = cloud::joined({fmt::format(R"({{"options":{{"cas":{}}},"data":)", cas), fields.view(), "}"});
  auto answer = m_client.write(context, api_path("data", path), body);
  if (!answer) {
    if (!may_be_done(answer.error())) return std::move(answer.error());
    return read_back(context, path, cas, request, std::move(answer.error()), otherwise);
  }
  if (answer->status == 400) {
    const auto words = cloud::vault::words_of(*answer);
    auto refused = Error(ErrorCode::invalid_input, fmt::format("{} was not written: {}", shown(path), words));
    if (words.find("check-and-set") == std::string::npos) return refused;
    return read_back(context, path, cas, request, std::move(refused), otherwise);
  }
  SecretJson json(answer->secret_body);
  const auto number = json.number({"data", "version"});
  if (answer->status == 404 || !number)
    return Error(ErrorCode::not_found, fmt::format("{} could not be written", shown(path)),
                 fmt::format("POST {}/v1/{} answered {}", m_client.address(), api_path("data", path), answer->status))
        .hint(fmt::format("check mount: a store needs version 2 of the key/value engine: vault secrets enable -path={} "
                          "kv-v2",
                          m_place.mount));
  return static_cast<std::uint64_t>(*number);
}

/// Whose version is the newest: ours, whose answer was lost, or somebody else's.
Result<std::uint64_t> VaultKvStore::read_back(const Context& context, const std::string& path, std::uint64_t cas,
                                              const std::string& request, Error error, const Error& otherwise) {
  auto seen = read(context, path);
  if (!seen) return not_known(error, std::move(seen.error()), shown(path));
  if (seen->request() == request && seen->number > cas) return seen->number;
  if (seen->number != cas) return otherwise;
  return error.causes.empty() ? std::move(error) : std::move(error.causes.front());
}

/// The data alone: the number stays, for the next `cas`. It does nothing the second time.
Result<> VaultKvStore::destroy(const Context& context, const std::string& path, std::uint64_t version) {
  const auto body = SecretBuffer::copy_of(fmt::format(R"({{"versions":[{}]}})", version));
  const auto answer = TRY(m_client.write(context, api_path("destroy", path), body, cloud::Repeat::freely));
  if (answer.status == 204 || answer.status == 200) return {};
  return Error(ErrorCode::rejected,
               fmt::format("{} was not destroyed: {}", shown(path), cloud::vault::words_of(answer)));
}

/// Version 1 takes whatever is written to any path, and answers no question about a version: nothing would tell that a
/// key went where nobody looks for it. Who may not ask this is asked nothing.
Result<> VaultKvStore::is_version_2(const Context& context) {
  const auto found = cloud::vault::mount_at(context, m_client, m_place.mount);
  if (!found || (found->type == "kv" && found->version == "2")) return {};
  return Error(ErrorCode::invalid_input,
               fmt::format("the mount {} is no key/value engine of version 2", cloud::quoted(m_place.mount)),
               "nothing was written there")
      .hint(fmt::format("name another mount, or upgrade this one: vault kv enable-versioning {}",
                        shell_word(m_place.mount)));
}

Result<> VaultKvStore::stage(const Context& context, const StagedKey& key,
                             const std::optional<std::string>& instead_of) {
  TRY(is_version_2(context));
  // Before anything is signed that could not be shown.
  if (!m_place.public_path.empty()) {
    auto shown_to_all = TRY(read(context, m_place.public_path));
    TRY(is_for_chains(shown_to_all));
  }
  auto seen = TRY(read(context, pending_path()));
  const auto there = seen.is_there ? std::optional(seen.request()) : std::nullopt;
  if (there == key.request) return {};
  const auto conflict = staged_meanwhile(shown(pending_path()));
  if (there != instead_of) return conflict;
  TRY(write(context, pending_path(), seen.number, fields_of(key), key.request, conflict));
  // The key before was never signed; where it cannot be destroyed now, it is of no use to anybody either.
  if (there) (void)destroy(context, pending_path(), seen.number);
  return {};
}

Result<> VaultKvStore::unstage(const Context& context, const std::string& request) {
  // A run that died between the pair and its public part: the next one finds its request promoted, and unstages it.
  if (!m_place.public_path.empty())
    if (auto stored = TRY(read(context, m_place.path)); stored.is_there && stored.request() == request)
      (void)TRY(publish(context, stored));
  auto seen = TRY(read(context, pending_path()));
  if (!seen.is_there || seen.request() != request) return {};
  return destroy(context, pending_path(), seen.number);
}

Result<VersionId> VaultKvStore::promote(const Context& context, const std::string& request, const KeyPair& pair,
                                        const std::optional<VersionId>& expected) {
  auto seen = TRY(read(context, m_place.path));
  auto number = seen.number;
  if (!seen.is_there || seen.request() != request) {
    const auto conflict = replaced_meanwhile(shown(m_place.path));
    if (seen.version() != expected) return conflict;
    number = TRY(write(context, m_place.path, seen.number, fields_of(request, pair), request, conflict));
  }
  if (!m_place.public_path.empty()) (void)TRY(publish(context, number, request, pair));
  TRY(unstage(context, request));
  return VersionId{std::to_string(number)};
}

}  // namespace trunkform::stores
