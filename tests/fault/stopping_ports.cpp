#include "tests/fault/stopping_ports.hpp"

#include <fcntl.h>

namespace trunkform::testing {
namespace {

using platform::SystemResult;

/// Without the chance in the name of a temporary file.
std::string short_name(const Path& path) {
  auto name = path.filename().string();
  if (!name.ends_with(".tmp")) return name;
  name = name.substr(1, name.size() - 1 - std::string(".0123456789abcdef.tmp").size());
  return "new " + name;
}

/// Ids of the scene end with the trunk's number: four of carrier a, then four of b.
std::string trunk_of(const TrunkId& id) {
  const int number = id.value.back() - '1';
  return std::string(1, number < 4 ? 'a' : 'b') + std::to_string(number % 4 + 1);
}

std::string name_of(const Event& event) {
  static const std::vector<std::string> k_names = {"epoch",     "run started", "run finished", "intent",   "patched",
                                                   "read back", "probed",      "outcome",      "deferred", "adopted",
                                                   "forgotten", "moved",       "replaced",     "broken"};
  return k_names.at(event.body.index());
}

class NamingLog final : public EventLog {
 public:
  NamingLog(std::unique_ptr<EventLog> real, Boundaries& boundaries, Purposes& purposes)
      : m_real(std::move(real)), m_boundaries(boundaries), m_purposes(purposes) {}
  Result<EventPage> read(const Context& context, Sequence after) override { return m_real->read(context, after); }
  Result<Sequence> append(const Context& context, const Fence& fence, Sequence next, std::span<Event> events) override {
    std::string part;
    for (const auto& event : events) {
      m_purposes.note(event);
      part += (part.empty() ? "" : ", ") + name_of(event);
    }
    const auto* address = events.empty() ? nullptr : address_of(events.back().body);
    const Boundaries::Part named(m_boundaries, part + (address == nullptr ? "" : " of " + address->name));
    return m_real->append(context, fence, next, events);
  }

 private:
  std::unique_ptr<EventLog> m_real;
  Boundaries& m_boundaries;
  Purposes& m_purposes;
};

class NamingPacing final : public Pacing {
 public:
  NamingPacing(std::unique_ptr<Pacing> real, Boundaries& boundaries)
      : m_real(std::move(real)), m_boundaries(boundaries) {}
  Result<std::optional<PaceWait>> busy_until(const Context& context, const CarrierKey& carrier,
                                             std::size_t places) override {
    return m_real->busy_until(context, carrier, places);
  }
  Result<Place> take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                     Duration rest) override {
    const Boundaries::Part named(m_boundaries, "reserve on " + carrier.carrier);
    return m_real->take(context, carrier, places, hold, rest);
  }
  Result<> keep(const Context& context, Place& place, Duration hold) override {
    const Boundaries::Part named(m_boundaries, "keep a place of " + place.carrier.carrier);
    return m_real->keep(context, place, hold);
  }
  Result<> leave(const Context& context, const Place& place, Duration rest) override {
    const Boundaries::Part named(m_boundaries, "leave " + place.carrier.carrier);
    return m_real->leave(context, place, rest);
  }
  Result<> leave_what_died(const Context& context) override {
    const Boundaries::Part named(m_boundaries, "leave what died");
    return m_real->leave_what_died(context);
  }

 private:
  std::unique_ptr<Pacing> m_real;
  Boundaries& m_boundaries;
};

}  // namespace

SystemResult<int> StoppingSystemCalls::open(int folder, const Path& path, int flags, unsigned mode) {
  const auto name = short_name(path);
  const bool creates = (flags & O_CREAT) != 0;
  if (creates) m_boundaries.pass("open " + name);
  auto opened = m_real.open(folder, path, flags, mode);
  if (opened) {
    const std::scoped_lock guard(m_mutex);
    m_names[*opened] = (flags & O_DIRECTORY) != 0 ? "the folder" : name;
  }
  return opened;
}

std::string StoppingSystemCalls::name_of(int descriptor) {
  const std::scoped_lock guard(m_mutex);
  return m_names[descriptor];
}

SystemResult<std::size_t> StoppingSystemCalls::write(int descriptor, const char* from, std::size_t size) {
  const auto name = name_of(descriptor);
  m_boundaries.pass("write " + name);
  if (m_boundaries.next_is_last()) (void)m_real.write(descriptor, from, size / 2);
  m_boundaries.pass("write " + name + ", torn");
  return m_real.write(descriptor, from, size);
}

SystemResult<void> StoppingSystemCalls::sync(int descriptor) {
  m_boundaries.pass("fsync " + name_of(descriptor));
  return m_real.sync(descriptor);
}

SystemResult<void> StoppingSystemCalls::sync_data(int descriptor) {
  m_boundaries.pass("fdatasync " + name_of(descriptor));
  return m_real.sync_data(descriptor);
}

SystemResult<void> StoppingSystemCalls::truncate(int descriptor, std::uint64_t size) {
  m_boundaries.pass("truncate " + name_of(descriptor));
  return m_real.truncate(descriptor, size);
}

SystemResult<void> StoppingSystemCalls::rename(int folder, const Path& from, const Path& to) {
  m_boundaries.pass("rename " + short_name(to));
  return m_real.rename(folder, from, to);
}

SystemResult<void> StoppingSystemCalls::unlink(int folder, const Path& path) {
  m_boundaries.pass("unlink " + short_name(path));
  return m_real.unlink(folder, path);
}

SystemResult<void> StoppingSystemCalls::lock(int descriptor) {
  m_boundaries.pass("lock " + name_of(descriptor));
  return m_real.lock(descriptor);
}

Result<Organisation> StoppingTrunkApi::organisation(const Context& context) {
  m_boundaries.pass("GET organisation");
  return m_real->organisation(context);
}

Result<std::vector<LiveTrunk>> StoppingTrunkApi::list(const Context& context,
                                                      const std::function<void(std::size_t, std::size_t)>& progress) {
  m_boundaries.pass("GET all trunks");
  return m_real->list(context, progress);
}

Result<LiveTrunk> StoppingTrunkApi::get(const Context& context, const TrunkId& id) {
  m_boundaries.pass("GET " + trunk_of(id));
  return m_real->get(context, id);
}

Result<BindReceipt> StoppingTrunkApi::bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                                           const std::optional<Identity>& from) {
  m_boundaries.pass("PATCH " + trunk_of(id));
  auto receipt = m_real->bind(context, id, pair, from);
  m_boundaries.pass("answer to PATCH " + trunk_of(id));
  return receipt;
}

void Purposes::note(const Event& event) {
  const std::scoped_lock guard(m_mutex);
  if (const auto* intent = std::get_if<Intent>(&event.body))
    m_purposes[intent->address.name] = intent->record.quarantine ? "roll back: probe" : "probe";
  if (const auto* outcome = std::get_if<Outcome>(&event.body)) m_purposes[outcome->address.name] = "settle";
}

std::string Purposes::of(const std::string& trunk) const {
  const std::scoped_lock guard(m_mutex);
  const auto found = m_purposes.find(trunk);
  return found == m_purposes.end() ? "look" : found->second;
}

Result<std::vector<ServedChain>> StoppingProbe::observe(const Context& context, const TlsProbePolicy& policy) {
  const auto trunk = policy.server_name.substr(0, policy.server_name.find('.'));
  m_boundaries.pass(m_purposes.of(trunk) + " " + trunk);
  return m_real.observe(context, policy);
}

void name_parts(state::Backend& backend, Boundaries& boundaries, Purposes& purposes) {
  backend.log = std::make_unique<NamingLog>(std::move(backend.log), boundaries, purposes);
  backend.pacing = std::make_unique<NamingPacing>(std::move(backend.pacing), boundaries);
}

}  // namespace trunkform::testing
