#pragma once
// Every certificate of a chain for programs, leaf first: public facts, never PEM. Pure.
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::views {

/// Writes an array; empty for no chain.
void write_certificate_list(codec::JsonWriter& out, const ChainFacts* chain);

}  // namespace trunkform::views
