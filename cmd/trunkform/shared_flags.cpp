#include "cmd/trunkform/shared_flags.hpp"

#include <utility>

namespace trunkform::cli::flags {

Flag json() { return {"json", FlagKind::toggle, "machine-readable output, one JSON document or one object a line"}; }
Flag no_color() { return {"no-color", FlagKind::toggle, "no colours, even on a terminal"}; }
Flag input() { return {"input", FlagKind::toggle, "ask on the terminal; -input=false never does", {}, "true"}; }
Flag lock() {
  return {"lock", FlagKind::toggle, "a run that writes always takes the lock; -lock=false is refused", {}, "true"};
}
Flag lock_timeout() {
  return {"lock-timeout", FlagKind::value, "wait this long for the lock", "DURATION", "0s", FlagForm::duration};
}
Flag parallelism(std::string help) {
  return {"parallelism", FlagKind::value, std::move(help), "N", "10", FlagForm::number, 1, 1000};
}

std::vector<Flag> variables() {
  return {{"var", FlagKind::list, "set a variable", "NAME=VALUE", {}, FlagForm::assignment},
          {"var-file", FlagKind::list, "set variables from a JSON file", "FILE"}};
}

std::vector<Flag> selection() {
  return {{"target", FlagKind::list, "only this address", "ADDR", {}, FlagForm::address},
          {"exclude", FlagKind::list, "all but this address", "ADDR", {}, FlagForm::address},
          {"replace", FlagKind::list, "bind again even if nothing calls for it", "ADDR", {}, FlagForm::address}};
}

std::vector<Flag> join(std::vector<std::vector<Flag>> groups) {
  std::vector<Flag> all;
  for (auto& group : groups)
    for (auto& flag : group) all.push_back(std::move(flag));
  return all;
}

}  // namespace trunkform::cli::flags
