#pragma once
// A file of the user's as the body of an alert: the language's templates, with one name, `alert`, whose attributes are
// the members of schemas/published/alert.schema.json. `${jsonencode(alert.summary)}` escapes. Pure: no file functions.
#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/alert.hpp"

namespace trunkform::language {

/// Error: invalid_input with the place in the file.
Result<std::string> render_alert(const SourceFile& file, const Alert& alert);

}  // namespace trunkform::language
