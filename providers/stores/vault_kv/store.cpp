#include "providers/stores/vault_kv/store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/vault/capabilities.hpp"
#include "providers/cloud/vault/kv_metadata.hpp"
#include "providers/stores/layout.hpp"
#include "providers/x509/certificates.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {

using cloud::SecretJson;

/// The newest version of a secret.
struct VaultKvStore::Seen {
  std::uint64_t number = 0;  ///< what `cas` has to name: also of a version that was deleted; 0: nothing was ever there
  bool is_there = false;     ///< with its data
  SecretJson json;

  Field field() {
    return [this](std::string_view name) { return json.secret({"data", "data", name}); };
  }
  std::string request() { return is_there ? request_in(field()) : std::string(); }
  std::optional<VersionId> version() const {
    return is_there ? std::optional(VersionId{std::to_string(number)}) : std::nullopt;
  }
};

std::string VaultKvStore::api_path(std::string_view what, const std::string& path) const {
  return fmt::format("{}/{}/{}", cloud::vault::encoded_path(m_place.mount), what, cloud::vault::encoded_path(path));
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
  if (!m_place.public_path.empty())
    if (auto known = published(context); known && *known) return known;
  auto seen = TRY(read(context, m_place.path));
  const auto version = seen.version();
  if (!version) return std::optional<StoredVersion>();
  return std::optional(StoredVersion{*version, seen.request()});
}

/// What the public secret says, where the metadata of the other one say that it is of its newest version.
Result<std::optional<StoredVersion>> VaultKvStore::published(const Context& context) {
  auto seen = TRY(read(context, m_place.public_path));
  auto answer = TRY(m_client.read(context, api_path("metadata", m_place.path)));
  cloud::vault::KvMetadata metadata(answer.secret_body, m_client.now());
  const auto newest = metadata.newest();
  const auto of = seen.is_there ? seen.json.text({"data", "data", "version"}) : std::nullopt;
  if (!newest || of != newest || metadata.status(*newest) != VersionStatus::usable)
    return std::optional<StoredVersion>();
  return std::optional(StoredVersion{{*newest}, seen.request()});
}

Checkup VaultKvStore::examine(const Context& context) {
  Checkup checkup;
  if (auto version = is_version_2(context); !version) {
    checkup.bad(std::move(version.error()));
    return checkup;
  }
  const auto at = [&](const char* what, const std::string& path) {
    return fmt::format("{}/{}/{}", m_place.mount, what, path);
  };
  std::vector<cloud::vault::Need> needs{{at("data", m_place.path), {"create", "update", "read"}},
                                        {at("metadata", m_place.path), {"read"}},
                                        {at("data", pending_path()), {"create", "update", "read"}},
                                        {at("destroy", pending_path()), {"update"}}};
  if (!m_place.public_path.empty()) needs.push_back({at("data", m_place.public_path), {"create", "update", "read"}});
  cloud::vault::examine_needs(context, m_client, needs, "write there", checkup);
  return checkup;
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
  auto answer = m_client.read(context, "sys/internal/ui/mounts/" + cloud::vault::encoded_path(m_place.mount));
  if (!answer || answer->status == 404) return {};
  SecretJson json(answer->secret_body);
  const auto version = json.text({"data", "options", "version"}).value_or("1");
  if (json.text({"data", "type"}).value_or("kv") == "kv" && version == "2") return {};
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
      TRY(publish(context, stored));
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
  if (!m_place.public_path.empty()) TRY(publish(context, number, request, pair));
  TRY(unstage(context, request));
  return VersionId{std::to_string(number)};
}

Result<> VaultKvStore::show_current(const Context& context) {
  if (m_place.public_path.empty()) return {};
  auto stored = TRY(read(context, m_place.path));
  if (!stored.is_there) return {};
  return publish(context, stored);
}

/// Whoever wrote the pair by hand may have put a key beside its chain: certificates alone are shown.
Result<> VaultKvStore::publish(const Context& context, Seen& stored) {
  KeyPair pair;  // of which the chain alone is published
  const auto certificates = x509::parse_certificates(stored.json.text({"data", "data", "certificate"}).value_or(""));
  if (!certificates)
    return Error(ErrorCode::invalid_input, fmt::format("{} has no chain to show as public_path", shown(m_place.path)),
                 "its field `certificate` is not there, or holds no certificate")
        .because(certificates.error());
  for (const auto& certificate : *certificates) pair.chain_pem += x509::to_pem(certificate);
  return publish(context, stored.number, stored.request(), pair);
}

/// `path` is a place that the operator trusts, and this one follows from the configuration alone.
Result<> VaultKvStore::is_for_chains(Seen& seen) const {
  if (!seen.is_there) return {};
  const auto names = seen.json.names({"data", "data"});
  const auto has = [&](const char* name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (!has("private_key") && has("certificate") && has("version")) return {};
  return Error(ErrorCode::rejected, fmt::format("{} is not replaced by a chain", shown(m_place.public_path)),
               "it holds something that no store wrote for readers of chains")
      .hint("name a secret of its own as public_path, or take this one away");
}

/// After the pair, so that it never shows what is not there.
Result<> VaultKvStore::publish(const Context& context, std::uint64_t version, const std::string& request,
                               const KeyPair& pair) {
  auto seen = TRY(read(context, m_place.public_path));
  const auto number = std::to_string(version);
  TRY(is_for_chains(seen));
  if (seen.is_there) {
    if (seen.request() == request && seen.json.text({"data", "data", "version"}) == number) return {};
  }
  const auto fields = public_fields_of(request, number, pair);
  TRY(write(context, m_place.public_path, seen.number, fields, request,
            replaced_meanwhile(shown(m_place.public_path))));
  return {};
}

}  // namespace trunkform::stores
