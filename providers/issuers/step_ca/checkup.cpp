#include "providers/issuers/step_ca/checkup.hpp"

#include <optional>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/x509/jws.hpp"

namespace trunkform::issuers::step_ca {
namespace {

using cloud::SecretJson;

/// The service gives at most a hundred at once.
constexpr auto k_first_page = "/provisioners?limit=100";
constexpr int k_most_pages = 50;
/// People look for their own among them: more are no help.
constexpr std::size_t k_most_told = 20;

struct Others {
  std::vector<std::string> told;
  std::size_t more = 0;

  void add(const std::string& name) {
    if (told.size() < k_most_told)
      told.push_back(cloud::quoted(name, 64));
    else
      ++more;
  }
  std::string text() const {
    if (told.empty()) return "it has none";
    return fmt::format("it has {}{}", fmt::join(told, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
  }
};

/// None: the service has no provisioner of this name.
using Get = std::function<Result<HttpResponse>(const std::string& path)>;
Result<std::optional<SecretJson>> find(const Get& get, const std::string& name, Others& others) {
  std::string path = k_first_page;
  for (int page = 0; page < k_most_pages; ++page) {
    const auto answer = TRY(get(path));
    SecretJson json(answer.secret_body);
    auto items = json.items({"provisioners"});
    if (!items)
      return Error(ErrorCode::protocol, "what answers there names no provisioners")
          .hint("check `url`: it is step-ca's own address, without a path");
    for (auto& item : *items)
      if (const auto its = item.text({"name"}).value_or(""); its == name)
        return std::optional(std::move(item));
      else
        others.add(its);
    const auto next = json.text({"nextCursor"}).value_or("");
    if (next.empty()) break;
    path = std::string(k_first_page) + "&cursor=" + cloud::percent_encoded(next);
  }
  return std::optional<SecretJson>();
}

void examine_key(SecretJson& theirs, const Provisioner& ours, const SecretBuffer& key, Checkup& checkup) {
  const auto own = key_id_of(key, ours);
  if (!own) return checkup.bad(own.error());
  const auto known = theirs.text({"key", "kid"}).value_or("");
  if (known != *own)
    return checkup.bad(Error(ErrorCode::denied, "the provisioner has another key than `key`",
                             fmt::format("its kid is {}, ours is {}", cloud::quoted(known), cloud::quoted(*own)))
                           .hint("give the key that belongs to it, or its kid as `key_id` where it is not the key's "
                                 "thumbprint: step ca provisioner list"));
  const auto jwk = x509::jws_key_of(key);
  if (!jwk) return checkup.bad(jwk.error());
  SecretJson mine(SecretBuffer::copy_of(jwk->jwk));
  for (const auto* member : {"kty", "crv", "x", "y", "n", "e"})
    if (mine.text({member}) != theirs.text({"key", member}))
      return checkup.bad(Error(ErrorCode::denied, "the provisioner has another key than `key`",
                               fmt::format("both are called {}", cloud::quoted(known)))
                             .hint("give the key that belongs to it: step ca provisioner list"));
  checkup.good(fmt::format("our key is that of the JWK provisioner {}", cloud::quoted(ours.name)));
}

void examine_certificate(const Provisioner& ours, const SecretBuffer& key, Instant now, Checkup& checkup) {
  const auto own = check_certificate(key, ours, now);
  if (!own) return checkup.bad(own.error());
  const auto& facts = *own->front().facts;
  checkup.good(fmt::format("the X5C provisioner {} is asked as {}, until {}", cloud::quoted(ours.name),
                           cloud::quoted(facts.subject), to_rfc3339(facts.not_after)));
  checkup.unknown("whether that certificate leads to a root of the provisioner was not asked: the first request tells");
}

}  // namespace

void examine(const Get& get, const Provisioner& ours, const SecretBuffer& key, Instant now, Checkup& checkup) {
  Others others;
  auto found = find(get, ours.name, others);
  if (!found) return checkup.bad(std::move(found.error()));
  if (!*found)
    return checkup.bad(Error(ErrorCode::not_found,
                             fmt::format("step-ca has no provisioner {}", cloud::quoted(ours.name)), others.text())
                           .hint("check `provisioner`: step ca provisioner list"));
  auto& theirs = **found;
  const bool is_x5c = !ours.certificate_pem.empty();
  const auto type = theirs.text({"type"}).value_or("");
  if (type != (is_x5c ? "X5C" : "JWK"))
    return checkup.bad(
        Error(ErrorCode::invalid_input,
              fmt::format("the provisioner {} is of type {}", cloud::quoted(ours.name), cloud::quoted(type)),
              is_x5c ? "with `certificate` an X5C provisioner is asked"
                     : "without `certificate` a JWK provisioner is asked")
            .hint("name another provisioner, or give or take away `certificate`"));
  if (is_x5c)
    examine_certificate(ours, key, now, checkup);
  else
    examine_key(theirs, ours, key, checkup);
}

}  // namespace trunkform::issuers::step_ca
