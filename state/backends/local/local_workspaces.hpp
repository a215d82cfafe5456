#pragma once
// Workspaces as folders beside the default state. Thread-safe.
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/workspaces.hpp"

namespace trunkform::state {

class LocalWorkspaces final : public Workspaces {
 public:
  LocalWorkspaces(FileSystem& files, Clock& clock, Path folder)
      : m_files(files), m_clock(clock), m_folder(std::move(folder)) {}
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
  Path m_folder;
};

}  // namespace trunkform::state
