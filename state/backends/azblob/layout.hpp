#pragma once
// Which blob has what: docs/formats/azblob.md. Pure.
#include <string>
#include <utility>

#include "state/remote/engine.hpp"
#include "state/remote/event_keys.hpp"

namespace trunkform::state::azblob {

/// The names of one workspace. What is of a generation is beneath a folder of its own, so that what is left of a
/// workspace that was removed is not taken for the next one's.
class Layout {
 public:
  /// `prefix`: without slashes at its ends; may be empty.
  Layout(const std::string& prefix, std::string workspace)
      : m_base(prefix.empty() ? "" : prefix + "/"), m_workspace(std::move(workspace)) {}

  /// Of this workspace, whatever its generation.
  std::string space() const { return m_base + "workspaces/" + m_workspace + "/"; }
  std::string state() const { return space() + "state"; }
  std::string alerts(const std::string& generation) const { return space() + generation + "/alerts"; }
  std::string events(const std::string& generation) const { return space() + generation + "/events/"; }
  std::string event(const std::string& generation, Sequence first) const {
    return events(generation) + event_key(first);
  }
  std::string shared(Shared what) const {
    return m_base + (what == Shared::owners ? "shared/owners" : "shared/pacing");
  }
  /// Beneath it, a name for each workspace that was made.
  std::string names() const { return m_base + "names/"; }
  std::string name() const { return names() + m_workspace; }
  std::string trial(const std::string& id) const { return m_base + "init/" + id; }

 private:
  std::string m_base;
  std::string m_workspace;
};

}  // namespace trunkform::state::azblob
