#pragma once
// AlertMemory over one file beside the state, under a lock of its own that is held for one write: `drift` alerts too,
// and takes no lock on the state. Thread-safe, also among processes. docs/formats/alerts.md.
#include <functional>

#include "schemas/ports/alert_memory.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "state/backends/local/paths.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

class LocalAlertMemory final : public AlertMemory {
 public:
  LocalAlertMemory(FileSystem& files, Clock& clock, const LocalPaths& paths, std::shared_ptr<Seal> seal)
      : m_files(files), m_clock(clock), m_file(paths.alerts), m_lock(paths.alerts_lock), m_seal(std::move(seal)) {}

  Result<std::vector<OpenAlert>> open(const Context& context) override;
  Result<> remember(const Context& context, const OpenAlert& alert) override;
  Result<> forget(const Context& context, const std::string& target, const std::string& dedup_key) override;

 private:
  FileSystem& m_files;
  Clock& m_clock;
  const Path m_file;
  const Path m_lock;
  const std::shared_ptr<Seal> m_seal;

  Result<> change(const Context& context, const std::function<void(std::vector<OpenAlert>&)>& edit);
};

}  // namespace trunkform::state
