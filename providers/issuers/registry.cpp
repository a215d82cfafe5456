#include "providers/issuers/registry.hpp"

#include <fmt/format.h>

#include "providers/issuers/acme/make.hpp"
#include "providers/issuers/local_ca/issuer.hpp"
#include "providers/issuers/step_ca/issuer.hpp"
#include "providers/issuers/vault_pki/issuer.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::issuers {
namespace {

using Arguments = std::map<std::string, std::string>;
using Factory = Result<std::unique_ptr<Issuer>> (*)(const Arguments& arguments, const Surroundings& around);

struct Registration {
  std::string_view type;
  Factory make;
};

/// What the argument says, or else `otherwise`. The language has checked which there are.
std::string said(const Arguments& arguments, const std::string& name, const std::string& otherwise = {}) {
  const auto found = arguments.find(name);
  return found == arguments.end() || found->second.empty() ? otherwise : found->second;
}

Result<std::unique_ptr<Issuer>> make_local_ca(const Arguments& arguments, const Surroundings& around) {
  LocalCaPlace place;
  place.certificate = around.base / said(arguments, "certificate");
  place.private_key = said(arguments, "private_key");
  place.lifetime = parse_duration(said(arguments, "lifetime")).value_or(std::chrono::days(90));
  return std::make_unique<LocalCa>(around.files, around.clock, LocalCa::Secrets{around.may.secret, around.may.readable},
                                   std::move(place));
}

Result<std::unique_ptr<Issuer>> make_vault_pki(const Arguments& arguments, const Surroundings& around) {
  return std::make_unique<VaultPki>(
      around.vault,
      VaultPkiPlace{said(arguments, "mount", "pki"), said(arguments, "role"), said(arguments, "issuer_ref")});
}

Result<std::unique_ptr<Issuer>> make_step_ca(const Arguments& arguments, const Surroundings& around) {
  const auto url = parse_url(said(arguments, "url"));
  if (!url || url->has_query)
    return Error(ErrorCode::invalid_input, "`url` of issuer.step_ca is no address", url ? "" : url.error().summary)
        .hint("write scheme, host and port: https://ca.example.com:9000");
  StepCaPlace place;
  place.url = url->base();
  place.provisioner = said(arguments, "provisioner");
  place.key = said(arguments, "key");
  place.key_id = said(arguments, "key_id");
  if (const auto path = said(arguments, "certificate"); !path.empty()) place.certificate = around.base / path;
  // Whom to trust is for who runs us to say, and not for a configuration.
  place.ca_file = around.environment.variable("TRUNKFORM_STEP_CA_FILE").value_or("");
  return std::make_unique<StepCa>(StepCa::Ports{around.files, around.http, around.clock, around.random,
                                                around.may.secret, around.may.readable, around.may.host},
                                  std::move(place));
}

Result<std::unique_ptr<Issuer>> make_acme(const Arguments& arguments, const Surroundings& around) {
  return std::unique_ptr<Issuer>(TRY(acme::make(arguments, around)));
}

// One line an issuer.
constexpr Registration k_registrations[] = {
    {"acme", make_acme},
    {"local_ca", make_local_ca},
    {"step_ca", make_step_ca},
    {"vault_pki", make_vault_pki},
};

}  // namespace

Result<std::unique_ptr<Issuer>> make_issuer(const Locator& locator, const Surroundings& surroundings) {
  for (const auto& registration : k_registrations)
    if (registration.type == locator.type) return registration.make(locator.arguments, surroundings);
  return Error(ErrorCode::unsupported, fmt::format("the issuer '{}' is not known", locator.type));
}

}  // namespace trunkform::issuers
