#include "tests/support/memory_engine.hpp"

#include <functional>

#include "schemas/codec/state_codec.hpp"

namespace trunkform::testing {
namespace {

using state::EventBatch;
using state::Shared;
using state::SharedText;

Error lost() { return Error(ErrorCode::outcome_unknown, "the connection was cut before the answer"); }
Error fenced() { return Error(ErrorCode::fenced, "another has the lock"); }

class MemoryEngine final : public state::Engine {
 public:
  MemoryEngine(MemoryServer& server, std::string workspace) : m_server(server), m_workspace(std::move(workspace)) {}

  BackendCapabilities capabilities() const override {
    return {.append = true,
            .fence = true,
            .cas = true,
            .ttl = m_server.renewal > Duration::zero(),
            .ownership = true,
            .pacing = true,
            .versions = false,
            .workspaces = true};
  }
  std::string place() const override { return "memory, workspace " + m_workspace; }
  Result<> prepare(const Context&) override { return {}; }
  Result<Instant> now(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    return m_server.now;
  }
  Duration renewal() const override { return m_server.renewal; }
  Duration time_to_live() const override { return m_server.time_to_live; }

  Result<> take_lock(const Context&, const LockInfo& info) override {
    return written([&]() -> Result<> {
      auto& space = here();
      if (is_held(space) && space.lock->id != info.id) return Error(ErrorCode::lock_held, "another has the lock");
      space.lock = info;
      space.runs_out = m_server.now + m_server.time_to_live;
      return {};
    });
  }
  Result<> renew(const Context&, const std::string& id) override {
    const std::scoped_lock guard(m_server.mutex);
    auto& space = here();
    if (!has_lock(space, id)) return fenced();
    space.runs_out = m_server.now + m_server.time_to_live;
    return {};
  }
  Result<> give_back(const Context&, const std::string& id) override {
    const std::scoped_lock guard(m_server.mutex);
    auto& space = here();
    if (!has_lock(space, id)) return fenced();
    space.lock.reset();
    return {};
  }
  Result<std::optional<LockInfo>> holder(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    auto& space = here();
    return is_held(space) ? space.lock : std::nullopt;
  }
  Result<> break_lock(const Context&, const std::string& id) override {
    const std::scoped_lock guard(m_server.mutex);
    auto& space = here();
    if (!is_held(space)) return Error(ErrorCode::not_found, "nothing is locked");
    if (space.lock->id != id) return Error(ErrorCode::conflict, "the lock has another id");
    space.lock.reset();
    return {};
  }

  Result<std::optional<StateDocument>> load(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    const auto& text = here().document;
    if (!text) return std::optional<StateDocument>();
    return std::optional(TRY(decode_state(*text)));
  }
  Result<> write(const Context&, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    return written([&]() -> Result<> {
      auto& space = here();
      if (!has_lock(space, id)) return fenced();
      const auto expected = before != nullptr ? std::optional(encode_state(*before)) : std::nullopt;
      if (space.document != expected) return Error(ErrorCode::conflict, "another document is there");
      space.document = encode_state(next);
      space.is_known = true;
      return {};
    });
  }

  Result<EventBatch> events(const Context&, Sequence after) override {
    const std::scoped_lock guard(m_server.mutex);
    EventBatch found;
    for (const auto& [first, batch] : here().log)
      for (std::size_t i = 0; i < batch.lines.size(); ++i) {
        if (first + i <= after) continue;
        if (found.lines.empty()) found.first = first + i;
        found.lines.push_back(batch.lines[i]);
      }
    return found;
  }
  Result<std::optional<EventBatch>> last_event(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    const auto& log = here().log;
    if (log.empty()) return std::optional<EventBatch>();
    const auto& [first, batch] = *log.rbegin();
    return std::optional(EventBatch{first + batch.lines.size() - 1, {batch.lines.back()}});
  }
  Result<> append(const Context&, const std::string& id, const EventBatch& batch) override {
    return written([&]() -> Result<> {
      auto& space = here();
      if (!has_lock(space, id)) return fenced();
      if (!space.log.empty() && space.log.rbegin()->first + space.log.rbegin()->second.lines.size() > batch.first)
        return fenced();
      space.log[batch.first] = batch;
      space.is_known = true;
      return {};
    });
  }

  Result<std::optional<SharedText>> read_shared(const Context&, Shared what) override {
    const std::scoped_lock guard(m_server.mutex);
    const auto found = m_server.shared.find(what);
    if (found == m_server.shared.end()) return std::optional<SharedText>();
    return std::optional(SharedText{found->second.text, std::to_string(found->second.revision)});
  }
  Result<> write_shared(const Context&, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    return written([&]() -> Result<> {
      const auto found = m_server.shared.find(what);
      const auto there =
          found == m_server.shared.end() ? std::nullopt : std::optional(std::to_string(found->second.revision));
      if (there != revision) return Error(ErrorCode::conflict, "another wrote it meanwhile");
      auto& kept = m_server.shared[what];
      kept.text = text;
      ++kept.revision;
      return {};
    });
  }
  Result<std::optional<std::string>> read_alerts(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    return here().alerts;
  }
  Result<> write_alerts(const Context&, const std::string& text) override {
    const std::scoped_lock guard(m_server.mutex);
    here().alerts = text;
    return {};
  }

  Result<std::vector<std::string>> workspaces(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    std::vector<std::string> names;
    for (const auto& [name, space] : m_server.spaces)
      if (space.is_known) names.push_back(name);
    return names;
  }
  Result<> create(const Context&) override {
    const std::scoped_lock guard(m_server.mutex);
    here().is_known = true;
    return {};
  }
  Result<> remove(const Context&, const std::string& id) override {
    const std::scoped_lock guard(m_server.mutex);
    if (!has_lock(here(), id)) return fenced();
    m_server.spaces.erase(m_workspace);
    return {};
  }

 private:
  MemoryServer& m_server;
  const std::string m_workspace;

  MemoryServer::Space& here() { return m_server.spaces[m_workspace]; }
  bool is_held(const MemoryServer::Space& space) const {
    return space.lock && (m_server.time_to_live == Duration::zero() || m_server.now < space.runs_out);
  }
  bool has_lock(const MemoryServer::Space& space, const std::string& id) const {
    return is_held(space) && space.lock->id == id;
  }

  Result<> written(const std::function<Result<>()>& write) {
    const std::scoped_lock guard(m_server.mutex);
    ++m_server.writes;
    auto answer = Answer::comes;
    if (!m_server.answers.empty()) {
      answer = m_server.answers.front();
      m_server.answers.erase(m_server.answers.begin());
    }
    if (answer == Answer::lost_before_the_write) return lost();
    auto done = write();
    return answer == Answer::lost_after_the_write ? Result<>(lost()) : done;
  }
};

}  // namespace

std::unique_ptr<state::Engine> open_memory(MemoryServer& server, const std::string& workspace) {
  return std::make_unique<MemoryEngine>(server, workspace);
}

}  // namespace trunkform::testing
