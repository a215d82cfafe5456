#include "tests/support/memory_state_server.hpp"

#include "schemas/codec/lock_codec.hpp"

namespace trunkform::testing {
namespace {

std::string id_in(const std::string& info) {
  const auto decoded = decode_lock_info(info);
  return decoded ? decoded->id : std::string();
}

class OpenStateServer final : public StateServer {
  using Answer = MemoryStateServer::Answer;

 public:
  explicit OpenStateServer(MemoryStateServer& server) : m_server(server) {}

  StateAddresses addresses() const override { return m_server.addresses; }
  std::string place(const std::string& workspace) const override { return "state.example.com/" + workspace; }
  Result<std::optional<std::string>> get(const Context&, const std::string& workspace) override {
    const std::scoped_lock guard(m_server.mutex);
    ++m_server.gets;
    return m_server.spaces[workspace].document;
  }
  Result<> put(const Context&, const std::string& workspace, const std::string& bytes,
               const std::string& lock_id) override {
    const std::scoped_lock guard(m_server.mutex);
    ++m_server.puts;
    const auto next = answer();
    if (next == Answer::lost_before_the_write) return lost();
    auto& space = m_server.spaces[workspace];
    if (!space.lock || id_in(*space.lock) != lock_id) return fenced();
    if (next == Answer::passed_over) return {};
    if (next == Answer::put_off) {
      m_server.late = bytes;
      return lost();
    }
    space.document = bytes;
    return next ? Result<>(lost()) : Result<>();
  }
  Result<> remove(const Context&, const std::string& workspace, const std::string& lock_id) override {
    const std::scoped_lock guard(m_server.mutex);
    if (m_server.deletes == MemoryStateServer::Delete::is_unknown)
      return Error(ErrorCode::unsupported, "DELETE was answered 405");
    auto& space = m_server.spaces[workspace];
    if (space.lock && id_in(*space.lock) != lock_id) return fenced();
    m_server.spaces.erase(workspace);
    return {};
  }
  Result<LockAnswer> lock(const Context&, const std::string& workspace, const std::string& info) override {
    const std::scoped_lock guard(m_server.mutex);
    const auto next = answer();
    if (next == Answer::lost_before_the_write) return lost();
    auto& space = m_server.spaces[workspace];
    if (space.lock && m_server.locks == MemoryStateServer::Lock::excludes) return LockAnswer{false, *space.lock};
    space.lock = info;
    if (next) return lost();
    return LockAnswer{true, {}};
  }
  Result<> unlock(const Context&, const std::string& workspace, const std::string& info) override {
    const std::scoped_lock guard(m_server.mutex);
    const auto next = answer();
    if (next == Answer::lost_before_the_write) return lost();
    auto& space = m_server.spaces[workspace];
    if (!space.lock || id_in(*space.lock) != id_in(info)) return fenced();
    space.lock.reset();
    return next ? Result<>(lost()) : Result<>();
  }
  Result<Instant> now(const Context&, const std::string&) override {
    const std::scoped_lock guard(m_server.mutex);
    return m_server.now;
  }

 private:
  MemoryStateServer& m_server;

  static Error lost() { return Error(ErrorCode::outcome_unknown, "the connection was cut"); }
  static Error fenced() { return Error(ErrorCode::fenced, "the lock is another's"); }
  std::optional<Answer> answer() {
    if (m_server.answers.empty()) return std::nullopt;
    const auto next = m_server.answers.front();
    m_server.answers.pop_front();
    return next;
  }
};

}  // namespace

std::shared_ptr<StateServer> open_memory_state_server(MemoryStateServer& server) {
  return std::make_shared<OpenStateServer>(server);
}

}  // namespace trunkform::testing
