#include "providers/issuers/vault_pki/kept.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "providers/cloud/secret_json.hpp"
#include "providers/issuers/answer.hpp"
#include "providers/x509/certificates.hpp"

namespace trunkform::issuers::vault_pki {
namespace {

using cloud::SecretJson;

/// A list of more is not looked through: each is one look into the whole answer.
constexpr std::size_t k_longest_list = 1000;
/// How many certificates are read: each is one call.
constexpr std::size_t k_most_read = 50;

/// None: not there, not allowed, not in time. What it would have told is then unknown, and that is no error.
std::optional<SecretJson> told(const Context& context, cloud::vault::Client& vault, const std::string& path) {
  auto answer = vault.read(context, path);
  if (!answer || answer->status != 200) return std::nullopt;
  return SecretJson(answer->secret_body);
}

/// OpenBao's list says when each begins: newest first.
std::vector<std::string> newest(SecretJson& list, std::vector<std::string> serials) {
  std::vector<std::pair<std::string, std::string>> dated;
  for (auto& serial : serials) {
    auto begins = list.text({"data", "key_info", serial, "not_before"}).value_or("");
    dated.emplace_back(std::move(begins), std::move(serial));
  }
  std::sort(dated.rbegin(), dated.rend());
  serials.clear();
  for (auto& [begins, serial] : dated) serials.push_back(std::move(serial));
  if (serials.size() > k_most_read) serials.resize(k_most_read);
  return serials;
}

/// Without dates the list says nothing about their order: all of them, or none.
std::vector<std::string> candidates(const Context& context, cloud::vault::Client& vault, const std::string& mount) {
  if (auto list = told(context, vault, mount + "/certs/detailed?list=true")) {
    auto serials = list->texts({"data", "keys"});
    return serials.size() > k_longest_list ? std::vector<std::string>() : newest(*list, std::move(serials));
  }
  auto list = told(context, vault, mount + "/certs?list=true");
  if (!list) return {};
  auto serials = list->texts({"data", "keys"});
  return serials.size() > k_most_read ? std::vector<std::string>() : serials;
}

}  // namespace

std::optional<std::string> find_kept(const Context& context, cloud::vault::Client& vault, const std::string& mount,
                                     const IssueOrder& order) {
  for (const auto& serial : candidates(context, vault, mount)) {
    auto kept = told(context, vault, mount + "/cert/" + cloud::vault::encoded_segment(serial));
    if (!kept || kept->number({"data", "revocation_time"}).value_or(0) != 0) continue;
    auto pem = kept->text({"data", "certificate"}).value_or("");
    if (!is_answer_to(pem, order)) continue;
    // Of the issuer that signed this one; else of the engine's present issuer.
    std::string chain;
    if (const auto issuer = kept->text({"data", "issuer_id"}); issuer && !issuer->empty())
      if (auto read =
              told(context, vault, fmt::format("{}/issuer/{}/json", mount, cloud::vault::encoded_segment(*issuer))))
        for (const auto& block : read->texts({"data", "ca_chain"})) chain.append(block).append("\n");
    if (chain.empty())
      if (auto read = told(context, vault, mount + "/cert/ca_chain"))
        chain = read->text({"data", "ca_chain"}).value_or("");
    return pem + "\n" + chain;
  }
  return std::nullopt;
}

}  // namespace trunkform::issuers::vault_pki
