#pragma once
// One exchange with the simulated service as plain values: no socket, no clock. What a broken network does to an answer
// is data too (`Delivery`); the http front carries it out, a simulation test reads it. Values; thread-safe.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/time.hpp"

namespace trunkform::sim {

struct Header {
  std::string name;
  std::string value;
};

/// The first header of that name, case-insensitive; null where there is none.
const std::string* find_header(const std::vector<Header>& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string path;   ///< as on the request line, not decoded, without the query
  std::string query;  ///< as on the request line, without the question mark
  std::vector<Header> headers;
  std::string body;
  Instant now{};  ///< of arrival, on the clock that the caller chose
};

/// How a connection ends where an answer is not delivered whole.
enum class Ending { close, reset };

/// What happens to an answer on its way.
struct Delivery {
  enum class Kind { whole, torn, reset, silence };
  Kind kind = Kind::whole;
  Ending ending = Ending::close;  ///< of `torn`
  std::size_t bytes = 0;          ///< of the body that still arrive when `torn`
  Duration first_byte{};          ///< wait before the answer
  std::size_t chunk = 0;          ///< bytes between two pauses; 0: no pauses
  Duration pause{};               ///< between chunks
  bool lost() const { return kind != Kind::whole; }
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  ///< instead of `body`, where one text serves many answers
  Delivery delivery;
  std::string_view text() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
};

/// Undoes percent-encoding; nullopt where it is malformed.
std::optional<std::string> percent_decode(std::string_view text);

/// The decoded value of a query parameter; nullopt where it is absent.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
std::string http_date(Instant instant);

}  // namespace trunkform::sim
