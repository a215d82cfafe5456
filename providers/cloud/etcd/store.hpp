#pragma once
// An etcd cluster (3.4 and later) over gRPC: its keys, transactions and leases. Thread-safe; calls go side by side over
// one connection to a member.
#include <memory>

#include "providers/cloud/etcd/endpoints.hpp"
#include "providers/cloud/etcd/members.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/key_value_store.hpp"

namespace trunkform::cloud::etcd {

struct StoreOptions {
  std::vector<Endpoint> endpoints;  ///< at least one
  Identity identity;
  std::string roots;    ///< PEM of the authorities that sign the members' certificates
  std::string ca_file;  ///< the same, where it is a file of its own; empty: those of every server
  /// For one answer of one member: a little longer than etcd itself waits for its own (5 s and two elections).
  Duration patience = std::chrono::seconds(10);
};

/// Connects when it is first asked. `http` asks for the time: gRPC answers have no date, those of the same port's
/// `/version` do. Both borrowed.
std::unique_ptr<KeyValueStore> open_store(StoreOptions options, HttpClient& http, Clock& clock);

}  // namespace trunkform::cloud::etcd
