#pragma once
// Issuers over scripted services: an order with a key of its own, and an authority that signs it as a service would.
#include <catch2/catch.hpp>

#include "providers/issuers/registry.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/x509/authority.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/new_key.hpp"
#include "providers/x509/signing_request.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::issuers {

inline const Context k_any;

struct Order {
  SecretBuffer key;
  IssueOrder order;
};

inline Order order_for(std::vector<std::string> names) {
  Order made{x509::make_key(KeyType::ecdsa_p256).value(), {}};
  made.order.request = "6b1f7a52-58cf-4f0e-9d3c-0a8c8f5d7a10";
  made.order.csr_der = x509::make_signing_request(made.key, names).value();
  made.order.names = std::move(names);
  return made;
}

/// A certificate of this order, as PEM.
struct Authority {
  Instant now = *parse_rfc3339("2026-11-27T12:00:00Z");
  testing::Family family = testing::make_family(now);

  std::string sign(const std::string& csr_der, const std::vector<std::string>& names,
                   const std::string& serial = "4d0102") const {
    const auto authority = x509::parse_certificates(family.intermediate.pem).value().front();
    const auto key = SecretBuffer::copy_of(family.intermediate.key.text());
    const auto leaf =
        x509::sign_certificate(authority, key, {csr_der, names, serial, now, now + std::chrono::hours(24 * 30)});
    INFO((leaf ? std::string() : to_line(leaf.error())));
    REQUIRE(leaf);
    return x509::to_pem(*leaf);
  }
  std::string sign(const Order& order) const { return sign(order.order.csr_der, order.order.names); }
};

inline std::string issued_pem(const Result<OrderStatus>& status) {
  INFO((status ? std::string() : to_line(status.error())));
  REQUIRE(status);
  REQUIRE(std::holds_alternative<OrderIssued>(*status));
  return std::get<OrderIssued>(*status).certificates_pem;
}

}  // namespace trunkform::issuers
