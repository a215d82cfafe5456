#include "planner/issuing/programs.hpp"

#include "schemas/codec/json_reader.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuing {
namespace {

constexpr const char* k_argument = "dns_01.hook";

/// A list stands in a locator as JSON.
std::vector<std::string> texts_of(const std::string& list) {
  codec::JsonDocument document("an argument", list);
  std::vector<std::string> texts;
  for (const auto& item : document.root().items()) texts.push_back(item.text());
  return texts;
}

}  // namespace

std::vector<std::string> hook_of(const Locator& issuer) {
  const auto list = issuer.type == "acme" ? argument_of(issuer.arguments, k_argument) : std::string();
  return list.empty() ? std::vector<std::string>() : texts_of(list);
}

std::vector<std::vector<std::string>> hook_runs(const IssueRequest& request) {
  std::vector<std::vector<std::string>> runs;
  const auto hook = hook_of(request.issuer);
  if (hook.empty()) return runs;
  for (const auto& name : request.names) {
    if (kind_of_name(name) == NameKind::ip) continue;
    for (const auto* verb : {"present", "cleanup"}) {
      auto& run = runs.emplace_back(hook);
      run.insert(run.end(), {verb, challenge_record_of(name), "VALUE"});
    }
  }
  return runs;
}

std::string hook_line(const Locator& issuer) {
  auto line = shell_command(hook_of(issuer));
  return line.empty() ? line : line + " present|cleanup RECORD VALUE";
}

}  // namespace trunkform::issuing
