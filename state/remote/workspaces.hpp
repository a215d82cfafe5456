#pragma once
// Named states in an engine. Which one is selected is written down beside the configuration, as it is nobody else's.
#include "schemas/ports/workspaces.hpp"
#include "state/remote/ports.hpp"

namespace trunkform::state {

class RemoteWorkspaces final : public Workspaces {
 public:
  RemoteWorkspaces(RemoteServices services, OpenEngine open)
      : m_services(std::move(services)), m_open(std::move(open)) {}
  Result<std::vector<std::string>> list(const Context& context) override;
  Result<std::string> selected(const Context& context) override;
  Result<> create(const Context& context, const std::string& name) override;
  Result<> select(const Context& context, const std::string& name) override;
  Result<> remove(const Context& context, const std::string& name, DeleteWorkspace mode) override;

 private:
  RemoteServices m_services;
  OpenEngine m_open;

  Result<bool> is_there(const Context& context, const std::string& name);
  Result<> require(const Context& context, const std::string& name);
  Result<> remove_locked(const Context& context, Engine& engine, const std::string& lock_id, const std::string& name,
                         DeleteWorkspace mode);
};

}  // namespace trunkform::state
