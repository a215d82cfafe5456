// The service, and where certificates come from.
#include "planner/language/configuration/configuration.hpp"
#include "planner/language/configuration/schema_tables.hpp"
#include "schemas/model/region.hpp"

namespace trunkform::language {

namespace {

bool has_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

using Misfit = std::optional<std::string>;
Misfit misfit_unless(bool fits) { return fits ? Misfit() : Misfit(""); }

Misfit no_number_of_version(std::string_view text) {
  return misfit_unless(text.size() <= 9 && text.front() != '0' && has_only(text, "0123456789"));
}

/// As Azure Key Vault gives them out.
Misfit no_id_in_key_vault(std::string_view text) {
  return misfit_unless(text.size() == 32 && has_only(text, "0123456789abcdefABCDEF"));
}

/// A UUID, or the token with which somebody wrote the secret: AWS says no more of it than its length.
Misfit no_id_in_secrets_manager(std::string_view text) { return misfit_unless(text.size() >= 32 && text.size() <= 64); }

ArgumentSchema version_shaped(Misfit (*misfit)(std::string_view), std::string_view words, const char* description) {
  return shaped({misfit, words, "leave version out for the newest one"},
                optional("version", ArgumentType::text, description));
}

BlockSchema vault_schema() {
  const auto login = [](const char* method, const char* role, const char* role_is, const char* secret,
                        const char* secret_is) {
    return block(method, std::string("log in by the method ") + method,
                 {vault_path(optional("mount", ArgumentType::text, "where the method is mounted", method)),
                  required(role, ArgumentType::text, role_is), required(secret, ArgumentType::secret, secret_is)});
  };
  auto vault = block(
      "provider", "HashiCorp Vault or OpenBao",
      {optional("address", ArgumentType::text,
                "such as \"https://vault.example.com:8200\"; else VAULT_ADDR or BAO_ADDR"),
       vault_path(optional("namespace", ArgumentType::text, "else VAULT_NAMESPACE or BAO_NAMESPACE"))},
      {block("auth", "who a run is; else the token of VAULT_TOKEN or BAO_TOKEN", {},
             {block("token", "a token that was made before",
                    {required("token", ArgumentType::secret, "renewed while a run goes on, where that is allowed")}),
              login("approle", "role_id", "the role's id", "secret_id", "its secret"),
              login("kubernetes", "role", "the role", "jwt", "the service account's token"),
              login("jwt", "role", "the role", "jwt", "a signed token of the identity provider"),
              block("cert", "log in by a client certificate, in TLS",
                    {vault_path(optional("mount", ArgumentType::text, "where the method is mounted", "cert")),
                     optional("role", ArgumentType::text, "the role; else whichever takes the certificate"),
                     required("certificate", ArgumentType::secret, "PEM: the certificate, and those above it"),
                     required("private_key", ArgumentType::secret, "its key: PEM, not encrypted")})})});
  vault.subtype = "vault";
  return vault;
}

BlockSchema azure_schema() {
  auto azure = block(
      "provider", "Microsoft Azure: who a run is there",
      {optional("tenant_id", ArgumentType::text, "the tenant that this is for: that of AZURE_TENANT_ID, or refused"),
       optional("client_id", ArgumentType::text,
                "the application, or the user-assigned identity; else AZURE_CLIENT_ID")},
      {block("auth", "how that is proved; else by the environment", {},
             {block("client_secret", "a secret of the application",
                    {required("client_secret", ArgumentType::secret, "the secret's value, not its id")}),
              block("client_certificate", "a certificate of the application",
                    {required("certificate", ArgumentType::secret, "PEM with certificate and RSA key, or PKCS #12"),
                     optional("passphrase", ArgumentType::secret, "of an encrypted key")}),
              block("workload_identity", "a token that Kubernetes or a pipeline signed",
                    {required("token", ArgumentType::secret, "read anew for each login")}),
              block("managed_identity", "the machine's own", {})})});
  azure.subtype = "azure";
  return azure;
}

BlockSchema aws_schema() {
  auto aws =
      block("provider", "Amazon Web Services",
            {optional("region", ArgumentType::text, "such as \"eu-central-1\"; else AWS_REGION or that of the profile"),
             optional("profile", ArgumentType::text, "of the shared configuration files; else AWS_PROFILE")},
            {block("assume_role", "whom a run is, beside the credentials that it finds",
                   {required("role_arn", ArgumentType::text, "the role"),
                    optional("session_name", ArgumentType::text, "what the run is called in AWS's logs", "trunkform"),
                    optional("external_id", ArgumentType::text, "what the role's trust policy asks for")})});
  aws.subtype = "aws";
  return aws;
}

}  // namespace

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
  std::vector<BlockSchema> all{std::move(genesys), vault_schema(), azure_schema(), aws_schema()};
  all.push_back(later_block("provider", "plugin"));
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
  all.push_back(named(block("certificate", "a chain and its key in one PKCS #12 file",
                            {required("file", ArgumentType::text, "the .pfx or .p12 file"),
                             optional("passphrase", ArgumentType::secret, "of the file; else it has none"),
                             optional("versions", ArgumentType::text,
                                      "a folder pattern such as \"archive/*/\" with earlier files, for rollback")}),
                      "pkcs12"));
  all.push_back(named(
      block("certificate", "a secret of Vault's or OpenBao's key/value engine",
            {vault_path(required("path", ArgumentType::text, "the secret, within the mount")),
             vault_path(optional("mount", ArgumentType::text, "where the engine is mounted", k_usual_kv_mount)),
             word("engine", {"2", "1"}, "the engine's version: 1 keeps no earlier secrets", "2"),
             version_shaped(no_number_of_version, "the number of a version, such as \"3\"",
                            "one version of the secret, instead of the newest"),
             optional("certificate_field", ArgumentType::text, "the chain in PEM, or the leaf", "certificate"),
             optional("chain_field", ArgumentType::text, "the rest of the chain, where it has a field of its own"),
             optional("key_field", ArgumentType::text, "the key in PEM", "private_key"),
             vault_path(optional("public_path", ArgumentType::text,
                                 "another secret with the chain alone: then planning needs no right to the key"))}),
      "vault_kv"));
  const auto vault = required("vault", ArgumentType::text, "the vault's name, or its address in another cloud");
  const auto version = version_shaped(no_id_in_key_vault, "the id of a version, 32 hexadecimal digits",
                                      "one version, instead of the newest");
  all.push_back(named(block("certificate", "a secret of an Azure key vault with chain and key",
                            {vault, required("name", ArgumentType::text, "the secret"), version}),
                      "azure_keyvault_secret"));
  all.push_back(named(block("certificate", "a certificate of an Azure key vault",
                            {vault, required("name", ArgumentType::text, "the certificate"), version,
                             optional("chain", ArgumentType::text,
                                      "a file with the certificates above it: then planning reads no secret")}),
                      "azure_keyvault_certificate"));
  all.push_back(
      named(block("certificate", "a secret of the Kubernetes cluster that a run is in, as cert-manager writes it",
                  {required("namespace", ArgumentType::text, "where the secret is"),
                   required("secret", ArgumentType::text, "its name"),
                   optional("certificate_field", ArgumentType::text, "the chain in PEM", "tls.crt"),
                   optional("key_field", ArgumentType::text, "the key in PEM", "tls.key")}),
            "kubernetes_secret"));
  all.push_back(named(
      block("certificate", "a secret of AWS Secrets Manager",
            {required("secret_id", ArgumentType::text, "its name, or its whole ARN"),
             version_shaped(no_id_in_secrets_manager, "the id of a version, of 32 to 64 characters",
                            "the id of one version, instead of a stage"),
             optional("version_stage", ArgumentType::text, "the label of the version that is offered", "AWSCURRENT"),
             optional("certificate_field", ArgumentType::text, "the chain in PEM, or the leaf", "certificate"),
             optional("chain_field", ArgumentType::text, "the rest of the chain, where it has a field of its own"),
             optional("key_field", ArgumentType::text, "the key in PEM", "private_key"),
             optional("passphrase", ArgumentType::secret, "of PKCS #12, or of an encrypted key; else there is none")}),
      "aws_secretsmanager"));
  all.push_back(named(block("certificate", "a certificate of AWS Certificate Manager that may be exported",
                            {optional("certificate_arn", ArgumentType::text, "its ARN; this or domain_name"),
                             optional("domain_name", ArgumentType::text, "the one issued certificate with this name")}),
                      "acm"));
  return all;
}

std::vector<BlockSchema> later_schemas() {
  std::vector<BlockSchema> all;
  all.push_back(later_block("data", "genesys_trunks"));
  for (const auto* type : {"module", "check", "moved", "import", "removed"}) all.push_back(later_block(type));
  return all;
}

}  // namespace trunkform::language
