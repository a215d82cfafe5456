#include "providers/issuers/acme/responder.hpp"

#include "providers/issuers/acme/jose.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::issuers::acme {

std::string record_of(const Proof& proof) { return challenge_record_of(proof.name); }

std::string record_value_of(const Proof& proof) {
  const auto digest = sha256(proof.key_authorization);
  return base64url({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

}  // namespace trunkform::issuers::acme
