#include "providers/cloud/etcd/store.hpp"

#include <algorithm>
#include <chrono>

#include <etcd_rpc.grpc.pb.h>
#include <grpcpp/grpcpp.h>

#include "providers/cloud/clock_difference.hpp"

namespace trunkform::cloud::etcd {
namespace {

namespace rpc = etcdserverpb;

KeyValue key_value_of(rpc::KeyValue& found) {
  return {std::move(*found.mutable_key()), std::move(*found.mutable_value()), found.create_revision(),
          found.mod_revision(), found.lease()};
}

rpc::TxnRequest request_of(const Transaction& transaction) {
  rpc::TxnRequest request;
  for (const auto& condition : transaction.when) {
    auto& compare = *request.add_compare();
    compare.set_key(condition.key);
    if (condition.of == KeyCondition::Of::created) {
      compare.set_target(rpc::Compare::CREATE);
      compare.set_create_revision(condition.is);
    } else {
      compare.set_target(rpc::Compare::MOD);
      compare.set_mod_revision(condition.is);
    }
  }
  for (const auto& change : transaction.then) {
    auto& operation = *request.add_success();
    if (change.kind == KeyChange::Kind::put) {
      auto& put = *operation.mutable_request_put();
      put.set_key(change.keys.first);
      put.set_value(change.value);
      put.set_lease(change.lease);
    } else {
      auto& removal = *operation.mutable_request_delete_range();
      removal.set_key(change.keys.first);
      removal.set_range_end(change.keys.end);
    }
  }
  return request;
}

class Store final : public KeyValueStore {
 public:
  Store(StoreOptions options, HttpClient& http, Clock& clock)
      : m_ca_file(std::move(options.ca_file)),
        m_members(std::move(options.endpoints), std::move(options.identity), std::move(options.roots), options.patience,
                  clock),
        m_http(http),
        m_clock(clock) {}

  std::string place() const override { return described(m_members.endpoints()); }

  Result<KeyPage> read(const Context& context, const KeyRange& range, int most, Revision at, KeyOrder order) override {
    rpc::RangeRequest request;
    request.set_key(range.first);
    request.set_range_end(range.end);
    request.set_limit(most);
    request.set_revision(at);
    if (order == KeyOrder::descending) request.set_sort_order(rpc::RangeRequest::DESCEND);
    rpc::RangeResponse answer;
    TRY(m_members.call(context, Call::reads, [&](const auto& channel, grpc::ClientContext& call) {
      answer.Clear();
      return rpc::KV::NewStub(channel)->Range(&call, request, &answer);
    }));
    KeyPage page;
    page.more = answer.more();
    page.revision = at != 0 ? at : answer.header().revision();
    page.found.reserve(static_cast<std::size_t>(answer.kvs_size()));
    for (auto& found : *answer.mutable_kvs()) page.found.push_back(key_value_of(found));
    return page;
  }

  Result<std::optional<Revision>> transact(const Context& context, const Transaction& transaction) override {
    const auto request = request_of(transaction);
    rpc::TxnResponse answer;
    TRY(m_members.call(context, Call::writes, [&](const auto& channel, grpc::ClientContext& call) {
      return rpc::KV::NewStub(channel)->Txn(&call, request, &answer);
    }));
    return answer.succeeded() ? std::optional<Revision>(answer.header().revision()) : std::nullopt;
  }

  /// One that is granted twice ends by itself: it counts as a call that only reads.
  Result<LeaseId> grant(const Context& context, Duration time_to_live) override {
    rpc::LeaseGrantRequest request;
    request.set_ttl(std::chrono::ceil<std::chrono::seconds>(time_to_live).count());
    rpc::LeaseGrantResponse answer;
    TRY(m_members.call(context, Call::reads, [&](const auto& channel, grpc::ClientContext& call) {
      return rpc::Lease::NewStub(channel)->LeaseGrant(&call, request, &answer);
    }));
    if (answer.id() == 0) return Error(ErrorCode::protocol, "etcd granted no lease");
    return answer.id();
  }
  /// A stream for each renewal: one that stays open would renew on, and a lock of a run that hangs must end.
  Result<> keep_alive(const Context& context, LeaseId lease) override {
    rpc::LeaseKeepAliveRequest request;
    request.set_id(lease);
    rpc::LeaseKeepAliveResponse answer;
    TRY(m_members.call(context, Call::reads, [&](const auto& channel, grpc::ClientContext& call) {
      const auto stub = rpc::Lease::NewStub(channel);
      const auto stream = stub->LeaseKeepAlive(&call);
      const bool has_answer = stream->Write(request) && stream->Read(&answer);
      if (has_answer) call.TryCancel();
      stream->WritesDone();
      const auto status = stream->Finish();
      return has_answer ? grpc::Status::OK : status;
    }));
    if (answer.ttl() <= 0) return Error(ErrorCode::not_found, "the lease has ended");
    return {};
  }
  Result<> revoke(const Context& context, LeaseId lease) override {
    rpc::LeaseRevokeRequest request;
    request.set_id(lease);
    auto revoked = m_members.call(context, Call::writes, [&](const auto& channel, grpc::ClientContext& call) {
      rpc::LeaseRevokeResponse answer;
      return rpc::Lease::NewStub(channel)->LeaseRevoke(&call, request, &answer);
    });
    if (!revoked && revoked.error().code == ErrorCode::not_found) return {};
    return revoked;
  }

  Result<Instant> now(const Context& context) override {
    auto failure = Error(ErrorCode::unsupported, "no member of this etcd tells the time");
    for (const auto& endpoint : m_members.endpoints()) {
      HttpRequest request;
      request.url = endpoint.url + "/version";
      request.ca_file = endpoint.is_plain ? "" : m_ca_file;
      const auto& certificate = m_members.identity().certificate;
      request.client_certificate = certificate && !endpoint.is_plain ? &*certificate : nullptr;
      request.timeout = std::chrono::seconds(5);
      request.body_limit = 1U << 16U;
      const auto answer = m_http.send(context, request);
      if (!answer && answer.error().error.code == ErrorCode::cancelled) return answer.error().error;
      if (!answer) continue;
      if (auto time = time_of(*answer, "etcd", m_clock.now())) return time;
    }
    return failure;
  }

 private:
  const std::string m_ca_file;
  Members m_members;
  HttpClient& m_http;
  Clock& m_clock;
};

}  // namespace

std::unique_ptr<KeyValueStore> open_store(StoreOptions options, HttpClient& http, Clock& clock) {
  return std::make_unique<Store>(std::move(options), http, clock);
}

}  // namespace trunkform::cloud::etcd
