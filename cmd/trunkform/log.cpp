#include "cmd/trunkform/log.hpp"

#include <array>
#include <iostream>

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::cli {
namespace {

constexpr std::array<std::string_view, 6> k_levels{"trace", "debug", "info", "warn", "error", "off"};

LogLevel level_of(const std::string& word) {
  if (word.empty()) return LogLevel::off;
  for (std::size_t i = 0; i < k_levels.size(); ++i)
    if (word == k_levels[i]) return static_cast<LogLevel>(i);
  std::cerr << "Warning: TRUNKFORM_LOG=" << views::escape_foreign(word) << " is no level, info is taken: there are "
            << fmt::format("{}", fmt::join(k_levels, ", ")) << '\n';
  return LogLevel::info;
}

std::shared_ptr<spdlog::sinks::sink> file_sink(const std::string& path) {
  try {
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  } catch (const std::exception&) {
    return nullptr;
  }
}

/// Made private before the first line is in it.
std::shared_ptr<spdlog::sinks::sink> sink_of(const std::string& path) {
  if (path.empty()) return std::make_shared<spdlog::sinks::stderr_sink_mt>();
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
    if (auto sink = file_sink(path)) return sink;
  }
  std::cerr << "Warning: TRUNKFORM_LOG_PATH=" << views::escape_foreign(path)
            << " cannot be opened; the log goes to stderr\n";
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::string text_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  auto line = fmt::format("{} {:<5} {}", to_rfc3339(now()), k_levels[static_cast<std::size_t>(level)],
                          views::escape_foreign(message));
  for (const auto& field : fields) line += fmt::format(" {}={}", field.name, views::escape_foreign(field.value));
  return line;
}

std::string json_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("@timestamp", now());
  out.member("@level", k_levels[static_cast<std::size_t>(level)]);
  out.member("@message", message);
  out.member("@module", "trunkform");
  for (const auto& field : fields) out.member(field.name, std::string_view(field.value));
  out.end_object();
  return out.take();
}

}  // namespace

Log::Log() = default;
Log::~Log() = default;
Log::Log(Log&&) noexcept = default;

Log Log::from_environment(const ProcessEnvironment& environment) {
  Log log;
  log.m_level = level_of(environment.variable("TRUNKFORM_LOG").value_or(""));
  if (log.m_level == LogLevel::off) return log;
  const auto format = environment.variable("TRUNKFORM_LOG_FORMAT").value_or("");
  if (format == "json")
    log.m_format = Format::json;
  else if (!format.empty() && format != "text")
    std::cerr << "Warning: TRUNKFORM_LOG_FORMAT=" << views::escape_foreign(format)
              << " is no format, text is taken: there are text, json\n";
  log.m_logger =
      std::make_shared<spdlog::logger>("trunkform", sink_of(environment.variable("TRUNKFORM_LOG_PATH").value_or("")));
  log.m_logger->set_pattern("%v");
  log.m_logger->set_level(spdlog::level::trace);
  log.m_logger->flush_on(spdlog::level::trace);
  return log;
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) const {
  if (!is_on(level) || !m_logger) return;
  m_logger->log(spdlog::level::info,
                m_format == Format::json ? json_line(level, message, fields) : text_line(level, message, fields));
}

}  // namespace trunkform::cli
