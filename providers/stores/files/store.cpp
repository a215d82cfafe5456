#include "providers/stores/files/store.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "providers/stores/layout.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {
namespace {

constexpr std::string_view k_request = "request: ";
constexpr std::string_view k_since = "since: ";

/// What stands in a line of a text that may hold a key too.
std::string line_in(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos || (at > 0 && text[at - 1] != '\n')) return {};
  const auto from = at + name.size();
  return std::string(text.substr(from, text.find('\n', from) - from));
}

SecretBuffer text_of(const StagedKey& key) {
  const auto head = fmt::format("{}{}\n{}{}\n", k_request, key.request, k_since, to_rfc3339(key.since));
  SecretBuffer text(head.size() + key.private_key.size());
  std::copy(head.begin(), head.end(), text.data());
  std::copy_n(key.private_key.data(), key.private_key.size(), text.data() + head.size());
  return text;
}

bool is_missing(const Error& error) { return error.code == ErrorCode::not_found; }

std::optional<std::uint64_t> number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data(), end, number);
  return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

Checkup FilesStore::examine(const Context&) {
  Checkup checkup;
  auto folder = m_folder;
  while (folder.has_relative_path() && !m_files.exists(folder).value_or(true)) folder = folder.parent_path();
  if (auto writable = m_files.check_writable(folder); !writable)
    checkup.bad(
        std::move(writable.error()).hint("let the user that trunkform runs as write there, or name another `path`"));
  else
    checkup.good(folder == m_folder ? "the folder may be written to"
                                    : fmt::format("the folder is made by the first apply, in '{}'", folder.string()));
  return checkup;
}

Path FilesStore::folder_of(std::uint64_t number) const { return m_folder / "versions" / fmt::format("{:06}", number); }

/// The operator trusts this folder: what is in it may lie in a checkout, and a link there would lead a key elsewhere.
Result<> FilesStore::leads_nowhere_else(const Path& path) {
  const auto target = m_files.read_link(path);
  if (!target) return {};
  return Error(ErrorCode::untrusted, fmt::format("'{}' is a symbolic link to {}", path.string(), target->string()),
               "a key that is written there would leave the place that the operator trusts")
      .hint("remove the link; where the store is to lie elsewhere, name that place as `path`");
}

/// A checkout is pushed to where others read it. What git is told here it is told of this folder alone; where somebody
/// has told it something else, that stays.
Result<> FilesStore::keep_out_of_git() {
  auto at = m_folder;
  while (!TRY(m_files.exists(at / ".git"))) {
    if (!at.has_relative_path()) return {};
    at = at.parent_path();
  }
  if (TRY(m_files.exists(m_folder / ".gitignore"))) return {};
  return m_files.replace(m_folder / ".gitignore", "*\n", 0644);
}

/// A run that was killed while it wrote a file leaves it under another name, with a key in it perhaps.
void FilesStore::remove_what_died(const Path& folder) {
  const auto names = m_files.list(folder);
  if (!names) return;
  for (const auto& name : *names)
    if (name.starts_with('.') && name.ends_with(".tmp")) (void)m_files.remove(folder / name);
}

/// Writers hold it for moments only.
Result<std::unique_ptr<FileLock>> FilesStore::lock() {
  TRY(leads_nowhere_else(m_folder / "versions"));
  TRY(m_files.create_directories(m_folder / "versions"));
  auto held = m_files.lock(m_folder / ".lock");
  if (held) remove_what_died(m_folder);
  if (!held && held.error().code == ErrorCode::lock_held)
    return Error(ErrorCode::lock_held, fmt::format("another run is writing to '{}'", m_folder.string()))
        .hint("run this again when it has ended");
  return held;
}

/// Without its link a store would seem to be empty, and another certificate would be issued in place of one that is
/// there.
Result<> FilesStore::has_no_versions() {
  if (!TRY(m_files.exists(m_folder / "versions"))) return {};
  const auto staged = read_staged();
  for (const auto number : TRY(numbers())) {
    const auto folder = folder_of(number);
    // A run that died before it made the first link: whoever goes on with its request does.
    if (const auto request = m_files.read(folder / "request", 4096);
        request && staged && *staged && line_in(*request, k_request) == (*staged)->request)
      continue;
    if (!TRY(m_files.exists(folder / "chain.pem")) || !TRY(m_files.exists(folder / "key.pem"))) continue;
    return Error(ErrorCode::corrupt, fmt::format("'{}' does not say which version is live", m_folder.string()),
                 fmt::format("its link `live` is gone or leads nowhere, and '{}' has a pair", folder.string()))
        .hint(fmt::format("lead it to the newest: ln -sfn versions/{:06} {}", number,
                          shell_word((m_folder / "live").string())))
        .hint(fmt::format("or begin anew, with what is there out of the way: mv {0} {0}.old",
                          shell_word((m_folder / "versions").string())));
  }
  return {};
}

/// The version is what `certificate.pem_files` calls it: the digest of its certificates.
Result<std::optional<StoredVersion>> FilesStore::read_current() {
  const auto live = m_folder / "live";
  auto chain = m_files.read(live / "chain.pem", 1U << 20U);
  if (!chain && is_missing(chain.error())) {
    TRY(has_no_versions());
    return std::optional<StoredVersion>();
  }
  if (!chain) return std::move(chain.error());
  StoredVersion stored;
  stored.version = {to_hex(TRY(x509::chain_digest_of_pem(*chain)))};
  if (auto request = m_files.read(live / "request", 4096)) stored.request = line_in(*request, k_request);
  return std::optional(std::move(stored));
}

Result<std::optional<StoredVersion>> FilesStore::current(const Context&) { return read_current(); }

Result<std::optional<StagedKey>> FilesStore::read_staged() {
  const auto file = m_folder / "pending.pem";
  auto text = m_files.read_secret(file, 1U << 20U);
  if (!text && is_missing(text.error())) return std::optional<StagedKey>();
  if (!text) return std::move(text.error());
  StagedKey key;
  key.request = line_in(text->view(), k_request);
  const auto since = parse_rfc3339(line_in(text->view(), k_since));
  auto found = x509::key_in(*text);
  if (key.request.empty() || !since || !found)
    return Error(ErrorCode::corrupt, fmt::format("'{}' is no key that was staged here", file.string()))
        .hint(fmt::format("nothing uses it: move it away and run this again: mv {} {}", shell_quoted(file.string()),
                          shell_quoted(file.string() + ".old")));
  key.since = *since;
  key.private_key = std::move(*found);
  return std::optional(std::move(key));
}

Result<std::optional<StagedKey>> FilesStore::staged(const Context&) { return read_staged(); }

Result<> FilesStore::stage(const Context&, const StagedKey& key, const std::optional<std::string>& instead_of) {
  const auto held = TRY(lock());
  const auto before = TRY(read_staged());
  if (before && before->request == key.request) return {};
  const auto there = before ? std::optional(before->request) : std::nullopt;
  if (there != instead_of) return staged_meanwhile(fmt::format("'{}'", m_folder.string()));
  TRY(keep_out_of_git());
  const auto text = text_of(key);
  return m_files.replace(m_folder / "pending.pem", text.view(), 0600);
}

Result<> FilesStore::remove_staged(const std::string& request) {
  const auto staged = TRY(read_staged());
  if (!staged || staged->request != request) return {};
  return m_files.remove(m_folder / "pending.pem");
}

Result<> FilesStore::unstage(const Context&, const std::string& request) {
  const auto held = TRY(lock());
  return remove_staged(request);
}

/// Newest first.
Result<std::vector<std::uint64_t>> FilesStore::numbers() {
  std::vector<std::uint64_t> found;
  for (const auto& name : TRY(m_files.list(m_folder / "versions")))
    if (const auto number = number_of(name)) found.push_back(*number);
  std::sort(found.rbegin(), found.rend());
  return found;
}

/// A run that died before the link was moved left its folder: it is filled again.
Result<Path> FilesStore::place_for(const std::string& request) {
  const auto known = TRY(numbers());
  if (known.empty()) return folder_of(1);
  const auto newest = folder_of(known.front());
  const auto text = m_files.read(newest / "request", 4096);
  const bool is_empty = !text && is_missing(text.error()) && !TRY(m_files.exists(newest / "chain.pem"));
  const bool is_ours = text && line_in(*text, k_request) == request;
  return is_empty || is_ours ? newest : folder_of(known.front() + 1);
}

Result<VersionId> FilesStore::promote(const Context&, const std::string& request, const KeyPair& pair,
                                      const std::optional<VersionId>& expected) {
  const auto held = TRY(lock());
  const auto before = TRY(read_current());
  if (before && before->request == request) {
    TRY(remove_staged(request));
    return before->version;
  }
  const auto there = before ? std::optional(before->version) : std::nullopt;
  if (there != expected) return replaced_meanwhile(fmt::format("'{}'", m_folder.string()));
  const auto folder = TRY(place_for(request));
  TRY(leads_nowhere_else(folder));
  TRY(m_files.create_directories(folder));
  remove_what_died(folder);
  TRY(m_files.replace(folder / "request", fmt::format("{}{}\n", k_request, request), 0600));
  TRY(m_files.replace(folder / "key.pem", pair.private_key.view(), 0600));
  TRY(m_files.replace(folder / "chain.pem", pair.chain_pem, 0644));
  TRY(m_files.replace_link(m_folder / "live", Path("versions") / folder.filename()));
  TRY(remove_staged(request));
  (void)prune();  // what could not be removed now is the next time
  return VersionId{to_hex(TRY(x509::chain_digest_of_pem(pair.chain_pem)))};
}

Result<std::vector<std::string>> FilesStore::outnumbered(const Context&) {
  std::vector<std::string> found;
  if (!TRY(m_files.exists(m_folder / "versions"))) return found;
  const auto known = TRY(numbers());
  for (auto i = known.size(); i >= m_keep; --i) found.push_back(fmt::format("version {:06}", known[i - 1]));
  return found;
}

/// The key goes first: what is left without one is no way back.
Result<> FilesStore::prune() {
  const auto known = TRY(numbers());
  for (std::size_t i = m_keep; i < known.size(); ++i) {
    const auto folder = folder_of(known[i]);
    remove_what_died(folder);
    for (const auto* name : {"key.pem", "chain.pem", "request"})
      if (auto gone = m_files.remove(folder / name); !gone && !is_missing(gone.error())) return gone;
    TRY(m_files.remove(folder));
  }
  return {};
}

}  // namespace trunkform::stores
