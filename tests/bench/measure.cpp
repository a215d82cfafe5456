// Runs a command and says what it cost.
//
//   bench_measure OUTPUT_FILE COMMAND [ARG ...]      standard output and error of the command go to OUTPUT_FILE
//
// Prints one JSON object: seconds (wall), cpu_seconds, peak_mib (of the largest single process), exit (128 + n: signal
// n).
#include <chrono>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

[[noreturn]] void become(const char* output, char** command) {
  const int file = ::open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0) ::execvp(command[0], command);
  ::_exit(127);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: bench_measure OUTPUT_FILE COMMAND [ARG ...]\n");
    return 64;
  }
  const auto started = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) become(argv[1], argv + 2);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return 1;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  fmt::print(R"({{"seconds":{:.4f},"cpu_seconds":{:.4f},"peak_mib":{:.1f},"exit":{}}})"
             "\n",
             wall.count(), seconds(usage.ru_utime) + seconds(usage.ru_stime),
             static_cast<double>(usage.ru_maxrss) / 1024,
             WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  return 0;
}
