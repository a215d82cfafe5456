#pragma once
// Which key has what, in engines that keep a state in objects or blobs: what is the same in all of them. Pure.
#include <string>
#include <utility>

#include "state/remote/engine.hpp"
#include "state/remote/event_keys.hpp"

namespace trunkform::state {

/// The keys of one workspace. What is of a generation is beneath a folder of its own: a workspace that is removed and
/// made again writes no key a second time, and what is left of it is not taken for the next one's.
class KeyLayout {
 public:
  /// `prefix`: without slashes at its ends; may be empty.
  KeyLayout(const std::string& prefix, std::string workspace)
      : m_base(prefix.empty() ? "" : prefix + "/"), m_workspace(std::move(workspace)) {}

  /// Of this workspace, whatever its generation.
  std::string space() const { return m_base + "workspaces/" + m_workspace + "/"; }
  std::string of(const std::string& generation) const { return space() + generation + "/"; }
  std::string alerts(const std::string& generation) const { return of(generation) + "alerts"; }
  std::string events(const std::string& generation) const { return of(generation) + "events/"; }
  std::string event(const std::string& generation, Sequence first) const {
    return events(generation) + event_key(first);
  }
  std::string shared(Shared what) const {
    return m_base + (what == Shared::owners ? "shared/owners" : "shared/pacing");
  }
  /// Beneath it, a key for each workspace that was made.
  std::string names() const { return m_base + "names/"; }
  std::string name() const { return names() + m_workspace; }
  std::string trial(const std::string& id) const { return m_base + "init/" + id; }

 private:
  std::string m_base;
  std::string m_workspace;
};

}  // namespace trunkform::state
