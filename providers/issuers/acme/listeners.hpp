#pragma once
// The listeners of a run: issuers of their own that listen at one address share one, as only one can. Addresses are
// held against each other as the kernel would: `:80`, `0.0.0.0:80` and `[::]:80` meet. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/platform/posix/listening_place.hpp"
#include "providers/platform/posix/path_server.hpp"

namespace trunkform::issuers::acme {

class Listeners {
 public:
  /// `answers`, by their paths, beside what others show there. It listens from the first on; where another listens for
  /// a part of this address, at the whole from then on. Errors: those of `PathServer::start`; what could not be shown
  /// is to be taken away too.
  Result<> show(const std::string& address, const std::map<std::string, std::string>& answers);
  /// With the last path the listener is gone.
  void take_away(const std::string& address, const std::vector<std::string>& paths);

 private:
  struct Listener {
    std::string address;  ///< as it was written
    std::map<std::string, std::string> answers;
    std::unique_ptr<platform::PathServer> server;
  };
  using Places = std::map<platform::ListeningPlace, Listener>;

  static Result<> serve(Listener& listener);
  Places::iterator covering(const platform::ListeningPlace& place);
  Places extract_covered(const platform::ListeningPlace& place);
  Result<> widen(const platform::ListeningPlace& place, Listener listener);

  std::mutex m_mutex;
  Places m_listeners;
};

}  // namespace trunkform::issuers::acme
