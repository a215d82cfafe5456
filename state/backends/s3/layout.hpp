#pragma once
// Which object has what: docs/formats/s3.md. Pure.
#include "state/remote/key_layout.hpp"

namespace trunkform::state::s3 {

class Layout : public KeyLayout {
 public:
  using KeyLayout::KeyLayout;
  std::string lock() const { return space() + "lock"; }
  std::string document(const std::string& generation) const { return of(generation) + "document"; }
};

}  // namespace trunkform::state::s3
