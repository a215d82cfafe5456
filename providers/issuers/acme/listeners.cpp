#include "providers/issuers/acme/listeners.hpp"

#include <algorithm>

namespace trunkform::issuers::acme {

Result<> Listeners::serve(Listener& listener) {
  if (listener.server)
    listener.server->answer_with(listener.answers);
  else
    listener.server = TRY(platform::PathServer::start(listener.address, listener.answers));
  return {};
}

Listeners::Places::iterator Listeners::covering(const platform::ListeningPlace& place) {
  return std::find_if(m_listeners.begin(), m_listeners.end(), [&](const auto& one) { return one.first.covers(place); });
}

Listeners::Places Listeners::extract_covered(const platform::ListeningPlace& place) {
  Places covered;
  for (auto at = m_listeners.begin(); at != m_listeners.end();) {
    const auto one = at++;
    if (place.covers(one->first)) covered.insert(m_listeners.extract(one));
  }
  return covered;
}

/// What listened for a part of it stops: nobody can listen at the whole beside it. Callers in between are turned away,
/// and authorities ask again (RFC 8555 §8.2).
Result<> Listeners::widen(const platform::ListeningPlace& place, Listener listener) {
  auto parts = extract_covered(place);
  for (auto& [part, served] : parts) {
    served.server.reset();
    listener.answers.insert(served.answers.begin(), served.answers.end());
  }
  auto serving = serve(listener);
  if (serving) {
    m_listeners.emplace(place, std::move(listener));
    return {};
  }
  for (auto& [part, served] : parts) (void)serve(served);
  m_listeners.merge(parts);
  return serving;
}

Result<> Listeners::show(const std::string& address, const std::map<std::string, std::string>& answers) {
  const auto place = TRY(platform::listening_place(address));
  const std::scoped_lock lock(m_mutex);
  const auto found = covering(place);
  if (found == m_listeners.end()) return widen(place, {address, answers, nullptr});
  for (const auto& [path, text] : answers) found->second.answers[path] = text;
  return serve(found->second);
}

void Listeners::take_away(const std::string& address, const std::vector<std::string>& paths) {
  const auto place = platform::listening_place(address);
  if (!place) return;
  const std::scoped_lock lock(m_mutex);
  const auto found = covering(*place);
  if (found == m_listeners.end()) return;
  auto& listener = found->second;
  for (const auto& path : paths) listener.answers.erase(path);
  if (listener.answers.empty())
    m_listeners.erase(found);
  else if (listener.server)
    listener.server->answer_with(listener.answers);
}

}  // namespace trunkform::issuers::acme
