#include "providers/cloud/azure/version_list.hpp"

#include <simdjson.h>

namespace trunkform::cloud::azure {
namespace {

using Element = simdjson::dom::element;

std::optional<Instant> time_at(const Element& attributes, const char* name) {
  std::int64_t seconds = 0;
  if (attributes[name].get_int64().get(seconds) != simdjson::SUCCESS) return std::nullopt;
  return Instant(std::chrono::seconds(seconds));
}

std::map<std::string, std::string> tags_of(const Element& element) {
  std::map<std::string, std::string> tags;
  simdjson::dom::object object;
  if (element["tags"].get_object().get(object) != simdjson::SUCCESS) return tags;
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) tags.emplace(name, text);
  }
  return tags;
}

Error not_understood() { return Error(ErrorCode::protocol, "the list of versions was not understood"); }

Result<VersionItem> item_of(const Element& element) {
  std::string_view id;
  Element attributes;
  VersionItem item;
  if (element["id"].get_string().get(id) != simdjson::SUCCESS) return not_understood();
  item.version = version_in(id);
  if (item.version.empty()) return not_understood();
  if (element["attributes"].get(attributes) != simdjson::SUCCESS) return not_understood();
  if (attributes["enabled"].get_bool().get(item.enabled) != simdjson::SUCCESS) return not_understood();
  item.created = time_at(attributes, "created");
  item.not_before = time_at(attributes, "nbf");
  item.expires = time_at(attributes, "exp");
  item.tags = tags_of(element);
  return item;
}

}  // namespace

std::string version_in(std::string_view id) {
  // https://HOST/KIND/NAME/VERSION
  std::size_t slashes = 0, last = 0;
  for (std::size_t i = 0; i < id.size(); ++i)
    if (id[i] == '/') ++slashes, last = i;
  return slashes == 5 ? std::string(id.substr(last + 1)) : std::string();
}

Result<VersionPage> version_page_of(const std::string& json) {
  simdjson::dom::parser parser;
  Element document;
  simdjson::dom::array values;
  if (parser.parse(json).get(document) != simdjson::SUCCESS ||
      document["value"].get_array().get(values) != simdjson::SUCCESS)
    return not_understood();
  VersionPage page;
  for (const auto element : values) page.items.push_back(TRY(item_of(element)));
  std::string_view next;
  if (document["nextLink"].get_string().get(next) == simdjson::SUCCESS) page.next_link = next;
  return page;
}

}  // namespace trunkform::cloud::azure
