#include "cmd/engine/reused_key.hpp"

#include "providers/x509/certificates.hpp"
#include "providers/x509/chain.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::engine {

Result<KeyBefore> key_before(const Context& context, Sources& sources, const IssueRequest& request,
                             const VersionId& version, const std::set<Fingerprint>* revoked) {
  auto* source = TRY(sources.open(request.source));
  const auto pair = TRY(source->fetch(context, version));
  auto key = TRY(x509::to_pkcs8(pair.private_key, pair.passphrase));
  const auto facts = x509::inspect_key(key).public_key;
  KeyBefore before;
  if (revoked != nullptr && !revoked->empty()) {
    // By the pair itself: what others are shown of the store anybody may have written who can write there.
    const auto given = TRY(x509::parse_certificates(pair.certificates_pem));
    before.is_lost = revoked->contains(facts.spki) || is_among(*revoked, *TRY(x509::build_chain(given, {})).chain);
  }
  if (is_of_type(facts, request.key)) before.key = std::move(key);
  return before;
}

Result<bool> has_lost_key(const Context& context, SecretStore& store, Sources& sources, const IssueRequest& request,
                          const OpenIssue& open, const std::set<Fingerprint>* revoked) {
  if (revoked == nullptr || revoked->empty()) return false;
  const auto staged = TRY(store.staged(context));
  if (staged && staged->request == open.request &&
      revoked->contains(x509::inspect_key(staged->private_key).public_key.spki))
    return true;
  if (!open.reuses_key || !open.replaces) return false;
  auto before = key_before(context, sources, request, *open.replaces, revoked);
  if (before) return before->is_lost;
  // Another is there by now, which is found and told where it is to be replaced.
  if (before.error().code == ErrorCode::not_found) return false;
  return std::move(before.error());
}

}  // namespace trunkform::engine
