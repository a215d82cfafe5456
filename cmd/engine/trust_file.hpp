#pragma once
// The trust file as it is written: where it may lie, its lines, read and checked, and lines that come and go
// (Trust::add, Trust::remove). Inside this room only.
#include <vector>

#include "cmd/engine/trust.hpp"

namespace trunkform::engine {

/// What a pull request may change: the git work tree that `folder` lies in, or the folder itself.
Result<Path> authored_folder(FileSystem& files, const Path& folder);

/// Error: untrusted, where a pull request to `work_folder` could change the file.
Result<> check_trust_place(FileSystem& files, const Path& path, const Path& work_folder);

struct TrustLines {
  std::vector<TrustedHost> hosts;
  std::vector<TrustedSecret> secrets;
  std::vector<TrustedProgram> programs;
  std::vector<TrustedWrite> writes;
  std::vector<TrustedScope> scopes;
};
/// Errors: io; corrupt with the place.
Result<TrustLines> read_trust_lines(FileSystem& files, const Path& path);

}  // namespace trunkform::engine
