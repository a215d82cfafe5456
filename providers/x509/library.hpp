#pragma once
// OpenSSL's library contexts. Inside this room only.

struct ossl_lib_ctx_st;

namespace trunkform::x509::detail {

/// The context in which this thread reads certificates, with the providers of OpenSSL's default one, which null is. For
/// each public key OpenSSL 3.0 looks its decoders up behind locks of the context: two threads on one read no faster
/// than a single thread. There is one for each processor, and none ends before the process does: what was read in it
/// refers to it.
ossl_lib_ctx_st* library_of_this_thread();

}  // namespace trunkform::x509::detail
