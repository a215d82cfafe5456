#pragma once
// Whole transfers over calls that may stop half-way: EINTR and short reads and writes are carried on here, once.
#include <string_view>

#include "providers/platform/posix/system_calls.hpp"

namespace trunkform::platform {

/// Writes all of `bytes`. On failure part of them may be in the file.
SystemResult<void> write_all(SystemCalls& calls, int descriptor, std::string_view bytes);

/// One read that is not interrupted; 0 at the end of the file.
SystemResult<std::size_t> read_some(SystemCalls& calls, int descriptor, char* into, std::size_t size);

/// Calls `operation` again while it says EINTR. Also for fsync: EINTR reports nothing lost, any other failure ends it.
template <class Operation>
auto uninterrupted(Operation operation) -> decltype(operation()) {
  constexpr int k_interrupted = 4;  // EINTR, without <cerrno> in a header
  for (;;) {
    auto result = operation();
    if (result || result.error() != k_interrupted) return result;
  }
}

}  // namespace trunkform::platform
