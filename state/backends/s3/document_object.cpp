#include "state/backends/s3/document_object.hpp"

#include "schemas/codec/state_codec.hpp"

namespace trunkform::state::s3 {
namespace {

constexpr int k_stamp_rounds = 10;

DocumentObject object_of(const std::optional<SeenObject>& found) {
  DocumentObject object;
  if (!found) return object;
  object.etag = found->etag;
  const auto failed = [&](const Error& why) {
    object.kind =
        why.code == ErrorCode::unsupported ? DocumentObject::Kind::of_later_version : DocumentObject::Kind::unreadable;
    return object;
  };
  if (!found->content) return failed(found->content.error());
  if (found->content->empty()) return object;
  const auto document = decode_state(*found->content);
  if (!document) return failed(document.error());
  object.kind = DocumentObject::Kind::document;
  object.lineage = document->lineage;
  object.serial = document->serial;
  return object;
}

}  // namespace

bool DocumentObject::may_follow(const StateDocument* before) const {
  if (before == nullptr) return kind == Kind::nothing || kind == Kind::unreadable;
  return kind == Kind::document && lineage == before->lineage && serial == before->serial;
}

Result<std::optional<StateDocument>> load_document(const Context& context, Objects& objects, const std::string& key) {
  auto found = TRY(objects.get(context, key));
  if (!found) return std::optional<StateDocument>();
  const auto content = TRY(found->content);
  if (content.empty()) return std::optional<StateDocument>();
  return std::optional(TRY(decode_state(content)));
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
  return DocumentObject{DocumentObject::Kind::document, next.lineage, next.serial, std::move(etag)};
}

}  // namespace trunkform::state::s3
