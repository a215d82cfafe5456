#pragma once
// Words of commands that are printed for people to run.
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/address.hpp"

namespace trunkform {

/// As a shell takes it for one word, whatever is in it: a command that is printed may have names of a configuration in
/// it, and is pasted as it stands.
std::string shell_word(std::string_view text);

/// The same of several, as one line.
std::string shell_command(const std::vector<std::string>& words);

/// In single quotes though it needs none: addresses mostly do, and look alike so.
std::string shell_quoted(std::string_view text);
/// `'genesys_trunk_certificate.a["x"]'`
std::string shell_quoted(const Address& address);

/// In double quotes, as Terraform shows the file of a plan; where a shell would take something in it for its own, as
/// shell_word has it.
std::string shell_double_quoted(std::string_view text);

}  // namespace trunkform
