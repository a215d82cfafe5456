#include "state/backends/s3/lock_object.hpp"

#include "schemas/codec/lock_codec.hpp"

namespace trunkform::state::s3 {
namespace {

constexpr std::string_view k_free = "free\n";
constexpr int k_lock_rounds = 20;

}  // namespace

std::string encode_lock_object(const LockObject& lock) {
  return lock.generation + "\n" + (lock.holder ? encode_lock_info(*lock.holder) : std::string(k_free));
}

Result<LockObject> decode_lock_object(std::string_view content) {
  const auto end = content.find('\n');
  if (end == std::string_view::npos || end == 0 || content.substr(0, end).find('/') != std::string_view::npos)
    return Error(ErrorCode::corrupt, "the lock's object names no generation");
  LockObject lock{std::string(content.substr(0, end))};
  const auto note = content.substr(end + 1);
  if (note != k_free) lock.holder = TRY(decode_lock_info(note));
  return lock;
}

Result<std::optional<SeenLock>> LockStore::read(const Context& context) {
  auto found = TRY(m_objects.get(context, m_key));
  if (!found) return std::optional<SeenLock>();
  return std::optional(SeenLock{TRY(decode_lock_object(TRY(found->content))), found->etag});
}

Result<SeenLock> LockStore::write(const Context& context, const std::optional<SeenLock>& seen, LockObject next) {
  const auto condition = seen ? WriteCondition::unchanged(seen->etag) : WriteCondition::absent();
  auto etag = TRY(m_objects.put_surely(context, m_key, encode_lock_object(next), condition));
  return SeenLock{std::move(next), std::move(etag)};
}

Result<SeenLock> LockStore::change(const Context& context,
                                   const std::function<Result<LockObject>(const std::optional<SeenLock>&)>& change) {
  bool was_absent = false;
  for (int round = 1;; ++round) {
    const auto seen = TRY(read(context));
    auto written = write(context, seen, TRY(change(seen)));
    if (written || written.error().code != ErrorCode::conflict) return written;
    if (!seen && was_absent)
      return Error(
                 ErrorCode::unsupported, "the lock's object cannot be made",
                 "the bucket says that " + m_key +
                     " is not there, and refuses it as if it were: it was deleted by hand, and this server lets nobody "
                     "create again what it keeps versions of")
          .hint("bring it back: delete its delete marker (aws s3api list-object-versions, delete-object --version-id)");
    was_absent = !seen;
    if (round == k_lock_rounds) return written;
  }
}

Result<SeenLock> LockStore::made(const Context& context) {
  if (auto seen = TRY(read(context))) return std::move(*seen);
  return change(context, [&](const std::optional<SeenLock>& seen) -> Result<LockObject> {
    return seen ? seen->lock : LockObject{m_objects.fresh_id()};
  });
}

}  // namespace trunkform::state::s3
