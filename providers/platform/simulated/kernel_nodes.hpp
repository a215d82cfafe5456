#pragma once
// What the simulated kernel is made of. Inside this folder only.
#include <map>
#include <memory>
#include <string>

#include "providers/platform/simulated/kernel.hpp"

namespace trunkform::platform {

struct SimulatedKernel::Node {
  FileKind kind = FileKind::regular;
  std::uint64_t inode = 0;
  std::string bytes, durable_bytes;
  std::map<std::string, NodePtr> names, durable_names;
  Path target;
  Instant modified{};
  unsigned mode = 0600;
  unsigned owner = 1000;
  unsigned group = 1000;
  int lock_holder = -1;

  void make_durable() {
    durable_bytes = bytes;
    durable_names = names;
  }
  void forget_what_was_not_durable() {
    bytes = durable_bytes;
    names = durable_names;
    lock_holder = -1;
    for (auto& [name, node] : names) node->forget_what_was_not_durable();
  }
  void drop_locks() {
    lock_holder = -1;
    for (auto& [name, node] : names) node->drop_locks();
  }
};

struct SimulatedKernel::Opened {
  NodePtr node;
  Path path;
  std::size_t position = 0;
  bool append = false;
};

/// Where a path leads: its folder, its last name, and the node there, if any.
struct SimulatedKernel::Place {
  NodePtr folder;
  std::string name;
  NodePtr node;
};

inline tl::unexpected<int> fails(int number) { return tl::unexpected<int>(number); }

}  // namespace trunkform::platform
