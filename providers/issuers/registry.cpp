#include "providers/issuers/registry.hpp"

#include <fmt/format.h>

#include "providers/issuers/acme/make.hpp"
#include "providers/issuers/local_ca/issuer.hpp"
#include "providers/issuers/step_ca/issuer.hpp"
#include "providers/issuers/vault_pki/issuer.hpp"
#include "schemas/model/locator.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::issuers {
namespace {

using Factory = Result<std::unique_ptr<Issuer>> (*)(const Arguments& arguments, const Surroundings& around);

struct Registration {
  std::string_view type;
  Factory make;
};

Result<std::unique_ptr<Issuer>> make_local_ca(const Arguments& arguments, const Surroundings& around) {
  LocalCaPlace place;
  place.certificate = around.base / argument_of(arguments, "certificate");
  place.private_key = argument_of(arguments, "private_key");
  place.lifetime = parse_duration(argument_of(arguments, "lifetime")).value_or(std::chrono::days(90));
  return std::make_unique<LocalCa>(around.files, around.clock, LocalCa::Secrets{around.may.secret, around.may.readable},
                                   std::move(place));
}

Result<std::unique_ptr<Issuer>> make_vault_pki(const Arguments& arguments, const Surroundings& around) {
  return std::make_unique<VaultPki>(
      around.vault, VaultPkiPlace{argument_of(arguments, "mount", "pki"), argument_of(arguments, "role"),
                                  argument_of(arguments, "issuer_ref")});
}

Result<std::unique_ptr<Issuer>> make_step_ca(const Arguments& arguments, const Surroundings& around) {
  const auto url = parse_url(argument_of(arguments, "url"));
  if (!url || url->has_query)
    return Error(ErrorCode::invalid_input, "`url` of issuer.step_ca is no address", url ? "" : url.error().summary)
        .hint("write scheme, host and port: https://ca.example.com:9000");
  StepCaPlace place;
  place.url = url->base();
  place.provisioner = argument_of(arguments, "provisioner");
  place.key = argument_of(arguments, "key");
  place.key_id = argument_of(arguments, "key_id");
  if (const auto path = argument_of(arguments, "certificate"); !path.empty()) place.certificate = around.base / path;
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
