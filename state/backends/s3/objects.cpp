#include "state/backends/s3/objects.hpp"

#include "state/backends/s3/envelope.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state::s3 {
namespace {

constexpr int k_page = 1000;

std::optional<SeenObject> seen(const std::string& key, std::optional<StoredObject> found) {
  if (!found) return std::nullopt;
  return SeenObject{content_of(key, found->bytes), std::move(found->etag)};
}

}  // namespace

Result<std::optional<SeenObject>> Objects::get(const Context& context, const std::string& key) {
  return seen(key, TRY(m_store->get(context, key)));
}

Result<std::optional<SeenObject>> Objects::get_version(const Context& context, const std::string& key,
                                                       const std::string& id) {
  return seen(key, TRY(m_store->get_version(context, key, id)));
}

/// A request may reach the server twice, as where a connection is found dead and the next one is tried: the second is
/// refused because of the first. The id in the bytes tells whose it is.
Result<std::string> Objects::put_bytes(const Context& context, const std::string& key, const std::string& bytes,
                                       const WriteCondition& condition) {
  auto written = m_store->put(context, key, bytes, condition);
  if (written || written.error().code != ErrorCode::conflict) return written;
  const auto found = TRY(m_store->get(context, key));
  if (found && found->bytes == bytes) return found->etag;
  return written;
}

Result<std::string> Objects::put(const Context& context, const std::string& key, const std::string& content,
                                 const WriteCondition& condition) {
  return put_bytes(context, key, enveloped(fresh_id(), content), condition);
}

Result<std::string> Objects::put_surely(const Context& context, const std::string& key, const std::string& content,
                                        const WriteCondition& condition) {
  const auto bytes = enveloped(fresh_id(), content);
  std::string etag;
  TRY(until_known(
      context, m_clock,
      [&]() -> Result<> {
        etag = TRY(put_bytes(context, key, bytes, condition));
        return {};
      },
      [&]() -> Result<bool> {
        auto found = TRY(m_store->get(context, key));
        if (!found || found->bytes != bytes) return false;
        etag = std::move(found->etag);
        return true;
      }));
  return etag;
}

Result<> Objects::each_key(const Context& context, const std::string& prefix,
                           const std::function<Result<Go>(const std::string& key)>& use) {
  std::string after;
  for (bool more = true; more;) {
    const auto page = TRY(m_store->list(context, prefix, after, k_page));
    for (const auto& key : page.keys)
      if (TRY(use(key)) == Go::no_further) return {};
    more = page.more && !page.keys.empty();
    if (more) after = page.keys.back();
  }
  return {};
}

}  // namespace trunkform::state::s3
