#pragma once
// Ports that end the process at the n-th boundary: before and after each durable write and each call to the service.
// SIGKILL, so nothing is cleaned up, flushed or unlocked by anybody but the operating system. Thread-safe.
#include <atomic>
#include <memory>

#include "schemas/ports/file_system.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::testing {

class Boundaries {
 public:
  /// 0: never.
  explicit Boundaries(std::uint64_t dies_at) : m_dies_at(dies_at) {}
  void pass();

 private:
  std::uint64_t m_dies_at;
  std::atomic<std::uint64_t> m_passed{0};
};

class KillingFileSystem final : public FileSystem {
 public:
  KillingFileSystem(FileSystem& real, Boundaries& boundaries) : m_real(real), m_boundaries(boundaries) {}
  Result<std::string> read(const Path& path, std::uint64_t limit) override { return m_real.read(path, limit); }
  Result<FileTail> read_tail(const Path& path, std::uint64_t size) override { return m_real.read_tail(path, size); }
  Result<SecretBuffer> read_secret(const Path& path, std::uint64_t limit) override {
    return m_real.read_secret(path, limit);
  }
  Result<std::string> read_beneath(const Path& root, const Path& relative, std::uint64_t limit) override {
    return m_real.read_beneath(root, relative, limit);
  }
  Result<> replace(const Path& path, std::string_view bytes, unsigned mode) override;
  Result<> create_directories(const Path& path) override { return m_real.create_directories(path); }
  Result<> remove(const Path& path) override;
  Result<bool> exists(const Path& path) override { return m_real.exists(path); }
  Result<std::vector<std::string>> list(const Path& folder) override { return m_real.list(folder); }
  Result<Path> read_link(const Path& path) override { return m_real.read_link(path); }
  Result<Instant> modified(const Path& path) override { return m_real.modified(path); }
  Result<> check_private(const Path& path) override { return m_real.check_private(path); }
  Result<std::unique_ptr<FileLock>> lock(const Path& path) override;
  Result<std::unique_ptr<AppendFile>> open_append(const Path& path, unsigned mode) override;

 private:
  FileSystem& m_real;
  Boundaries& m_boundaries;
};

class KillingTrunkApi final : public TrunkApi {
 public:
  KillingTrunkApi(std::unique_ptr<TrunkApi> real, Boundaries& boundaries)
      : m_real(std::move(real)), m_boundaries(boundaries) {}
  Result<Organisation> organisation(const Context& context) override;
  Result<std::vector<LiveTrunk>> list(const Context& context,
                                      const std::function<void(std::size_t, std::size_t)>& progress) override;
  Result<LiveTrunk> get(const Context& context, const TrunkId& id) override;
  Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                           const std::optional<Identity>& from) override;
  std::uint64_t requests() const override { return m_real->requests(); }
  std::optional<Duration> clock_difference() const override { return m_real->clock_difference(); }

 private:
  std::unique_ptr<TrunkApi> m_real;
  Boundaries& m_boundaries;
};

}  // namespace trunkform::testing
