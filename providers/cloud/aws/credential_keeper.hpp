#pragma once
// The credentials of a run: found when they are first needed, and found again before they end, or once where a service
// does not take them any more. Who comes meanwhile waits. Thread-safe.
#include <functional>
#include <mutex>
#include <optional>

#include "providers/cloud/aws/credentials.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform::cloud::aws {

class CredentialKeeper {
 public:
  using Find = std::function<Result<Credentials>(const Context& context)>;

  /// `clock` is borrowed. What `find` uses must outlive this.
  CredentialKeeper(Find find, Clock& clock) : m_find(std::move(find)), m_clock(clock) {}

  /// Errors: `find`'s, which is not asked again within half a minute after it failed.
  Result<CredentialsPtr> current(const Context& context);
  /// Others than those that were `refused`; `why` where there are none.
  Result<CredentialsPtr> after_refusal(const Context& context, const CredentialsPtr& refused, Error why);

 private:
  Find m_find;
  Clock& m_clock;
  std::mutex m_mutex;
  CredentialsPtr m_credentials;
  Instant m_renew_at{};  ///< where they end
  std::optional<Error> m_failure;
  Duration m_failed_at{};

  Result<> find(const Context& context);
};

}  // namespace trunkform::cloud::aws
