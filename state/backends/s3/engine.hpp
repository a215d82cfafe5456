#pragma once
// A state in a bucket of Amazon S3, or of a server that keeps to its conditional writes. Object by object:
// docs/formats/s3.md.
#include <map>
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/object_store.hpp"
#include "schemas/ports/random.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::s3 {

struct Settings {
  std::string prefix = "trunkform";  ///< of all keys, without slashes at its ends; may be empty
};

/// By the arguments of a `backend.s3` block: `prefix`. The others are the object store's. Error: invalid_input.
Result<Settings> settings_of(const std::map<std::string, std::string>& arguments);

/// `clock` and `random` are borrowed.
std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<ObjectStore> store, Clock& clock, Random& random);

}  // namespace trunkform::state::s3
