#include "state/remote/engine.hpp"

namespace trunkform::state {
namespace {

Error keeps_none() { return Error(ErrorCode::unsupported, "this backend keeps no earlier states"); }

}  // namespace

Result<std::vector<KeptDocument>> Engine::kept_documents(const Context&, int) { return keeps_none(); }

Result<std::optional<StateDocument>> Engine::kept_document(const Context&, const std::string&) { return keeps_none(); }

}  // namespace trunkform::state
