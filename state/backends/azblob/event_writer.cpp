#include "state/backends/azblob/event_writer.hpp"

#include "state/backends/azblob/state_blob.hpp"

namespace trunkform::state::azblob {
namespace {

constexpr int k_close_rounds = 20;
constexpr Duration k_pause = std::chrono::milliseconds(200);
constexpr const char* k_lease_note = "trunkform_lease";

Error taken_over() { return Error(ErrorCode::fenced, "another run has taken the lock"); }

}  // namespace

Result<std::optional<ListedBlob>> EventWriter::newest(const Context& context, const std::string& generation) {
  std::optional<ListedBlob> found;
  TRY(m_blobs.each(context, m_layout.events(generation), [&](const ListedBlob& blob) -> Result<Blobs::Go> {
    found = blob;
    return Blobs::Go::no_further;
  }));
  return found;
}

/// Whether nobody appends to it any more. False: it is to be looked at again.
Result<bool> EventWriter::close(const Context& context, const ListedBlob& blob, const std::string& lock_id) {
  auto& store = m_blobs.store();
  const auto end = TRY(read_end(context, m_blobs, blob));
  if (!end) return false;
  if (end->is_closed) return true;
  if (end->size == 0) {
    // Its name is the number of the next event, which is ours by now.
    const auto facts = TRY(store.look(context, blob.name));
    if (!facts || facts->size > 0) return false;
    const auto removed = store.remove(context, blob.name, WriteCondition::unchanged(facts->etag));
    if (!removed && removed.error().code != ErrorCode::conflict) return removed.error();
    return false;
  }
  const auto closed = store.append(context, blob.name, end->size, closing_line(lock_id));
  if (closed) return true;
  const auto code = closed.error().code;
  if (code == ErrorCode::outcome_unknown) TRY(m_blobs.clock().sleep(context, k_pause));
  const bool again = code == ErrorCode::conflict || code == ErrorCode::not_found || code == ErrorCode::outcome_unknown;
  return again ? Result<bool>(false) : closed.error();
}

Result<> EventWriter::take_over(const Context& context, const std::string& generation, const std::string& lock_id) {
  m_own.reset();
  std::string closed;
  for (int round = 0; round < k_close_rounds; ++round) {
    const auto last = TRY(newest(context, generation));
    // Also where its holder began another one meanwhile: what was closed has to be the last.
    if (!last || last->name == closed) {
      m_own = Own{lock_id, generation, last ? closed : std::string(), {}, 0, 0, {}};
      return {};
    }
    if (TRY(close(context, *last, lock_id))) closed = last->name;
  }
  return Error(ErrorCode::conflict, "an earlier run goes on writing events, in " + m_layout.events(generation))
      .hint("end that run, then run the command again");
}

Result<EventWriter::Own> EventWriter::join(const Context& context, const std::string& generation,
                                           const std::string& lock_id, const EventBatch& batch) {
  const auto last = TRY(newest(context, generation));
  const auto event = TRY(read_last_event(context, m_blobs, m_layout, generation));
  if (event && event->first >= batch.first) return taken_over();
  return Own{lock_id, generation, last ? last->name : std::string(), {}, 0, 0, {}};
}

/// Where another blob is the last by now, somebody took the lock; where one of this name is there, he was first.
Result<> EventWriter::begin(const Context& context, Own& own, Sequence first) {
  const auto name = m_layout.event(own.generation, first);
  const auto lease = lease_id_of(own.lock_id);
  const auto last = TRY(newest(context, own.generation));
  if (last ? last->name != own.newest && last->name != name : !own.newest.empty()) return taken_over();
  const auto made = m_blobs.store().create_log(context, name, of_this_format({{k_lease_note, lease}}));
  if (!made) {
    if (made.error().code != ErrorCode::conflict) return made.error();
    // It may have reached the server before, or twice.
    const auto facts = TRY(m_blobs.store().look(context, name));
    const bool is_ours =
        facts && facts->size == 0 && facts->notes.contains(k_lease_note) && facts->notes.at(k_lease_note) == lease;
    if (!is_ours) return taken_over();
  }
  own.current = own.newest = name;
  own.size = own.appends = 0;
  return {};
}

Result<> EventWriter::append(const Context& context, const std::string& generation, const std::string& lock_id,
                             const EventBatch& batch) {
  if (!m_own || m_own->lock_id != lock_id || m_own->generation != generation)
    m_own = TRY(join(context, generation, lock_id, batch));
  auto& own = *m_own;
  const auto text = encode_events(batch);
  const bool is_done = TRY(find_out(context, own)) && own.unknown == text;
  own.unknown.clear();
  if (is_done) return {};
  if (own.current.empty() || own.appends >= m_most_appends) TRY(begin(context, own, batch.first));
  const auto written = m_blobs.store().append(context, own.current, own.size, text);
  if (written) {
    own.appends = *written;
    own.size += text.size();
    return {};
  }
  const auto code = written.error().code;
  if (code == ErrorCode::not_found) return taken_over();
  own.unknown = text;
  if (code != ErrorCode::conflict) return written.error();
  // It may have reached the server before, or twice: then it is there, whatever came after it.
  if (!TRY(find_out(context, own))) return taken_over();
  own.unknown.clear();
  return {};
}

/// Whether the append is there whose answer was lost.
Result<bool> EventWriter::find_out(const Context& context, Own& own) {
  if (own.unknown.empty()) return false;
  const auto there = TRY(m_blobs.store().get_from(context, own.current, own.size));
  if (!there || !there->starts_with(own.unknown)) return false;
  own.size += own.unknown.size();
  ++own.appends;
  return true;
}

}  // namespace trunkform::state::azblob
