#pragma once
// The service's trunks. Thread-safe; paces itself below the known request limit; retries what is safe to retry.
// A lost answer is resolved inside: read back and compared. Callers see `outcome_unknown` only where reading back was
// impossible too.
#include <functional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/trunk.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/key_pair.hpp"

namespace trunkform {

struct BindReceipt {
  bool read_back = false;  ///< the PATCH's answer was lost; a read showed the new certificate
  std::string correlation_id;
  LiveTrunk trunk;  ///< as answered; the certificate may still be the old one (read-after-write lag)
};

class TrunkApi {
 public:
  virtual ~TrunkApi() = default;
  /// The organisation of the credentials. Where the API refuses (403, 404): host and client id, `by_api` false.
  virtual Result<Organisation> organisation(const Context& context) = 0;
  /// All trunks, pages fetched side by side, in the service's order. `progress(seen, total)` may be empty.
  virtual Result<std::vector<LiveTrunk>> list(const Context& context,
                                              const std::function<void(std::size_t, std::size_t)>& progress) = 0;
  virtual Result<LiveTrunk> get(const Context& context, const TrunkId& id) = 0;
  /// PATCH with exactly `tls.certificate` and `tls.privateKey`. `from`: what is live now as far as is known, to tell a
  /// lost answer's old from new from foreign. Errors: rejected (with the service's words explained), conflict,
  /// not_found, denied, unavailable (nothing was changed), outcome_unknown.
  virtual Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                                   const std::optional<Identity>& from) = 0;
  /// How long one of these calls may take at most in a service that is slow or fails, repetitions included.
  virtual Duration longest_call() const = 0;
  /// How many requests were sent so far, retries and token included.
  virtual std::uint64_t requests() const = 0;
  /// The service's clock minus ours, from the last `Date` header seen.
  virtual std::optional<Duration> clock_difference() const = 0;
};

}  // namespace trunkform
