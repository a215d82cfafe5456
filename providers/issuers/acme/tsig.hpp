#pragma once
// Signatures of DNS messages by a key that both sides know (RFC 8945), HMAC-SHA256. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::issuers::acme {

struct TsigKey {
  std::string name;     ///< `trunkform.example.com`
  SecretBuffer secret;  ///< decoded
};

struct SignedMessage {
  std::string message;
  std::string mac;  ///< which the answer's signature is about, too
};

/// Errors: invalid_input: the key's name.
Result<SignedMessage> tsig_signed(const std::string& message, const TsigKey& key, Instant now);

/// Whether an answer to `question_mac` is the key's owner's. Errors: denied (the server does not know the key, or says
/// that the signature or the clocks are wrong), untrusted (it is not signed, or not by this key).
Result<> check_tsig(std::string_view answer, const std::string& question_mac, const TsigKey& key, Instant now);

}  // namespace trunkform::issuers::acme
