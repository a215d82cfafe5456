#pragma once
// The service's trunks and what was bound to them when. Not thread-safe: owned by the Service.
// Keys are kept in ordinary memory: this is the other side of the wire, for tests, with tests' keys.
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/genesys_sim/service/certificate_judge.hpp"

namespace trunkform::sim {

/// A chain and its key as they were sent, with what was made of them once. Shared by all trunks that hold it.
struct BoundPair {
  std::string certificate;  ///< PEM
  std::string private_key;  ///< PEM; may be empty for a pair that is never served
  std::string quoted;       ///< `certificate` as a JSON string literal, so that listings are copies
  Identity identity;
  Instant not_after{};
  bool ends_in_root = false;
};
using PairPtr = std::shared_ptr<const BoundPair>;

/// What the API shows of a trunk at one time.
struct TrunkView {
  std::string name;
  std::string status = "active";
  std::uint64_t version = 1;
  PairPtr pair;     ///< null: none is bound
  Instant since{};  ///< when it was committed
};

/// What a trunk's SIP TLS port does.
enum class ServeMode {
  bound,   ///< serves what was last bound (after the delay that is set)
  wrong,   ///< serves a stranger's certificate
  refuse,  ///< resets every connection
  silent,  ///< accepts and never says anything
};

struct Trunk {
  std::string id;
  std::string carrier;
  TrunkView current;
  std::vector<TrunkView> earlier;  ///< oldest first; a few
  ServeMode serve = ServeMode::bound;
  Duration serve_delay{};
  PairPtr wrong;              ///< what `wrong` serves; null: the store's stranger
  std::uint64_t patches = 0;  ///< committed
  bool answer_lost = false;   ///< the last PATCH's answer never arrived whole, and nobody has read since
};

class TrunkStore {
 public:
  Trunk& add(std::string id, std::string carrier, TrunkView view);
  bool remove(std::string_view id);
  Trunk* find(std::string_view id);
  const Trunk* find(std::string_view id) const;
  /// By id, else the first of that name.
  Trunk* select(std::string_view id_or_name);
  /// Keeps the present view as an earlier one and returns the new present one, its version raised.
  TrunkView& revise(Trunk& trunk, Instant now);
  const std::vector<std::unique_ptr<Trunk>>& all() const { return m_trunks; }
  /// Grows with every change: what was rendered at another generation is stale.
  std::uint64_t generation() const { return m_generation; }
  void touch() { ++m_generation; }

 private:
  std::vector<std::unique_ptr<Trunk>> m_trunks;
  std::map<std::string, Trunk*, std::less<>> m_by_id;
  std::uint64_t m_generation = 0;
};

/// What a reader sees who lags `lag` behind.
const TrunkView& visible(const Trunk& trunk, Instant now, Duration lag);

}  // namespace trunkform::sim
