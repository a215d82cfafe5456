#include "providers/stores/files/store.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "providers/stores/layout.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/staged_place.hpp"

namespace trunkform::stores {
namespace {

constexpr std::string_view k_since = "since: ";

SecretBuffer text_of(const StagedKey& key) {
  const auto head = fmt::format("{}{}\n{}{}\n", k_request_line, key.request, k_since, to_rfc3339(key.since));
  SecretBuffer text(head.size() + key.private_key.size());
  std::copy(head.begin(), head.end(), text.data());
  std::copy_n(key.private_key.data(), key.private_key.size(), text.data() + head.size());
  return text;
}

bool is_missing(const Error& error) { return error.code == ErrorCode::not_found; }

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

/// Keys are written 0600; whoever may lead the link elsewhere decides what is bound.
Result<> FilesStore::may_take_keys() {
  if (const auto link = m_versions.link_among_them()) TRY(leads_nowhere_else(*link));
  for (const auto& to_be : {m_folder / k_staged_file, m_versions.root() / "new" / "key.pem"})
    for (auto& one : m_files.key_exposures(to_be))
      if (one.kind == KeyExposure::Kind::replaced_by_all) return std::move(one.error);
  return {};
}

KeyExposures FilesStore::exposures() {
  std::vector<Path> keys{m_folder / k_staged_file, m_folder / "live" / "key.pem"};
  if (const auto known = m_versions.numbers())
    for (const auto number : *known) keys.push_back(m_versions.folder_of(number) / "key.pem");
  KeyExposures all;
  for (const auto& key : keys) {
    auto found = m_files.key_exposures(key);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

/// The operator trusts this folder: what is in it may lie in a checkout, and a link there would lead a key elsewhere.
Result<> FilesStore::leads_nowhere_else(const Path& path) {
  const auto target = m_files.read_link(path);
  if (!target) return {};
  return Error(ErrorCode::untrusted, fmt::format("'{}' is a symbolic link to {}", path.string(), target->string()),
               "a key that is written there would leave the place that the operator trusts")
      .hint(fmt::format("remove the link; where the store is to lie elsewhere, name that place as `path`: rm {}",
                        shell_word(path.string())));
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

/// Writers hold it for moments only.
Result<std::unique_ptr<FileLock>> FilesStore::lock() {
  TRY(leads_nowhere_else(m_folder / "versions"));
  TRY(m_files.create_directories(m_folder / "versions"));
  auto held = m_files.lock(m_folder / ".lock");
  if (held) m_versions.remove_what_died({});
  if (!held && held.error().code == ErrorCode::lock_held)
    return Error(ErrorCode::lock_held, fmt::format("another run is writing to '{}'", m_folder.string()))
        .hint("run this again when it has ended");
  return held;
}

/// Without its link a store would seem to be empty, and another certificate would be issued in place of one that is
/// there.
Result<> FilesStore::has_no_versions() {
  const auto staged = read_staged();
  for (const auto number : TRY(m_versions.numbers())) {
    // A run that died before it made the first link: whoever goes on with its request does.
    if (staged && *staged && m_versions.request_of(number) == (*staged)->request) continue;
    if (!TRY(m_versions.is_whole(number))) continue;
    return Error(ErrorCode::corrupt, fmt::format("'{}' does not say which version is live", m_folder.string()),
                 fmt::format("its link `live` is gone or leads nowhere, and '{}' has a pair",
                             m_versions.folder_of(number).string()))
        .hint(fmt::format("lead it to the newest: ln -sfn versions/{:06} {}", number,
                          shell_word((m_folder / "live").string())))
        .hint(fmt::format("or begin anew, with what is there out of the way: mv {0} {0}.old",
                          shell_word(m_versions.root().string())));
  }
  return {};
}

/// A backup that follows links restores a folder, which is read like one and cannot be replaced in a moment. `ln -sfn`
/// would make a link within it.
Result<> FilesStore::live_is_a_link() {
  const auto live = m_folder / "live";
  const auto target = m_files.read_link(live);
  if (target || target.error().code != ErrorCode::invalid_input) return {};
  const auto word = shell_word(live.string());
  const auto pair = m_files.read(live / "chain.pem", 1U << 20U);
  const auto digest = pair ? x509::chain_digest_of_pem(*pair) : Result<Fingerprint>(pair.error());
  std::optional<std::uint64_t> newest, same;
  const auto known = TRY(m_versions.numbers());
  for (const auto number : known) {
    if (!TRY(m_versions.is_whole(number))) continue;
    if (!newest) newest = number;
    const auto pem = m_files.read(m_versions.folder_of(number) / "chain.pem", 1U << 20U);
    if (const auto other = pem ? x509::chain_digest_of_pem(*pem) : Result<Fingerprint>(pem.error());
        !same && digest && other && *other == *digest)
      same = number;
  }
  Error error(ErrorCode::corrupt, fmt::format("'{}' is no link", live.string()),
              "a store leads it to one of its versions, and replaces the link; somebody put something else there");
  if (digest && !same && TRY(m_files.exists(live / "key.pem"))) {
    const auto next = TRY(m_versions.next());
    return std::move(error).hint(fmt::format(
        "make what is there a version, and lead the link to it: mkdir -p {0} && mv {1} {2} && ln -s versions/{3:06} "
        "{1}",
        shell_word(m_versions.root().string()), word, shell_word(m_versions.folder_of(next).string()), next));
  }
  const auto to = same ? same : newest;
  return std::move(error).hint(fmt::format("put it out of the way{0}: mv {1} {1}.old{2}",
                                           to ? ", and lead the link to a version" : "", word,
                                           to ? fmt::format(" && ln -s versions/{:06} {}", *to, word) : ""));
}

/// The version is what `certificate.pem_files` calls it: the digest of its certificates.
Result<std::optional<StoredVersion>> FilesStore::read_current() {
  const auto live = m_folder / "live";
  TRY(live_is_a_link());
  auto chain = m_files.read(live / "chain.pem", 1U << 20U);
  if (!chain && is_missing(chain.error())) {
    TRY(has_no_versions());
    return std::optional<StoredVersion>();
  }
  if (!chain) return std::move(chain.error());
  StoredVersion stored;
  stored.version = {to_hex(TRY(x509::chain_digest_of_pem(*chain)))};
  if (auto request = m_files.read(live / "request", 4096)) stored.request = line_in(*request, k_request_line);
  return std::optional(std::move(stored));
}

Result<std::optional<StoredVersion>> FilesStore::current(const Context&) { return read_current(); }

Result<std::optional<StagedKey>> FilesStore::read_staged() {
  const auto file = m_folder / k_staged_file;
  auto text = m_files.read_secret(file, 1U << 20U);
  if (!text && is_missing(text.error())) return std::optional<StagedKey>();
  if (!text) return std::move(text.error());
  StagedKey key;
  key.request = line_in(text->view(), k_request_line);
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
  if (before) TRY(m_versions.remove_half_made(before->request));
  TRY(keep_out_of_git());
  const auto text = text_of(key);
  return m_files.replace(m_folder / k_staged_file, text.view(), 0600);
}

Result<> FilesStore::remove_staged(const std::string& request) {
  const auto staged = TRY(read_staged());
  if (!staged || staged->request != request) return {};
  return m_files.remove(m_folder / k_staged_file);
}

/// What was staged may have got as far as a version that nothing leads to: nobody goes on with it now.
Result<> FilesStore::unstage(const Context&, const std::string& request) {
  const auto held = TRY(lock());
  const auto staged = TRY(read_staged());
  if (!staged || staged->request != request) return {};
  TRY(m_versions.remove_half_made(request));
  return remove_staged(request);
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
  const auto was_live = m_versions.live();
  const auto number = TRY(m_versions.place_for(request));
  const auto folder = m_versions.folder_of(number);
  TRY(leads_nowhere_else(folder));
  TRY(m_files.create_directories(folder));
  m_versions.remove_what_died(Path("versions") / folder.filename());
  TRY(m_files.replace(folder / "request", fmt::format("{}{}\n", k_request_line, request), 0600));
  TRY(m_files.replace(folder / "key.pem", pair.private_key.view(), 0600));
  TRY(m_files.replace(folder / "chain.pem", pair.chain_pem, 0644));
  TRY(m_files.replace_link(m_folder / "live", Path("versions") / folder.filename()));
  TRY(remove_staged(request));
  (void)m_versions.prune(number, was_live);  // what could not be removed now is the next time
  return VersionId{to_hex(TRY(x509::chain_digest_of_pem(pair.chain_pem)))};
}

Result<std::vector<std::string>> FilesStore::outnumbered(const Context&) {
  std::vector<std::string> found;
  for (const auto number : TRY(m_versions.outnumbered())) found.push_back(fmt::format("version {:06}", number));
  return found;
}

}  // namespace trunkform::stores
