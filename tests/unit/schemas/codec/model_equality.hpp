#pragma once
// Field by field and through pointers: what a codec must give back.
#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::testing {

bool same(const ChainPtr& left, const ChainPtr& right);
bool same(const ResourceRecord& left, const ResourceRecord& right);
bool same(const StateDocument& left, const StateDocument& right);
bool same(const Event& left, const Event& right);

}  // namespace trunkform::testing
