#include "state/backends/http/engine.hpp"

#include <algorithm>

#include "schemas/codec/state_codec.hpp"
#include "state/backends/http/held_document.hpp"
#include "state/backends/http/server_lock.hpp"
#include "state/remote/epoch.hpp"
#include "state/remote/seen_document.hpp"

using namespace std::chrono_literals;

namespace trunkform::state::http {
namespace {

constexpr int k_moments = 20;  ///< tries to get the lock for something that is done in a moment
constexpr Duration k_between_moments = 500ms;

class HttpEngine final : public Engine {
 public:
  HttpEngine(const std::string& workspace, std::shared_ptr<StateServer> server, Clock& clock, Random& random)
      : m_workspace(workspace),
        m_server(std::move(server)),
        m_clock(clock),
        m_random(random),
        m_lock(*m_server, workspace, clock, random),
        m_document(*m_server, workspace, random) {}

  BackendCapabilities capabilities() const override {
    return {.workspaces = m_server->addresses() == StateAddresses::of_each_workspace};
  }
  std::string place() const override { return "HTTP " + m_server->place(m_workspace) + ", workspace " + m_workspace; }

  Result<> prepare(const Context& context) override { return m_lock.probe(context); }
  Result<Instant> now(const Context& context) override { return m_server->now(context, m_workspace); }

  /// The protocol lets nothing run out.
  Duration renewal() const override { return Duration::zero(); }
  Duration time_to_live() const override { return Duration::zero(); }
  bool tells_holder() const override { return false; }

  Result<> take_lock(const Context& context, const LockInfo& info) override {
    TRY(check_address());
    TRY(m_lock.take(context, info));
    m_document.hold(info.id);
    return {};
  }
  Result<> renew(const Context&, const std::string& id) override {
    return m_document.is_held_by(id) ? Result<>() : fenced();
  }
  Result<> give_back(const Context& context, const std::string& id) override {
    m_document.forget();
    LockInfo info;
    info.id = id;
    return m_lock.give_back(context, info);
  }
  Result<std::optional<LockInfo>> holder(const Context& context) override { return m_lock.holder(context); }
  Result<> break_lock(const Context& context, const std::string& id) override {
    const auto found = TRY(m_lock.holder(context));
    if (!found) return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
    if (found->id != id) return Error(ErrorCode::conflict, "the lock has another id");
    auto freed = m_lock.give_back(context, *found);
    if (freed || freed.error().code != ErrorCode::fenced) return freed;
    return Error(ErrorCode::conflict, "the lock has another id");
  }

  Result<std::optional<StateDocument>> load(const Context& context) override {
    TRY(check_address());
    const auto found = TRY(m_document.read(context));
    if (!found.state) return std::optional<StateDocument>();
    return std::optional(TRY(decode_state(*found.state)));
  }
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    return m_document.change(context, id, [&](Envelope& envelope) -> Result<> {
      if (!seen_document(envelope.state.value_or("")).may_follow(before))
        return Error(ErrorCode::conflict, "another document is there");
      envelope.state = encode_state(next);
      envelope.lineage = next.lineage;
      return {};
    });
  }

  Result<EventBatch> events(const Context& context, Sequence after) override {
    auto found = TRY(m_document.read(context));
    const auto passed =
        after < found.first_event ? 0 : std::min<std::size_t>(after - found.first_event + 1, found.events.size());
    found.events.erase(found.events.begin(), found.events.begin() + static_cast<std::ptrdiff_t>(passed));
    if (found.events.empty()) return EventBatch{};
    return EventBatch{found.first_event + passed, std::move(found.events)};
  }
  Result<std::optional<EventBatch>> last_event(const Context& context) override {
    auto found = TRY(m_document.read(context));
    if (found.events.empty()) return std::optional<EventBatch>();
    return std::optional(EventBatch{found.last_event(), {std::move(found.events.back())}});
  }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    return m_document.change(context, id, [&](Envelope& envelope) -> Result<> {
      if (envelope.events.empty()) envelope.first_event = batch.first;
      if (batch.first != envelope.first_event + envelope.events.size())
        return Error(ErrorCode::fenced, "an event of this number is there");
      envelope.events.insert(envelope.events.end(), batch.lines.begin(), batch.lines.end());
      return {};
    });
  }

  /// States at other addresses are nobody's to see from here.
  Result<std::optional<SharedText>> read_shared(const Context&, Shared) override { return std::optional<SharedText>(); }
  Result<> write_shared(const Context&, Shared, const std::optional<std::string>&, const std::string&) override {
    return Error(ErrorCode::unsupported, "workspaces share nothing at " + m_server->place(m_workspace));
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    return TRY(m_document.read(context)).alerts;
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    return change_in_a_moment(context, "remember an alert", [&](Envelope& envelope) -> Result<> {
      envelope.alerts = text;
      return {};
    });
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override {
    if (m_workspace != k_default_workspace) return of_default()->workspaces(context);
    return TRY(m_document.read(context)).workspaces;
  }
  Result<> create(const Context& context) override {
    TRY(check_address());
    return of_default()->name_workspaces(context, [this](std::vector<std::string>& names) {
      if (std::find(names.begin(), names.end(), m_workspace) == names.end()) names.push_back(m_workspace);
    });
  }
  /// An empty document is the removal: not every server can delete.
  Result<> remove(const Context& context, const std::string& id) override {
    TRY(m_document.change(context, id, [](Envelope& envelope) -> Result<> {
      Envelope empty;
      empty.serial = envelope.serial;
      envelope = std::move(empty);
      return {};
    }));
    TRY(of_default()->name_workspaces(context,
                                      [this](std::vector<std::string>& names) { std::erase(names, m_workspace); }));
    m_document.forget();
    (void)m_server->remove(context, m_workspace, id);
    LockInfo info;
    info.id = id;
    auto freed = m_lock.give_back(context, info);
    // Some servers forget the lock with the document.
    const auto is_gone =
        !freed && (freed.error().code == ErrorCode::fenced || freed.error().code == ErrorCode::not_found ||
                   freed.error().code == ErrorCode::conflict);
    return is_gone ? Result<>() : freed;
  }

 private:
  const std::string m_workspace;
  const std::shared_ptr<StateServer> m_server;
  Clock& m_clock;
  Random& m_random;
  ServerLock m_lock;
  HeldDocument m_document;

  static Error fenced() { return Error(ErrorCode::fenced, "another run has the lock, or it was broken"); }

  /// Where all workspaces have one address, there is one.
  Result<> check_address() const {
    if (capabilities().workspaces || m_workspace == k_default_workspace) return {};
    return Error(ErrorCode::unsupported, "there is no workspace " + m_workspace + " at " + m_server->place(m_workspace),
                 "the addresses of backend.http are the same for all of them")
        .hint("write {workspace} where its name is to stand: address, lock_address and unlock_address of backend.http");
  }
  std::unique_ptr<HttpEngine> of_default() const {
    return std::make_unique<HttpEngine>(k_default_workspace, m_server, m_clock, m_random);
  }
  Result<> name_workspaces(const Context& context, const std::function<void(std::vector<std::string>&)>& edit) {
    return change_in_a_moment(context, "name a workspace", [&](Envelope& envelope) -> Result<> {
      edit(envelope.workspaces);
      return {};
    });
  }
  /// Under the lock that is held already, or else under one of its own.
  Result<> change_in_a_moment(const Context& context, const std::string& operation, const HeldDocument::Edit& edit) {
    const auto change = [&](const std::string& id) {
      return until_known(
          context, m_clock, [&] { return m_document.change(context, id, edit); },
          []() -> Result<bool> { return false; });  // done twice it is the same
    };
    if (const auto own = m_document.held_by()) return change(*own);
    const auto info = m_lock.for_a_moment(operation);
    for (int tries = 1;; ++tries) {
      auto taken = take_lock(context, info);
      if (taken) break;
      if (taken.error().code != ErrorCode::lock_held || tries == k_moments) return taken;
      TRY(m_clock.sleep(context, k_between_moments));
    }
    auto changed = change(info.id);
    auto freed = give_back(context, info.id);
    return changed ? freed : changed;
  }
};

}  // namespace

std::unique_ptr<Engine> open_engine(const std::string& workspace, std::shared_ptr<StateServer> server, Clock& clock,
                                    Random& random) {
  return std::make_unique<HttpEngine>(workspace, std::move(server), clock, random);
}

}  // namespace trunkform::state::http
