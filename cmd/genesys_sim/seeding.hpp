#pragma once
// The trunks that a simulator starts with, out of flags, folders and files.
#include <string>

#include "cmd/genesys_sim/options.hpp"
#include "cmd/genesys_sim/service/service.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::sim {

/// `Carrier {carrier} {number}`: `number` counts within the carrier, `index` over all; both padded to the same width.
std::string trunk_name(const std::string& pattern, const std::string& carrier, std::size_t number, std::size_t index,
                       std::size_t total);

/// Adds what -trunks, -initial and -seed-file say. Errors: invalid_input, not_found, io; each names the file.
Result<> seed_service(Service& service, const Options& options, Instant now);

Result<std::string> read_text(const std::string& path);
/// Atomic; 0600.
Result<> write_private(const std::string& path, const std::string& text);

}  // namespace trunkform::sim
