#pragma once
// dns-01 (RFC 8555 §8.4) by a program of the operator's that knows how records are written where the zone is served.
#include <functional>
#include <string>
#include <vector>

#include "providers/issuers/acme/responder.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/program_runner.hpp"

namespace trunkform::issuers::acme {

/// Run as `HOOK… present _acme-challenge.sip.example.com VALUE`, and later with `cleanup`. A name may have several
/// values at a time: one is added, and that one taken away. Borrows the ports.
class DnsHook final : public Responder {
 public:
  using MayRun = std::function<Result<ProgramRequest>(const std::vector<std::string>& command,
                                                      const std::vector<std::string>& line)>;
  /// `wait`: until what was written can be expected to be seen.
  DnsHook(std::vector<std::string> hook, Duration wait, ProgramRunner* programs, Clock& clock, MayRun may_run)
      : m_hook(std::move(hook)), m_wait(wait), m_programs(programs), m_clock(clock), m_may_run(std::move(may_run)) {}
  const char* challenge_type() const override { return "dns-01"; }
  Result<> may_present(const Proof& proof) override;
  /// Errors: untrusted, unavailable (it ended with another status than 0), timeout, invalid_input (it is not there),
  /// io.
  Result<> present(const Context& context, const std::vector<Proof>& proofs) override;
  void withdraw(const std::vector<Proof>& proofs) override;

 private:
  Result<ProgramRequest> may_run(const std::vector<std::string>& command) const;
  std::vector<std::string> command_for(const char* verb, const Proof& proof) const;
  Result<> run(const Context& context, const char* verb, const Proof& proof);

  std::vector<std::string> m_hook;
  Duration m_wait;
  ProgramRunner* m_programs;
  Clock& m_clock;
  MayRun m_may_run;
};

}  // namespace trunkform::issuers::acme
