// The service, and where certificates come from.
#include "planner/language/configuration/configuration.hpp"
#include "planner/language/configuration/schema_tables.hpp"
#include "schemas/model/region.hpp"

namespace trunkform::language {

std::vector<BlockSchema> provider_schemas() {
  const GenesysProvider defaults;
  constexpr std::int64_t k_hour = 3'600'000;
  auto region = optional("region", ArgumentType::word, "the region's domain; this or base_url");
  region.words = genesys_regions();
  auto genesys = block(
      "provider", "the Genesys Cloud organisation",
      {std::move(region),
       optional("base_url", ArgumentType::text, "another address of the API; the operator must trust it"),
       optional("login_url", ArgumentType::text, "another address for the token"),
       word("dialect", {"guide", "edges"}, "how the service is spoken to", defaults.dialect),
       optional("client_id", ArgumentType::text, "OAuth client; else GENESYSCLOUD_OAUTHCLIENT_ID"),
       optional("client_secret", ArgumentType::secret, "its secret; else GENESYSCLOUD_OAUTHCLIENT_SECRET"),
       between(1, 6000000,
               optional("requests_per_minute", ArgumentType::integer, "own limit below the service's 300",
                        std::to_string(defaults.requests_per_minute))),
       between(
           1, 64,
           optional("concurrency", ArgumentType::integer, "requests at once", std::to_string(defaults.concurrency))),
       between(1, k_hour, optional("timeout", ArgumentType::duration, "of one request", to_string(defaults.timeout))),
       between(0, 24 * k_hour,
               optional("retry_budget", ArgumentType::duration, "how long failing requests are repeated",
                        to_string(defaults.retry_budget))),
       later("alias")});
  genesys.subtype = "genesys";
  std::vector<BlockSchema> all{std::move(genesys)};
  for (const auto* type : {"vault", "aws", "azure", "plugin"}) all.push_back(later_block("provider", type));
  return all;
}

std::vector<BlockSchema> certificate_schemas() {
  std::vector<BlockSchema> all;
  all.push_back(named(block("certificate", "a chain and its key in PEM files",
                            {required("chain", ArgumentType::text, "the certificates; their order does not matter"),
                             required("private_key", ArgumentType::text, "the key's file"),
                             optional("passphrase", ArgumentType::secret, "of an encrypted key"),
                             optional("versions", ArgumentType::text,
                                      "a folder pattern such as \"archive/*/\" with earlier pairs, for rollback")}),
                      "pem_files"));
  all.push_back(named(block("certificate", "a lineage of Certbot's",
                            {required("live", ArgumentType::text,
                                      "the lineage's folder, such as /etc/letsencrypt/live/sip.example.com")}),
                      "certbot"));
  for (const auto* type : {"pkcs12", "acm", "aws_secretsmanager", "azure_keyvault_certificate", "azure_keyvault_secret",
                           "vault_kv", "kubernetes_secret", "issued"})
    all.push_back(later_block("certificate", type));
  return all;
}

std::vector<BlockSchema> later_schemas() {
  std::vector<BlockSchema> all;
  for (const auto* type : {"acme", "vault_pki", "step_ca", "local_ca"}) all.push_back(later_block("issuer", type));
  for (const auto* type : {"vault_kv", "aws_secretsmanager", "azure_keyvault_secret", "files"})
    all.push_back(later_block("store", type));
  all.push_back(later_block("data", "genesys_trunks"));
  for (const auto* type : {"module", "check", "moved", "import", "removed"}) all.push_back(later_block(type));
  return all;
}

}  // namespace trunkform::language
