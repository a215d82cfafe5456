#include "providers/issuers/acme/listeners.hpp"

namespace trunkform::issuers::acme {

Result<> Listeners::show(const std::string& address, const std::map<std::string, std::string>& answers) {
  const std::scoped_lock lock(m_mutex);
  auto& listener = m_listeners[address];
  for (const auto& [path, text] : answers) listener.answers[path] = text;
  if (listener.server)
    listener.server->answer_with(listener.answers);
  else
    listener.server = TRY(platform::PathServer::start(address, listener.answers));
  return {};
}

void Listeners::take_away(const std::string& address, const std::vector<std::string>& paths) {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_listeners.find(address);
  if (found == m_listeners.end()) return;
  auto& listener = found->second;
  for (const auto& path : paths) listener.answers.erase(path);
  if (listener.answers.empty())
    m_listeners.erase(found);
  else if (listener.server)
    listener.server->answer_with(listener.answers);
}

}  // namespace trunkform::issuers::acme
