#include "cmd/trunkform/patients.hpp"

#include <algorithm>
#include <set>

#include "cmd/engine/doctor.hpp"
#include "cmd/engine/issuing_checkup.hpp"
#include "cmd/trunkform/alerting.hpp"
#include "providers/cloud/azure/checkup.hpp"
#include "providers/cloud/kubernetes/checkup.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/vault/checkup.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

using Examination = decltype(Patient::examine);

/// Of what could not even be opened: nothing trusted, no credentials.
Examination not_opened(Error error) {
  return [error = std::move(error)](const Context&) {
    Checkup checkup;
    checkup.bad(error);
    return checkup;
  };
}

Examination of_service(Session& session) {
  auto api = session.api();
  if (!api) return not_opened(std::move(api.error()));
  return [api = *api](const Context& context) { return engine::examine_service(context, *api); };
}

Examination of_vault(Session& session) {
  auto client = session.vault();
  if (!client) return not_opened(std::move(client.error()));
  return [client = *client](const Context& context) {
    auto checkup = cloud::vault::examine(context, *client);
    engine::examine_clock(checkup, client->clock_difference());
    return checkup;
  };
}

Examination of_aws(Session& session) {
  auto access = session.aws_access();
  if (!access) return not_opened(std::move(access.error()));
  return [access = *access](const Context& context) { return access->examine(context); };
}

/// All that a configuration reads from, is signed by and writes to.
std::vector<const Locator*> locators_of(const language::Configuration& configuration) {
  std::vector<const Locator*> all;
  for (const auto& declaration : configuration.certificates) all.push_back(&*declaration.locator);
  for (const auto& request : configuration.issued) all.insert(all.end(), {&request.issuer, &request.store});
  return all;
}

bool uses(const std::vector<const Locator*>& locators, std::initializer_list<std::string_view> types) {
  return std::any_of(locators.begin(), locators.end(), [&](const Locator* locator) {
    return std::find(types.begin(), types.end(), locator->type) != types.end();
  });
}

/// One binding for each declaration of a source; what is issued has a checkup of its own.
std::vector<const Binding*> declared(const std::vector<Binding>& bindings) {
  std::vector<const Binding*> distinct;
  std::set<std::string_view> seen;
  for (const auto& binding : bindings)
    if (!is_issue_address(binding.certificate) && seen.insert(binding.certificate).second) distinct.push_back(&binding);
  return distinct;
}

Examination of_kubernetes(Session& session, std::vector<cloud::kubernetes::SecretPlace> secrets) {
  auto client = session.kubernetes();
  if (!client) return not_opened(std::move(client.error()));
  return [client = *client, secrets = std::move(secrets)](const Context& context) {
    auto checkup = cloud::kubernetes::examine(context, *client, secrets);
    engine::examine_clock(checkup, client->clock_difference());
    return checkup;
  };
}

Examination of_key_vault(Session& session, const Result<cloud::azure::VaultPlace>& vault, std::string path) {
  if (!vault) return not_opened(vault.error());
  auto client = session.azure(*vault);
  if (!client) return not_opened(std::move(client.error()));
  return [client = *client, vault = *vault, path = std::move(path)](const Context& context) {
    auto checkup = cloud::azure::examine(context, *client, vault, path);
    engine::examine_clock(checkup, client->clock_difference());
    return checkup;
  };
}

/// Each vault once, by the first that is named in it.
void add_key_vaults(std::vector<Patient>& all, Session& session, const std::vector<const Locator*>& locators) {
  std::set<std::string> seen;
  for (const auto* locator : locators) {
    const bool is_certificate = locator->type == "azure_keyvault_certificate";
    if (!is_certificate && locator->type != "azure_keyvault_secret") continue;
    const auto name = argument_of(locator->arguments, "vault");
    const auto vault = cloud::azure::vault_place(name);
    if (!seen.insert(vault ? vault->address : name).second) continue;
    auto path = (is_certificate ? "certificates/" : "secrets/") +
                cloud::percent_encoded(argument_of(locator->arguments, "name"));
    all.push_back({"provider.azure", vault ? vault->address : name, of_key_vault(session, vault, std::move(path))});
  }
  if (!seen.empty() || !session.configuration().azure) return;
  all.push_back({"provider.azure", {}, [](const Context&) {
                   Checkup checkup;
                   checkup.unknown("nothing is read from a key vault, so nobody signs in");
                   return checkup;
                 }});
}

void add_kubernetes(std::vector<Patient>& all, Session& session, const std::vector<const Locator*>& locators) {
  std::vector<cloud::kubernetes::SecretPlace> secrets;
  for (const auto* locator : locators)
    if (locator->type == "kubernetes_secret")
      secrets.push_back({argument_of(locator->arguments, "namespace"), argument_of(locator->arguments, "secret")});
  if (!secrets.empty()) all.push_back({"kubernetes", {}, of_kubernetes(session, std::move(secrets))});
}

/// Whether it may be used, and with what: it is not told anything.
Examination of_notifier(World& world, Session& session, const NotifyBlock& block) {
  auto notifier = open_notifier(world, session, block);
  if (!notifier) return not_opened(std::move(notifier.error()));
  return [&block](const Context&) {
    Checkup checkup;
    checkup.good("it may be told; see what arrives: trunkform notify test " + shell_quoted(block.address));
    return checkup;
  };
}

}  // namespace

Result<std::vector<Patient>> patients(World& world, Session& session) {
  const auto& configuration = session.configuration();
  const auto locators = locators_of(configuration);
  std::vector<Patient> all;
  auto service = of_service(session);
  all.push_back({"provider.genesys", session.service(), std::move(service)});
  if (configuration.vault || uses(locators, {"vault_kv", "vault_pki"}))
    all.push_back({"provider.vault", {}, of_vault(session)});
  if (configuration.aws || uses(locators, {"aws_secretsmanager", "acm"}))
    all.push_back({"provider.aws", {}, of_aws(session)});
  add_key_vaults(all, session, locators);
  add_kubernetes(all, session, locators);
  auto* sources = TRY(session.sources());
  if (!configuration.issued.empty()) {
    auto* places = TRY(session.issuing_places());
    std::set<std::string_view> issuers;
    for (const auto& request : configuration.issued)
      if (issuers.insert(request.issuer_address).second)
        all.push_back({request.issuer_address, {}, [places, &request](const Context& context) {
                         return engine::examine_issuer(context, *places, request.issuer);
                       }});
    for (const auto& request : configuration.issued)
      all.push_back({request.address, to_string(request.store), [places, sources, &request](const Context& context) {
                       return engine::examine_issuing(context, *places, *sources, request);
                     }});
  }
  for (const auto* binding : declared(configuration.bindings))
    all.push_back({binding->certificate, to_string(*binding->locator),
                   [sources, binding, now = world.clock.now()](const Context& context) {
                     return engine::examine_source(context, *sources, *binding, now);
                   }});
  for (const auto& block : configuration.notify) all.push_back({block.address, {}, of_notifier(world, session, block)});
  return all;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the analyzer loses what std::function holds

}  // namespace trunkform::cli
