// The public secret beside a pair: what a plan is shown that has no right to the key.
#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/vault/kv_metadata.hpp"
#include "providers/cloud/vault/kv_mount.hpp"
#include "providers/sources/vault_kv/source.hpp"
#include "providers/x509/chain.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::sources {

using cloud::SecretJson;

namespace {

/// The engine keeps ten versions where nobody says otherwise.
constexpr std::int64_t k_looked_at = 20;

/// In DER; of a text whose leaf cannot be told, its first certificate.
Result<std::string> leaf_of(const std::string& pem) {
  const auto certificates = TRY(x509::parse_certificates(pem));
  const auto built = x509::build_chain(certificates, {});
  return built ? built->certificates.front().der : certificates.front().der;
}

}  // namespace

std::string VaultKvSource::shown_public() const {
  return cloud::quoted(fmt::format("{}/{}", m_place.mount, m_place.public_path));
}

/// One version of the public secret, as the version of the pair that it is of; none where there is nothing to read.
Result<std::optional<Described>> VaultKvSource::published_at(const Context& context,
                                                             const std::optional<std::int64_t>& number,
                                                             std::int64_t& newest) {
  const auto path = fmt::format("{}/data/{}{}", cloud::vault::encoded_path(m_place.mount),
                                cloud::vault::encoded_path(m_place.public_path),
                                number ? fmt::format("?version={}", *number) : std::string());
  const auto answer = TRY(m_client.read(context, path));
  SecretJson json(answer.secret_body);
  const auto own = json.number({"data", "metadata", "version"}).value_or(0);
  if (!number) newest = own;
  if (answer.status == 404) {
    if (own == 0)  // what was deleted has its number
      if (auto wrong = cloud::vault::wrong_mount(context, m_client, m_place.mount, "2", answer))
        return std::move(*wrong);
    return std::optional<Described>();
  }
  Described described;
  // Who writes both by hand writes both each time.
  described.version = {json.text({"data", "data", "version"}).value_or(std::to_string(own))};
  const auto remedy = fmt::format(
      "a store with this public_path writes it, with the chain and `version`; see what is there: vault kv get "
      "-mount={} "
      "{}",
      shell_word(m_place.mount), shell_word(m_place.public_path));
  described.certificates_pem =
      TRY(fields_in(json, fmt::format("{}/{}", m_place.mount, m_place.public_path), remedy).certificates());
  if (auto certificates = x509::parse_certificates(described.certificates_pem); !certificates)
    return Error(ErrorCode::invalid_input, fmt::format("the public secret {} shows no certificate", shown_public()))
        .hint(remedy)
        .because(std::move(certificates.error()));
  if (const auto created = json.text({"data", "metadata", "created_time"})) described.since = parse_rfc3339(*created);
  return std::optional(std::move(described));
}

Result<Described> VaultKvSource::published(const Context& context, const std::optional<std::string>& version) {
  std::int64_t newest = 0;
  auto found = TRY(published_at(context, {}, newest));
  const auto is_it = [&] { return found && (!version || found->version.value == *version); };
  for (std::int64_t back = 1; version && !is_it() && back <= k_looked_at && back < newest; ++back)
    found = TRY(published_at(context, newest - back, newest));
  if (is_it()) return std::move(*found);
  const auto what = shown_public();
  if (!version)
    return Error(
               ErrorCode::not_found, fmt::format("there is no public secret {}", what),
               fmt::format("GET {}/v1/{}/data/{} answered 404", m_client.address(), m_place.mount, m_place.public_path))
        .hint("check public_path; a store with the same public_path writes it");
  return Error(ErrorCode::not_found, fmt::format("the public secret {} has nothing of version {} of {}", what,
                                                 cloud::quoted(*version, 64), cloud::quoted(shown())))
      .hint("whoever may read the pair itself can use it: leave public_path out");
}

/// The public secret outlives its pair. Known by the metadata, which the policy need not allow: then the public secret
/// is believed.
std::optional<Error> VaultKvSource::lost(const Context& context, const VersionId& version) {
  auto answer = m_client.read(context, metadata_path());
  if (!answer) return std::nullopt;
  const auto status = cloud::vault::KvMetadata(answer->secret_body, m_client.now()).status(version.value);
  if (status == VersionStatus::usable) return std::nullopt;
  const auto what = fmt::format("version {} of {}", cloud::quoted(version.value, 64), cloud::quoted(shown()));
  auto error = Error(ErrorCode::not_found, fmt::format("{} is gone, which its public secret still shows", what),
                     fmt::format("the public secret is {}", shown_public()));
  if (status == VersionStatus::disabled)
    error.hints.push_back(fmt::format("it was deleted, and can be brought back: vault kv undelete -versions={} {}",
                                      shell_word(version.value), shell_word(shown())));
  return error;
}

/// What was reviewed is what the public secret shows: it must be of the pair that is sent.
Result<> VaultKvSource::check_published(const Context& context, const VersionId& version,
                                        const std::string& certificates_pem) {
  const auto shown_to_all = TRY(published(context, version.value));
  if (TRY(leaf_of(shown_to_all.certificates_pem)) == TRY(leaf_of(certificates_pem))) return {};
  return Error(ErrorCode::conflict,
               fmt::format("the public secret {} shows another certificate than version {} of {} holds", shown_public(),
                           version.value, cloud::quoted(shown())))
      .hint("see who writes the two: a store with this public_path writes both");
}

}  // namespace trunkform::sources
