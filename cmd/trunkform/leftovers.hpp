#pragma once
// Where commands leave what they are done with and what would take long to free piece by piece: the configuration, the
// plan, the certificates of ten thousand bindings. main leaves that to the kernel, which takes a process's memory at
// once. Public material only: what is secret is wiped where it was used. Not thread-safe.
#include <memory>
#include <utility>
#include <vector>

namespace trunkform::cli {

class Leftovers {
 public:
  template <class Thing>
  void take(Thing thing) {
    m_things.push_back(std::make_shared<const Thing>(std::move(thing)));
  }

 private:
  std::vector<std::shared_ptr<const void>> m_things;
};

}  // namespace trunkform::cli
