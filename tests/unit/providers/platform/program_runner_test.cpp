#include "providers/platform/posix/program_runner.hpp"

#include <csignal>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "schemas/codec/digest.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"

using namespace trunkform;
using namespace std::chrono_literals;
using platform::PosixProgramRunner;
using platform::TemporaryFolder;

namespace {

struct Programs {
  TemporaryFolder folder;
  PosixProgramRunner runner;
  Programs() { std::signal(SIGPIPE, SIG_IGN); }  // as main does

  ProgramRequest script(const std::string& text, unsigned mode = 0700) const {
    const auto bytes = "#!/bin/sh\n" + text + "\n";
    folder.write("program", bytes);
    ::chmod((folder / "program").c_str(), mode);
    ProgramRequest request;
    request.path = folder / "program";
    request.digest = sha256(bytes);
    request.timeout = 5s;
    return request;
  }
};

}  // namespace

TEST_CASE("a program gets its arguments, its input and exactly the environment that it was given") {
  Programs programs;
  ::setenv("TRUNKFORM_TEST_SECRET", "inherited", 1);
  auto request = programs.script("echo \"$# $1 $2\"; cat; env | sort; pwd");
  request.arguments = {"a b", "$HOME"};
  request.environment = {{"ONLY", "this"}};
  request.input = "hello\n";
  const auto end = programs.runner.run({}, request);
  ::unsetenv("TRUNKFORM_TEST_SECRET");
  REQUIRE(end);
  CHECK(end->exit_code == 0);
  // PWD is sh's own.
  CHECK(end->output == "2 a b $HOME\nhello\nONLY=this\nPWD=/\n/\n");
}

TEST_CASE("a compiled program is executed by its descriptor") {
  Programs programs;
  ProgramRequest request;
  request.path = std::filesystem::canonical("/bin/echo");
  std::ifstream file(request.path, std::ios::binary);
  request.digest = sha256(std::string(std::istreambuf_iterator<char>(file), {}));
  request.arguments = {"here"};
  const auto end = programs.runner.run({}, request);
  REQUIRE(end);
  CHECK(end->output == "here\n");
}

TEST_CASE("another program under the same name does not run") {
  Programs programs;
  auto request = programs.script("touch \"$1\"");
  request.arguments = {programs.folder / "ran"};
  programs.folder.write("program", "#!/bin/sh\ntouch \"$1\" # changed\n");
  const auto end = programs.runner.run({}, request);
  REQUIRE_FALSE(end);
  CHECK(end.error().code == ErrorCode::untrusted);
  CHECK(end.error().detail.find(to_hex(request.digest)) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(programs.folder / "ran"));
}

TEST_CASE("a program that others may write, a folder and a missing file are refused") {
  Programs programs;
  CHECK(programs.runner.run({}, programs.script("true", 0720)).error().code == ErrorCode::untrusted);
  CHECK(programs.runner.run({}, programs.script("true", 0702)).error().code == ErrorCode::untrusted);
  CHECK(programs.runner.run({}, programs.script("true", 0600)).error().code == ErrorCode::denied);
  auto request = programs.script("true");
  request.path = programs.folder.path();
  CHECK(programs.runner.run({}, request).error().code == ErrorCode::invalid_input);
  request.path = programs.folder / "nothing";
  CHECK(programs.runner.run({}, request).error().code == ErrorCode::not_found);
}

TEST_CASE("no descriptor but the three standard ones is inherited") {
  Programs programs;
  programs.folder.write("open", "x");
  std::FILE* open = std::fopen((programs.folder / "open").c_str(), "r");
  const auto end = programs.runner.run(
      {}, programs.script("ls -l /proc/self/fd | grep -c \"$(dirname /proc)/open\\|/open\" || true"));
  std::fclose(open);
  REQUIRE(end);
  CHECK(end->output == "0\n");
}

TEST_CASE("a program that hangs is killed with what it started") {
  Programs programs;
  auto request = programs.script("(sleep 30; touch \"$1\") & sleep 30");
  request.arguments = {programs.folder / "late"};
  request.timeout = 300ms;
  const auto begun = std::chrono::steady_clock::now();
  CHECK(programs.runner.run({}, request).error().code == ErrorCode::timeout);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  request.timeout = 20s;
  Context context;
  context.stop = stop.get_token();
  CHECK(programs.runner.run(context, request).error().code == ErrorCode::cancelled);
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("input that nobody reads and output without end hold nothing up") {
  Programs programs;
  auto deaf = programs.script("exec <&-; exit 3");
  deaf.input = std::string(1U << 20U, 'x');
  const auto end = programs.runner.run({}, deaf);
  REQUIRE(end);
  CHECK(end->exit_code == 3);
  auto chatty = programs.script("head -c 3000000 /dev/zero | tr '\\0' 'y'; kill -9 $$");
  chatty.output_limit = 100;
  const auto loud = programs.runner.run({}, chatty);
  REQUIRE(loud);
  CHECK(loud->output == std::string(100, 'y'));
  CHECK(loud->exit_code == -1);
  CHECK(loud->signal == SIGKILL);
}

TEST_CASE("what a program prints as a secret is apart from what it complains of, and never in ordinary memory") {
  Programs programs;
  auto request = programs.script("echo words >&2; echo canary; exit 3");
  request.secret_output = true;
  auto end = programs.runner.run({}, request);
  REQUIRE(end);
  CHECK(end->exit_code == 3);
  CHECK(end->secret_output.view() == "canary\n");
  CHECK(end->output == "words\n");
  // More than any credential is cut, and holds nothing up.
  request = programs.script("head -c 1000000 /dev/zero; echo over >&2");
  request.secret_output = true;
  end = programs.runner.run({}, request);
  REQUIRE(end);
  CHECK(end->secret_output.size() == (64U << 10));
  request = programs.script("exit 0");
  request.secret_output = true;
  end = programs.runner.run({}, request);
  REQUIRE(end);
  CHECK(end->secret_output.empty());
}
