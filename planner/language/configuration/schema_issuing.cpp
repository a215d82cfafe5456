// Issuers, stores, and what is issued by the one and kept in the other.
#include "planner/language/configuration/schema_tables.hpp"

namespace trunkform::language {
namespace {

constexpr std::int64_t k_hour = 3'600'000;

BlockSchema issued_schema() {
  return named(
      block("certificate", "a certificate that is issued here, and kept in a store",
            {required("issuer", ArgumentType::reference, "who signs it: an issuer block"),
             required("store", ArgumentType::reference, "where it is kept with its key: a store block"),
             required("names", ArgumentType::texts, "DNS names, SIP URIs (sip:example.com) and addresses"),
             word("key", {"ecdsa_p256", "ecdsa_p384", "rsa_2048", "rsa_3072", "rsa_4096"}, "the key that is made",
                  "ecdsa_p256"),
             between(k_hour, 10LL * 366 * 24 * k_hour,
                     optional("lifetime", ArgumentType::duration, "asked of the issuer (1h to 3660d); else its own")),
             optional("profile", ArgumentType::text, "one of the issuer's profiles"),
             optional("reuse_key", ArgumentType::boolean, "renew with the key of the certificate before", "false")}),
      "issued");
}

BlockSchema http_01_schema() {
  return block("http_01", "names are shown to be ours over port 80; without this block and dns_01, so it is",
               {optional("listen", ArgumentType::text, "where we listen while the authority looks", "0.0.0.0:80"),
                optional("webroot", ArgumentType::text, "instead: the folder that a web server shows")});
}

BlockSchema dns_01_schema() {
  return block(
      "dns_01", "names are shown to be ours by a record of their zone; the only way for wildcards",
      {optional(
           "hook", ArgumentType::texts,
           "the program that writes it, with its arguments; further ones are present or cleanup, record and value"),
       between(0, k_hour, optional("wait", ArgumentType::duration, "until the record can be seen everywhere", "30s"))},
      {block("rfc2136", "or: the server that takes updates of the zone, signed by a key",
             {required("server", ArgumentType::text, "its address and port; the operator must trust it"),
              optional("zone", ArgumentType::text, "the zone; else the server is asked for it"),
              required("key_name", ArgumentType::text, "the key's name there"),
              required("key", ArgumentType::secret, "the key, in base64"),
              word("algorithm", {"hmac-sha256"}, "of the signatures", "hmac-sha256")})});
}

BlockSchema acme_schema() {
  return named(
      block(
          "issuer", "an ACME authority: Let's Encrypt, or a company's own",
          {required("directory", ArgumentType::text, "the address of its directory; the operator must trust the host"),
           required("account_key", ArgumentType::secret, "the account's key in PEM, not encrypted: ECDSA or RSA"),
           optional("contact", ArgumentType::texts, "whom it may write to, such as mailto:pki@example.com"),
           optional("preferred_chain", ArgumentType::text,
                    "common name of an authority: the chain that leads to it is taken"),
           optional("agree_terms", ArgumentType::boolean, "somebody has read the authority's terms and agrees",
                    "false")},
          {block("external_account", "an account that exists elsewhere, where the authority wants one",
                 {required("key_id", ArgumentType::text, "the authority's name for it"),
                  required("hmac_key", ArgumentType::secret, "its key, in base64url")}),
           http_01_schema(), dns_01_schema()}),
      "acme");
}

BlockSchema local_ca_schema() {
  return named(block("issuer", "an authority whose key is at hand: for laboratories",
                     {required("certificate", ArgumentType::text,
                               "a PEM file: the authority's certificate first, then its own "
                               "authorities"),
                      required("private_key", ArgumentType::secret, "the authority's key in PEM, not encrypted"),
                      between(k_hour, 10LL * 366 * 24 * k_hour,
                              optional("lifetime", ArgumentType::duration, "of what it signs", "90d"))}),
               "local_ca");
}

BlockSchema vault_pki_schema() {
  return named(block("issuer", "the PKI engine of HashiCorp Vault or OpenBao: that of provider.vault",
                     {vault_path(optional("mount", ArgumentType::text, "where the engine is mounted", "pki")),
                      vault_name(required("role", ArgumentType::text, "the role that says what may be signed")),
                      vault_name(optional("issuer_ref", ArgumentType::text,
                                          "name or id of one of the engine's issuers; else the role's"))}),
               "vault_pki");
}

BlockSchema step_ca_schema() {
  return named(
      block(
          "issuer", "Smallstep's step-ca",
          {required("url", ArgumentType::text, "such as \"https://ca.example.com:9000\"; the operator must trust it"),
           required("provisioner", ArgumentType::text, "the name of a provisioner of type JWK or X5C"),
           required("key", ArgumentType::secret, "the provisioner's key, or that of `certificate`: PEM, not encrypted"),
           optional("key_id", ArgumentType::text, "of a JWK provisioner; else the key's thumbprint (RFC 7638)"),
           optional("certificate", ArgumentType::text,
                    "of an X5C provisioner: a PEM file with the key's certificate first")}),
      "step_ca");
}

BlockSchema vault_kv_schema() {
  return named(
      block(
          "store", "a secret of Vault's or OpenBao's key/value engine, version 2",
          {vault_path(required("path", ArgumentType::text, "the secret, within the mount; the operator must trust it")),
           vault_path(optional("mount", ArgumentType::text, "where the engine is mounted", k_usual_kv_mount)),
           vault_path(optional("public_path", ArgumentType::text,
                               "another secret for the chain alone, for readers without a right to the key"))}),
      "vault_kv");
}

BlockSchema aws_secretsmanager_schema() {
  return named(block("store", "a secret of AWS Secrets Manager",
                     {required("secret_id", ArgumentType::text,
                               "its name, or its whole ARN where it exists; the operator must trust it")}),
               "aws_secretsmanager");
}

BlockSchema azure_keyvault_secret_schema() {
  return named(
      block("store", "a secret of an Azure key vault, where the last writer wins",
            {required("vault", ArgumentType::text, "the vault's name, or its address in another cloud"),
             required("name", ArgumentType::text, "the secret; NAME-pending is used too; the operator must trust it")}),
      "azure_keyvault_secret");
}

BlockSchema files_schema() {
  return named(
      block("store", "a folder of this machine",
            {required("path", ArgumentType::text, "the folder; the operator must trust it"),
             between(2, 1000, optional("keep", ArgumentType::integer, "versions that are kept, for rollback", "10"))}),
      "files");
}

}  // namespace

std::vector<BlockSchema> issuing_schemas() {
  std::vector<BlockSchema> all{issued_schema(), acme_schema(), local_ca_schema(), vault_pki_schema(), step_ca_schema()};
  all.push_back(vault_kv_schema());
  all.push_back(aws_secretsmanager_schema());
  all.push_back(azure_keyvault_secret_schema());
  all.push_back(files_schema());
  return all;
}

}  // namespace trunkform::language
