#include "providers/cloud/vault/capabilities.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud::vault {
namespace {

using Capabilities = std::vector<std::string>;

/// What the token may do at each path, in their order. Nothing is changed by asking, so it is asked again freely.
Result<std::vector<Capabilities>> capabilities_at(const Context& context, Client& client,
                                                  const std::vector<std::string>& paths) {
  std::string list;
  for (const auto& path : paths) list += fmt::format("{}\"{}\"", list.empty() ? "" : ",", json_escaped(path));
  const auto body = SecretBuffer::copy_of(fmt::format(R"({{"paths":[{}]}})", list));
  const auto answer = TRY(client.write(context, "sys/capabilities-self", body, Repeat::freely));
  if (answer.status >= 400) return Error(ErrorCode::denied, "sys/capabilities-self is not answered");
  SecretJson json(answer.secret_body);
  std::vector<Capabilities> all;
  all.reserve(paths.size());
  for (const auto& path : paths) {
    auto found = json.texts({"data", path});
    all.push_back(found.empty() ? json.texts({path}) : std::move(found));
  }
  return all;
}

bool has(const Capabilities& capabilities, std::string_view wanted) {
  return std::any_of(capabilities.begin(), capabilities.end(),
                     [&](const std::string& one) { return one == wanted || one == "root"; });
}

std::string policy_of(const Need& need) { return policy_line(need.path, need.capabilities); }

struct Lack {
  Error error;
  bool only_first = false;  ///< what is there already may be written
};

/// None: nothing is missing.
std::optional<Lack> lack_of(const Need& need, const Capabilities& capabilities) {
  std::vector<std::string_view> missing;
  for (const auto wanted : need.capabilities)
    if (!has(capabilities, wanted)) missing.push_back(wanted);
  if (missing.empty()) return std::nullopt;
  Lack lack{Error(ErrorCode::denied, fmt::format("the token may not {} {}", fmt::join(missing, ", "), need.path))
                .hint("its policy lacks: " + policy_of(need)),
            missing == std::vector<std::string_view>{"create"}};
  if (lack.only_first) lack.error.detail = "it may write what is there already, and not for the first time";
  return lack;
}

/// Whether nothing is missing; what is, is told.
bool is_met(const Need& need, const Capabilities& capabilities, Checkup& checkup) {
  auto lack = lack_of(need, capabilities);
  if (!lack) return true;
  if (lack->only_first)
    checkup.warn(std::move(lack->error));
  else
    checkup.bad(std::move(lack->error));
  return false;
}

std::vector<std::string> paths_of(const std::vector<Need>& needs) {
  std::vector<std::string> paths;
  paths.reserve(needs.size());
  for (const auto& need : needs) paths.push_back(need.path);
  return paths;
}

}  // namespace

void examine_needs(const Context& context, Client& client, const std::vector<Need>& needs, const std::string& what,
                   Checkup& checkup) {
  const auto paths = paths_of(needs);
  const auto all = capabilities_at(context, client, paths);
  if (!all) {
    if (all.error().code != ErrorCode::denied) return checkup.bad(all.error());
    checkup.unknown(
        fmt::format("whether the token may {} was not told: it may not ask (sys/capabilities-self, which the "
                    "policy `default` allows); docs/permissions.md names what it takes",
                    what));
    return;
  }
  bool is_all_there = true;
  for (std::size_t i = 0; i < needs.size(); ++i) is_all_there = is_met(needs[i], (*all)[i], checkup) && is_all_there;
  if (is_all_there) checkup.good(fmt::format("the token may {}: {}", what, fmt::join(paths, ", ")));
}

Result<std::vector<std::string>> lacks(const Context& context, Client& client, const std::vector<Need>& needs,
                                       bool is_there) {
  std::vector<std::string> told;
  const auto all = capabilities_at(context, client, paths_of(needs));
  if (!all && all.error().code == ErrorCode::denied) return told;
  if (!all) return all.error();
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (const auto lack = lack_of(needs[i], (*all)[i]); lack && !(lack->only_first && is_there))
      told.push_back(fmt::format("{}, which an apply needs: {}", lack->error.summary, lack->error.hints.front()));
  return told;
}

Result<bool> may(const Context& context, Client& client, const std::string& path, std::string_view capability) {
  auto all = capabilities_at(context, client, {path});
  if (!all && all.error().code == ErrorCode::denied) return false;
  if (!all) return std::move(all.error());
  return has(all->front(), capability);
}

}  // namespace trunkform::cloud::vault
