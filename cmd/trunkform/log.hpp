#pragma once
// What a run does, for whoever looks for the cause of something: TRUNKFORM_LOG=trace|debug|info|warn|error|off (off),
// TRUNKFORM_LOG_FORMAT=text|json (text), to stderr or to TRUNKFORM_LOG_PATH. Never a header, a body, a value of a
// variable or a key; foreign text is escaped. Thread-safe.
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/ports/process_environment.hpp"

namespace spdlog {
class logger;  // NOLINT(readability-identifier-naming): spdlog's own name
}

namespace trunkform::cli {

enum class LogLevel { trace, debug, info, warn, error, off };

/// A name and what it is here.
struct LogField {
  std::string_view name;
  std::string value;
};

class Log {
 public:
  Log();  ///< off
  ~Log();
  Log(Log&&) noexcept;
  Log& operator=(Log&&) = delete;

  /// A value that is none is told on stderr; then `info` and `text` are taken. A file that cannot be opened likewise.
  static Log from_environment(const ProcessEnvironment& environment);

  bool is_on(LogLevel level) const { return level >= m_level; }
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) const;

 private:
  enum class Format { text, json };
  std::shared_ptr<spdlog::logger> m_logger;
  LogLevel m_level = LogLevel::off;
  Format m_format = Format::text;
};

}  // namespace trunkform::cli
