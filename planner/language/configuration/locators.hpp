#pragma once
// The arguments of a block as a locator has them. Private to the room.
#include <string>

#include "planner/language/configuration/reader.hpp"
#include "schemas/model/locator.hpp"

namespace trunkform::language {

/// Texts, words and whole numbers as they are, durations as they are written, secrets by reference, lists of texts as
/// JSON; those of nested blocks under `block.argument`. PEM text in their place is a mistake: locators are kept in
/// plans and states. Incomplete (see the reader) after a mistake.
Locator read_locator(BodyReader& reader, const std::string& type);

}  // namespace trunkform::language
