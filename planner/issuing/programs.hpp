#pragma once
// What an apply of a request runs on this machine. Pure; thread-safe.
#include <string>
#include <vector>

#include "schemas/model/issuing.hpp"
#include "schemas/model/locator.hpp"

namespace trunkform::issuing {

/// The program with its arguments that shows names to be ours (`dns_01.hook`), as the configuration has it: what it is
/// told of a name comes behind. Empty: none is run.
std::vector<std::string> hook_of(const Locator& issuer);

/// How it is run for each name of a request that DNS can prove, with the word VALUE for what nobody knows before an
/// order is placed (RFC 8555 §8.4). Empty: none is run.
std::vector<std::vector<std::string>> hook_runs(const IssueRequest& request);

/// The same as people would type it, with what comes behind by its names in docs/issuing.md; empty: none is run.
std::string hook_line(const Locator& issuer);

}  // namespace trunkform::issuing
