#include <chrono>

#include "tests/support/certificate_factory.hpp"

// Requests that are good in every respect, for tests to spoil one thing of.
namespace trunkform::testing {

Request root_request(Instant now) {
  Request request;
  request.common_name = "Test Root";
  request.role = Role::authority;
  request.not_before = now - std::chrono::hours(24 * 365);
  request.not_after = now + std::chrono::hours(24 * 3650);
  return request;
}

Request intermediate_request(Instant now) {
  auto request = root_request(now);
  request.common_name = "Test Intermediate";
  request.path_length = 0;
  request.not_after = now + std::chrono::hours(24 * 1825);
  return request;
}

Request leaf_request(Instant now, const std::string& name) {
  Request request;
  request.common_name = name;
  request.names = {name};
  request.not_before = now - std::chrono::hours(24 * 10);
  request.not_after = now + std::chrono::hours(24 * 80);
  return request;
}

Family make_family(Instant now, const std::string& name, Duration lifetime) {
  auto root = make_root(root_request(now));
  auto intermediate = make(intermediate_request(now), root);
  auto request = leaf_request(now, name);
  request.not_before = now - lifetime / 9;
  request.not_after = request.not_before + lifetime;
  auto leaf = make(request, intermediate);
  return {std::move(root), std::move(intermediate), std::move(leaf)};
}

}  // namespace trunkform::testing
