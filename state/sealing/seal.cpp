#include "state/sealing/seal.hpp"

#include <algorithm>

#include "schemas/codec/base64.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/hmac.hpp"
#include "schemas/codec/sealed_box.hpp"
#include "schemas/codec/sealed_codec.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/document/rows.hpp"
#include "state/sealing/vouched.hpp"

namespace trunkform::state {
namespace {

constexpr std::size_t k_row_id_digits = 32;

Error no_key() {
  return Error(ErrorCode::denied, "the state is encrypted, and the configuration has no key for it",
               "trunkform.state_encryption is missing")
      .hint("write the block that it was encrypted with: docs/configuration.md, `trunkform`")
      .hint("to keep it in the clear from now on: docs/encryption.md, \"Going back\"");
}

Error in_the_clear(std::string_view what) {
  return Error(ErrorCode::untrusted, std::string(what) + " is not encrypted",
               "trunkform.state_encryption says that it must be: nothing that is in the clear is believed")
      .hint("where it never was: encrypt it: trunkform init -migrate-state")
      .hint("where it was: find out who put it there, and put back the encrypted one of before");
}

Error damaged(std::string_view what, Error cause) {
  if (cause.code != ErrorCode::corrupt) return cause;
  return Error(ErrorCode::corrupt, std::string(what) + " cannot be decrypted",
               "it was changed, or belongs to another state, workspace or moment")
      .because(std::move(cause));
}

}  // namespace

bool is_refused(const Error& error) {
  using enum ErrorCode;
  return error.code != corrupt && error.code != unsupported && error.code != io && error.code != internal;
}

bool Seal::lacks_document() const {
  const std::scoped_lock guard(m_mutex);
  return encrypts() && !m_has_document;
}

bool Seal::saw_plain() const {
  const std::scoped_lock guard(m_mutex);
  return m_saw_plain;
}

std::string Seal::salt() {
  std::string salt(k_box_salt_size, '\0');
  m_random.fill({reinterpret_cast<std::uint8_t*>(salt.data()), salt.size()});
  return salt;
}

Result<std::string> Seal::box(DataKeys& keys, const std::string& key, std::string_view plain,
                              const std::string& vouched) {
  return encode_base64(seal_box(*TRY(keys.key(key)), salt(), plain, vouched));
}

Result<std::string> Seal::opened(DataKeys& keys, const std::string& key, std::string_view box,
                                 const std::string& vouched) {
  const auto* opener = TRY(keys.key(key));
  const auto bytes = decode_base64(box);
  if (!bytes) return Error(ErrorCode::corrupt, "it is not base64");
  return open_box(*opener, *bytes, vouched);
}

Result<std::string> Seal::opened(DataKeys& keys, const std::string& key, const std::string& wrapped,
                                 std::string_view box, const std::string& vouched) {
  const bool is_new = !wrapped.empty() && !keys.knows(key);
  if (is_new) keys.learn(key, wrapped);
  auto plain = opened(keys, key, box, vouched);
  if (!plain && is_new) keys.forget(key);
  return plain;
}

/// A name for the row of an address, by which nobody without the key finds the address.
Result<std::string> Seal::row_id(const std::string& key, const std::string& address) {
  const auto names = derived_key(*TRY(m_keys.key(key)), "trunkform names of rows 1");
  return to_hex(hmac_sha256(names, address)).substr(0, k_row_id_digits);
}

Result<> Seal::open_rows(const StateDocument& stored, StateDocument& document) {
  const auto& sealed = *stored.sealed;
  std::map<std::string, Row> rows;
  for (const auto& [id, box] : sealed.rows) {
    auto text = opened(m_keys, sealed.key, box, vouched_for_row(stored.lineage, m_workspace, id));
    if (!text) return damaged("a record of the state", std::move(text.error()));
    auto row = TRY(decode_state(*text));
    document.resources.merge(row.resources);
    rows[id] = {sealed.key, sha256(*text), box};
  }
  m_rows = std::move(rows);
  return {};
}

Result<StateDocument> Seal::open(StateDocument stored) {
  const std::scoped_lock guard(m_mutex);
  if (!stored.sealed && !encrypts()) return stored;
  if (!encrypts()) return no_key();
  if (!stored.sealed) {
    if (!accepts_plain()) return in_the_clear("the state");
    m_saw_plain = true;
    m_clear_through = std::max(m_clear_through, stored.folded_through);
    return stored;
  }
  const auto& sealed = *stored.sealed;
  for (const auto& [id, wrapped] : sealed.keys) m_keys.learn(id, wrapped);
  auto head = opened(m_keys, sealed.key, sealed.head, vouched_for_head(stored, m_workspace));
  if (!head) return damaged("the state", std::move(head.error()));
  auto document = TRY(decode_state(*head));
  TRY(open_rows(stored, document));
  m_keys.choose(sealed.key);
  m_clear_through = sealed.clear_through;
  m_has_document = true;
  return document;
}

Result<StateDocument> Seal::seal(const StateDocument& document) {
  const std::scoped_lock guard(m_mutex);
  if (writes_plain()) return document;
  auto sealed = std::make_shared<SealedDocument>();
  sealed->key = TRY(m_keys.current());
  sealed->keys = m_keys.wrapped();
  sealed->clear_through = m_clear_through;
  std::map<std::string, Row> rows;
  for (const auto& [address, text] : rows_of(document)) {
    const auto id = TRY(row_id(sealed->key, address));
    Row row{sealed->key, sha256(text), {}};
    const auto before = m_rows.find(id);
    const bool is_same =
        before != m_rows.end() && before->second.key == row.key && before->second.content == row.content;
    row.box = is_same ? before->second.box
                      : TRY(box(m_keys, row.key, text, vouched_for_row(document.lineage, m_workspace, id)));
    sealed->rows.emplace(id, row.box);
    rows.emplace(id, std::move(row));
  }
  StateDocument outside;
  outside.lineage = document.lineage;
  outside.serial = document.serial;
  outside.sealed = sealed;
  sealed->head = TRY(box(m_keys, sealed->key, head_of(document), vouched_for_head(outside, m_workspace)));
  m_rows = std::move(rows);
  m_has_document = true;
  return outside;
}

Result<std::string> Seal::open_line(std::string_view line) {
  const std::scoped_lock guard(m_mutex);
  if (!is_sealed_line(line)) {
    const auto number = peek_sequence(line);
    if (!encrypts() || !number || *number <= m_clear_through) return std::string(line);
    if (!accepts_plain()) return in_the_clear("event " + std::to_string(*number));
    m_saw_plain = true;
    m_clear_through = *number;
    return std::string(line);
  }
  if (!encrypts()) return no_key();
  const auto sealed = TRY(decode_sealed_line(line));
  auto event = opened(m_keys, sealed.key, sealed.wrapped, sealed.box,
                      vouched_for_event(m_workspace, sealed.key, sealed.sequence));
  if (!event) return damaged("event " + std::to_string(sealed.sequence), std::move(event.error()));
  // Where the document is lost, the latest key goes on: an earlier one may have leaked.
  if (!m_has_document) m_keys.choose(sealed.key);
  return event;
}

Result<std::string> Seal::seal_line(std::string_view line) {
  const std::scoped_lock guard(m_mutex);
  if (writes_plain()) return std::string(line);
  SealedLine sealed;
  sealed.sequence = peek_sequence(line).value_or(0);
  sealed.key = TRY(m_keys.current());
  // So that a log can be read without its document, which may come later, or be lost.
  const bool begins = line.find(R"("kind":"epoch_opened")") != std::string_view::npos;
  if (begins || !m_has_document) sealed.wrapped = m_keys.wrapped(sealed.key);
  sealed.box = TRY(box(m_keys, sealed.key, line, vouched_for_event(m_workspace, sealed.key, sealed.sequence)));
  return encode_sealed_line(sealed);
}

Result<std::string> Seal::seal_lines(std::string lines) {
  if (!encrypts()) return lines;
  std::string sealed;
  for (std::size_t from = 0; from < lines.size();) {
    const auto end = lines.find('\n', from);
    sealed += TRY(seal_line(std::string_view(lines).substr(from, end - from))) + "\n";
    from = end + 1;
  }
  return sealed;
}

std::string Seal::vouched_for(std::string_view kind) const {
  const bool is_shared = kind == k_owners_text || kind == k_pacing_text;
  return vouched_for_text(kind, is_shared ? std::string() : m_workspace);
}

Result<std::string> Seal::open_text(std::string_view kind, const std::string& text) {
  const std::scoped_lock guard(m_mutex);
  if (!is_sealed_text(text)) {
    if (!encrypts()) return text;
    if (!accepts_plain()) return in_the_clear("what is kept of " + std::string(kind));
    m_saw_plain = true;
    return text;
  }
  if (!encrypts()) return no_key();
  const auto sealed = TRY(decode_sealed_text(text));
  auto plain = opened(m_text_keys, sealed.key, sealed.wrapped, sealed.box, vouched_for(kind));
  if (plain) m_text_keys.choose(sealed.key);
  if (!plain) return damaged("what is kept of " + std::string(kind), std::move(plain.error()));
  return plain;
}

Result<std::string> Seal::seal_text(std::string_view kind, const std::string& text) {
  const std::scoped_lock guard(m_mutex);
  if (writes_plain()) return text;
  SealedText sealed;
  sealed.kind = kind;
  sealed.key = TRY(m_text_keys.current());
  sealed.wrapped = m_text_keys.wrapped(sealed.key);
  sealed.box = TRY(box(m_text_keys, sealed.key, text, vouched_for(kind)));
  return encode_sealed_text(sealed);
}

Result<> Seal::rekey(DataKeys::Fresh fresh) {
  const std::scoped_lock guard(m_mutex);
  // What is there opens under the earlier key, and is not sealed with it again.
  TRY(m_text_keys.rekey(DataKeys::Fresh::yes));
  return m_keys.rekey(fresh);
}

}  // namespace trunkform::state
