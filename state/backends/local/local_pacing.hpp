#pragma once
// Pacing over one file beside the states of a folder, under a lock of its own that is held for an instant. Thread-safe,
// also among processes. docs/formats/pacing.md.
#include "schemas/codec/pacing_codec.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/pacing.hpp"
#include "schemas/ports/random.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

class LocalPacing final : public Pacing {
 public:
  /// `workspace`: the state whose runs these are.
  LocalPacing(FileSystem& files, Clock& clock, Random& random, const Path& folder, std::string workspace,
              std::shared_ptr<Seal> seal);
  Result<std::optional<PaceWait>> busy_until(const Context& context, const CarrierKey& carrier,
                                             std::size_t places) override;
  Result<Place> take(const Context& context, const CarrierKey& carrier, std::size_t places, Duration hold,
                     Duration rest) override;
  Result<> keep(const Context& context, Place& place, Duration hold) override;
  Result<> leave(const Context& context, const Place& place, Duration rest) override;
  Result<> leave_what_died(const Context& context) override;

 private:
  FileSystem& m_files;
  Clock& m_clock;
  Random& m_random;
  const std::string m_workspace;
  const Path m_file;
  const Path m_lock;
  const std::shared_ptr<Seal> m_seal;

  Result<PacingBook> read_book(Instant now) const;
  Result<> write_book(const PacingBook& book) const;
};

}  // namespace trunkform::state
