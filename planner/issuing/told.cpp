#include "planner/issuing/told.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::issuing {
namespace {

Error with_block(Error error, const std::string& address, const SourceRange& range) {
  if (address.empty() || error.code == ErrorCode::cancelled) return error;
  // Of a saved plan nobody knows where its blocks stand.
  auto hint = range.file.empty() ? fmt::format("see {}", address)
                                 : fmt::format("see {}, on {} line {}", address, range.file, range.start.line);
  if (std::find(error.hints.begin(), error.hints.end(), hint) == error.hints.end())
    error.hints.push_back(std::move(hint));
  return error;
}

}  // namespace

Error told_of(const IssueRequest& request, Error error) {
  error.address = request.address;
  if (!error.source && !request.range.file.empty()) error.source = request.range;
  return error;
}

Error from_issuer(const IssueRequest& request, Error error) {
  return with_block(std::move(error), request.issuer_address, request.issuer_range);
}

Error from_store(const IssueRequest& request, Error error) {
  return with_block(std::move(error), request.store_address, request.store_range);
}

Error kept_in_one_place(const std::string& first, const IssueRequest& second, const std::string& place) {
  return Error(ErrorCode::invalid_input, fmt::format("{} and {} are kept in one place", first, second.address),
               fmt::format("{}the one would replace the other, in turns",
                           place.empty() ? std::string() : fmt::format("both are in {}: ", place)))
      .at(second.range)
      .of(second.address);
}

}  // namespace trunkform::issuing
