#include "providers/stores/layout.hpp"

#include <fmt/format.h>

#include "providers/cloud/json_text.hpp"

namespace trunkform::stores {

using cloud::json_of;

SecretBuffer fields_of(const std::string& request, const KeyPair& pair) {
  return json_of({{"certificate", pair.chain_pem}, {"private_key", pair.private_key.view()}, {"request_id", request}});
}

SecretBuffer fields_of(const StagedKey& key) {
  return json_of(
      {{"private_key", key.private_key.view()}, {"request_id", key.request}, {"since", to_rfc3339(key.since)}});
}

SecretBuffer public_fields_of(const std::string& request, const std::string& version, const KeyPair& pair) {
  return json_of({{"certificate", pair.chain_pem}, {"request_id", request}, {"version", version}});
}

std::string request_in(const Field& field) {
  const auto text = field("request_id");
  return text ? std::string(text->view()) : std::string();
}

Result<StagedKey> staged_in(const Field& field, const std::string& shown, const std::string& remedy) {
  StagedKey key;
  key.request = request_in(field);
  const auto since = field("since");
  const auto time = since ? parse_rfc3339(since->view()) : std::nullopt;
  auto found = field("private_key");
  if (key.request.empty() || !time || !found || found->empty())
    return Error(ErrorCode::corrupt, fmt::format("{} holds no key that was staged here", shown),
                 "it has no fields private_key, request_id and since that can be read")
        .hint(remedy);
  key.since = *time;
  key.private_key = std::move(*found);
  return key;
}

Error staged_meanwhile(const std::string& shown) {
  return Error(ErrorCode::conflict, fmt::format("another run staged a key in {} meanwhile", shown),
               "two runs issue for one place; the key that is there now belongs to the other one")
      .hint("wait until it has ended, and run this again");
}

Error replaced_meanwhile(const std::string& shown) {
  return Error(ErrorCode::conflict, fmt::format("somebody put another certificate into {}", shown),
               "what stands there is not what was to be replaced")
      .hint("see what it is, and review a new plan: trunkform plan");
}

bool may_be_done(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout ||
         error.code == ErrorCode::protocol || error.code == ErrorCode::outcome_unknown ||
         error.code == ErrorCode::cancelled;
}

Error not_known(const Error& error, Error why, const std::string& shown) {
  return Error(ErrorCode::outcome_unknown, fmt::format("nobody knows whether {} was written", shown), to_line(error))
      .hint("run this again when the service answers: what was written is found by its request")
      .because(std::move(why));
}

}  // namespace trunkform::stores
