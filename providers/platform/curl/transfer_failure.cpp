#include "providers/platform/curl/transfer_failure.hpp"

#include <fmt/format.h>

namespace trunkform::platform::detail {
namespace {

Reached reached_by(CURL* handle) {
  long sent = 0;
  curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
  return sent == 0 ? Reached::no : Reached::maybe;
}

/// What a server says of the certificate that it was shown, or that it was shown none (RFC 8446 §6.2): in OpenSSL's
/// words. In TLS 1.3 it says so after the handshake.
bool refuses_client(CURLcode code, const std::string& words) {
  if (code != CURLE_SSL_CONNECT_ERROR && code != CURLE_RECV_ERROR && code != CURLE_SEND_ERROR) return false;
  const auto at = words.find(" alert ");
  if (at == std::string::npos) return false;
  const auto alert = std::string_view(words).substr(at);
  return alert.find("certificate") != std::string_view::npos || alert.find("unknown ca") != std::string_view::npos ||
         alert.find("access denied") != std::string_view::npos;
}

/// OpenSSL takes the first bytes of plain HTTP for a record of a version that there is not.
bool speaks_no_tls(CURLcode code, const std::string& words) {
  return code == CURLE_SSL_CONNECT_ERROR && words.find("wrong version number") != std::string::npos;
}

ErrorCode code_of_transfer(CURLcode code, const std::string& words) {
  if (refuses_client(code, words)) return ErrorCode::denied;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return ErrorCode::denied;
    case CURLE_SSL_CONNECT_ERROR:
      // A peer that speaks TLS but not ours will not change its mind; one that hung up may.
      return words.find("SSL routines") != std::string::npos ? ErrorCode::denied : ErrorCode::unavailable;
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
      return ErrorCode::protocol;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
      return ErrorCode::invalid_input;
    case CURLE_OUT_OF_MEMORY:
      return ErrorCode::internal;
    default:
      return ErrorCode::unavailable;
  }
}

std::string hint_of_transfer(CURLcode code, const std::string& words) {
  if (refuses_client(code, words))
    return "the server wants a client certificate of an authority that it trusts: see which one it is shown, and ask "
           "its "
           "owner";
  if (speaks_no_tls(code, words))
    return "what answers at that port speaks no TLS, as a server of plain http would: check scheme and port of the "
           "address, and what stands before the server: curl -v ADDRESS";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "check the host name, and that this machine can resolve it: getent hosts HOST";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "check the proxy that https_proxy names, or leave it out with no_proxy";
    case CURLE_COULDNT_CONNECT:
      return "check that this machine may reach it: a firewall, a proxy, a wrong port";
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the server's certificate is not trusted here: if a company's proxy signs it, put that CA's certificate "
             "into a "
             "PEM file and run again with TRUNKFORM_CA_FILE=FILE; that file's CAs are the only ones trusted then";
    case CURLE_SSL_CACERT_BADFILE:
      return "check that the file that TRUNKFORM_CA_FILE names is there, may be read and holds PEM certificates";
    case CURLE_OPERATION_TIMEDOUT:
      return "run the command again; where the service is only slow, raise timeout in the provider block";
    default:
      return "run the command again; if it stays, look at what stands between: a proxy, a load balancer, a firewall";
  }
}

}  // namespace

HttpFailure failure_of(CURL* handle, CURLcode code, const std::string& words, const std::string& where) {
  const auto& text = words.empty() ? std::string(curl_easy_strerror(code)) : words;
  Error error(code_of_transfer(code, words), fmt::format("{} failed: {}", where, text));
  if (auto hint = hint_of_transfer(code, words); !hint.empty()) error.hints.push_back(std::move(hint));
  return {std::move(error), reached_by(handle)};
}

HttpFailure stopped_failure(CURL* handle, const std::string& where) {
  return {Error(ErrorCode::cancelled, fmt::format("{} was stopped before its answer came", where)), reached_by(handle)};
}

HttpFailure not_sent(Error error) { return {std::move(error), Reached::no}; }

}  // namespace trunkform::platform::detail
