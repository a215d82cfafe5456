#pragma once
// Paths that break one clause, made from what is good: root, intermediate, leaf, each with a key of its own.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "providers/x509/path.hpp"
#include "tests/unit/providers/x509/samples.hpp"

namespace trunkform::x509::samples {

/// Everything may be changed before it is made. The intermediate limits nothing, so that others fit below it.
struct PathCase {
  testing::Request root = testing::root_request(k_now);
  testing::Request intermediate = [] {
    auto request = testing::intermediate_request(k_now);
    request.path_length.reset();
    return request;
  }();
  std::vector<testing::Request> lower;  ///< between the intermediate and the leaf, from above
  testing::Request leaf = testing::leaf_request(k_now);
  testing::Key root_key = key(0);
  testing::Key intermediate_key = key(1);
  testing::Key leaf_key = key(2);
  std::function<testing::Issued(testing::Issued)> after_leaf, after_intermediate, after_root;  ///< may be empty
  std::vector<testing::RevocationRequest> lists;                                               ///< of the intermediate
  bool root_signs_lists = false;          ///< they are the root's instead
  bool intermediate_signs_lists = false;  ///< the upper one, where there are lower ones
  PathQuestion question;

  /// P-256, the same in every case of a process.
  static testing::Key key(std::size_t number);
  PathAnswer judge() const;
};

using Check = PathCheck;

inline constexpr auto k_leaf = &PathCase::leaf;
inline constexpr auto k_intermediate = &PathCase::intermediate;
inline constexpr auto k_root = &PathCase::root;

/// One row: what is changed, and the one check that speaks. None: nothing speaks, not even a remark.
struct PathRow {
  std::string name;
  std::optional<PathCheck> check;
  Verdict verdict = Verdict::block;  ///< as a peer of a private authority sees it; as a web client always block
  int depth = 0;
  std::function<void(PathCase&)> change;
  std::vector<PathCheck> also = {};  ///< what cannot be kept where the first is broken
};

/// The row of a path without fault, near the border of a clause.
PathRow good(std::string name, std::function<void(PathCase&)> change);
/// A row that blocks everywhere, and one that blocks for web clients only.
PathRow blocks(std::string name, PathCheck check, int depth, std::function<void(PathCase&)> change,
               std::vector<PathCheck> also = {});
PathRow warns(std::string name, PathCheck check, int depth, std::function<void(PathCase&)> change,
              std::vector<PathCheck> also = {});

/// Judges the row both as a private authority's peer and as a web client, and checks that nothing else speaks.
void expect(const PathRow& row);

}  // namespace trunkform::x509::samples
