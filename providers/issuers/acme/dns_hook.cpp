#include "providers/issuers/acme/dns_hook.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers::acme {
namespace {

/// Services of zones may take their time.
constexpr auto k_hook_patience = std::chrono::minutes(2);

}  // namespace

/// What is proven is another value each time, and is taken away by the same program: a line for one of them is none.
Result<ProgramRequest> DnsHook::may_run(const std::vector<std::string>& command) const {
  auto line = m_hook;
  line.insert(line.end(), 3, "*");
  return m_may_run(command, line);
}

std::vector<std::string> DnsHook::command_for(const char* verb, const Proof& proof) const {
  auto command = m_hook;
  command.insert(command.end(), {verb, record_of(proof), record_value_of(proof)});
  return command;
}

Result<> DnsHook::may_present(const Proof& proof) {
  for (const auto* verb : {"present", "cleanup"}) TRY(may_run(command_for(verb, proof)));
  return {};
}

Result<> DnsHook::run(const Context& context, const char* verb, const Proof& proof) {
  const auto command = command_for(verb, proof);
  auto request = TRY(may_run(command));
  if (m_programs == nullptr) return Error(ErrorCode::unsupported, "this program runs no hooks");
  request.timeout = k_hook_patience;
  const auto end = TRY(m_programs->run(context, request));
  if (end.exit_code == 0) return {};
  const auto how = end.exit_code < 0 ? fmt::format("was ended by signal {}", end.signal)
                                     : fmt::format("ended with status {}", end.exit_code);
  return Error(ErrorCode::unavailable,
               fmt::format("the hook of dns_01 {} for {}", how, cloud::quoted(record_of(proof))),
               end.output.empty() ? "it said nothing" : "it said " + cloud::quoted(end.output, 400))
      .hint("try it by hand: " + shell_command(command));
}

Result<> DnsHook::present(const Context& context, const std::vector<Proof>& proofs) {
  for (const auto& proof : proofs) TRY(run(context, "present", proof));
  return m_clock.sleep(context, m_wait);
}

/// A record that stays behind opens nothing, and is no reason to fail. It is taken away also where the run is to stop.
void DnsHook::withdraw(const std::vector<Proof>& proofs) {
  for (const auto& proof : proofs) (void)run(Context(), "cleanup", proof);
}

}  // namespace trunkform::issuers::acme
