#pragma once
// A state in a container of Azure Blob Storage. Blob by blob: docs/formats/azblob.md.
#include <map>
#include <memory>
#include <string>

#include "schemas/ports/blob_store.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::azblob {

struct Settings {
  std::string prefix = "trunkform";                  ///< of all names, without slashes at its ends; may be empty
  Duration time_to_live = std::chrono::seconds(60);  ///< of a lease: Azure takes 15 to 60 seconds
  std::uint64_t appends_a_blob = 45'000;             ///< of events; Azure takes 50,000
};

/// By the arguments of a `backend.azblob` block: `prefix`. The others are the blob store's. Error: invalid_input.
Result<Settings> settings_of(const std::map<std::string, std::string>& arguments);

/// `clock` and `random` are borrowed.
std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<BlobStore> store, Clock& clock, Random& random);

}  // namespace trunkform::state::azblob
