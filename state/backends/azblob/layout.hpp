#pragma once
// Which blob has what: docs/formats/azblob.md. Pure.
#include "state/remote/key_layout.hpp"

namespace trunkform::state::azblob {

class Layout : public KeyLayout {
 public:
  using KeyLayout::KeyLayout;
  std::string state() const { return space() + "state"; }
};

}  // namespace trunkform::state::azblob
