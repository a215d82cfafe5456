#include "cmd/engine/earlier_pairs.hpp"

namespace trunkform::engine {

std::string how_to_keep_earlier(const Locator& source, const bool issued) {
  if (issued) return "a store keeps a number of versions: `keep` of store.files, the service's own setting of others";
  if (source.type == "pem_files" || source.type == "pkcs12" || source.type == "certbot")
    return "put the pair back, and keep earlier ones, where the source finds them (`versions` of pem_files and pkcs12; "
           "Certbot's archive)";
  if (source.type == "vault_kv" && argument_of(source.arguments, "engine") == "1")
    return "write the pair into the secret again: version 1 of Vault's key/value engine keeps what was written last, "
           "and nothing before it; version 2 keeps earlier versions (vault secrets enable -version=2 kv)";
  if (source.type == "kubernetes_secret")
    return "write the pair into the secret again: a cluster keeps what was written last, and nothing before it";
  return "bring the pair back where the source finds it; how many earlier versions are kept is the service's own "
         "setting";
}

}  // namespace trunkform::engine
