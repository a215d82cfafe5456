#include "state/backends/s3/engine.hpp"
#include "state/remote/key_prefix.hpp"

namespace trunkform::state::s3 {

Result<Settings> settings_of(const std::map<std::string, std::string>& arguments) {
  Settings settings;
  settings.prefix = TRY(key_prefix(arguments, "backend.s3"));
  return settings;
}

}  // namespace trunkform::state::s3
