#include "state/backends/etcd/engine.hpp"
#include "state/remote/key_prefix.hpp"

namespace trunkform::state::etcd {

Result<Settings> settings_of(const std::map<std::string, std::string>& arguments) {
  Settings settings;
  settings.prefix = TRY(key_prefix(arguments, "backend.etcd"));
  return settings;
}

}  // namespace trunkform::state::etcd
