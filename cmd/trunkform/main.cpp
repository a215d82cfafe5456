// The real world, handed to the program.
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

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

cli::Terminal is_terminal(int descriptor) { return ::isatty(descriptor) != 0 ? cli::Terminal::yes : cli::Terminal::no; }

int terminal_columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

/// Waits for signals on a thread of its own: the first asks to finish the step in hand, the second to stop now.
class SignalWatch {
 public:
  SignalWatch() {
    sigemptyset(&m_signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&m_signals, signal);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    std::thread([this] {
      for (;;) {
        int signal = 0;
        if (sigwait(&m_signals, &signal) != 0) return;
        if (m_stop.request_stop())
          std::cerr << "\nStopping after the trunk in hand. A second signal stops at once; the state stays safe.\n";
        else
          m_abandon.request_stop();
      }
    }).detach();
  }
  std::stop_token stop() const { return m_stop.get_token(); }
  std::stop_token abandon() const { return m_abandon.get_token(); }

 private:
  sigset_t m_signals{};
  std::stop_source m_stop;
  std::stop_source m_abandon;
};

platform::CurlOptions curl_options(const ProcessEnvironment& environment) {
  platform::CurlOptions options;
  options.ca_file = environment.variable("TRUNKFORM_CA_FILE").value_or("");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_private();
  (void)x509::wipe_freed_memory();
  std::signal(SIGPIPE, SIG_IGN);
  static SignalWatch signals;  // its thread never ends
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
  cli::WaitNotice waits(std::cerr, clock, one_terminal ? "\r\x1b[2K" : "");
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
                   {std::cout, std::cerr, std::cin, is_terminal(STDOUT_FILENO), is_terminal(STDERR_FILENO),
                    is_terminal(STDIN_FILENO), terminal_columns()},
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
  const int code = cli::run_program(world, std::vector<std::string>(argv + 1, argv + argc));
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "Error: the output could not be written (is the disk full, or the pipe closed?)\n";
    return code == 0 ? 1 : code;
  }
  return code;
}
