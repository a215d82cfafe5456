#include "state/backends/etcd/document_keys.hpp"

#include <limits>

namespace trunkform::state::etcd {
namespace {

Error another_document() { return Error(ErrorCode::conflict, "another document is there"); }

/// All versions of a piece.
KeyRange versions(const std::string& pieces, const std::string& name) { return keys_beneath(pieces + name + "/"); }

/// Those before that of `number`.
KeyRange versions_before(const std::string& pieces, const std::string& name, std::uint64_t number) {
  return {pieces + piece_key(name, 0), pieces + piece_key(name, number)};
}

/// What the versions of `number` replace. Of a piece that is gone all versions go in one step: without the last of them
/// the one before would count again.
std::vector<KeyChange> replaced(const std::string& pieces, const std::string& name, bool is_gone,
                                std::uint64_t number) {
  return {remove_keys(is_gone ? versions(pieces, name) : versions_before(pieces, name, number))};
}

Portions replaced(const std::string& pieces, const PieceChanges& changes, std::uint64_t number) {
  Portions portions;
  for (const auto& [name, text] : changes) portions.add(replaced(pieces, name, !text, number));
  return portions;
}

/// What makes `changes` visible, where it is done in one step with the head.
Portions at_once(const std::string& pieces, const PieceChanges& changes, std::uint64_t number) {
  Portions portions;
  for (const auto& [name, text] : changes) {
    auto together = replaced(pieces, name, !text, number);
    if (text) together.push_back(put_key(pieces + piece_key(name, number), *text));
    portions.add(std::move(together));
  }
  return portions;
}

}  // namespace

Result<> DocumentKeys::take_head(const KeyValue& found, Seen& seen) {
  auto head = decode_head(found.value);
  if (!head && head.error().code != ErrorCode::corrupt) return std::move(head.error());
  if (!head) seen.damage = std::move(head.error());
  seen.head = head ? std::move(*head) : Head{std::numeric_limits<std::uint64_t>::max(), {}, 0, {}};
  seen.changed = found.changed;
  return {};
}

Result<DocumentKeys::Seen> DocumentKeys::look(const Context& context) {
  Seen seen;
  if (const auto found = TRY(read_key(context, m_store, m_layout.head()))) TRY(take_head(*found, seen));
  seen.is_staged = TRY(read_key(context, m_store, m_layout.staged())).has_value();
  return seen;
}

/// In the order of their keys the head comes before the pieces.
Result<DocumentKeys::Found> DocumentKeys::find(const Context& context) {
  Found found;
  Result<> readable;
  const auto pieces = m_layout.pieces();
  TRY(each_key(
      context, m_store, keys_beneath(m_layout.document()),
      [&] {
        found = {};
        readable = {};
      },
      [&](KeyValue& key) {
        if (key.key == m_layout.head()) {
          readable = take_head(key, found.seen);
          if (found.seen.head) found.pieces = FoundPieces(found.seen.head->number);
        } else if (key.key.starts_with(pieces)) {
          found.pieces.take(std::string_view(key.key).substr(pieces.size()), std::move(key.value));
        }
      }));
  TRY(std::move(readable));
  return found;
}

Result<std::optional<StateDocument>> DocumentKeys::load(const Context& context) {
  const auto found = TRY(find(context));
  if (!found.seen.head) return std::optional<StateDocument>();
  if (found.seen.damage) return *found.seen.damage;
  return std::optional(TRY(found.pieces.document()));
}

/// One that cannot be read may be written over where nothing else is expected to be there, which is how it is mended.
Result<> DocumentKeys::must_follow(const Context& context, const Seen& seen, const StateDocument* before) {
  const auto is_as = [&](const Head& head) {
    return !seen.damage && head.lineage == before->lineage && head.serial == before->serial;
  };
  if (!seen.head) return before == nullptr ? Result<>() : another_document();
  if (before != nullptr) return is_as(*seen.head) ? Result<>() : another_document();
  const auto loaded = load(context);
  if (loaded) return another_document();
  return loaded.error().code == ErrorCode::corrupt ? Result<>() : Result<>(loaded.error());
}

Result<DocumentKeys::Written> DocumentKeys::do_all(const Context& context, const KeyCondition& lock,
                                                   const Portions& portions) {
  for (const auto& portion : portions.all())
    if (!TRY(m_store.transact(context, {{lock}, portion}))) return Written::a_condition_failed;
  return Written::done;
}

/// A write that was cut short has left pieces under a number that comes again.
Result<DocumentKeys::Written> DocumentKeys::sweep(const Context& context, const KeyCondition& lock) {
  const auto found = TRY(find(context));
  const auto pieces = m_layout.pieces();
  Portions portions;
  for (const auto& name : found.pieces.names()) {
    if (const auto number = found.pieces.version_of(name))
      portions.add({remove_keys(versions_before(pieces, name, *number)),
                    remove_keys({pieces + piece_key(name, *number + 1), versions(pieces, name).end})});
    else
      portions.add(remove_keys(versions(pieces, name)));
  }
  portions.add(remove_keys({m_layout.staged()}));
  return do_all(context, lock, portions);
}

Result<DocumentKeys::Written> DocumentKeys::stage(const Context& context, const KeyCondition& lock,
                                                  const PieceChanges& changes, std::uint64_t number) {
  Portions portions;
  portions.add(put_key(m_layout.staged(), mark() + std::to_string(number) + "\n"));
  for (const auto& [name, text] : changes)
    portions.add(put_key(m_layout.pieces() + piece_key(name, number), text.value_or("")));
  return do_all(context, lock, portions);
}

Result<DocumentKeys::Written> DocumentKeys::write(const Context& context, const KeyCondition& lock,
                                                  const StateDocument* before, const StateDocument& next,
                                                  const std::string& id) {
  const auto seen = TRY(look(context));
  // An earlier try of this very write that arrived late.
  if (seen.head && seen.head->write == id) return Written::done;
  TRY(must_follow(context, seen, before));
  if (seen.is_staged && TRY(sweep(context, lock)) != Written::done) return Written::a_condition_failed;
  Head head{seen.head ? seen.head->number + 1 : 1, id, next.serial, next.lineage};
  PieceChanges changes;
  if (before == nullptr && seen.head) {
    const auto found = TRY(find(context));
    if (seen.damage) head.number = found.pieces.largest() + 1;
    changes = piece_changes(nullptr, next, found.pieces.names());
  } else {
    changes = piece_changes(before, next);
  }
  return put(context, lock, seen.changed, changes, head);
}

Result<DocumentKeys::Written> DocumentKeys::put(const Context& context, const KeyCondition& lock, Revision changed,
                                                const PieceChanges& changes, const Head& head) {
  const auto pieces = at_once(m_layout.pieces(), changes, head.number).all();
  const bool is_staged = pieces.size() > 1;
  if (is_staged && TRY(stage(context, lock, changes, head.number)) != Written::done) return Written::a_condition_failed;
  Transaction move{{lock, {m_layout.head(), KeyCondition::Of::changed, changed}}, {}};
  if (!is_staged) move.then = pieces.front();
  move.then.push_back(put_key(m_layout.head(), encode_head(head)));
  if (!TRY(m_store.transact(context, move))) {
    const auto now = TRY(look(context));
    return now.head && now.head->write == head.write ? Written::done : Written::a_condition_failed;
  }
  if (!is_staged) return Written::done;
  // What was replaced counts for nobody any more; where it stays, the next write removes it.
  const auto removed = do_all(context, lock, replaced(m_layout.pieces(), changes, head.number));
  if (removed && *removed == Written::done)
    (void)m_store.transact(context, {{lock}, {remove_keys({m_layout.staged()})}});
  return Written::done;
}

}  // namespace trunkform::state::etcd
