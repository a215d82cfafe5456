#include "planner/language/configuration/issuing.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "planner/issuing/request_check.hpp"
#include "planner/issuing/told.hpp"
#include "planner/language/configuration/locators.hpp"
#include "planner/language/configuration/secret_place.hpp"

namespace trunkform::language {
namespace {

/// What a store of each type is read with. A store's own arguments that are no matter of reading are left out.
Locator source_of(const Locator& store) {
  if (store.type == "files") {
    const auto found = store.arguments.find("path");
    auto path = found == store.arguments.end() ? std::string() : found->second;
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return {"pem_files",
            {{"chain", path + "/live/chain.pem"},
             {"private_key", path + "/live/key.pem"},
             {"versions", path + "/versions/*/"}}};
  }
  auto source = store;
  source.arguments.erase("keep");
  return source;
}

std::string example_for(const std::string& address) { return fmt::format("\"${{{}}}\"", address); }

/// What a schema cannot say of an ACME issuer.
void check_ways(BodyReader& reader, const Locator& issuer) {
  const auto has = [&](const char* name) { return issuer.arguments.contains(name); };
  const auto refuse = [&](const char* summary, const char* why, const char* hint) {
    reader.fail(Error(ErrorCode::invalid_input, summary, why).at(reader.body().where.range()).hint(hint));
  };
  if (has("http_01.listen") && has("http_01.webroot"))
    refuse("listen and webroot of http_01 exclude each other", "either we answer on port 80, or a web server does",
           "remove one of them");
  const auto* dns = reader.body().block("dns_01");
  const bool has_server = dns != nullptr && dns->block("rfc2136") != nullptr;
  if (has("dns_01.hook") && has_server)
    refuse("hook and rfc2136 of dns_01 exclude each other", "records are written in one way", "remove one of them");
  if (dns != nullptr && !has("dns_01.hook") && !has_server)
    refuse("dns_01 does not say how records are written", "it has neither hook nor rfc2136",
           "name the program that writes them in hook, or the server that takes updates in rfc2136");
}

}  // namespace

IssuerDeclaration read_issuer(BodyReader& reader, const std::string& type) {
  IssuerDeclaration issuer{reader.address(), read_locator(reader, type), reader.body().where.range()};
  if (type == "acme") check_ways(reader, issuer.locator);
  return issuer;
}

StoreDeclaration read_store(BodyReader& reader, const std::string& type) {
  StoreDeclaration store{reader.address(), read_locator(reader, type), {}, reader.body().where.range()};
  store.source = source_of(store.locator);
  return store;
}

IssueRequest read_issued(BodyReader& reader, const Registry& registry) {
  IssueRequest request;
  request.address = reader.address();
  request.range = reader.body().where.range();
  if (const auto* issuer = read_reference(reader, "issuer", registry.issuers)) {
    request.issuer_address = issuer->address;
    request.issuer = issuer->locator;
    request.issuer_range = issuer->range;
  }
  if (const auto* store = read_reference(reader, "store", registry.stores)) {
    request.store_address = store->address;
    request.store = store->locator;
    request.store_range = store->range;
    request.source = store->source;
  }
  if (reader.read("names", request.names)) {
    if (request.names.empty())
      reader.fail(Error(ErrorCode::invalid_input, "names has no name", "a certificate is for somebody")
                      .at(reader.range("names"))
                      .hint("name what peers connect to, such as [\"sip.example.com\"]"));
  }
  reader.read_word<KeyType>(
      "key", request.key,
      {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::rsa_2048, KeyType::rsa_3072, KeyType::rsa_4096});
  reader.read("lifetime", request.lifetime);
  reader.read("profile", request.profile);
  reader.read("reuse_key", request.reuse_key);
  request.names_range = reader.range("names");
  request.key_range = reader.range("key");
  request.profile_range = reader.range("profile");
  for (auto& fault : issuing::faults_of(request)) reader.fail(std::move(fault));
  return request;
}

CertificateDeclaration declaration_of(const IssueRequest& request) {
  CertificateDeclaration declaration;
  declaration.address = request.address;
  declaration.locator = request.source;
  declaration.source = request.range;
  return declaration;
}

namespace {

/// What is written to, however it is written down.
Locator place_of_store(const Locator& store, const FunctionHost& host) {
  if (store.type == "files") return {store.type, {{"path", host.real_path(argument_of(store.arguments, "path"))}}};
  return place_of(store);
}

using Places = std::map<Locator, const IssueRequest*>;

/// A store takes away what is more than it keeps, and has names of its own in its folder.
void refuse_nested(const Places& places, Problems& problems) {
  for (const auto& [place, request] : places) {
    if (place.type != "files") continue;
    const std::filesystem::path folder(argument_of(place.arguments, "path"));
    for (auto above = folder; above.has_relative_path();) {
      above = above.parent_path();
      const auto outer = places.find({"files", {{"path", above.string()}}});
      if (outer == places.end()) continue;
      problems.add(
          Error(ErrorCode::invalid_input,
                fmt::format("{} lies within the folder of {}", request->store_address, outer->second->store_address),
                fmt::format("'{}' is in '{}', which is another store's own", folder.string(), above.string()))
              .at(request->store_range)
              .of(request->store_address)
              .hint("put the two side by side, such as sip/east and sip/west"));
    }
  }
}

}  // namespace

void check_places(const std::vector<IssueRequest>& requests, const FunctionHost& host, Problems& problems) {
  Places first;
  for (const auto& request : requests) {
    const auto [known, is_new] = first.emplace(place_of_store(request.store, host), &request);
    if (is_new) continue;
    problems.add(issuing::kept_in_one_place(known->second->address, request)
                     .hint(fmt::format("give one of them a store of its own, or let bindings share {}",
                                       example_for(known->second->address))));
  }
  refuse_nested(first, problems);
}

void check_users(const std::vector<IssueRequest>& requests, const std::vector<Binding>& bindings, Problems& problems) {
  std::map<std::string_view, const IssueRequest*> by_address;
  for (const auto& request : requests) by_address.emplace(request.address, &request);
  for (const auto& binding : bindings)
    if (const auto found = by_address.find(binding.certificate); found != by_address.end())
      for (auto& fault : issuing::faults_for(*found->second, binding)) problems.add(std::move(fault));
}

}  // namespace trunkform::language
