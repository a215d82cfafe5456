#include "planner/language/configuration/secret_places.hpp"

#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "planner/language/configuration/secret_place.hpp"
#include "schemas/model/staged_place.hpp"

namespace trunkform::language {
namespace {

/// One block, and the secrets that it names.
struct User {
  std::string address;
  SourceRange range;
  bool is_store = false;
  std::string path;  ///< of the pair, as the block says it
};

/// Who uses one secret, for what: of each the first one that is told of. Borrowed.
struct Uses {
  const User* pair = nullptr;      ///< a pair is there, or will be
  const User* staged = nullptr;    ///< a store has a key there until it is signed
  std::vector<const User*> shown;  ///< it is somebody's `public_path`
};

std::string where(const User& user) {
  return fmt::format("see {}, on {} line {}", user.address, user.range.file, user.range.start.line);
}

Error at(const User& user, std::string summary, std::string why) {
  return Error(ErrorCode::invalid_input, std::move(summary), std::move(why)).at(user.range).of(user.address);
}

void refuse_key_in_public(const User& shown, const User& other, bool is_staged, Problems& problems) {
  const bool is_own = &shown == &other;
  const auto* does = !other.is_store ? "reads a private key" : is_staged ? "stages its private keys" : "keeps its key";
  auto error =
      at(shown, fmt::format("public_path of {} is where {} {}", shown.address, is_own ? "it" : other.address, does),
         "whoever may read what is public would read that key");
  error.hints.emplace_back("name a secret of its own as public_path");
  if (!is_own) error.hints.push_back(where(other));
  problems.add(std::move(error));
}

/// A chain that is shown in turns with another one is replaced by every run.
void refuse_shared(const User& first, const User& second, Problems& problems) {
  const auto& store = first.is_store ? first : second;
  const auto& other = first.is_store ? second : first;
  auto error =
      other.is_store
          ? at(other, fmt::format("{} and {} show their chains in one secret", store.address, other.address),
               "each would overwrite what the other one shows, in turns")
                .hint("give one of them another public_path")
          : at(other, fmt::format("public_path of {} is where {} shows another pair", other.address, store.address),
               fmt::format("a plan would be shown the chain of '{}', and an apply would read '{}'", store.path,
                           other.path))
                .hint("take path and public_path from one store");
  problems.add(std::move(error).hint(where(store)));
}

class Places {
 public:
  void add(const User& user, const Locator& locator) {
    const auto of = [&](const char* name) { return argument_of(locator.arguments, name); };
    if (locator.type == "vault_kv") {
      add_pair(user, place_of(locator), place_beside(locator, staged_vault_path(of("path"))));
      if (const auto shown = of("public_path"); !shown.empty())
        m_uses[place_beside(locator, shown)].shown.push_back(&user);
    } else if (locator.type == "azure_keyvault_secret") {
      add_pair(user, place_of(locator), place_beside(locator, staged_key_vault_name(of("name"))));
    }
  }

  void check(Problems& problems) const {
    for (const auto& [place, uses] : m_uses) {
      for (const auto* shown : uses.shown) {
        if (uses.pair != nullptr) refuse_key_in_public(*shown, *uses.pair, false, problems);
        if (uses.staged != nullptr) refuse_key_in_public(*shown, *uses.staged, true, problems);
      }
      check_shown(uses, problems);
      if (uses.pair == nullptr || uses.staged == nullptr) continue;
      problems.add(at(*uses.pair,
                      fmt::format("{} is where {} stages its private keys", uses.pair->address, uses.staged->address),
                      "a key that waits for its certificate would replace what is there")
                       .hint("give one of them another path")
                       .hint(where(*uses.staged)));
    }
  }

 private:
  std::map<Locator, Uses> m_uses;

  void add_pair(const User& user, const Locator& pair, const Locator& staged) {
    // A store is told of rather than a source: it is what writes.
    auto& there = m_uses[pair].pair;
    if (there == nullptr || (user.is_store && !there->is_store)) there = &user;
    if (auto& staging = m_uses[staged].staged; user.is_store && staging == nullptr) staging = &user;
  }

  /// Sources alone may well read one public secret: what they are shown is somebody else's to keep in order.
  static void check_shown(const Uses& uses, Problems& problems) {
    const User* store = nullptr;
    for (const auto* shown : uses.shown)
      if (shown->is_store && store == nullptr) store = shown;
    if (store == nullptr) return;
    for (const auto* shown : uses.shown)
      if (shown != store && shown->path != store->path) refuse_shared(*store, *shown, problems);
  }
};

}  // namespace

void check_secret_places(const BlocksOfKind<StoreDeclaration>& stores,
                         const std::vector<CertificateDeclaration>& certificates, Problems& problems) {
  std::vector<std::pair<User, const Locator*>> users;
  for (const auto& [address, store] : stores.by_address)
    if (store)
      users.push_back({{address, store->range, true, argument_of(store->locator.arguments, "path")}, &store->locator});
  for (const auto& certificate : certificates)
    if (!certificate.address.starts_with("certificate.issued."))
      users.push_back(
          {{certificate.address, certificate.source, false, argument_of(certificate.locator->arguments, "path")},
           &*certificate.locator});
  Places places;
  for (const auto& [user, locator] : users) places.add(user, *locator);
  places.check(problems);
}

}  // namespace trunkform::language
