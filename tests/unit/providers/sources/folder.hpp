#pragma once
// A folder of its own for each test, and certificates to put there.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "providers/platform/posix/file_system.hpp"
#include "providers/sources/registry.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::sources::samples {

inline const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trunkform-sources-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) FAIL("no temporary folder");
    m_path = pattern;
  }
  ~Folder() { std::filesystem::remove_all(m_path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const Path& path() const { return m_path; }
  void write(const Path& name, const std::string& text) const {
    std::filesystem::create_directories((m_path / name).parent_path());
    std::ofstream(m_path / name, std::ios::binary) << text;
  }
  void link(const Path& name, const Path& target) const {
    std::filesystem::create_directories((m_path / name).parent_path());
    std::filesystem::remove(m_path / name);
    std::filesystem::create_symlink(target, m_path / name);
  }

 private:
  Path m_path;
};

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}

/// A new leaf of one shared authority.
struct Renewal {
  testing::Issued leaf;
  std::string chain_pem;
};

inline Renewal renewal(int days_later) {
  static const auto k_family = testing::make_family(k_now);
  auto request = testing::leaf_request(k_now + std::chrono::hours(24) * days_later);
  auto leaf = testing::make(request, k_family.intermediate);
  auto chain = leaf.pem + k_family.intermediate.pem;
  return {std::move(leaf), std::move(chain)};
}

}  // namespace trunkform::sources::samples
