#include "cmd/trunkform/world.hpp"

#include <ostream>

namespace trunkform::cli {

void Streams::tell(std::string_view text) const {
  std::unique_lock<std::mutex> turn;
  if (err_turn != nullptr) turn = std::unique_lock(*err_turn);
  err << text << std::flush;
}

}  // namespace trunkform::cli
