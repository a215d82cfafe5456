#pragma once
// What every form of an alert says. Inside notify only. Pure.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/model/alert.hpp"

namespace trunkform::notify {

/// `[critical] overdue`, `[resolved] recovered`.
std::string title(const Alert& alert);

/// Whether the receiver's incident ends with it.
bool ends_incident(const Alert& alert);

/// Name and value of what is known beyond summary, detail and hint: trunk, address, run, plan, time …
std::vector<std::pair<std::string, std::string>> particulars(const Alert& alert);

/// At most `size` bytes, cut between characters, with `…`.
std::string shortened(std::string_view text, std::size_t size);

}  // namespace trunkform::notify
