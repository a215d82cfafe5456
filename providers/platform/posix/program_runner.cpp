#include "providers/platform/posix/program_runner.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "providers/platform/posix/path_check.hpp"
#include "providers/platform/posix/system_error.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::platform {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::int64_t k_largest_program = 256LL << 20;
constexpr int k_look_again = 100;  // milliseconds between two looks at the stop token
constexpr int k_cannot_execute = 127;
constexpr std::size_t k_most_secret = 64U << 10;

/// Owns one of the kernel's descriptors.
class Handle {
 public:
  Handle() = default;
  explicit Handle(int number) : m_number(number) {}
  Handle(Handle&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(m_number, other.m_number);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { close(); }
  int number() const { return m_number; }
  bool is_open() const { return m_number >= 0; }
  void close() {
    if (m_number >= 0) ::close(m_number);
    m_number = -1;
  }

 private:
  int m_number = -1;
};

struct Pipe {
  Handle read, write;
};

Result<Pipe> make_pipe(const Path& path) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("make a pipe for", path, errno);
  return Pipe{Handle(ends[0]), Handle(ends[1])};
}

Error others_may_write(const Path& path) {
  return Error(ErrorCode::untrusted, fmt::format("others may write the program {}", path.string()),
               "whoever may change it decides what runs here")
      .hint(fmt::format("run: chmod go-w {}, and let it belong to root or to you", shell_word(path.string())));
}

/// The whole file as it is now, by the descriptor that is executed.
Result<std::string> bytes_of(int descriptor, const Path& path, std::int64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto count = ::pread(descriptor, bytes.data() + used, bytes.size() - used, static_cast<off_t>(used));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read", path, errno);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
  }
  bytes.resize(used);
  return bytes;
}

struct Program {
  Handle file;
  bool is_script = false;  ///< `#!`: the kernel hands its interpreter the descriptor, which must stay open
};

Result<Program> open_program(const ProgramRequest& request) {
  const auto& path = request.path;
  TRY(check_path(path));
  Program program;
  program.file = Handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!program.file.is_open()) return system_error("open", path, errno);
  struct ::stat status{};
  if (::fstat(program.file.number(), &status) != 0) return system_error("look at", path, errno);
  if (!S_ISREG(status.st_mode) || status.st_size > k_largest_program)
    return Error(ErrorCode::invalid_input, fmt::format("{} is not a program", path.string()));
  if ((status.st_uid != 0 && status.st_uid != ::geteuid()) || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return others_may_write(path);
  const auto bytes = TRY(bytes_of(program.file.number(), path, status.st_size));
  if (sha256(bytes) != request.digest)
    return Error(ErrorCode::untrusted, fmt::format("the program {} is not the one that was trusted", path.string()),
                 fmt::format("its SHA-256 is {}, trusted is {}", sha256_hex(bytes), to_hex(request.digest)))
        .hint(fmt::format("if you know why it changed, run: trunkform trust remove {}, and trust it again",
                          shell_word(path.string())));
  program.is_script = bytes.starts_with("#!");
  return program;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// In the child, between fork and exec: only what is async-signal-safe.
[[noreturn]] void become(int program, bool is_script, const std::array<int, 3>& ends, char* const* arguments,
                         char* const* environment) {
  ::setpgid(0, 0);
  struct sigaction initial{};
  initial.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &initial, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  if (::dup2(ends[0], STDIN_FILENO) < 0 || ::dup2(ends[1], STDOUT_FILENO) < 0 || ::dup2(ends[2], STDERR_FILENO) < 0 ||
      ::chdir("/") != 0)
    ::_exit(k_cannot_execute);
  // Whatever else is open here, also without O_CLOEXEC, ends with exec.
  ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  if (is_script) ::fcntl(program, F_SETFD, 0);
  ::fexecve(program, arguments, environment);
  ::_exit(k_cannot_execute);
}

/// A child and its pipes. Killed with its group unless it was waited for.
class Child {
 public:
  /// `secret`: a pipe of its own for standard output; closed where both outputs go to one.
  Child(::pid_t pid, Handle input, Handle output, Handle secret)
      : m_pid(pid), m_input(std::move(input)), m_output(std::move(output)), m_secret(std::move(secret)) {
    for (const auto* end : {&m_input, &m_output, &m_secret})
      if (end->is_open()) ::fcntl(end->number(), F_SETFL, ::fcntl(end->number(), F_GETFL) | O_NONBLOCK);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (m_pid <= 0) return;
    ::kill(-m_pid, SIGKILL);
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// Feeds it and reads it until it has closed its outputs and ended.
  Result<ProgramEnd> attend(const Context& context, const ProgramRequest& request) {
    const auto end = std::chrono::steady_clock::now() + request.timeout;
    ProgramEnd result;
    while (!has_ended(result)) {
      if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
      if (std::chrono::steady_clock::now() >= end)
        return Error(ErrorCode::timeout,
                     fmt::format("{} did not end within {}", request.path.string(), to_words(request.timeout)));
      move_bytes(request, result.output);
    }
    read_some(request.output_limit, result.output);
    read_secret();
    m_printed.truncate(m_used);
    result.secret_output = std::move(m_printed);
    return result;
  }

 private:
  ::pid_t m_pid;
  Handle m_input, m_output, m_secret;
  std::size_t m_written = 0;
  SecretBuffer m_printed;
  std::size_t m_used = 0;

  bool has_ended(ProgramEnd& result) {
    int status = 0;
    const auto ended = ::waitpid(m_pid, &status, WNOHANG);
    if (ended != m_pid) return false;
    // What it started and left behind ends with it.
    ::kill(-m_pid, SIGKILL);
    m_pid = -1;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return true;
  }

  void move_bytes(const ProgramRequest& request, std::string& output) {
    std::array<::pollfd, 3> waiting{::pollfd{m_input.number(), POLLOUT, 0}, ::pollfd{m_output.number(), POLLIN, 0},
                                    ::pollfd{m_secret.number(), POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(),
           m_input.is_open() || m_output.is_open() || m_secret.is_open() ? k_look_again / 10 : k_look_again / 20);
    if (m_input.is_open() && waiting[0].revents != 0) write_some(request.input);
    if (m_output.is_open() && waiting[1].revents != 0) read_some(request.output_limit, output);
    if (m_secret.is_open() && waiting[2].revents != 0) read_secret();
  }

  /// Straight into locked memory. What is longer than any credential is cut.
  void read_secret() {
    if (m_secret.is_open() && m_printed.empty()) m_printed = SecretBuffer(k_most_secret);
    while (m_secret.is_open() && m_used < m_printed.size()) {
      const auto count = ::read(m_secret.number(), m_printed.data() + m_used, m_printed.size() - m_used);
      if (count == 0) m_secret.close();
      if (count <= 0) return;
      m_used += static_cast<std::size_t>(count);
    }
    if (m_secret.is_open()) m_secret.close();
  }

  void write_some(const std::string& input) {
    if (m_written < input.size()) {
      const auto count = ::write(m_input.number(), input.data() + m_written, input.size() - m_written);
      if (count > 0) m_written += static_cast<std::size_t>(count);
      // A program that does not read what it is told is its own affair.
      if (count < 0 && errno != EAGAIN && errno != EINTR) m_written = input.size();
    }
    if (m_written == input.size()) m_input.close();
  }

  void read_some(std::size_t limit, std::string& output) {
    std::array<char, 4096> space{};
    while (m_output.is_open()) {
      const auto count = ::read(m_output.number(), space.data(), space.size());
      if (count == 0) m_output.close();
      if (count <= 0) return;
      const auto kept = std::min(static_cast<std::size_t>(count), limit - std::min(limit, output.size()));
      output.append(space.data(), kept);
    }
  }
};

}  // namespace

Result<ProgramEnd> PosixProgramRunner::run(const Context& context, const ProgramRequest& request) {
  const auto program = TRY(open_program(request));
  auto input = TRY(make_pipe(request.path));
  auto output = TRY(make_pipe(request.path));
  Pipe secret;
  if (request.secret_output) secret = TRY(make_pipe(request.path));
  std::vector<std::string> words{request.path.string()};
  words.insert(words.end(), request.arguments.begin(), request.arguments.end());
  std::vector<std::string> environment;
  environment.reserve(request.environment.size());
  for (const auto& [name, value] : request.environment)
    environment.push_back(std::string(name).append("=").append(value));
  const auto arguments = pointers(words), variables = pointers(environment);
  const auto pid = ::fork();
  if (pid < 0) return system_error("start", request.path, errno);
  if (pid == 0)
    become(program.file.number(), program.is_script,
           {input.read.number(), secret.write.is_open() ? secret.write.number() : output.write.number(),
            output.write.number()},
           arguments.data(), variables.data());
  ::setpgid(pid, pid);
  input.read.close();
  output.write.close();
  secret.write.close();
  Child child(pid, std::move(input.write), std::move(output.read), std::move(secret.read));
  auto end = TRY(child.attend(context, request));
  if (end.exit_code == k_cannot_execute && end.output.empty())
    return Error(ErrorCode::denied, fmt::format("{} could not be executed", request.path.string()))
        .hint(fmt::format("check that it is executable, and its first line: ls -l {}",
                          shell_word(request.path.string())));
  return end;
}

}  // namespace trunkform::platform
