#pragma once
// The ports of a process that is killed at a boundary: system calls that write, calls to the service, handshakes. What
// they belong to (an event, a carrier's place) is named by decorators of the backend's own ports. Thread-safe;
// everything that is passed by reference is borrowed.
#include <map>
#include <memory>
#include <set>

#include "providers/platform/posix/system_calls.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/trunk_api.hpp"
#include "state/backends/local/local.hpp"
#include "tests/fault/boundaries.hpp"

namespace trunkform::testing {

class StoppingSystemCalls final : public platform::SystemCalls {
 public:
  StoppingSystemCalls(platform::SystemCalls& real, Boundaries& boundaries) : m_real(real), m_boundaries(boundaries) {}
  platform::SystemResult<int> open(int folder, const Path& path, int flags, unsigned mode) override;
  platform::SystemResult<int> open_beneath(int folder, const Path& relative) override {
    return m_real.open_beneath(folder, relative);
  }
  void close(int descriptor) noexcept override { m_real.close(descriptor); }
  platform::SystemResult<std::size_t> read(int descriptor, char* into, std::size_t size) override {
    return m_real.read(descriptor, into, size);
  }
  platform::SystemResult<bool> wait_readable(int descriptor, int milliseconds) override {
    return m_real.wait_readable(descriptor, milliseconds);
  }
  platform::SystemResult<std::size_t> read_at(int descriptor, char* into, std::size_t size,
                                              std::uint64_t offset) override {
    return m_real.read_at(descriptor, into, size, offset);
  }
  platform::SystemResult<std::size_t> write(int descriptor, const char* from, std::size_t size) override;
  platform::SystemResult<void> sync(int descriptor) override;
  platform::SystemResult<void> sync_data(int descriptor) override;
  platform::SystemResult<void> truncate(int descriptor, std::uint64_t size) override;
  platform::SystemResult<void> rename(int folder, const Path& from, const Path& to) override;
  platform::SystemResult<void> unlink(int folder, const Path& path) override;
  platform::SystemResult<void> make_directory(const Path& path, unsigned mode) override {
    return m_real.make_directory(path, mode);
  }
  platform::SystemResult<void> remove_directory(int folder, const Path& path) override {
    return m_real.remove_directory(folder, path);
  }
  platform::SystemResult<void> make_link(int folder, const Path& path, const Path& target) override {
    return m_real.make_link(folder, path, target);
  }
  platform::SystemResult<platform::FileStatus> status(const Path& path) override { return m_real.status(path); }
  platform::SystemResult<platform::FileStatus> status(int descriptor) override { return m_real.status(descriptor); }
  platform::SystemResult<std::vector<std::string>> list(const Path& folder) override { return m_real.list(folder); }
  platform::SystemResult<Path> read_link(const Path& path) override { return m_real.read_link(path); }
  platform::SystemResult<void> lock(int descriptor) override;
  unsigned user() const override { return m_real.user(); }
  bool is_private_group(unsigned group, unsigned user) const override { return m_real.is_private_group(group, user); }
  std::string group_name(unsigned group) const override { return m_real.group_name(group); }

 private:
  platform::SystemCalls& m_real;
  Boundaries& m_boundaries;
  std::mutex m_mutex;
  std::map<int, std::string> m_names;

  std::string name_of(int descriptor);
};

class StoppingTrunkApi final : public TrunkApi {
 public:
  StoppingTrunkApi(std::unique_ptr<TrunkApi> real, Boundaries& boundaries)
      : m_real(std::move(real)), m_boundaries(boundaries) {}
  Result<Organisation> organisation(const Context& context) override;
  Result<std::vector<LiveTrunk>> list(const Context& context,
                                      const std::function<void(std::size_t, std::size_t)>& progress) override;
  Result<LiveTrunk> get(const Context& context, const TrunkId& id) override;
  Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                           const std::optional<Identity>& from) override;
  std::uint64_t requests() const override { return m_real->requests(); }
  Duration longest_call() const override { return m_real->longest_call(); }
  std::optional<Duration> clock_difference() const override { return m_real->clock_difference(); }

 private:
  std::unique_ptr<TrunkApi> m_real;
  Boundaries& m_boundaries;
};

/// What a handshake is for is known by the events before it: `probe` after an intent, `settle` after an outcome.
class Purposes {
 public:
  void note(const Event& event);
  std::string of(const std::string& trunk) const;

 private:
  mutable std::mutex m_mutex;
  std::map<std::string, std::string> m_purposes;
};

/// The trunk is the first label of the policy's server name.
class StoppingProbe final : public TlsProbe {
 public:
  StoppingProbe(TlsProbe& real, Boundaries& boundaries, const Purposes& purposes)
      : m_real(real), m_boundaries(boundaries), m_purposes(purposes) {}
  Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) override;

 private:
  TlsProbe& m_real;
  Boundaries& m_boundaries;
  const Purposes& m_purposes;
};

/// Puts names on what the log and the pacing of `backend` write.
void name_parts(state::Backend& backend, Boundaries& boundaries, Purposes& purposes);

}  // namespace trunkform::testing
