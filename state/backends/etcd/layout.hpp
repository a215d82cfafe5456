#pragma once
// Which key has what: docs/formats/etcd.md. Pure.
#include <string>
#include <utility>

#include "schemas/model/event.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::etcd {

class Layout {
 public:
  /// `prefix`: without slashes at its ends; may be empty.
  Layout(const std::string& prefix, std::string workspace)
      : m_base(prefix.empty() ? "" : prefix + "/"), m_workspace(std::move(workspace)) {}

  /// All that is of this workspace alone is beneath it.
  std::string space() const { return m_base + "workspaces/" + m_workspace + "/"; }
  std::string lock() const { return space() + "lock"; }
  std::string alerts() const { return space() + "alerts"; }
  /// Head, pieces, and the note of a write in several steps: one list shows all of them at one moment.
  std::string document() const { return space() + "document/"; }
  std::string head() const { return document() + "head"; }
  std::string staged() const { return document() + "staged"; }
  std::string pieces() const { return document() + "pieces/"; }
  /// The number of the last event.
  std::string log() const { return space() + "log"; }
  std::string event(Sequence number) const { return space() + "events/" + padded(number); }
  std::string shared(Shared what) const { return m_base + "shared/" + name_of(what); }
  /// Of a text that is too long for one key.
  std::string shared_parts(Shared what) const { return m_base + "shared/" + name_of(what) + ".parts/"; }
  /// Beneath it, a key for each workspace that was made.
  std::string names() const { return m_base + "names/"; }
  std::string name() const { return names() + m_workspace; }

  /// Twenty digits: the order of keys is that of numbers.
  static std::string padded(std::uint64_t number) {
    const auto digits = std::to_string(number);
    return std::string(20 - digits.size(), '0') + digits;
  }

 private:
  std::string m_base;
  std::string m_workspace;

  static const char* name_of(Shared what) { return what == Shared::owners ? "owners" : "pacing"; }
};

}  // namespace trunkform::state::etcd
