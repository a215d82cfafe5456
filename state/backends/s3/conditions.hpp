#pragma once
// Whether a server keeps to the conditions of writes: some that speak S3 pass over them, so that every run would get
// the lock.
#include <string>

#include "schemas/ports/object_store.hpp"

namespace trunkform::state::s3 {

/// Tries it with an object of its own under `key`, which it removes again. Error: unsupported, with what does not hold.
Result<> probe_conditions(const Context& context, ObjectStore& store, const std::string& key);

}  // namespace trunkform::state::s3
