#include "schemas/model/version.hpp"

namespace trunkform {

std::string_view version() { return TRUNKFORM_VERSION; }

}  // namespace trunkform
