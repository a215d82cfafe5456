#include "state/backends/azblob/state_blob.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/digest.hpp"
#include "schemas/codec/lock_codec.hpp"

namespace trunkform::state::azblob {
namespace {

constexpr int k_make_rounds = 10;
constexpr const char* k_generation_note = "trunkform_generation";
constexpr const char* k_holder_note = "trunkform_holder";
/// Azure takes 8 KB of metadata in all.
constexpr std::size_t k_longest_note = 4096;

bool is_uuid(std::string_view text) {
  constexpr std::string_view k_form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != k_form.size()) return false;
  return std::equal(text.begin(), text.end(), k_form.begin(), [](char c, char form) {
    const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return form == '-' ? c == '-' : is_digit;
  });
}

/// A header takes ASCII alone, and JSON has a way to say the rest in it.
std::string in_ascii(const LockInfo& info) {
  auto json = nlohmann::ordered_json::parse(encode_lock_info(info), nullptr, false);
  if (json.is_discarded()) json = {{"ID", info.id}};
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Result<StateBlob> state_blob_of(const std::string& name, BlobFacts facts) {
  TRY(check_format(name, facts.notes));
  StateBlob blob;
  const auto generation = facts.notes.find(k_generation_note);
  if (generation == facts.notes.end() || !is_uuid(generation->second))
    return Error(ErrorCode::corrupt, "the blob " + name + " names no generation",
                 "its metadata was changed, and without it nothing says where its events are")
        .hint("write it again, as docs/formats/azblob.md says: az storage blob metadata update");
  blob.generation = generation->second;
  // Who cannot be read is nobody's name: the lease alone says that there is a holder.
  if (const auto holder = facts.notes.find(k_holder_note); holder != facts.notes.end())
    if (auto info = decode_lock_info(holder->second)) blob.noted = std::move(*info);
  blob.facts = std::move(facts);
  return blob;
}

BlobNotes state_notes(const std::string& generation, const LockInfo* holder) {
  auto notes = of_this_format({{k_generation_note, generation}});
  if (holder == nullptr) return notes;
  auto text = in_ascii(*holder);
  if (text.size() > k_longest_note) {
    auto shorter = *holder;
    shorter.info.clear();
    text = in_ascii(shorter);
  }
  notes[k_holder_note] = std::move(text);
  return notes;
}

std::string lease_id_of(const std::string& lock_id) {
  if (is_uuid(lock_id)) return lower_case(lock_id);
  const auto hex = sha256_hex(lock_id);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
         hex.substr(20, 12);
}

Error lease_ended() { return Error(ErrorCode::fenced, "another run has the lock, or it has run out or was broken"); }

Result<std::optional<StateBlob>> look_at_state(const Context& context, Blobs& blobs, const std::string& name) {
  auto facts = TRY(blobs.store().look(context, name));
  if (!facts) return std::optional<StateBlob>();
  return std::optional(TRY(state_blob_of(name, std::move(*facts))));
}

Result<StateBlob> held_state(const Context& context, Blobs& blobs, const std::string& name,
                             const std::string& lock_id) {
  auto facts = blobs.store().look(context, name, lease_id_of(lock_id));
  if (!facts && facts.error().code != ErrorCode::fenced) return std::move(facts.error());
  if (!facts || !*facts) return lease_ended();
  return state_blob_of(name, std::move(**facts));
}

Result<StateBlob> made_state(const Context& context, Blobs& blobs, const std::string& name) {
  for (int round = 1;; ++round) {
    if (auto seen = TRY(look_at_state(context, blobs, name))) return std::move(*seen);
    const auto put =
        blobs.put_surely(context, name, {}, state_notes(blobs.fresh_id(), nullptr), WriteCondition::absent());
    if (!put && (put.error().code != ErrorCode::conflict || round == k_make_rounds)) return put.error();
  }
}

}  // namespace trunkform::state::azblob
