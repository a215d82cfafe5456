#pragma once
// What a store's place looks like, for the line of the trust file that allows it: a line that no store can ever match
// allows nothing, and whoever wrote it learns of that only when a run stops. Pure.
#include <string>

#include "schemas/model/result.hpp"

namespace trunkform::stores {

/// Whether a store of this type may call its place (`SecretStore::place`) so; a trailing `/*` stands for any name
/// there. Types whose places are paths of this machine are not judged here. Error: invalid_input, with the form.
Result<> check_place(const std::string& type, const std::string& place);

}  // namespace trunkform::stores
