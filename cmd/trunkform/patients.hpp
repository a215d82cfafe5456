#pragma once
// What a doctor looks at: the service, each cloud and cluster that a configuration leads to, what is issued, each
// source.
#include <functional>
#include <string>
#include <vector>

#include "cmd/trunkform/session.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cli {

struct Patient {
  std::string subject;
  std::string place;                               ///< where the checkup does not say it itself
  std::function<Checkup(const Context&)> examine;  ///< from any thread; what cannot be opened is a line, too
};

/// Both are borrowed for the patients' life. The configuration is loaded. Errors: none can be examined.
Result<std::vector<Patient>> patients(World& world, Session& session);

}  // namespace trunkform::cli
