#include "state/remote/seen_document.hpp"

#include "schemas/codec/state_codec.hpp"

namespace trunkform::state {

bool SeenDocument::may_follow(const StateDocument* before) const {
  if (before == nullptr) return kind == Kind::nothing || kind == Kind::unreadable;
  return kind == Kind::document && lineage == before->lineage && serial == before->serial;
}

SeenDocument seen(const StateDocument& document) {
  return {SeenDocument::Kind::document, document.lineage, document.serial};
}

SeenDocument seen(const Error& failure) {
  return {failure.code == ErrorCode::unsupported ? SeenDocument::Kind::of_later_version
                                                 : SeenDocument::Kind::unreadable};
}

SeenDocument seen_document(const Result<std::string>& content) {
  if (!content) return seen(content.error());
  if (content->empty()) return {};
  const auto document = decode_state(*content);
  return document ? seen(*document) : seen(document.error());
}

}  // namespace trunkform::state
