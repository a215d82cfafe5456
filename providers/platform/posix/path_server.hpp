#pragma once
// A small HTTP server that answers GET for some paths with fixed text, and nothing else: for others who look whether
// this machine is the one that a name leads to. It serves while it lives, on a thread of its own. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "schemas/model/result.hpp"

namespace trunkform::platform {

class PathServer {
 public:
  /// `address`: `0.0.0.0:80`, `[::]:80`, `:80` (all); port 0 is any. `answers`: paths with their texts. Errors:
  /// invalid_input (no address), denied (a port below 1024), conflict (somebody listens there), io.
  static Result<std::unique_ptr<PathServer>> start(const std::string& address,
                                                   std::map<std::string, std::string> answers);
  ~PathServer();
  PathServer(const PathServer&) = delete;
  PathServer& operator=(const PathServer&) = delete;

  int port() const { return m_port; }
  /// From now on these, and no others.
  void answer_with(std::map<std::string, std::string> answers);

 private:
  PathServer(int listener, int port, std::map<std::string, std::string> answers);
  void serve(const std::stop_token& stop);
  std::map<std::string, std::string> current_answers();

  int m_listener;
  int m_port;
  std::mutex m_mutex;
  std::map<std::string, std::string> m_answers;
  std::jthread m_thread;
};

}  // namespace trunkform::platform
