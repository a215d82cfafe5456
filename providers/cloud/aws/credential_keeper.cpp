#include "providers/cloud/aws/credential_keeper.hpp"

#include <algorithm>

namespace trunkform::cloud::aws {
namespace {

using namespace std::chrono_literals;

/// As AWS's SDKs do; those that last shorter are kept for half of their time.
constexpr Duration k_ahead = 15min;
constexpr Duration k_between_failures = 30s;

}  // namespace

Result<> CredentialKeeper::find(const Context& context) {
  if (m_failure && m_clock.monotonic() - m_failed_at < k_between_failures) return *m_failure;
  m_failure.reset();
  auto found = m_find(context);
  if (!found) {
    m_failed_at = m_clock.monotonic();
    return m_failure.emplace(std::move(found.error()));
  }
  const auto now = m_clock.now();
  if (found->expires && *found->expires <= now)
    return Error(ErrorCode::denied,
                 "the AWS credentials of " + found->origin + " ended on " + to_rfc3339(*found->expires))
        .hint("get new ones there, and check this machine's clock");
  if (found->expires) m_renew_at = std::max(*found->expires - k_ahead, now + (*found->expires - now) / 2);
  m_credentials = std::make_shared<const Credentials>(std::move(*found));
  return {};
}

Result<CredentialsPtr> CredentialKeeper::current(const Context& context) {
  const std::scoped_lock lock(m_mutex);
  const auto now = m_clock.now();
  if (m_credentials && (!m_credentials->expires || now < m_renew_at)) return m_credentials;
  auto found = find(context);
  // Those that are still good are good while nobody gives new ones.
  if (!found && m_credentials && now < *m_credentials->expires) return m_credentials;
  if (!found) return std::move(found.error());
  return m_credentials;
}

Result<CredentialsPtr> CredentialKeeper::after_refusal(const Context& context, const CredentialsPtr& refused,
                                                       Error why) {
  const std::scoped_lock lock(m_mutex);
  if (m_credentials != refused) return m_credentials;
  if (!find(context)) return why;
  const bool is_new = m_credentials->access_key_id != refused->access_key_id ||
                      m_credentials->session_token.view() != refused->session_token.view();
  if (!is_new) return why;
  return m_credentials;
}

}  // namespace trunkform::cloud::aws
