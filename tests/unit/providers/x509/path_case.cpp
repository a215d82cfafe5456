#include "tests/unit/providers/x509/path_case.hpp"

#include <algorithm>

namespace trunkform::x509::samples {
namespace {

testing::Issued changed(const std::function<testing::Issued(testing::Issued)>& change, testing::Issued issued) {
  return change ? change(std::move(issued)) : issued;
}

std::string words(const std::vector<PathFault>& faults) {
  std::string text;
  for (const auto& fault : faults)
    text += std::string(info(fault.check).name) + " at " + std::to_string(fault.depth) + ": " + fault.what + "\n";
  return text;
}

}  // namespace

testing::Key PathCase::key(std::size_t number) {
  static std::vector<testing::Key> keys;
  while (keys.size() <= number) keys.push_back(testing::Key::make());
  return keys[number];
}

PathAnswer PathCase::judge() const {
  const auto made_root = changed(after_root, testing::make_root(root, root_key));
  const auto made_intermediate = changed(after_intermediate, testing::make(intermediate, made_root, intermediate_key));
  std::string chain;
  auto issuer = made_intermediate;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    issuer = testing::make(lower[i], issuer, key(3 + i));
    chain.insert(0, issuer.pem);
  }
  const auto made_leaf = changed(after_leaf, testing::make(leaf, issuer, leaf_key));
  auto asked = question;
  asked.at = k_now;
  asked.trust = must(TrustStore::from_pem(made_root.pem));
  std::string pem;
  const auto& signer = root_signs_lists ? made_root : intermediate_signs_lists ? made_intermediate : issuer;
  for (const auto& list : lists) pem += testing::make_revocation_list(list, signer);
  if (!pem.empty()) asked.revocation = must(RevocationLists::from_pem(pem));
  return check_path(parsed(made_leaf.pem + chain + made_intermediate.pem), asked);
}

PathRow good(std::string name, std::function<void(PathCase&)> change) {
  return {std::move(name), std::nullopt, Verdict::pass, 0, std::move(change), {}};
}

PathRow blocks(std::string name, PathCheck check, int depth, std::function<void(PathCase&)> change,
               std::vector<PathCheck> also) {
  return {std::move(name), check, Verdict::block, depth, std::move(change), std::move(also)};
}

PathRow warns(std::string name, PathCheck check, int depth, std::function<void(PathCase&)> change,
              std::vector<PathCheck> also) {
  return {std::move(name), check, Verdict::warn, depth, std::move(change), std::move(also)};
}

void expect(const PathRow& row) {
  for (const bool as_web : {false, true}) {
    PathCase one;
    row.change(one);
    one.question.as_web = as_web;
    const auto answer = one.judge();
    const auto& faults = answer.path.faults;
    INFO(row.name << (as_web ? " (as a web client)\n" : "\n") << words(faults) << answer.path.failure);
    CHECK(answer.path.judged);
    if (!row.check) {
      CHECK(answer.path.trusted);
      CHECK(faults.empty());
      continue;
    }
    const auto verdict = as_web ? Verdict::block : row.verdict;
    CHECK(answer.path.trusted == (verdict != Verdict::block));
    CHECK(std::any_of(faults.begin(), faults.end(), [&](const PathFault& fault) { return fault.check == *row.check; }));
    for (const auto& fault : faults) {
      if (std::find(row.also.begin(), row.also.end(), fault.check) != row.also.end()) continue;
      CHECK(info(fault.check).name == info(*row.check).name);
      CHECK(fault.verdict == verdict);
      CHECK(fault.depth == row.depth);
      CHECK_FALSE(fault.what.empty());
    }
  }
}

}  // namespace trunkform::x509::samples
