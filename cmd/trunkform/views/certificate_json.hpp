#pragma once
// A certificate for programs: public facts, never PEM. Pure.
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::views {

/// Member values `null` for no chain; else leaf's facts, both fingerprints and the chain's subjects.
void write_chain_facts(codec::JsonWriter& out, const ChainFacts* chain);

}  // namespace trunkform::views
