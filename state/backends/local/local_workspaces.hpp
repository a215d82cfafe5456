#pragma once
// Workspaces as folders beside the default state. Thread-safe.
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/workspaces.hpp"
#include "state/sealing/state_keys.hpp"

namespace trunkform::state {

class LocalWorkspaces final : public Workspaces {
 public:
  /// `keys`: of all of them; null, where nothing is encrypted.
  LocalWorkspaces(FileSystem& files, Clock& clock, Random& random, Path folder, std::shared_ptr<const StateKeys> keys)
      : m_files(files), m_clock(clock), m_random(random), m_folder(std::move(folder)), m_keys(std::move(keys)) {}
  Result<std::vector<std::string>> list(const Context& context) override;
  Result<std::string> selected(const Context& context) override;
  Result<> create(const Context& context, const std::string& name) override;
  Result<> select(const Context& context, const std::string& name) override;
  Result<> remove(const Context& context, const std::string& name, DeleteWorkspace mode) override;

 private:
  Result<bool> is_there(const std::string& name);
  Result<> require(const std::string& name);

  FileSystem& m_files;
  Clock& m_clock;
  Random& m_random;
  Path m_folder;
  std::shared_ptr<const StateKeys> m_keys;
};

}  // namespace trunkform::state
