#include "state/backends/http/server_lock.hpp"

#include <utility>

#include "schemas/codec/lock_codec.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state::http {
namespace {

bool is_of(const std::string& holder, const std::string& id) {
  const auto info = decode_lock_info(holder);
  return info && info->id == id;
}

}  // namespace

ServerLock::ServerLock(StateServer& server, std::string workspace, Clock& clock, Random& random)
    : m_server(server), m_workspace(std::move(workspace)), m_clock(clock), m_random(random) {}

LockInfo ServerLock::for_a_moment(const std::string& operation) const {
  LockInfo info;
  info.id = m_random.uuid();
  info.operation = operation;
  info.who = "trunkform, for a moment";
  info.created = m_clock.now();
  info.path = m_server.place(m_workspace);
  return info;
}

Result<> ServerLock::take(const Context& context, const LockInfo& info) {
  LockAnswer answer;
  // Asked a second time, the server says whether the first one got it.
  TRY(until_known(
      context, m_clock,
      [&]() -> Result<> {
        answer = TRY(m_server.lock(context, m_workspace, encode_lock_info(info)));
        return {};
      },
      []() -> Result<bool> { return false; }));
  const std::scoped_lock guard(m_mutex);
  if (answer.is_taken || is_of(answer.holder, info.id)) {
    m_taken = info;
    return {};
  }
  m_refused_by = std::move(answer.holder);
  return Error(ErrorCode::lock_held, "another run has the lock");
}

Result<> ServerLock::give_back(const Context& context, const LockInfo& info) {
  std::string told;
  {
    const std::scoped_lock guard(m_mutex);
    told = encode_lock_info(m_taken.id == info.id ? m_taken : info);
  }
  return until_known(
      context, m_clock, [&] { return m_server.unlock(context, m_workspace, told); },
      [&]() -> Result<bool> {
        const auto found = TRY(holder(context));
        return !found || found->id != info.id;
      });
}

Result<std::optional<LockInfo>> ServerLock::holder(const Context& context) {
  std::optional<std::string> told;
  {
    const std::scoped_lock guard(m_mutex);
    told = std::exchange(m_refused_by, std::nullopt);
  }
  if (!told) {
    const auto look = encode_lock_info(for_a_moment("look who has the lock"));
    auto answer = TRY(m_server.lock(context, m_workspace, look));
    if (answer.is_taken) {
      TRY(m_server.unlock(context, m_workspace, look));
      return std::optional<LockInfo>();
    }
    told = std::move(answer.holder);
  }
  auto info = decode_lock_info(*told);
  if (info) return std::optional(std::move(*info));
  return Error(ErrorCode::lock_held, "somebody has the lock, and the server does not say who",
               "its answer is no lock info: " + info.error().summary)
      .hint("free it where the server shows it; GitLab: Operate, Terraform states, Unlock");
}

Result<> ServerLock::probe(const Context& context) {
  const auto first = for_a_moment("init");
  const auto taken = take(context, first);
  // Who has it keeps others out: that is what was to be seen.
  if (!taken && taken.error().code == ErrorCode::lock_held) return {};
  TRY(Result<>(taken));
  const auto second = for_a_moment("init");
  const auto refused = take(context, second);
  auto freed = give_back(context, first);
  if (!refused && refused.error().code == ErrorCode::lock_held) {
    const std::scoped_lock guard(m_mutex);
    m_refused_by.reset();
    return freed;
  }
  TRY(Result<>(refused));
  (void)give_back(context, second);  // with this server it is all the same
  return Error(ErrorCode::unsupported, "a state cannot live in " + m_server.place(m_workspace),
               "a second run got the lock while the first one had it")
      .hint("see that lock_address and lock_method are those of the server's lock, or use another backend");
}

}  // namespace trunkform::state::http
