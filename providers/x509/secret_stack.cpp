#include "providers/x509/secret_stack.hpp"

#include <exception>
#include <system_error>

#include <openssl/crypto.h>
#include <pthread.h>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr std::size_t k_stack_bytes = 4U << 20;  // ThreadSanitizer keeps its own books there
#else
constexpr std::size_t k_stack_bytes = 512U << 10;
#endif

struct Job {
  const std::function<void()>& work;
  std::exception_ptr failure;
};

extern "C" void* trunkform_run_on_wiped_stack(void* argument) {
  auto& job = *static_cast<Job*>(argument);
  try {
    job.work();
  } catch (...) {
    job.failure = std::current_exception();
  }
  OPENSSL_thread_stop();
  return nullptr;
}

}  // namespace

void on_wiped_stack(const std::function<void()>& work) {
  SecretBuffer stack(k_stack_bytes);  // whole pages, locked, wiped when it goes
  Job job{work, nullptr};
  pthread_attr_t attributes;
  pthread_t thread{};
  int failure = ::pthread_attr_init(&attributes);
  if (failure == 0) failure = ::pthread_attr_setstack(&attributes, stack.data(), stack.size());
  if (failure == 0) failure = ::pthread_create(&thread, &attributes, trunkform_run_on_wiped_stack, &job);
  (void)::pthread_attr_destroy(&attributes);
  if (failure != 0) throw std::system_error(failure, std::generic_category(), "a thread for key work");
  (void)::pthread_join(thread, nullptr);
  if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace trunkform::x509
