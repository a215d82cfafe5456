#pragma once
// What a token may do at a path, asked without doing it: `sys/capabilities-self`, which the policy `default` allows.
#include <string>
#include <string_view>
#include <vector>

#include "providers/cloud/vault/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cloud::vault {

/// `create` is what the first write of a path takes; where the token may `update` and not `create`, that is a warning.
struct Need {
  std::string path;                            ///< `pki/sign/sip`, as a policy names it: not encoded
  std::vector<std::string_view> capabilities;  ///< `update`
};

/// One line for all that is there, and one for each path that lacks something, with the policy that it takes. `what`:
/// `sign there`, `write there`.
void examine_needs(const Context& context, Client& client, const std::vector<Need>& needs, const std::string& what,
                   Checkup& checkup);

/// The same for a plan: each thing that is missing, in words. `is_there`: what is written to is there already, and
/// lacks no `create`. Who may not ask is told nothing. Errors: as `Client::write`.
Result<std::vector<std::string>> lacks(const Context& context, Client& client, const std::vector<Need>& needs,
                                       bool is_there);

/// Whether the token may do this; false where it may not ask. Errors: as `Client::write`.
Result<bool> may(const Context& context, Client& client, const std::string& path, std::string_view capability);

}  // namespace trunkform::cloud::vault
