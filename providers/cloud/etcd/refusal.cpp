#include "providers/cloud/etcd/refusal.hpp"

#include <string_view>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"

namespace trunkform::cloud::etcd {
namespace {

// gRPC's status codes, by their numbers.
constexpr int k_cancelled = 1;
constexpr int k_invalid_argument = 3;
constexpr int k_not_found = 5;
constexpr int k_permission_denied = 7;
constexpr int k_resource_exhausted = 8;
constexpr int k_failed_precondition = 9;
constexpr int k_out_of_range = 11;
constexpr int k_unimplemented = 12;
constexpr int k_unavailable = 14;
constexpr int k_unauthenticated = 16;

using Then = Refusal::Then;

class Judge {
 public:
  Judge(int code, const std::string& message, Call call, const std::string& target)
      : m_code(code), m_message(message), m_call(call), m_target(target) {}

  Refusal judge() const {
    if (const bool is_over = m_code == k_unauthenticated || says("auth store is old"); is_over)
      return {error(ErrorCode::denied, "etcd does not know our login any more").hint(k_who), Then::log_in_again};
    if (is_unsent()) return {unreachable(), Then::ask_another_member};
    switch (m_code) {
      case k_invalid_argument:
        return {invalid_argument()};
      case k_permission_denied:
        return {error(ErrorCode::denied, "this user may not do that in etcd")
                    .hint("docs/permissions.md has the role that a state needs")};
      case k_resource_exhausted:
        return exhausted();
      case k_failed_precondition:
        return failed_precondition();
      case k_out_of_range:
        return {error(ErrorCode::conflict, "etcd does not know that revision any more")};
      case k_not_found:
        return {error(ErrorCode::not_found, "etcd does not have it")};
      case k_unimplemented:
        return {error(ErrorCode::unsupported, "what answers is no etcd of version 3")
                    .hint("name the client address of an etcd 3.4 or later")};
      default:
        return lost();
    }
  }

 private:
  static constexpr const char* k_who =
      "set ETCDCTL_USER and ETCDCTL_PASSWORD, or show a certificate: ETCDCTL_CERT and ETCDCTL_KEY";
  int m_code;
  const std::string& m_message;
  Call m_call;
  const std::string& m_target;

  bool says(std::string_view words) const { return m_message.find(words) != std::string::npos; }
  Error error(ErrorCode code, std::string summary) const {
    return Error(code, std::move(summary), fmt::format("{} says {}", m_target, quoted(m_message)));
  }

  /// No connection was made, or the member said so before it did anything.
  bool is_unsent() const {
    const bool no_connection = m_message.starts_with("failed to connect to all addresses") ||
                               m_message.starts_with("DNS resolution failed") || m_message.starts_with("no connection");
    const bool no_leader = says("etcdserver: no leader") || says("etcdserver: not capable") ||
                           says("not supported for learner") || says("etcdserver: not leader");
    return (m_code == k_unavailable && (no_connection || no_leader)) ||
           (m_code == k_failed_precondition && says("etcdserver: not leader"));
  }
  Error unreachable() const {
    if (says("certificate") || says("SSL") || says("handshake"))
      return error(ErrorCode::untrusted, "there is no trusted connection to etcd at " + m_target)
          .hint("name the authority that signed its certificate: ETCDCTL_CACERT=FILE, or TRUNKFORM_CA_FILE")
          .hint("where it asks for a certificate of ours: ETCDCTL_CERT and ETCDCTL_KEY");
    if (says("no leader"))
      return error(ErrorCode::unavailable, "the etcd cluster has no leader")
          .hint("more than half of its members must run: etcdctl endpoint status --cluster");
    return error(ErrorCode::unavailable, "etcd cannot be reached at " + m_target)
        .hint("see whether its members run: etcdctl endpoint health");
  }
  Error invalid_argument() const {
    if (says("user name is empty")) return error(ErrorCode::denied, "etcd wants to know who we are").hint(k_who);
    if (says("authentication failed"))
      return error(ErrorCode::denied, "etcd does not know this user by this password").hint(k_who);
    if (says("too large") || says("too many operations"))
      return error(ErrorCode::rejected, "that is more than this etcd takes in one step")
          .hint("let it take what etcd does by default: --max-request-bytes=1572864, --max-txn-ops=128");
    return error(ErrorCode::protocol, "etcd did not understand");
  }
  Refusal exhausted() const {
    if (says("database space exceeded"))
      return {
          error(ErrorCode::io, "etcd has no room left: it writes nothing more until somebody makes some")
              .hint(
                  "drop what is past: etcdctl compact REVISION, with the revision of: etcdctl endpoint status -w json")
              .hint("give the room back, then lift the alarm: etcdctl defrag --cluster, then: etcdctl alarm disarm")
              .hint("or let it have more: --quota-backend-bytes")};
    if (says("too many requests"))
      return {error(ErrorCode::throttled, "etcd has too much to do").hint("try again later"), Then::ask_another_member};
    return {error(ErrorCode::rejected, "that is more than this etcd takes in one step")};
  }
  Refusal failed_precondition() const {
    if (says("authentication is not enabled"))
      return {error(ErrorCode::denied, "this etcd knows no users")
                  .hint("have it ask who comes: etcdctl auth enable; or unset ETCDCTL_USER, and say no \"username\"")};
    return {error(ErrorCode::rejected, "etcd refused")};
  }
  /// Sent, and then nobody knows.
  Refusal lost() const {
    if (m_call == Call::writes) return {error(ErrorCode::outcome_unknown, "the answer of etcd was lost")};
    if (m_code == k_cancelled) return {error(ErrorCode::cancelled, "stopped while etcd was asked")};
    return {
        error(ErrorCode::unavailable, "etcd does not answer").hint("see how its members are: etcdctl endpoint health"),
        Then::ask_another_member};
  }
};

}  // namespace

Refusal refusal_of(int code, const std::string& message, Call call, const std::string& target) {
  return Judge(code, message, call, target).judge();
}

}  // namespace trunkform::cloud::etcd
