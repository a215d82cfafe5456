#pragma once
// Where libcurl keeps what it sends over TLS until the answer is there, and the answer that holds a token: blocks of
// locked memory, so that a key on its way is in no memory that could be swapped out or dumped. Thread-safe.
#include <cstddef>

namespace trunkform::platform::detail {

/// The least that libcurl takes for its buffers; a PATCH with a chain of some certificates fits in.
constexpr long k_small_buffer = 16L << 10;

/// A block for a buffer of `k_small_buffer` bytes, libcurl's spare byte included. Null for any other size, and where
/// all blocks are in use (64: more than a run has requests under way): the ordinary allocator serves then.
void* take_locked_block(std::size_t size);

/// Wipes and takes back. False: it is none of ours.
bool give_back_locked_block(void* memory);

/// Zero: it is none of ours.
std::size_t size_of_locked_block(const void* memory);

}  // namespace trunkform::platform::detail
