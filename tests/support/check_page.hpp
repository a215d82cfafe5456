#pragma once
// Pages that are made from the program's own tables, held against the program. Run from the repository's root.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

namespace trunkform::testing {

/// TRUNKFORM_UPDATE_GOLDEN=1 writes the page anew.
inline void check_page(const std::string& name, const std::string& text) {
  if (const auto* update = std::getenv("TRUNKFORM_UPDATE_GOLDEN"); update != nullptr && *update != '\0')
    std::ofstream(name) << text;
  std::ifstream page(name);
  CHECK(std::string(std::istreambuf_iterator<char>(page), {}) == text);
}

}  // namespace trunkform::testing
