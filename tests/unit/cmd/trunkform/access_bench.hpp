#pragma once
// The world of a run that opens a backend's port: an environment of variables, scripted HTTP, and probes that nobody
// asks.
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

namespace trunkform::testing {

class VariablesEnvironment final : public ProcessEnvironment {
 public:
  std::map<std::string, std::string> variables;
  std::optional<std::string> variable(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() || m_taken.contains(name) ? std::nullopt : std::optional(found->second);
  }
  std::optional<SecretBuffer> take_secret(const std::string& name) override {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    m_taken.insert(name);  // as in environ, it cannot be seen any more
    return SecretBuffer::copy_of(found->second);
  }
  std::vector<std::string> names_with_prefix(const std::string&) const override { return {}; }
  Actor actor() const override { return {"ann", "host-1", 4711}; }

 private:
  std::set<std::string> m_taken;
};

class UnaskedTls final : public TlsProbe {
 public:
  Result<std::vector<ServedChain>> observe(const Context&, const TlsProbePolicy&) override {
    return Error(ErrorCode::internal, "not asked");
  }
};
class UnaskedSip final : public SipProbe {
 public:
  Result<int> options(const Context&, const TlsProbePolicy&) override { return 0; }
  Result<CallOutcome> call(const Context&, const TlsProbePolicy&, const CallPolicy&) override { return CallOutcome{}; }
};

/// `type` and `arguments`: of the backend's block.
struct AccessBench {
  AccessBench(std::map<std::string, std::string> variables, std::string type,
              std::map<std::string, std::string> arguments)
      : settings{std::move(type), std::move(arguments), SourceRange{"main.trunk.json", {3, 7, 40}, {3, 20, 53}}} {
    environment.variables = std::move(variables);
  }

  platform::SimulatedFileSystem files;
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-28T08:00:00Z")};
  platform::SeededRandom random{1};
  VariablesEnvironment environment;
  platform::ScriptedHttpClient http;
  UnaskedTls tls;
  UnaskedSip sip;
  std::ostringstream out, err;
  std::istringstream in;
  cli::World world{files, clock, random, environment, http, tls, sip, {out, err, in}, "/configuration", {}, {}};
  engine::Trust trust;
  language::BackendSettings settings;
};

}  // namespace trunkform::testing
