#pragma once
// The writing end of the event log for one run, opened under the state's lock, with the log of TRUNKFORM_LOG as its
// first sink.
#include <memory>

#include "cmd/engine/locking.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/trunkform/logging_ports.hpp"
#include "cmd/trunkform/session.hpp"

namespace trunkform::cli {

class WritingRun {
 public:
  static Result<std::unique_ptr<WritingRun>> open(const World& world, const Session& session, state::Backend& backend,
                                                  const engine::HeldLock& lock);
  WritingRun(const WritingRun&) = delete;
  WritingRun& operator=(const WritingRun&) = delete;

  engine::RunLog log;

 private:
  WritingRun(const World& world, state::Backend& backend, const engine::HeldLock& lock, Sequence last);
  LoggingEventSink m_logged;
};

}  // namespace trunkform::cli
