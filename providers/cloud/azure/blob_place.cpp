#include "providers/cloud/azure/blob_place.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::azure {
namespace {

bool is_small(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_account(std::string_view text) {
  return text.size() >= 3 && text.size() <= 24 && std::all_of(text.begin(), text.end(), is_small);
}

/// "Naming and Referencing Containers, Blobs, and Metadata".
bool is_container(std::string_view text) {
  return text.size() >= 3 && text.size() <= 63 && is_small(text.front()) && is_small(text.back()) &&
         text.find("--") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_small(c) || c == '-'; });
}

Result<std::string> address_of(std::string_view account, std::string_view endpoint) {
  if (account.empty() == endpoint.empty())
    return Error(ErrorCode::invalid_input,
                 account.empty() ? "no storage account is named" : "two storage accounts are named",
                 "an account of the public cloud is named by storage_account, another by endpoint, its whole address")
        .hint("write one of the two: \"storage_account\": \"opsstate\"");
  if (!account.empty()) {
    if (is_account(account)) return fmt::format("https://{}.blob.core.windows.net", account);
    return Error(ErrorCode::invalid_input, fmt::format("{} names no storage account", quoted(account)),
                 "it has 3 to 24 lower-case letters and digits")
        .hint("write the account's name alone, without https:// and without a domain; or its address as `endpoint`");
  }
  const auto url = parse_url(endpoint);
  if (!url || url->scheme != "https" || url->has_query)
    return Error(ErrorCode::invalid_input, fmt::format("{} is not the address of a blob service", quoted(endpoint)),
                 !url                     ? url.error().summary
                 : url->scheme != "https" ? "tokens of Microsoft Entra go over https alone"
                                          : "it has a query or a fragment")
        .hint(
            "write it as https://opsstate.blob.core.windows.net; with a shared access signature nothing is signed in");
  auto base = url->base();
  while (base.ends_with('/')) base.pop_back();
  return base;
}

}  // namespace

Result<BlobPlace> blob_place(std::string_view account, std::string_view endpoint, std::string_view container) {
  BlobPlace place;
  place.address = TRY(address_of(account, endpoint));
  if (!is_container(container))
    return Error(ErrorCode::invalid_input, fmt::format("{} is not the name of a container", quoted(container)),
                 "it has 3 to 63 lower-case letters, digits and single hyphens, and a letter or digit at its ends")
        .hint("write the container's name alone, without the account and without a folder");
  place.container = container;
  place.shown = place.address.substr(std::string_view("https://").size()) + "/" + place.container;
  return place;
}

}  // namespace trunkform::cloud::azure
