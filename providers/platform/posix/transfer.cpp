#include "providers/platform/posix/transfer.hpp"

#include <cerrno>

namespace trunkform::platform {

SystemResult<void> write_all(SystemCalls& calls, int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = uninterrupted([&] { return calls.write(descriptor, bytes.data(), bytes.size()); });
    if (!count) return tl::unexpected<int>(count.error());
    if (*count == 0) return tl::unexpected<int>(EIO);  // a regular file that takes nothing would loop for ever
    bytes.remove_prefix(*count);
  }
  return {};
}

SystemResult<std::size_t> read_some(SystemCalls& calls, int descriptor, char* into, std::size_t size) {
  return uninterrupted([&] { return calls.read(descriptor, into, size); });
}

}  // namespace trunkform::platform
