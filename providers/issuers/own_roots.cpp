#include "providers/issuers/own_roots.hpp"

#include <fmt/format.h>

namespace trunkform::issuers {

Error with_roots(Error error, const std::string& variable, const std::string& ca_file) {
  error.hints = {ca_file.empty()
                     ? fmt::format("where the authority has a root of its own, put that into a PEM file on this "
                                   "machine and name the file in the environment: {}=root.pem",
                                   variable)
                     : fmt::format("'{}', which {} names, has the only roots that count here: see that it is there, "
                                   "is PEM, and has the root that the server's certificate leads to",
                                   ca_file, variable)};
  return error;
}

}  // namespace trunkform::issuers
