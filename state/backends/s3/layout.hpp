#pragma once
// Which object has what: docs/formats/s3.md. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/event.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::s3 {

/// The keys of one workspace. What is of a generation is beneath a folder of its own: a workspace that is removed and
/// made again writes no key a second time.
class Layout {
 public:
  /// `prefix`: without slashes at its ends; may be empty.
  Layout(const std::string& prefix, std::string workspace);

  std::string lock() const { return space() + "lock"; }
  /// Of this workspace, whatever its generation.
  std::string space() const { return m_base + "workspaces/" + m_workspace + "/"; }
  std::string document(const std::string& generation) const { return of(generation) + "document"; }
  std::string alerts(const std::string& generation) const { return of(generation) + "alerts"; }
  std::string events(const std::string& generation) const { return of(generation) + "events/"; }
  std::string event(const std::string& generation, Sequence first) const;
  std::string shared(Shared what) const {
    return m_base + (what == Shared::owners ? "shared/owners" : "shared/pacing");
  }
  /// Beneath it, a key for each workspace that was made.
  std::string names() const { return m_base + "names/"; }
  std::string name() const { return names() + m_workspace; }
  std::string trial(const std::string& id) const { return m_base + "init/" + id; }
  std::string of(const std::string& generation) const { return space() + generation + "/"; }

 private:
  std::string m_base;
  std::string m_workspace;
};

/// The number of the first event in an object of this key; none: it is no event's.
std::optional<Sequence> first_event_of(std::string_view key);

}  // namespace trunkform::state::s3
