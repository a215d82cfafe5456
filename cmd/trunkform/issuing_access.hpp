#pragma once
// The issuers and stores of a run, and what the operator allows them: the one place that decides where keys are written
// and who is asked to sign (docs/security.md).
#include <memory>

#include "cmd/engine/issuing_places.hpp"
#include "cmd/trunkform/session.hpp"

namespace trunkform::cli {

/// Borrows both.
Result<std::unique_ptr<engine::IssuingPlaces>> open_issuing(World& world, Session& session);

/// The block of a `certificate.issued` address. Borrows from the session. Error: not_found, with what there is.
Result<const IssueRequest*> configured_request(const Session& session, const std::string& address);

}  // namespace trunkform::cli
