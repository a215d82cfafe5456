#include "state/backends/s3/document_object.hpp"

#include "schemas/codec/state_codec.hpp"

namespace trunkform::state::s3 {
namespace {

constexpr int k_stamp_rounds = 10;

DocumentObject object_of(const std::optional<SeenObject>& found) {
  if (!found) return {};
  return {seen_document(found->content), found->etag};
}

/// None: there is no object, or one that keeps a place.
Result<std::optional<StateDocument>> document_in(std::optional<SeenObject> found) {
  if (!found) return std::optional<StateDocument>();
  const auto content = TRY(found->content);
  if (content.empty()) return std::optional<StateDocument>();
  return std::optional(TRY(decode_state(content)));
}

}  // namespace

Result<std::optional<StateDocument>> load_document(const Context& context, Objects& objects, const std::string& key) {
  return document_in(TRY(objects.get(context, key)));
}

Result<std::optional<StateDocument>> load_version(const Context& context, Objects& objects, const std::string& key,
                                                  const std::string& id) {
  return document_in(TRY(objects.get_version(context, key, id)));
}

Result<DocumentObject> look_at_document(const Context& context, Objects& objects, const std::string& key) {
  return object_of(TRY(objects.get(context, key)));
}

Result<DocumentObject> stamp_document(const Context& context, Objects& objects, const std::string& key) {
  for (int round = 1;; ++round) {
    const auto found = TRY(objects.get(context, key));
    auto object = object_of(found);
    // What has no first line of ours cannot be written again as it is.
    if (found && !found->content) return object;
    auto stamped = objects.put_surely(context, key, found ? *found->content : std::string(), object.unchanged());
    if (stamped) {
      object.etag = std::move(*stamped);
      return object;
    }
    if (stamped.error().code != ErrorCode::conflict || round == k_stamp_rounds) return std::move(stamped.error());
  }
}

Result<DocumentObject> write_document(const Context& context, Objects& objects, const std::string& key,
                                      const DocumentObject& seen, const StateDocument& next) {
  auto etag = TRY(objects.put(context, key, encode_state(next), seen.unchanged()));
  return DocumentObject{state::seen(next), std::move(etag)};
}

}  // namespace trunkform::state::s3
