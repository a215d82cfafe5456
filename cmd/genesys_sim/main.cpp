#include <cstdio>

#include "cmd/genesys_sim/program.hpp"

int main(int count, char** arguments) {
  using namespace trunkform::sim;
  const auto parsed = parse_options({arguments + 1, arguments + count});
  if (const auto* exit = std::get_if<EarlyExit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->status == 0 ? stdout : stderr);
    return exit->status;
  }
  return run(std::get<Options>(parsed));
}
