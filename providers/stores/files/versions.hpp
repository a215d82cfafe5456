#pragma once
// The folders `versions/NUMBER` of a store of files: which there are, which are whole, and which go. Private to the
// folder. Borrows the file system; whoever changes something holds the store's lock. Nothing is removed through a link.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/ports/file_system.hpp"

namespace trunkform::stores {

/// What stands in a line of a text that may hold a key too: `request: 5c…`.
std::string line_in(std::string_view text, std::string_view name);
inline constexpr std::string_view k_request_line = "request: ";

class FileVersions {
 public:
  /// `store`: the store's folder. `keep`: whole versions that are left, the live one among them; 2 at the least.
  FileVersions(FileSystem& files, Path store, std::size_t keep)
      : m_files(files), m_store(std::move(store)), m_keep(keep) {}

  Path root() const { return m_store / "versions"; }
  Path folder_of(std::uint64_t number) const;
  /// All that a store could have made, newest first; none where there is no folder. Other names are nobody's business,
  /// and a link is no version: what it leads to is neither counted nor removed.
  Result<std::vector<std::uint64_t>> numbers();
  /// Something in the place of a version, or of their folder, that leads elsewhere; none: all is the store's own.
  std::optional<Path> link_among_them();
  /// Whether a chain and a key are there: what has no key is no way back.
  Result<bool> is_whole(std::uint64_t number);
  /// Empty: it says none.
  std::string request_of(std::uint64_t number);
  /// Where the link `live` leads; none: it is gone, leads elsewhere, or is no link.
  std::optional<std::uint64_t> live();

  /// Of a version that is added. Error: corrupt: somebody made the last one that there is.
  Result<std::uint64_t> next();
  /// A run that died before the link was moved left its folder: it is filled again. Errors: as `next`.
  Result<std::uint64_t> place_for(const std::string& request);
  /// What somebody began for this request and never led `live` to goes, its key first. Nobody's: nothing is done.
  Result<> remove_half_made(const std::string& request);
  /// The whole versions that are too many when another one is added: the live one is the way back from it, and stays.
  Result<std::vector<std::uint64_t>> outnumbered();
  /// Removes them, now that `added` is live. `before`: what was live until then, the way back.
  Result<> prune(std::uint64_t added, const std::optional<std::uint64_t>& before);
  /// A run that was killed while it wrote a file leaves it under another name, with a key in it perhaps. `folder`: of
  /// the store, and relative to it.
  void remove_what_died(const Path& folder);

 private:
  FileSystem& m_files;
  Path m_store;
  std::size_t m_keep;

  Result<std::vector<std::uint64_t>> whole_ones(const std::optional<std::uint64_t>& first);
  Result<> remove(std::uint64_t number);
};

}  // namespace trunkform::stores
