#pragma once
// The addresses of a state behind Terraform's HTTP protocol, and the methods of its lock. Pure.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/state_server.hpp"

namespace trunkform::cloud::http_state {

/// As a block or the environment says it; what is empty has its default.
struct Wish {
  std::string address;
  std::string update_method;   ///< POST
  std::string lock_address;    ///< none
  std::string lock_method;     ///< LOCK
  std::string unlock_address;  ///< as to lock
  std::string unlock_method;   ///< UNLOCK
};

/// What is asked, and where. `{workspace}` in an address stands for the workspace's name.
struct Place {
  std::string address, lock_address, unlock_address;
  std::string update_method, lock_method, unlock_method;

  StateAddresses addresses() const;
};

/// Errors: invalid_input: no address, one that is none, an address with `{workspace}` beside one without, no
/// `lock_address` (nothing else keeps two runs apart), a method that is no word.
Result<Place> place_of(const Wish& wish);

/// `address` with the workspace's name in place of `{workspace}`.
std::string of_workspace(const std::string& address, const std::string& workspace);

}  // namespace trunkform::cloud::http_state
