#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/issuers/acme/issuer.hpp"

namespace trunkform::issuers::acme {

Checkup AcmeIssuer::examine(const Context& context) {
  Checkup checkup;
  const auto directory = m_wire.directory(context);
  if (!directory) {
    checkup.bad(directory.error());
    return checkup;
  }
  checkup.good(directory->renewal_info.empty()
                   ? "the directory answers; the authority does not say when to renew (no ARI)"
                   : "the directory answers; the authority says when to renew (ARI)");
  auto known = m_account.known(context);
  if (!known) {
    checkup.bad(std::move(known.error()));
    return checkup;
  }
  if (*known)
    checkup.good("the key has an account: " + cloud::quoted(**known));
  else
    checkup.good(directory->external_account_required
                     ? "the key has no account there yet: the first order makes one, with the external account"
                     : "the key has no account there yet: the first order makes one");
  std::string ways;
  for (const auto& responder : m_responders)
    ways += (ways.empty() ? "" : ", ") + std::string(responder->challenge_type());
  checkup.unknown(fmt::format("whether names can be shown to be ours ({}) was not asked: an order tells", ways));
  return checkup;
}

}  // namespace trunkform::issuers::acme
