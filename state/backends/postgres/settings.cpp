#include <cstdlib>

#include "state/backends/postgres/engine.hpp"

namespace trunkform::state::postgres {
namespace {

constexpr const char* k_system_roots = "/etc/ssl/certs/ca-certificates.crt";

bool is_in_environment(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Result<Settings> settings_of(const std::map<std::string, std::string>& arguments) {
  // As the configuration has them, and as libpq does.
  constexpr std::pair<const char*, const char*> k_names[] = {
      {"host", "host"}, {"port", "port"}, {"database", "dbname"}, {"user", "user"}};
  Settings settings;
  for (const auto& [ours, theirs] : k_names)
    if (const auto found = arguments.find(ours); found != arguments.end()) settings.connection[theirs] = found->second;
  if (const auto found = arguments.find("schema_name"); found != arguments.end()) settings.schema = found->second;
  // How the server is known is the operator's to weaken, and nobody's else: there is no argument for it.
  if (!is_in_environment("PGSSLMODE")) settings.connection["sslmode"] = "verify-full";
  if (!is_in_environment("PGSSLROOTCERT")) settings.connection["sslrootcert"] = k_system_roots;
  settings.connection["application_name"] = "trunkform";
  return settings;
}

}  // namespace trunkform::state::postgres
