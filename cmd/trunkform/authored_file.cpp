#include "cmd/trunkform/authored_file.hpp"

namespace trunkform::cli {
namespace {

Path in_full(const Path& path) { return std::filesystem::absolute(path).lexically_normal(); }

bool passes_a_link(FileSystem& files, Path at, const Path& relative) {
  for (const auto& part : relative) {
    at /= part;
    if (files.read_link(at)) return true;
  }
  return false;
}

}  // namespace

Result<std::string> read_authored(FileSystem& files, const Path& folder, const Path& name, std::uint64_t limit) {
  const auto relative = in_full(folder / name).lexically_relative(in_full(folder / ""));
  // Without a link on the way there is nothing for the kernel to refuse, and not every kernel can.
  const bool is_beneath = !relative.empty() && *relative.begin() != "..";
  if (is_beneath && passes_a_link(files, folder, relative)) return files.read_beneath(folder, relative, limit);
  return files.read(folder / name, limit);
}

}  // namespace trunkform::cli
