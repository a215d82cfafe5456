#include "state/backends/azblob/engine.hpp"
#include "state/remote/key_prefix.hpp"

namespace trunkform::state::azblob {

Result<Settings> settings_of(const std::map<std::string, std::string>& arguments) {
  Settings settings;
  settings.prefix = TRY(key_prefix(arguments, "backend.azblob"));
  return settings;
}

}  // namespace trunkform::state::azblob
