#pragma once
// Key work leaves keys on the stack: it runs on one that is locked in memory and wiped afterwards. For this room, and
// for who hands a key to a library that works with it where it is called.
#include <functional>

namespace trunkform::x509 {

/// Runs `work` on a thread with a stack of its own and waits for it. Exceptions of `work` are passed on.
void on_wiped_stack(const std::function<void()>& work);

}  // namespace trunkform::x509
