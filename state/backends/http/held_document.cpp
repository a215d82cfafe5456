#include "state/backends/http/held_document.hpp"

namespace trunkform::state::http {
namespace {

Error fenced() { return Error(ErrorCode::fenced, "another run has the lock, or it was broken"); }

Error written_by_another() {
  return Error(ErrorCode::fenced, "the document is not what this run saw last",
               "somebody wrote it since: another run that has the lock now, or something that does not ask for it");
}

}  // namespace

HeldDocument::HeldDocument(StateServer& server, std::string workspace, Random& random)
    : m_server(server), m_workspace(std::move(workspace)), m_random(random) {}

void HeldDocument::hold(const std::string& lock_id) {
  const std::scoped_lock guard(m_mutex);
  m_held = Held{lock_id};
}

void HeldDocument::forget() {
  const std::scoped_lock guard(m_mutex);
  m_held.reset();
}

std::optional<std::string> HeldDocument::held_by() {
  const std::scoped_lock guard(m_mutex);
  return m_held ? std::optional(m_held->lock_id) : std::nullopt;
}

bool HeldDocument::is_held_by(const std::string& lock_id) { return held_by() == lock_id; }

Result<Envelope> HeldDocument::fetch(const Context& context) {
  const auto bytes = TRY(m_server.get(context, m_workspace));
  return bytes ? decode_envelope(*bytes) : Envelope{};
}

Result<Envelope> HeldDocument::read(const Context& context) {
  auto found = TRY(fetch(context));
  const std::scoped_lock guard(m_mutex);
  if (m_held && !m_held->seen) m_held->seen = found.write;
  return found;
}

Result<> HeldDocument::change(const Context& context, const std::string& lock_id, const Edit& edit) {
  const std::scoped_lock guard(m_mutex);
  if (!m_held || m_held->lock_id != lock_id) return fenced();
  auto next = TRY(fetch(context));
  if (!m_held->knows(next)) return written_by_another();
  m_held->seen = next.write;
  TRY(edit(next));
  ++next.serial;
  next.write = m_random.uuid();
  return write(context, *m_held, next);
}

Result<> HeldDocument::write(const Context& context, Held& held, const Envelope& next) {
  held.tried = next.write;
  auto written = m_server.put(context, m_workspace, encode_envelope(next), held.lock_id);
  if (!written && written.error().code == ErrorCode::fenced) return fenced().because(std::move(written.error()));
  if (!written && written.error().code != ErrorCode::conflict) return written;
  const auto found = fetch(context);
  if (!found && found.error().code == ErrorCode::corrupt) return written_by_another().because(found.error());
  if (!found)
    return Error(ErrorCode::outcome_unknown, "what was written could not be read back").because(found.error());
  if (found->write == next.write) {
    held.seen = next.write;
    return {};
  }
  if (!held.knows(*found)) return written_by_another();
  // The server took it, and has what was there before; or it knew that serial already.
  if (!written) return written;
  return Error(ErrorCode::protocol, "the server took a document and has another one", "it was read back at once")
      .hint("see that nothing caches or drops requests on the way to " + m_server.place(m_workspace));
}

}  // namespace trunkform::state::http
