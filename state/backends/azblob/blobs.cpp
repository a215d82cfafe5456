#include "state/backends/azblob/blobs.hpp"

#include "state/remote/epoch.hpp"

namespace trunkform::state::azblob {
namespace {

constexpr int k_list_page = 1000;
constexpr const char* k_format = "1";

bool is_write(const BlobFacts& facts, const BlobNotes& notes) {
  const auto found = facts.notes.find(k_write_note);
  return found != facts.notes.end() && found->second == notes.at(k_write_note);
}

}  // namespace

BlobNotes of_this_format(BlobNotes notes) {
  notes[k_format_note] = k_format;
  return notes;
}

Result<> check_format(const std::string& name, const BlobNotes& notes) {
  const auto found = notes.find(k_format_note);
  if (found == notes.end())
    return Error(ErrorCode::corrupt, "the blob " + name + " is not one of trunkform's, or has lost its metadata",
                 "it has no trunkform_format, as docs/formats/azblob.md has it")
        .hint("write its metadata again, as docs/formats/azblob.md says: az storage blob metadata update");
  if (found->second == k_format) return {};
  return Error(ErrorCode::unsupported, "the blob " + name + " is of a later version of trunkform")
      .hint("use the version that wrote it, or a later one");
}

Result<std::optional<StoredBlob>> Blobs::get(const Context& context, const std::string& name) {
  auto found = TRY(m_store->get(context, name));
  if (found) TRY(check_format(name, found->facts.notes));
  return found;
}

BlobNotes Blobs::stamped(BlobNotes notes) {
  notes[k_write_note] = fresh_id();
  return of_this_format(std::move(notes));
}

/// A request may reach the server twice, by what stands between: the second is refused because of the first.
Result<std::string> Blobs::put_stamped(const Context& context, const std::string& name, const std::string& bytes,
                                       const BlobNotes& notes, const WriteCondition& condition,
                                       const std::string& lease) {
  auto written = m_store->put(context, name, bytes, notes, condition, lease);
  if (written || written.error().code != ErrorCode::conflict) return written;
  const auto found = TRY(m_store->look(context, name));
  if (found && is_write(*found, notes)) return found->etag;
  return written;
}

Result<std::string> Blobs::put(const Context& context, const std::string& name, const std::string& bytes,
                               BlobNotes notes, const WriteCondition& condition, const std::string& lease) {
  return put_stamped(context, name, bytes, stamped(std::move(notes)), condition, lease);
}

Result<std::string> Blobs::put_surely(const Context& context, const std::string& name, const std::string& bytes,
                                      BlobNotes notes, const WriteCondition& condition, const std::string& lease) {
  const auto own = stamped(std::move(notes));
  std::string etag;
  TRY(until_known(
      context, m_clock,
      [&]() -> Result<> {
        etag = TRY(put_stamped(context, name, bytes, own, condition, lease));
        return {};
      },
      [&]() -> Result<bool> {
        auto found = TRY(m_store->look(context, name));
        if (!found || !is_write(*found, own)) return false;
        etag = std::move(found->etag);
        return true;
      }));
  return etag;
}

Result<> Blobs::each(const Context& context, const std::string& prefix,
                     const std::function<Result<Go>(const ListedBlob& blob)>& use) {
  std::string next;
  do {
    auto page = TRY(m_store->list(context, prefix, next, k_list_page));
    for (const auto& blob : page.blobs)
      if (TRY(use(blob)) == Go::no_further) return {};
    next = std::move(page.next);
  } while (!next.empty());
  return {};
}

}  // namespace trunkform::state::azblob
