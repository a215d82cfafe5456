#include "providers/stores/files/versions.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {
namespace {

bool is_absent(const Error& error) { return error.code == ErrorCode::not_found; }

/// A store that issues each second for a lifetime gets nowhere near it.
constexpr std::uint64_t k_last = 999'999'999'999;

std::string name_of(std::uint64_t number) { return fmt::format("{:06}", number); }

/// Only of a name that a store gives: what somebody else has put there is neither counted on from nor removed.
std::optional<std::uint64_t> number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool is_ours = error == std::errc{} && number > 0 && number <= k_last && name == name_of(number);
  return is_ours ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string line_in(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos || (at > 0 && text[at - 1] != '\n')) return {};
  const auto from = at + name.size();
  return std::string(text.substr(from, text.find('\n', from) - from));
}

Path FileVersions::folder_of(std::uint64_t number) const { return root() / name_of(number); }

Result<std::vector<std::uint64_t>> FileVersions::numbers() {
  std::vector<std::uint64_t> found;
  if (!TRY(m_files.exists(root()))) return found;
  for (const auto& name : TRY(m_files.list(root())))
    if (const auto number = number_of(name); number && !m_files.read_link(root() / name)) found.push_back(*number);
  std::sort(found.rbegin(), found.rend());
  return found;
}

std::optional<Path> FileVersions::link_among_them() {
  if (m_files.read_link(root())) return root();
  if (const auto names = m_files.list(root()))
    for (const auto& name : *names)
      if (number_of(name) && m_files.read_link(root() / name)) return root() / name;
  return std::nullopt;
}

Result<bool> FileVersions::is_whole(std::uint64_t number) {
  const auto folder = folder_of(number);
  return TRY(m_files.exists(folder / "chain.pem")) && TRY(m_files.exists(folder / "key.pem"));
}

std::string FileVersions::request_of(std::uint64_t number) {
  const auto text = m_files.read(folder_of(number) / "request", 4096);
  return text ? line_in(*text, k_request_line) : std::string();
}

std::optional<std::uint64_t> FileVersions::live() {
  const auto target = m_files.read_link(m_store / "live");
  if (!target) return std::nullopt;
  const auto number = number_of(target->filename().string());
  return number && (m_store / *target).lexically_normal() == folder_of(*number) ? number : std::nullopt;
}

Result<std::uint64_t> FileVersions::next() {
  const auto known = TRY(numbers());
  if (known.empty()) return 1;
  if (known.front() < k_last) return known.front() + 1;
  const auto last = folder_of(known.front());
  return Error(ErrorCode::corrupt, fmt::format("there is no number for a version after '{}'", last.string()),
               "the next version is the one after the greatest, and no store gets that far: somebody made this folder")
      .hint(fmt::format("put it out of the way, where `live` does not lead to it: mv {0} {0}.old",
                        shell_word(last.string())));
}

Result<std::uint64_t> FileVersions::place_for(const std::string& request) {
  const auto known = TRY(numbers());
  if (known.empty()) return next();
  const auto newest = folder_of(known.front());
  const auto text = m_files.read(newest / "request", 4096);
  const bool is_empty = !text && is_absent(text.error()) && !TRY(m_files.exists(newest / "chain.pem"));
  const bool is_ours = text && line_in(*text, k_request_line) == request;
  return is_empty || is_ours ? known.front() : next();
}

Result<> FileVersions::remove_half_made(const std::string& request) {
  const auto known = TRY(numbers());
  if (known.empty() || known.front() == live() || request_of(known.front()) != request) return {};
  return remove(known.front());
}

/// `first` and then from the newest on.
Result<std::vector<std::uint64_t>> FileVersions::whole_ones(const std::optional<std::uint64_t>& first) {
  std::vector<std::uint64_t> whole;
  for (const auto number : TRY(numbers()))
    if (TRY(is_whole(number))) whole.insert(number == first ? whole.begin() : whole.end(), number);
  return whole;
}

Result<std::vector<std::uint64_t>> FileVersions::outnumbered() {
  const auto whole = TRY(whole_ones(live()));
  std::vector<std::uint64_t> found;
  for (auto i = whole.size(); i >= m_keep; --i) found.push_back(whole[i - 1]);
  return found;
}

/// What has no key counts for nothing, and goes when all that are kept are younger.
Result<> FileVersions::prune(std::uint64_t added, const std::optional<std::uint64_t>& before) {
  const auto known = TRY(numbers());
  std::vector<std::uint64_t> kept{added};
  for (const auto number : TRY(whole_ones(before)))
    if (number != added && kept.size() < m_keep) kept.push_back(number);
  if (kept.size() < m_keep) return {};
  const auto oldest = *std::min_element(kept.begin(), kept.end());
  for (const auto number : known) {
    const bool is_kept = std::find(kept.begin(), kept.end(), number) != kept.end();
    if (!is_kept && (number < oldest || TRY(is_whole(number)))) TRY(remove(number));
  }
  return {};
}

/// The key goes first: what is left without one is no way back. Nothing outside the store goes: somebody else may write
/// to it, and have put a link there since it was looked at.
Result<> FileVersions::remove(std::uint64_t number) {
  const auto folder = Path("versions") / name_of(number);
  remove_what_died(folder);
  for (const auto* name : {"key.pem", "chain.pem", "request"})
    if (auto gone = m_files.remove_beneath(m_store, folder / name); !gone && !is_absent(gone.error())) return gone;
  return m_files.remove_beneath(m_store, folder);
}

void FileVersions::remove_what_died(const Path& folder) {
  const auto names = m_files.list(m_store / folder);
  if (!names) return;
  for (const auto& name : *names)
    if (name.starts_with('.') && name.ends_with(".tmp")) (void)m_files.remove_beneath(m_store, folder / name);
}

}  // namespace trunkform::stores
