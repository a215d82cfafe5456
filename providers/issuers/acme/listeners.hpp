#pragma once
// The listeners of a run: issuers of their own that listen at one address share one, as only one can. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/platform/posix/path_server.hpp"

namespace trunkform::issuers::acme {

class Listeners {
 public:
  /// `answers`, by their paths, beside what others show there. It listens from the first on. Errors: those of
  /// `PathServer::start`; what could not be shown is to be taken away too.
  Result<> show(const std::string& address, const std::map<std::string, std::string>& answers);
  /// With the last path the listener is gone.
  void take_away(const std::string& address, const std::vector<std::string>& paths);

 private:
  struct Listener {
    std::map<std::string, std::string> answers;
    std::unique_ptr<platform::PathServer> server;
  };
  std::mutex m_mutex;
  std::map<std::string, Listener> m_listeners;  ///< by address
};

}  // namespace trunkform::issuers::acme
