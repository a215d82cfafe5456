#include "providers/issuers/acme/dns_hook.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers::acme {
namespace {

/// Services of zones may take their time.
constexpr auto k_hook_patience = std::chrono::minutes(2);

/// What is proven is another value each time, and is taken away by the same program: a line for one of them is none.
Error not_allowed(Error error, const std::vector<std::string>& hook) {
  auto line = "if it may run, run: trunkform trust add program " + shell_word(hook.front());
  for (auto word = hook.begin() + 1; word != hook.end(); ++word) line += " " + shell_word("-arg=" + *word);
  error.hints = {line + " '-arg=*' '-arg=*' '-arg=*'"};
  return error;
}

}  // namespace

std::vector<std::string> DnsHook::command_for(const char* verb, const Proof& proof) const {
  auto command = m_hook;
  command.insert(command.end(), {verb, record_of(proof), record_value_of(proof)});
  return command;
}

Result<> DnsHook::may_present(const Proof& proof) {
  for (const auto* verb : {"present", "cleanup"})
    if (auto allowed = m_may_run(command_for(verb, proof)); !allowed)
      return not_allowed(std::move(allowed.error()), m_hook);
  return {};
}

Result<> DnsHook::run(const Context& context, const char* verb, const Proof& proof) {
  const auto command = command_for(verb, proof);
  auto allowed = m_may_run(command);
  if (!allowed) return not_allowed(std::move(allowed.error()), m_hook);
  auto request = std::move(*allowed);
  if (m_programs == nullptr) return Error(ErrorCode::unsupported, "this program runs no hooks");
  request.timeout = k_hook_patience;
  const auto end = TRY(m_programs->run(context, request));
  if (end.exit_code == 0) return {};
  const auto how = end.exit_code < 0 ? fmt::format("was ended by signal {}", end.signal)
                                     : fmt::format("ended with status {}", end.exit_code);
  return Error(ErrorCode::unavailable,
               fmt::format("the hook of dns_01 {} for {}", how, cloud::quoted(record_of(proof))),
               end.output.empty() ? "it said nothing" : "it said " + cloud::quoted(end.output, 400))
      .hint(fmt::format("try it by hand: {} {} {} {}", shell_word(m_hook.front()), verb, shell_word(record_of(proof)),
                        record_value_of(proof)));
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
