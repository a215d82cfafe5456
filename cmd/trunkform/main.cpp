// The real world, handed to the program.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <malloc.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cmd/trunkform/logging_ports.hpp"
#include "cmd/trunkform/program.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/curl/mail_transport.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/process_environment.hpp"
#include "providers/platform/posix/program_runner.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/probe/sip/sip_probe.hpp"
#include "providers/probe/tls/tls_probe.hpp"
#include "providers/x509/private_key.hpp"

namespace {

using namespace trunkform;

/// Keys must not reach a core file or another process of the same user.
void keep_memory_private() {
  (void)::prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
}

/// A variable that the dynamic loader or the C library reads once, before `main`.
struct StartSetting {
  const char* name;
  const char* ours;
};

/// The loader binds a call when it is first made, and then saves all vector registers on the stack; whatever memcpy
/// moved last, a token or a key, is in them. Debian's libstdc++ and others can be told not to in no other way than this
/// (docs/decisions/0261-calls-are-bound-at-the-start.md).
constexpr StartSetting k_bind_now{"LD_BIND_NOW", "trunkform"};
/// A plan of ten thousand trunks touches a hundred megabytes for the first time, and the kernel is asked for each page
/// of 4 KiB; it gives 2 MiB at once where it is told that they may be large. Worth a twelfth of the plan's time.
constexpr StartSetting k_large_pages{"GLIBC_TUNABLES", "glibc.malloc.hugetlb=1"};

/// Starts this program again as these settings say. Where it cannot be done, or the user has settings of his own, the
/// program goes on.
void start_as_set(char** argv) {
  const auto value = [](const StartSetting& setting) {
    const char* text = std::getenv(setting.name);
    return std::string_view(text == nullptr ? "" : text);
  };
  if (!value(k_bind_now).empty()) {
    // No program that we start is to have them.
    if (value(k_bind_now) != k_bind_now.ours) return;
    for (const auto& setting : {k_bind_now, k_large_pages})
      if (value(setting) == setting.ours) (void)::unsetenv(setting.name);
    return;
  }
  if (::setenv(k_bind_now.name, k_bind_now.ours, 1) != 0) return;
  const bool has_tunables = !value(k_large_pages).empty();
  if (!has_tunables) (void)::setenv(k_large_pages.name, k_large_pages.ours, 1);
  (void)::execv("/proc/self/exe", argv);
  (void)::unsetenv(k_bind_now.name);
  if (!has_tunables) (void)::unsetenv(k_large_pages.name);
}

cli::Terminal is_terminal(int descriptor) { return ::isatty(descriptor) != 0 ? cli::Terminal::yes : cli::Terminal::no; }

int terminal_columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

/// `trunkform history | head -2`: whoever reads has what he wanted, and no error is due.
bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/// For each message on the error stream, whoever writes it. Never destroyed: the thread of signals does not end.
std::mutex& err_turn() {
  static std::mutex turn;
  return turn;
}

/// Waits for signals on a thread of its own: the first asks to finish the step in hand, the second to stop now.
class SignalWatch {
 public:
  explicit SignalWatch(std::string_view notice) : m_notice(notice) {
    sigemptyset(&m_signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&m_signals, signal);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    std::thread([this] {
      for (;;) {
        int signal = 0;
        if (sigwait(&m_signals, &signal) != 0) return;
        if (m_stop.request_stop()) {
          const std::scoped_lock turn(err_turn());
          std::cerr << '\n' << m_notice << '\n';
        } else {
          m_abandon.request_stop();
        }
      }
    }).detach();
  }
  std::stop_token stop() const { return m_stop.get_token(); }
  std::stop_token abandon() const { return m_abandon.get_token(); }

 private:
  std::string_view m_notice;
  sigset_t m_signals{};
  std::stop_source m_stop;
  std::stop_source m_abandon;
};

platform::CurlOptions curl_options(const ProcessEnvironment& environment) {
  platform::CurlOptions options;
  options.ca_file = environment.variable("TRUNKFORM_CA_FILE").value_or("");
  return options;
}

/// The C library gives each thread a heap of its own, which it enlarges page by page with a system call, and the many
/// threads that wait for services leave as many half-empty ones behind. There may be more threads (`-parallelism`) than
/// processors, and so than heaps: they share them, and who shares one waits for no longer than an allocation takes.
/// A document of megabytes goes back to the system when it ends, not to a heap.
void set_up_heaps() {
  (void)::mallopt(M_ARENA_MAX, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  (void)::mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  set_up_heaps();
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  if (cli::may_hold_secrets(arguments)) start_as_set(argv);
  std::signal(SIGPIPE, SIG_IGN);
  static SignalWatch signals(cli::stop_notice(arguments));  // its thread never ends
  platform::PosixFileSystem files;
  platform::SystemClock clock;
  platform::SystemRandom random;
  platform::PosixProcessEnvironment environment;
  x509::FactsCache facts;
  const auto log = cli::Log::from_environment(environment);
  const auto curl = platform::make_curl_client(curl_options(environment), clock);
  cli::LoggingHttpClient http(*curl, clock, log);
  const bool one_terminal =
      is_terminal(STDOUT_FILENO) == cli::Terminal::yes && is_terminal(STDERR_FILENO) == cli::Terminal::yes;
  const cli::Streams streams{std::cout,
                             std::cerr,
                             std::cin,
                             is_terminal(STDOUT_FILENO),
                             is_terminal(STDERR_FILENO),
                             is_terminal(STDIN_FILENO),
                             terminal_columns(),
                             &err_turn()};
  cli::WaitNotice waits(streams, clock, one_terminal ? "\r\x1b[2K" : "");
  cli::WaitTellingHttpClient telling(http, clock, waits);
  const auto mail = platform::make_curl_mail(curl_options(environment), clock);
  platform::PosixProgramRunner programs;
  constexpr auto k_patience = std::chrono::seconds(10);
  const auto dns_server = environment.variable("TRUNKFORM_DNS_SERVER").value_or("");
  const auto tls = probe::make_tls_probe(clock, facts, k_patience, dns_server);
  const auto sip = probe::make_sip_probe(clock, random, k_patience, dns_server);
  cli::World world{files,
                   clock,
                   random,
                   environment,
                   telling,
                   *tls,
                   *sip,
                   streams,
                   ".",
                   signals.stop(),
                   signals.abandon(),
                   {},
                   &log,
                   nullptr,
                   {mail.get(), &programs},
                   [&waits](const std::string& what, Instant until) { waits.tell(what, until); }};
  static auto* const leftovers = std::make_unique<cli::Leftovers>().release();  // never freed: see there
  world.leftovers = leftovers;
  const int code = cli::run_program(world, arguments);
  std::cout.flush();
  if (!std::cout && !reader_is_gone()) {
    std::cerr << "Error: the output could not be written (is the disk full?)\n";
    return code == 0 ? 1 : code;
  }
  return code;
}
