#include "cmd/genesys_sim/service/render.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cmd/genesys_sim/service/operation.hpp"

namespace trunkform::sim {
namespace {

std::vector<std::string> pem_blocks(std::string_view pem) {
  constexpr std::string_view k_end = "-----END CERTIFICATE-----";
  std::vector<std::string> blocks;
  for (auto begin = pem.find("-----BEGIN CERTIFICATE-----"); begin != std::string_view::npos;
       begin = pem.find("-----BEGIN CERTIFICATE-----", begin + 1)) {
    const auto end = pem.find(k_end, begin);
    if (end == std::string_view::npos) break;
    blocks.emplace_back(std::string(pem.substr(begin, end + k_end.size() - begin)) + "\n");
  }
  return blocks;
}

std::string page_uri(std::uint64_t size, std::uint64_t number) {
  return fmt::format("\"{}?pageSize={}&pageNumber={}\"", k_trunks_path, size, number);
}

}  // namespace

std::string quote(std::string_view text) {
  return nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string given_back(const BoundPair& pair, GiveBack rule) {
  if (rule == GiveBack::as_sent) return pair.certificate;
  auto blocks = pem_blocks(pair.certificate);
  if (rule == GiveBack::without_root && pair.ends_in_root && blocks.size() > 1) blocks.pop_back();
  if (rule == GiveBack::leaf_only && blocks.size() > 1) blocks.resize(1);
  if (rule == GiveBack::reversed) std::reverse(blocks.begin(), blocks.end());
  std::string text;
  for (const auto& block : blocks) text += block;
  if (rule != GiveBack::crlf) return text;
  std::string wide;
  for (const char c : text) wide += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return wide;
}

std::string render_trunk(const Trunk& trunk, const TrunkView& view, const RenderRules& rules) {
  std::string text;
  fmt::format_to(std::back_inserter(text), R"({{"id":{},"name":{},"version":{},"status":{},"trunkType":"EXTERNAL",)",
                 quote(trunk.id), quote(view.name), view.version, quote(view.status));
  // `null` says that there is none; what is left out says nothing.
  if (!view.pair && rules.show == ShowCertificate::yes) text += R"("tls":{"certificate":null},)";
  if (view.pair && rules.show == ShowCertificate::yes) {
    text += R"("tls":{"certificate":)";
    text += rules.give_back == GiveBack::as_sent ? view.pair->quoted : quote(given_back(*view.pair, rules.give_back));
    text += "},";
  }
  text += fmt::format(R"("selfUri":{}}})", quote(fmt::format("{}/{}", k_trunks_path, trunk.id)));
  return text;
}

std::string render_page(const TrunkStore& store, const Page& page, const RenderRules& rules, Instant now,
                        Duration lag) {
  const auto& trunks = store.all();
  const std::uint64_t total = trunks.size();
  const std::uint64_t pages = (total + page.size - 1) / page.size;
  const std::uint64_t first = std::min(total, (page.number - 1) * page.size);
  const std::uint64_t last = std::min(total, first + page.size);
  std::string text = R"({"entities":[)";
  for (auto i = first; i < last; ++i) {
    if (i != first) text += ',';
    text += render_trunk(*trunks[i], visible(*trunks[i], now, lag), rules);
  }
  text += fmt::format(R"(],"pageSize":{},"pageNumber":{},"total":{},"pageCount":{},"firstUri":{},"selfUri":{})",
                      page.size, page.number, total, pages, page_uri(page.size, 1), page_uri(page.size, page.number));
  if (page.number < pages) text += fmt::format(R"(,"nextUri":{})", page_uri(page.size, page.number + 1));
  if (page.number > 1) text += fmt::format(R"(,"previousUri":{})", page_uri(page.size, page.number - 1));
  return text + fmt::format(R"(,"lastUri":{}}})", page_uri(page.size, std::max<std::uint64_t>(1, pages)));
}

std::string render_error(const ErrorText& error, const std::string& context_id) {
  std::string details;
  if (!error.field.empty())
    details = fmt::format(R"({{"errorCode":{},"fieldName":{}}})", quote(error.code), quote(error.field));
  return fmt::format(R"({{"message":{},"code":{},"status":{},"contextId":{},"details":[{}],"errors":[]}})",
                     quote(error.message), quote(error.code), error.status, quote(context_id), details);
}

std::string render_organisation(const OrganisationText& organisation) {
  return fmt::format(
      R"({{"id":{0},"name":{1},"defaultLanguage":"en-US","defaultCountryCode":"US","thirdPartyOrgName":{1},"domain":"example","version":1,"state":"active","productPlatform":"PureCloud","selfUri":"/api/v2/organizations/{2}"}})",
      quote(organisation.id), quote(organisation.name), organisation.id);
}

std::string render_products() {
  return R"({"total":2,"entities":[{"id":"collaborateLicense"},{"id":"externalBYOC"}],"selfUri":"/api/v2/authorization/products"})";
}

}  // namespace trunkform::sim
