#pragma once
// Where what goes wrong with a request stands in the configuration: its own block, and those of who signs and of the
// store. Pure.
#include "schemas/model/error.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::issuing {

/// With the address and the place of the `certificate.issued` block, where the error has no place of its own.
Error told_of(const IssueRequest& request, Error error);

/// With a hint to the block of the issuer, or of the store, that the error came from.
Error from_issuer(const IssueRequest& request, Error error);
Error from_store(const IssueRequest& request, Error error);

/// Two blocks that would replace one another's certificate, in turns. `place`: as the service calls it, where the
/// configuration alone does not show it.
Error kept_in_one_place(const std::string& first, const IssueRequest& second, const std::string& place = {});

template <class T>
Result<T> from_issuer(const IssueRequest& request, Result<T> result) {
  if (!result) return from_issuer(request, std::move(result.error()));
  return result;
}

template <class T>
Result<T> from_store(const IssueRequest& request, Result<T> result) {
  if (!result) return from_store(request, std::move(result.error()));
  return result;
}

}  // namespace trunkform::issuing
