// The second secret of a store, for readers of the chain alone: docs/decisions/0342 and 0382.
#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/vault/kv_metadata.hpp"
#include "providers/stores/vault_kv/seen.hpp"
#include "providers/x509/certificates.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {
namespace {

/// Empty where there is none that can be read.
x509::Certificates certificates_in(VaultKvStore::Seen& seen) {
  auto certificates = x509::parse_certificates(seen.json.text({"data", "data", "certificate"}).value_or(""));
  return certificates ? std::move(*certificates) : x509::Certificates();
}

bool are_same(const x509::Certificates& left, const x509::Certificates& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& one, const auto& other) { return one.der == other.der; });
}

}  // namespace

Result<std::optional<StoredVersion>> VaultKvStore::newest_version(const Context& context) {
  auto answer = TRY(m_client.read(context, api_path("metadata", m_place.path)));
  cloud::vault::KvMetadata metadata(answer.secret_body, m_client.now());
  const auto newest = metadata.newest();
  if (!newest || metadata.status(*newest) != VersionStatus::usable) return std::optional<StoredVersion>();
  return std::optional(StoredVersion{{*newest}, {}});
}

Result<bool> VaultKvStore::show_current(const Context& context) {
  if (m_place.public_path.empty()) return false;
  auto stored = TRY(read(context, m_place.path));
  if (!stored.is_there) return false;
  return publish(context, stored);
}

/// Whoever wrote the pair by hand may have put a key beside its chain: certificates alone are shown.
Result<std::string> VaultKvStore::chain_in(Seen& stored) const {
  const auto certificates = x509::parse_certificates(stored.json.text({"data", "data", "certificate"}).value_or(""));
  if (!certificates)
    return Error(ErrorCode::invalid_input, fmt::format("{} has no chain to show as public_path", shown(m_place.path)),
                 "its field `certificate` is not there, or holds no certificate")
        .because(certificates.error());
  std::string pem;
  for (const auto& certificate : *certificates) pem += x509::to_pem(certificate);
  return pem;
}

Result<bool> VaultKvStore::publish(const Context& context, Seen& stored) {
  KeyPair pair;  // of which the chain alone is published
  pair.chain_pem = TRY(chain_in(stored));
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

/// After the pair, so that it never shows what is not there. Whoever may write it may have put another chain under the
/// number of the pair: what it says of itself is not believed.
Result<bool> VaultKvStore::publish(const Context& context, std::uint64_t version, const std::string& request,
                                   const KeyPair& pair) {
  auto seen = TRY(read(context, m_place.public_path));
  const auto number = std::to_string(version);
  TRY(is_for_chains(seen));
  const auto ours = TRY(x509::parse_certificates(pair.chain_pem));
  const bool shows_it = seen.is_there && are_same(certificates_in(seen), ours);
  if (shows_it && seen.request() == request && seen.json.text({"data", "data", "version"}) == number) return false;
  const auto fields = public_fields_of(request, number, pair);
  TRY(write(context, m_place.public_path, seen.number, fields, request,
            replaced_meanwhile(shown(m_place.public_path))));
  return !shows_it;
}

/// The pair itself says what ought to be shown.
void VaultKvStore::examine_public(const Context& context, Checkup& checkup) {
  auto pair = read(context, m_place.path);
  if (!pair && pair.error().code == ErrorCode::denied)
    return checkup.unknown(
        "whether public_path shows what the store has was not asked: the token may not read the pair");
  auto seen = pair ? read(context, m_place.public_path) : Result<Seen>(pair.error());
  if (!seen) return checkup.bad(std::move(seen.error()));
  if (!pair->is_there) return;
  const auto again = fmt::format(
      "take it away, and the next apply shows what the store has: vault kv metadata delete "
      "-mount={} {}",
      shell_word(m_place.mount), shell_word(m_place.public_path));
  const auto number = std::to_string(pair->number);
  const auto of = seen->is_there ? seen->json.text({"data", "data", "version"}).value_or("none") : "nothing";
  if (!seen->is_there)
    return checkup.warn(
        Error(ErrorCode::not_found, "public_path shows nothing of what the store has").hint("the next apply shows it"));
  // Somebody else's secret, which a configuration names by mistake or on purpose: nobody is told to take it away.
  if (auto right = is_for_chains(*seen); !right) return checkup.bad(std::move(right.error()));
  if (of != number)
    return checkup.warn(
        Error(ErrorCode::conflict,
              fmt::format("public_path shows version {}, and the store has version {}", cloud::quoted(of, 64), number),
              "bindings are given what is shown")
            .hint(again));
  const auto ours = certificates_in(*pair);
  const auto theirs = certificates_in(*seen);
  if (!ours.empty() && are_same(ours, theirs)) return checkup.good("public_path shows what the store has");
  checkup.bad(Error(ErrorCode::conflict,
                    fmt::format("public_path shows another certificate than version {} of the pair has", number),
                    "somebody else than the store wrote one of the two, and plans go by what is shown")
                  .hint(again)
                  .hint("see who may write there, and let nobody but the store: docs/permissions.md"));
}

}  // namespace trunkform::stores
