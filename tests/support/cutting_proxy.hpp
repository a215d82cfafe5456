#pragma once
// A TCP proxy that cuts a connection on purpose: before a request reaches the server, or before its answer comes back.
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace trunkform::testing {

class CuttingProxy {
 public:
  enum class Cut { before_the_request, before_the_answer };

  /// Listens on a port of 127.0.0.1 that the system chooses.
  CuttingProxy(std::string host, std::uint16_t port);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::uint16_t port() const { return m_port; }
  /// Cuts at the next request that contains one of `words`, once.
  void cut_next(Cut cut, std::vector<std::string> words);
  /// Whether a cut that was asked for has happened.
  bool has_cut() const { return m_cuts > 0; }

 private:
  const std::string m_host;
  const std::uint16_t m_to;
  std::uint16_t m_port = 0;
  int m_listener = -1;
  std::mutex m_mutex;
  std::optional<Cut> m_next;         ///< guarded by `m_mutex`
  std::vector<std::string> m_words;  ///< guarded by `m_mutex`
  std::atomic<int> m_cuts = 0;
  std::vector<std::jthread> m_links;
  std::jthread m_acceptor;

  void accept_all(const std::stop_token& stop);
  void carry(const std::stop_token& stop, int client);
  std::optional<Cut> cut_for(std::string_view request);
};

}  // namespace trunkform::testing
