#include "cmd/genesys_sim/http/wire.hpp"

#include <algorithm>
#include <cstring>
#include <thread>

#include <poll.h>
#include <sys/socket.h>

namespace trunkform::sim {
namespace wire_detail {

constexpr int k_slice_ms = 50;
constexpr int k_idle_slices = 60'000 / k_slice_ms;  ///< an idle connection is kept for a minute
constexpr int k_read_slices = 15'000 / k_slice_ms;  ///< a request that began must go on

}  // namespace wire_detail

using namespace wire_detail;

bool Wire::wait(short events) const {
  if ((events & POLLIN) != 0 && m_tls != nullptr && m_tls->has_pending()) return true;
  pollfd polled{m_socket.get(), events, 0};
  for (int slice = 0; slice < k_read_slices && !m_stop; ++slice)
    if (const int ready = ::poll(&polled, 1, k_slice_ms); ready != 0) return ready > 0;
  return false;
}

bool Wire::is_readable() const { return m_begin < m_end || wait(POLLIN); }

bool Wire::is_writable() const { return !m_dead && wait(POLLOUT); }

bool Wire::await_request() {
  for (int slice = 0; slice < k_idle_slices && !m_stop; ++slice) {
    if (m_begin < m_end) return true;
    pollfd polled{m_socket.get(), POLLIN, 0};
    const bool pending = m_tls != nullptr && m_tls->has_pending();
    if (pending || ::poll(&polled, 1, k_slice_ms) > 0) return fill() > 0;
  }
  return false;
}

void Wire::plan(const Delivery& delivery) {
  m_plan = delivery;
  m_headers_sent = false;
  m_body_sent = 0;
}

ssize_t Wire::fill() {
  m_begin = m_end = 0;
  if (m_tls == nullptr) {
    const auto got = ::recv(m_socket.get(), m_buffer.data(), m_buffer.size(), 0);
    if (got > 0) m_end = static_cast<std::size_t>(got);
    return got;
  }
  for (int slice = 0; slice < k_read_slices && !m_stop; ++slice) {
    const auto got = m_tls->read(m_buffer.data(), m_buffer.size());
    if (got.io == Io::again) continue;
    if (got.io == Io::done) m_end = got.size;
    return static_cast<ssize_t>(m_end);
  }
  return -1;
}

ssize_t Wire::read(char* data, std::size_t size) {
  if (m_dead) return -1;
  if (m_begin == m_end && (!wait(POLLIN) || fill() <= 0)) return -1;
  const auto given = std::min(size, m_end - m_begin);
  std::memcpy(data, m_buffer.data() + m_begin, given);
  m_begin += given;
  return static_cast<ssize_t>(given);
}

ssize_t Wire::write(const char* data, std::size_t size) {
  if (m_dead) return -1;
  if (m_plan.kind == Delivery::Kind::reset) return die(Ending::reset);
  if (m_plan.kind == Delivery::Kind::silence) {
    wait_for_the_peer_to_leave();
    return die(Ending::close);
  }
  if (!m_headers_sent) {
    pause(m_plan.first_byte);
    m_headers_sent = true;
    return send_all(data, size) ? static_cast<ssize_t>(size) : die(Ending::close);
  }
  auto allowed = size;
  if (m_plan.kind == Delivery::Kind::torn) allowed = std::min(size, m_plan.bytes - std::min(m_plan.bytes, m_body_sent));
  m_body_sent += allowed;
  if (!send_in_pieces(data, allowed)) return die(Ending::close);
  return allowed == size ? static_cast<ssize_t>(size) : die(m_plan.ending);
}

bool Wire::send_in_pieces(const char* data, std::size_t size) {
  if (m_plan.chunk == 0) return send_all(data, size);
  while (size > 0) {
    const auto piece = std::min(size, m_plan.chunk);
    if (m_stop || !send_all(data, piece)) return false;
    data += piece;
    size -= piece;
    pause(m_plan.pause);
  }
  return true;
}

bool Wire::send_all(const char* data, std::size_t size) {
  if (m_tls != nullptr) return m_tls->write({data, size}) == Io::done;
  while (size > 0) {
    const auto sent = ::send(m_socket.get(), data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

void Wire::pause(Duration duration) const {
  for (Duration slice(k_slice_ms); duration > Duration{} && !m_stop; duration -= slice)
    std::this_thread::sleep_for(std::min(slice, duration));
}

void Wire::wait_for_the_peer_to_leave() {
  while (!m_stop) {
    pollfd polled{m_socket.get(), POLLIN | POLLRDHUP, 0};
    if (::poll(&polled, 1, k_slice_ms) > 0 && (polled.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) return;
    if ((polled.revents & POLLIN) != 0 && fill() <= 0) return;
  }
}

ssize_t Wire::die(Ending ending) {
  m_dead = true;
  if (ending == Ending::reset) m_socket.abort_on_close();
  return -1;
}

}  // namespace trunkform::sim
