#include "providers/issuers/acme/responder.hpp"

#include "providers/issuers/acme/jose.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::issuers::acme {

std::string record_of(const Proof& proof) { return "_acme-challenge." + proof.name; }

std::string record_value_of(const Proof& proof) {
  const auto digest = sha256(proof.key_authorization);
  return base64url({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

}  // namespace trunkform::issuers::acme
