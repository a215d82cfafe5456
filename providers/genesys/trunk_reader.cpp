#include "providers/genesys/trunk_reader.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace trunkform::genesys {

struct TrunkReader::Parser {
  simdjson::ondemand::parser json;
};

namespace {

namespace od = simdjson::ondemand;

/// The most trunks that an answer may claim; beyond it the number is not believed.
constexpr std::uint64_t k_most_trunks = 1'000'000;

/// A shape that the API does not promise. simdjson's own failures are thrown as simdjson_error; both end in one place.
struct WrongShape {
  std::string what;
};

std::string text_of(od::value value, const char* field) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS)
    throw WrongShape{fmt::format("a trunk whose {} is no text", field)};
  return std::string(text);
}

std::string version_of(od::value value) {
  if (value.type() == od::json_type::string) return text_of(value, "version");
  if (value.type() != od::json_type::number) throw WrongShape{"a trunk whose version is neither number nor text"};
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) != simdjson::SUCCESS) throw WrongShape{"a trunk whose version is no whole number"};
  return std::to_string(number);
}

Sighting sighting_of(std::string_view pem, x509::FactsCache& facts) {
  if (pem.empty()) return Sighting::nothing();
  auto chain = facts.chain_of_pem(pem);
  if (chain) return Sighting::of(std::move(*chain));
  return Sighting::unclear("the API's certificate cannot be read: " + chain.error().summary);
}

/// `null` and an empty text say that there is none; an absent field says nothing (GENESYS_API: a GET may not show it).
Sighting tls_of(od::value tls, x509::FactsCache& facts) {
  if (tls.is_null()) return Sighting::nothing();
  if (tls.type() != od::json_type::object) throw WrongShape{"a trunk whose tls is no object"};
  auto seen = Sighting::unclear("the API does not show the trunk's certificate");
  for (auto field : tls.get_object()) {
    const std::string_view key = field.unescaped_key();
    if (key != "certificate") continue;
    auto value = field.value().value();
    if (value.is_null()) {
      seen = Sighting::nothing();
      continue;
    }
    std::string_view pem;
    if (value.get_string().get(pem) != simdjson::SUCCESS) throw WrongShape{"a trunk whose tls.certificate is no text"};
    seen = sighting_of(pem, facts);
  }
  return seen;
}

LiveTrunk trunk_of(od::object object, x509::FactsCache& facts) {
  LiveTrunk trunk;
  trunk.certificate = Sighting::unclear("the API does not show the trunk's certificate");
  for (auto field : object) {
    const std::string_view key = field.unescaped_key();
    auto value = field.value().value();
    if (key == "id") {
      trunk.id.value = text_of(value, "id");
    } else if (key == "name") {
      trunk.name = value.is_null() ? std::string() : text_of(value, "name");
    } else if (key == "version") {
      trunk.version = value.is_null() ? std::string() : version_of(value);
    } else if (key == "status") {
      trunk.status = value.is_null() ? std::string() : text_of(value, "status");
    } else if (key == "tls") {
      trunk.certificate = tls_of(value, facts);
    }
  }
  if (trunk.id.value.empty()) throw WrongShape{"a trunk without an id"};
  return trunk;
}

std::uint64_t count_of(od::value value, const char* field) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) != simdjson::SUCCESS || number > k_most_trunks)
    throw WrongShape{fmt::format("a list whose {} is no number of trunks", field)};
  return number;
}

TrunkPage page_of(od::object object, x509::FactsCache& facts) {
  TrunkPage page;
  bool has_entities = false, has_total = false;
  for (auto field : object) {
    const std::string_view key = field.unescaped_key();
    auto value = field.value().value();
    if (key == "entities") {
      if (value.type() != od::json_type::array) throw WrongShape{"a list whose entities are no array"};
      has_entities = true;
      for (auto element : value.get_array()) page.trunks.push_back(trunk_of(element.get_object(), facts));
    } else if (key == "total") {
      has_total = true;
      page.total = count_of(value, "total");
    } else if (key == "pageSize") {
      page.page_size = count_of(value, "pageSize");
    } else if (key == "pageNumber") {
      page.page_number = count_of(value, "pageNumber");
    }
  }
  if (!has_entities) throw WrongShape{"no list: there are no entities"};
  if (!has_total) throw WrongShape{"a list that does not tell its total"};
  return page;
}

/// Reads the whole text as one object by `read`; every way of not being it is a protocol error.
template <class Read>
auto read_object(od::parser& parser, std::string& body, Read read) -> Result<decltype(read(od::object()))> {
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  try {
    od::document document = parser.iterate(body.data(), body.size(), body.capacity());
    if (document.type() != od::json_type::object) throw WrongShape{"JSON that is no object"};
    auto value = read(document.get_object());
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) throw WrongShape{"text after the JSON"};
    return value;
  } catch (const WrongShape& wrong) {
    return Error(ErrorCode::protocol, wrong.what);
  } catch (const simdjson::simdjson_error& error) {
    return Error(ErrorCode::protocol, fmt::format("broken JSON ({})", error.what()));
  }
}

}  // namespace

TrunkReader::TrunkReader(x509::FactsCache& facts) : m_facts(facts), m_parser(std::make_unique<Parser>()) {}
TrunkReader::~TrunkReader() = default;

Result<TrunkPage> TrunkReader::page(std::string& body) {
  return read_object(m_parser->json, body, [this](od::object object) { return page_of(object, m_facts); });
}

Result<LiveTrunk> TrunkReader::trunk(std::string& body) {
  return read_object(m_parser->json, body, [this](od::object object) { return trunk_of(object, m_facts); });
}

}  // namespace trunkform::genesys
