#pragma once
// Where the members of an etcd cluster are, read from one text as etcdctl reads ETCDCTL_ENDPOINTS. Pure.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::cloud::etcd {

struct Endpoint {
  std::string url;     ///< `https://etcd-1.example.com:2379`
  std::string target;  ///< `etcd-1.example.com:2379`, an IPv6 address in its brackets
  bool is_plain = false;
};

/// Addresses separated by commas; without a scheme one is https, without a port 2379. Plain http is for loopback alone:
/// passwords and the state would be read on the way. Errors: invalid_input, untrusted.
Result<std::vector<Endpoint>> endpoints_of(const std::string& text);

/// `etcd-1.example.com:2379`, and how many more.
std::string described(const std::vector<Endpoint>& endpoints);

}  // namespace trunkform::cloud::etcd
