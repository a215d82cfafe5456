#pragma once
// The operator's decisions, read over the defaults of schemas/model/policy.hpp. Mistakes are reported by the reader.
// Private to the room.
#include "planner/language/configuration/reader.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::language {

CarrierPolicy read_carrier(BodyReader& reader, const std::string& label);
RolloutPolicy read_rollout(BodyReader& reader, const std::string& label);
RotatePolicy read_rotate(BodyReader& reader);
VerifyPolicy read_verify(BodyReader& reader);

}  // namespace trunkform::language
