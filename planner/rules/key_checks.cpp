#include <fmt/format.h>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

using Form = KeyFacts::Form;

}  // namespace

Outcome key_unreadable(const RuleInput& input) {
  if (input.key->form != Form::unreadable) return std::nullopt;
  return Broken{"the private key cannot be used: " + input.key->problem,
                (input.key->mend.empty()
                     ? "put the certificate's own key there, as unencrypted PKCS #8: openssl pkey -in KEY -out KEY.pem"
                     : input.key->mend) +
                    "; the service would answer `Invalid key format`"};
}

Outcome key_encrypted(const RuleInput& input) {
  if (input.key->form != Form::encrypted) return std::nullopt;
  if (input.passphrase_at_hand && input.key->problem.empty()) return std::nullopt;
  // A passphrase is there, and not the right one.
  if (!input.key->problem.empty())
    return Broken{"the private key is encrypted: " + input.key->problem,
                  input.key->mend + "; the service would answer `Invalid key format`"};
  return Broken{"the private key is encrypted",
                "give its passphrase on the certificate block (pem_files and aws_secretsmanager have that argument), "
                "or export it without: openssl pkey -in KEY -out KEY.pem; "
                "the service would answer `Invalid key format`"};
}

Outcome key_mismatch(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  if (input.key->public_key.spki == leaf.key.spki) return std::nullopt;
  return Broken{
      fmt::format("the private key ({}, key {}) is not that of {} ({}, key {})", describe(input.key->public_key),
                  to_short(input.key->public_key.spki), named(leaf), describe(leaf.key), to_short(leaf.key.spki)),
      "take certificate and key from the same issuance; a renewal may have replaced only one of the two"};
}

}  // namespace trunkform::rules::checks
