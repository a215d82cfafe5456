#include "tests/fault/killing_ports.hpp"

#include <csignal>

#include <unistd.h>

namespace trunkform::testing {
namespace {

/// Before and after whatever `act` does.
auto between(Boundaries& boundaries, auto act) {
  boundaries.pass();
  auto done = act();
  boundaries.pass();
  return done;
}

class KillingAppendFile final : public AppendFile {
 public:
  KillingAppendFile(std::unique_ptr<AppendFile> real, Boundaries& boundaries)
      : m_real(std::move(real)), m_boundaries(boundaries) {}
  Result<> append(std::string_view bytes) override {
    return between(m_boundaries, [&] { return m_real->append(bytes); });
  }
  std::uint64_t size() const override { return m_real->size(); }
  Result<> truncate(std::uint64_t size) override {
    return between(m_boundaries, [&] { return m_real->truncate(size); });
  }

 private:
  std::unique_ptr<AppendFile> m_real;
  Boundaries& m_boundaries;
};

}  // namespace

void Boundaries::pass() {
  if (++m_passed == m_dies_at) (void)::kill(::getpid(), SIGKILL);
}

Result<> KillingFileSystem::replace(const Path& path, std::string_view bytes, unsigned mode) {
  return between(m_boundaries, [&] { return m_real.replace(path, bytes, mode); });
}

Result<> KillingFileSystem::remove(const Path& path) {
  return between(m_boundaries, [&] { return m_real.remove(path); });
}

Result<std::unique_ptr<FileLock>> KillingFileSystem::lock(const Path& path) {
  return between(m_boundaries, [&] { return m_real.lock(path); });
}

Result<std::unique_ptr<AppendFile>> KillingFileSystem::open_append(const Path& path, unsigned mode) {
  return std::unique_ptr<AppendFile>(
      std::make_unique<KillingAppendFile>(TRY(m_real.open_append(path, mode)), m_boundaries));
}

Result<Organisation> KillingTrunkApi::organisation(const Context& context) {
  return between(m_boundaries, [&] { return m_real->organisation(context); });
}

Result<std::vector<LiveTrunk>> KillingTrunkApi::list(const Context& context,
                                                     const std::function<void(std::size_t, std::size_t)>& progress) {
  return between(m_boundaries, [&] { return m_real->list(context, progress); });
}

Result<LiveTrunk> KillingTrunkApi::get(const Context& context, const TrunkId& id) {
  return between(m_boundaries, [&] { return m_real->get(context, id); });
}

Result<BindReceipt> KillingTrunkApi::bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                                          const std::optional<Identity>& from) {
  return between(m_boundaries, [&] { return m_real->bind(context, id, pair, from); });
}

}  // namespace trunkform::testing
