#pragma once
// What was asked, when, and how it was answered: method, path, status, time. Never a header, a query or a body.
// Not thread-safe: owned by the Service.
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "cmd/genesys_sim/service/operation.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::sim {

/// Whether a request came before the moment that an earlier 429 to the same request had named.
enum class Punctuality { in_time, early };

struct LogEntry {
  std::uint64_t number = 0;  ///< from 1
  Instant time{};
  Operation operation = Operation::unknown;
  std::string method;
  std::string path;
  int status = 0;
  std::string fault;  ///< the effect that fired, empty for none
  Punctuality punctuality = Punctuality::in_time;
};

struct Summary {
  std::uint64_t requests = 0;
  std::array<std::uint64_t, k_operations> by_operation{};
  std::map<int, std::uint64_t> by_status;
  std::uint64_t patches_committed = 0;
  std::uint64_t needless_patches = 0;  ///< the chain that was bound already
  std::uint64_t rate_limited = 0;      ///< by the real limit, not by a knob
  std::uint64_t early = 0;             ///< retried before Retry-After
  std::uint64_t faults = 0;
  std::uint64_t violations = 0;
};

class RequestLog {
 public:
  void add(LogEntry entry);
  /// The newest two hundred thousand.
  const std::deque<LogEntry>& entries() const { return m_entries; }
  const Summary& summary() const { return m_summary; }
  Summary& counters() { return m_summary; }

 private:
  std::deque<LogEntry> m_entries;
  Summary m_summary;
};

}  // namespace trunkform::sim
