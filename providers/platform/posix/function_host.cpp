#include "providers/platform/posix/function_host.hpp"

#include <algorithm>

#include "schemas/codec/digest.hpp"

namespace trunkform::platform {

namespace {

/// Where a pipeline keeps the token that it checked out with (`.git/config`), and whoever may change the configuration
/// could have it shown.
bool is_of_git(const Path& root, const Path& beneath) {
  std::error_code unreadable;
  const auto folder = std::filesystem::weakly_canonical(root, unreadable);
  const auto real = std::filesystem::weakly_canonical(root / beneath, unreadable).lexically_relative(folder);
  const auto has_git = [](const Path& path) { return std::find(path.begin(), path.end(), ".git") != path.end(); };
  return has_git(beneath) || has_git(real);
}

}  // namespace

FolderFunctionHost::FolderFunctionHost(FileSystem& files, Path root) : m_files(files), m_root(std::move(root)) {}

Result<Path> FolderFunctionHost::relative(const std::string& path) const {
  if (path.empty()) return Error(ErrorCode::invalid_input, "a file name is empty");
  const Path given(path);
  auto beneath = given.is_absolute() ? given.lexically_normal().lexically_relative(m_root.lexically_normal()) : given;
  // The kernel refuses what leads out as well, but only where the folders on the way exist.
  const auto normal = beneath.lexically_normal();
  if (normal.empty() || *normal.begin() == "..")
    return Error(ErrorCode::untrusted, path + " leads out of " + m_root.string(),
                 "configuration reads files only beneath its own folder")
        .hint("copy the file into the folder of the configuration");
  if (is_of_git(m_root, beneath))
    return Error(ErrorCode::untrusted, path + " is git's own",
                 "what lies in .git may hold credentials, such as the token of a pipeline's checkout")
        .hint("copy what you need into a file beside the configuration");
  return beneath;
}

Result<std::string> FolderFunctionHost::read_file(const std::string& path) {
  const auto name = TRY(relative(path));
  auto bytes = TRY(m_files.read_beneath(m_root, name));
  const std::scoped_lock lock(m_mutex);
  m_digests[name.lexically_normal().string()] = sha256_hex(bytes);
  return bytes;
}

Result<bool> FolderFunctionHost::file_exists(const std::string& path) {
  const auto name = TRY(relative(path));
  const auto bytes = m_files.read_beneath(m_root, name);
  if (bytes) return true;
  if (bytes.error().code == ErrorCode::not_found) return false;
  return bytes.error();
}

std::string FolderFunctionHost::real_path(const std::string& path) const {
  std::error_code unreadable;
  const auto absolute = std::filesystem::absolute(m_root / path);
  auto real = std::filesystem::weakly_canonical(absolute, unreadable);
  if (unreadable) real = absolute.lexically_normal();
  return (real.has_filename() ? real : real.parent_path()).string();
}

std::map<std::string, std::string> FolderFunctionHost::digests() const {
  const std::scoped_lock lock(m_mutex);
  return m_digests;
}

}  // namespace trunkform::platform
