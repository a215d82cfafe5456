#include "state/backends/azblob/conditions.hpp"

namespace trunkform::state::azblob {
namespace {

class Trial {
 public:
  Trial(const Context& context, Blobs& blobs, const std::string& name, Duration lease)
      : m_context(context),
        m_blobs(blobs),
        m_store(blobs.store()),
        m_blob(name + "-blob"),
        m_log(name + "-log"),
        m_duration(lease) {}

  Result<> run() {
    auto tried = try_all();
    if (!m_lease.empty()) (void)m_store.release_lease(m_context, m_blob, m_lease);  // removing it tells more
    auto blob = m_store.remove(m_context, m_blob);
    auto log = m_store.remove(m_context, m_log);
    if (!tried) return tried;
    return blob ? log : blob;
  }

 private:
  const Context& m_context;
  Blobs& m_blobs;
  BlobStore& m_store;
  const std::string m_blob;
  const std::string m_log;
  const Duration m_duration;
  std::string m_lease;

  template <class T>
  Result<> must_refuse(const Result<T>& tried, const char* what) const {
    if (tried)
      return Error(ErrorCode::unsupported, "a state cannot live in " + m_store.place(),
                   std::string(what) + ": here two runs would overwrite each other")
          .hint("see that nothing stands between that changes requests, or use another backend");
    const auto code = tried.error().code;
    const bool is_refused = code == ErrorCode::conflict || code == ErrorCode::fenced || code == ErrorCode::lock_held ||
                            code == ErrorCode::rejected;
    return is_refused ? Result<>() : Result<>(tried.error());
  }
  Result<std::string> put(const WriteCondition& condition, const std::string& lease = {}) {
    return m_store.put(m_context, m_blob, "trunkform init\n", of_this_format({}), condition, lease);
  }

  Result<> try_all() {
    const auto first = TRY(put(WriteCondition::absent()));
    TRY(must_refuse(put(WriteCondition::absent()),
                    "a second blob was written with If-None-Match: * where there is one"));
    TRY(put(WriteCondition::unchanged(first)));
    TRY(must_refuse(put(WriteCondition::unchanged(first)), "a blob was written with the ETag of an earlier one"));
    const auto lease = m_blobs.fresh_id();
    TRY(m_store.lease(m_context, m_blob, lease, m_duration));
    m_lease = lease;
    TRY(must_refuse(m_store.lease(m_context, m_blob, m_blobs.fresh_id(), m_duration),
                    "a blob was leased twice at once"));
    TRY(must_refuse(put({}, m_blobs.fresh_id()), "a leased blob was written with the id of another lease"));
    TRY(must_refuse(m_store.look(m_context, m_blob, m_blobs.fresh_id()),
                    "another lease's id was taken for the blob's"));
    TRY(m_store.create_log(m_context, m_log, of_this_format({})));
    TRY(m_store.append(m_context, m_log, 0, "trunkform init\n"));
    return must_refuse(m_store.append(m_context, m_log, 0, "trunkform init\n"),
                       "something was appended at a place that is behind the end");
  }
};

}  // namespace

Result<> probe_conditions(const Context& context, Blobs& blobs, const std::string& name, Duration lease) {
  return Trial(context, blobs, name, lease).run();
}

}  // namespace trunkform::state::azblob
