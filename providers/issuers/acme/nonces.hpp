#pragma once
// The nonces that answers brought and no request has used (RFC 8555 §6.5). Thread-safe.
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::acme {

class Nonces {
 public:
  /// The answer's, where it has one that is one: §6.5.1, others are to be ignored.
  void keep_of(const HttpResponse& answer) {
    const auto* nonce = answer.header("Replay-Nonce");
    if (nonce == nullptr || nonce->empty() || nonce->size() > k_longest) return;
    if (nonce->find_first_not_of(k_alphabet) != std::string::npos) return;
    const std::scoped_lock lock(m_mutex);
    if (m_nonces.size() < k_most) m_nonces.push_back(*nonce);
  }
  /// The newest: it is the least likely to have lapsed, and after a `badNonce` it is the error's own.
  std::optional<std::string> take() {
    const std::scoped_lock lock(m_mutex);
    if (m_nonces.empty()) return std::nullopt;
    auto nonce = std::move(m_nonces.back());
    m_nonces.pop_back();
    return nonce;
  }
  /// Where one was refused, its elders are likely to be.
  void forget() {
    const std::scoped_lock lock(m_mutex);
    m_nonces.clear();
  }

 private:
  static constexpr std::size_t k_most = 16;
  static constexpr std::size_t k_longest = 256;
  static constexpr auto k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  std::mutex m_mutex;
  std::vector<std::string> m_nonces;
};

}  // namespace trunkform::issuers::acme
