#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud::aws {

Result<Found> of_process(const Context& context, const Surroundings& around, const std::string& command) {
  if (!around.run) return nothing("credential_process is not run here");
  const auto printed = TRY(around.run(context, command));
  SecretJson json(printed);
  if (json.number({"Version"}) != 1)
    return Error(ErrorCode::protocol, "the credential_process printed something else than credentials",
                 "it must be one JSON object whose Version is 1")
        .hint("run it by hand and look: its line is in the profile");
  return found(TRY(credentials_of_json(printed, "the credential_process")));
}

}  // namespace trunkform::cloud::aws
