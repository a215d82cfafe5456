#pragma once
// What all workspaces share: a text in one key, and where it is too long for that, its rest in others that the key
// names.
#include <optional>
#include <string>

#include "schemas/ports/key_value_store.hpp"
#include "state/backends/etcd/layout.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::etcd {

Result<std::optional<SharedText>> read_shared_text(const Context& context, KeyValueStore& store, const Layout& layout,
                                                   Shared what);
/// `id`: of this write. Errors: conflict, outcome_unknown.
Result<> write_shared_text(const Context& context, KeyValueStore& store, const Layout& layout, Shared what,
                           const std::optional<std::string>& revision, const std::string& text, const std::string& id);

}  // namespace trunkform::state::etcd
