#include "providers/probe/sip/message_stream.hpp"

#include "providers/probe/sip/message.hpp"

namespace trunkform::probe {
namespace {

constexpr std::size_t k_longest_message = 64U << 10;

}  // namespace

Result<std::optional<std::string>> MessageStream::next(const Context& context) {
  for (;;) {
    const auto length = TRY(message_length(m_bytes, k_longest_message));
    if (length && m_bytes.size() >= *length) {
      const auto start = m_bytes.find_first_not_of("\r\n");
      auto message = m_bytes.substr(start, *length - start);
      m_bytes.erase(0, *length);
      return std::optional(std::move(message));
    }
    const auto more = TRY(m_connection.read(context));
    if (more.empty()) return std::optional<std::string>();
    m_bytes += more;
  }
}

}  // namespace trunkform::probe
