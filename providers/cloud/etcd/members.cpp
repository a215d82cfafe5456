#include "providers/cloud/etcd/members.hpp"

#include <algorithm>
#include <chrono>

#include <etcd_rpc.grpc.pb.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

namespace trunkform::cloud::etcd {
namespace {

constexpr int k_attempts = 8;
constexpr Duration k_first_pause = std::chrono::milliseconds(50);
constexpr Duration k_longest_pause = std::chrono::seconds(2);
/// A connection that is not made by then: the next member is asked.
constexpr Duration k_connect = std::chrono::seconds(3);
/// How long one look at a connection lasts, before the wish to stop is looked at again.
constexpr Duration k_look = std::chrono::milliseconds(100);
/// More than a member sends at once: it sends as many keys as were asked for, of at most 1.5 MB each.
constexpr int k_any_size = -1;

/// gRPC writes to standard error by itself, and with GRPC_TRACE also what it sends, the login among it.
void be_quiet() {
  static const bool is_quiet = [] {
    gpr_set_log_function([](gpr_log_func_args*) {});
    return true;
  }();
  (void)is_quiet;
}

std::shared_ptr<grpc::Channel> channel_to(const Endpoint& endpoint, const Identity& identity,
                                          const std::string& roots) {
  be_quiet();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(k_any_size);
  // One that was down is tried again soon: its place is often taken by nobody else.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 3000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // A cluster is on the inner network; and a proxy would end our TLS.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Nobody else's configuration by DNS.
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  // gRPC's own repetition knows nothing of what a write has done.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  if (endpoint.is_plain)
    return grpc::CreateCustomChannel("dns:///" + endpoint.target, grpc::InsecureChannelCredentials(), arguments);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = roots;
  if (identity.certificate) {
    options.pem_cert_chain = identity.certificate->chain;
    options.pem_private_key = std::string(identity.certificate->private_key.view());
  }
  auto channel = grpc::CreateCustomChannel("dns:///" + endpoint.target, grpc::SslCredentials(options), arguments);
  wipe(options.pem_private_key.data(), options.pem_private_key.size());
  return channel;
}

}  // namespace

struct Members::Channels {
  std::vector<std::shared_ptr<grpc::Channel>> of;
};

Members::Members(std::vector<Endpoint> endpoints, Identity identity, std::string roots, Duration patience, Clock& clock)
    : m_endpoints(std::move(endpoints)),
      m_identity(std::move(identity)),
      m_roots(std::move(roots)),
      m_patience(patience),
      m_clock(clock) {}

Members::~Members() { wipe(m_token.data(), m_token.size()); }

Members::Asked Members::asked_now() {
  const std::scoped_lock guard(m_mutex);
  if (!m_channels) {
    m_channels = std::make_unique<Channels>();
    for (const auto& endpoint : m_endpoints) m_channels->of.push_back(channel_to(endpoint, m_identity, m_roots));
  }
  return {m_asked, m_channels->of[m_asked]};
}

/// Whoever was asked at the same time may have gone on already.
void Members::ask_another(std::size_t than) {
  const std::scoped_lock guard(m_mutex);
  if (m_asked == than) m_asked = (than + 1) % m_endpoints.size();
}

Duration Members::time_left(const Context& context) const {
  return context.deadline ? std::min(m_patience, *context.deadline - m_clock.now()) : m_patience;
}

/// False: it takes too long. Where it failed, the call itself says why.
bool Members::wait_for_connection(const Context& context, const Asked& asked) const {
  const auto until = m_clock.monotonic() + std::min(k_connect, time_left(context));
  for (;;) {
    const auto state = asked.channel->GetState(true);
    if (state != GRPC_CHANNEL_CONNECTING && state != GRPC_CHANNEL_IDLE) return true;
    if (context.stop.stop_requested() || m_clock.monotonic() >= until) return false;
    asked.channel->WaitForStateChange(state, std::chrono::system_clock::now() + k_look);
  }
}

grpc::Status Members::send(const Context& context, const Asked& asked, const std::string& token, const Rpc& rpc) const {
  grpc::ClientContext call;
  call.set_deadline(std::chrono::system_clock::now() + std::max(time_left(context), Duration::zero()));
  // A member without a leader says so at once, instead of making us wait.
  call.AddMetadata("hasleader", "true");
  if (!token.empty()) call.AddMetadata("token", token);
  const std::stop_callback stop(context.stop, [&call] { call.TryCancel(); });
  return rpc(asked.channel, call);
}

std::optional<Refusal> Members::log_in(const Context& context, const Asked& asked) {
  etcdserverpb::AuthenticateRequest request;
  etcdserverpb::AuthenticateResponse answer;
  request.set_name(m_identity.user);
  request.set_password(std::string(m_identity.password.view()));
  const auto status = send(context, asked, "", [&](const auto& channel, grpc::ClientContext& call) {
    return etcdserverpb::Auth::NewStub(channel)->Authenticate(&call, request, &answer);
  });
  wipe(request.mutable_password()->data(), request.password().size());
  // Nothing is changed by a login that failed.
  if (!status.ok())
    return refusal_of(status.error_code(), status.error_message(), Call::reads, m_endpoints[asked.index].target);
  const std::scoped_lock guard(m_mutex);
  m_token = answer.token();
  return std::nullopt;
}

/// One member, once.
std::optional<Refusal> Members::ask(const Context& context, Call kind, const Rpc& rpc) {
  const auto asked = asked_now();
  const auto& target = m_endpoints[asked.index].target;
  const auto refused = [&](const Refusal& refusal) {
    // Whoever lost a write's answer is not asked what became of it.
    if (refusal.then == Refusal::Then::ask_another_member || refusal.error.code == ErrorCode::outcome_unknown)
      ask_another(asked.index);
    return std::optional(refusal);
  };
  if (!wait_for_connection(context, asked))
    return refused(refusal_of(grpc::StatusCode::UNAVAILABLE, "no connection in time", kind, target));
  const auto token_now = [&] {
    const std::scoped_lock guard(m_mutex);
    return m_token;
  };
  auto token = token_now();
  if (token.empty() && !m_identity.user.empty()) {
    if (const auto refusal = log_in(context, asked)) return refused(*refusal);
    token = token_now();
  }
  const auto status = send(context, asked, token, rpc);
  if (status.ok()) return std::nullopt;
  auto refusal = refusal_of(status.error_code(), status.error_message(), kind, target);
  if (refusal.then == Refusal::Then::log_in_again) {
    const std::scoped_lock guard(m_mutex);
    if (m_token == token) m_token.clear();
  }
  return refused(refusal);
}

Result<> Members::call(const Context& context, Call kind, const Rpc& rpc) {
  auto pause = k_first_pause;
  bool was_logged_in_again = m_identity.user.empty();
  for (int attempt = 1;; ++attempt) {
    if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped before etcd was asked");
    auto refusal = ask(context, kind, rpc);
    if (!refusal) return {};
    const bool log_in = refusal->then == Refusal::Then::log_in_again && !was_logged_in_again;
    was_logged_in_again |= log_in;
    if (log_in) continue;
    if (refusal->then != Refusal::Then::ask_another_member || attempt >= k_attempts) return std::move(refusal->error);
    if (context.deadline && m_clock.now() >= *context.deadline)
      return Error(ErrorCode::timeout, "etcd did not answer in time").because(std::move(refusal->error));
    // Each is asked once before anybody waits.
    if (static_cast<std::size_t>(attempt) % m_endpoints.size() != 0) continue;
    TRY(m_clock.sleep(context, pause));
    pause = std::min(pause * 3, k_longest_pause);
  }
}

}  // namespace trunkform::cloud::etcd
