#pragma once
// OpenSSL's library contexts. Inside this room only.

struct ossl_lib_ctx_st;

namespace trunkform::x509::detail {

/// The context in which this thread decodes public keys and verifies, with the providers of OpenSSL's default one,
/// which null is. For each public key OpenSSL 3.0 looks its decoders up behind locks of the context: two threads on one
/// read no faster than a single thread. There is one for each processor, and none ends before the process does: what
/// was read in it refers to it.
ossl_lib_ctx_st* library_of_this_thread();

/// One without any algorithm, in which this thread parses certificates: OpenSSL decodes the public key of each at once
/// where it can, and here it cannot (docs/decisions/0301). As many, and for as long.
ossl_lib_ctx_st* bare_library_of_this_thread();

}  // namespace trunkform::x509::detail
