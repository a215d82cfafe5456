#pragma once
// The words that gates and notes share.
#include <string>

#include "schemas/model/address.hpp"
#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::diff {

/// `0123456789ab (ends 2027-01-01)`
std::string in_short(const ChainFacts& chain);

/// How two chains differ that have one leaf: `chain 0123456789ab instead of ba9876543210: without 'CN=Issuing'`.
/// Subjects are foreign text: to be escaped where it is shown.
std::string chain_difference(const ChainFacts& is, const ChainFacts& was);

/// `state recorded 0123456789ab (ends 2027-01-01) on 2026-10-01`
std::string state_recorded(const ChainFacts& recorded, Instant bound_at);
/// What is live instead of what state recorded: drift in one sentence.
std::string live_instead(const ChainFacts& live, const ChainFacts& recorded, Instant bound_at);

/// What is there instead of what is expected, for people: by their leaves, and where that is one leaf by their chains.
std::string told_apart(const ChainFacts& is, const ChainFacts& was);

/// Why something is to be replaced that this run was not told to, and how to take that back.
std::string asked_by_replace(const Replacement& asked, const Address& address);

}  // namespace trunkform::diff
