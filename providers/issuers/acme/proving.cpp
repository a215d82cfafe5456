#include "providers/issuers/acme/proving.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::issuers::acme {
namespace {

/// How long proofs stand while the server looks for them.
constexpr auto k_proving_patience = std::chrono::minutes(5);
constexpr auto k_first_look = std::chrono::seconds(1);
constexpr auto k_next_look = std::chrono::seconds(3);

/// One name on its way.
struct Attempt {
  std::string url;  ///< of the authorization
  Authorization authorization;
  Responder* responder = nullptr;
  Challenge challenge;
  Proof proof;
  std::optional<OrderGone> gone;  ///< the permission is no more, and the order with it
};

/// What stands while this lives.
class Presented {
 public:
  Presented() = default;
  Presented(const Presented&) = delete;
  Presented& operator=(const Presented&) = delete;
  ~Presented() {
    for (const auto& [responder, proofs] : m_standing) responder->withdraw(proofs);
  }
  Result<> add(const Context& context, Responder& responder, std::vector<Proof> proofs) {
    m_standing.emplace_back(&responder, std::move(proofs));
    return responder.present(context, m_standing.back().second);
  }

 private:
  std::vector<std::pair<Responder*, std::vector<Proof>>> m_standing;
};

/// A server could else have us write records for names of others.
bool is_ordered(const Authorization& authorization, const std::vector<std::string>& names) {
  const auto wanted = lower_case(authorization.is_wildcard ? "*." + authorization.name : authorization.name);
  return std::any_of(names.begin(), names.end(), [&](const auto& name) { return lower_case(name) == wanted; });
}

Error refused(const Attempt& attempt) {
  const auto summary =
      fmt::format("the authority did not find the proof for {}", cloud::quoted(attempt.authorization.name));
  for (const auto& challenge : attempt.authorization.challenges) {
    if (!challenge.error) continue;
    auto error = to_error(*challenge.error, summary);
    error.code = ErrorCode::rejected;
    error.detail = challenge.type + ": " + error.detail;
    if (error.hints.empty())
      error.hints.emplace_back(
          challenge.type == "dns-01"
              ? "look at the record: dig TXT " + challenge_record_of(attempt.authorization.name)
              : fmt::format("port 80 of {} must lead to this machine", attempt.authorization.name));
    return error;
  }
  return Error(ErrorCode::rejected, summary, "it does not say why");
}

/// Whether it is proven; an error where it never will be.
Result<bool> is_settled(const Attempt& attempt) {
  if (attempt.authorization.status == Status::invalid) return refused(attempt);
  return attempt.authorization.status == Status::valid;
}

/// RFC 8555 §7.1.6: from these on it comes to nothing, and nobody has refused the name.
std::optional<OrderGone> gone_with(const Authorization& authorization) {
  switch (authorization.status) {
    case Status::valid:
    case Status::pending:
    case Status::processing:
    case Status::invalid:
      return std::nullopt;
    default:
      return OrderGone{
          Error(ErrorCode::not_found, fmt::format("the authority's permission for {} is {}",
                                                  cloud::quoted(authorization.name), to_string(authorization.status)))};
  }
}

/// The answer's wish for the next look, too.
Result<std::optional<Duration>> look(const Context& context, Account& account, Attempt& attempt) {
  static constexpr auto k_unreadable = "a permission cannot be read";
  auto answer = TRY(account.post(context, attempt.url, ""));
  const auto wait = answer.wait;
  attempt.gone = gone_of(answer, k_unreadable);
  if (attempt.gone) return wait;
  attempt.authorization = TRY(authorization_of(TRY(accepted(std::move(answer), k_unreadable))));
  attempt.gone = gone_with(attempt.authorization);
  return wait;
}

Result<> choose(Attempt& attempt, const std::vector<Responder*>& responders, const std::string& jwk) {
  std::string offered;
  for (auto* responder : responders)
    for (const auto& challenge : attempt.authorization.challenges) {
      if (challenge.type != responder->challenge_type()) continue;
      attempt.responder = responder;
      attempt.challenge = challenge;
      attempt.proof = {attempt.authorization.name, challenge.token, challenge.token + "." + thumbprint(jwk)};
      return {};
    }
  for (const auto& challenge : attempt.authorization.challenges)
    offered += (offered.empty() ? "" : ", ") + cloud::quoted(challenge.type, 40);
  return Error(ErrorCode::invalid_input,
               fmt::format("{}{} cannot be proven in the way that is configured",
                           attempt.authorization.is_wildcard ? "*." : "", cloud::quoted(attempt.authorization.name)),
               "the authority offers " + (offered.empty() ? "none" : offered))
      .hint("give the issuer a block dns_01: names with a wildcard are proven by it alone");
}

/// In one go for each responder, so that waiting for records is done once.
Result<> present_all(const Context& context, const std::vector<Attempt*>& open,
                     const std::vector<Responder*>& responders, Presented& presented) {
  for (auto* responder : responders) {
    std::vector<Proof> proofs;
    for (const auto* attempt : open)
      if (attempt->responder == responder) proofs.push_back(attempt->proof);
    if (!proofs.empty()) TRY(presented.add(context, *responder, std::move(proofs)));
  }
  return {};
}

Result<std::optional<OrderGone>> announce(const Context& context, Account& account, const Attempt& attempt) {
  // One that was announced by an earlier run is looked at already.
  if (attempt.challenge.status != Status::pending) return std::optional<OrderGone>();
  const auto summary = fmt::format("the proof for {} cannot be announced", cloud::quoted(attempt.authorization.name));
  auto answer = TRY(account.post(context, attempt.challenge.url, "{}"));
  if (auto gone = gone_of(answer, summary)) return gone;
  TRY(accepted(std::move(answer), summary));
  return std::optional<OrderGone>();
}

/// The first, with what the server says of the other names.
Error all_in_one(std::vector<Error> refusals) {
  auto error = std::move(refusals.front());
  for (std::size_t i = 1; i < refusals.size(); ++i) error.causes.push_back(std::move(refusals[i]));
  return error;
}

/// Until each is decided, or time is up.
Result<Proving> await(const Context& context, Account& account, std::vector<Attempt*> open) {
  auto& clock = account.wire().clock();
  const auto begun = clock.monotonic();
  Duration wait = k_first_look;
  for (;;) {
    if (clock.monotonic() - begun + wait > k_proving_patience) return Proving(Undecided{wait});
    TRY(clock.sleep(context, wait));
    wait = k_next_look;
    std::vector<Error> refusals;
    std::optional<OrderGone> gone;
    for (auto at = open.begin(); at != open.end();) {
      if (const auto asked = TRY(look(context, account, **at))) wait = std::max(wait, *asked);
      if ((*at)->gone) gone = (*at)->gone;
      auto settled = is_settled(**at);
      if (!settled) refusals.push_back(std::move(settled.error()));
      at = settled && !*settled ? at + 1 : open.erase(at);
    }
    if (!refusals.empty()) return all_in_one(std::move(refusals));
    if (gone) return Proving(std::move(*gone));
    if (open.empty()) return Proving(Proven());
  }
}

}  // namespace

Result<Proving> prove(const Context& context, Account& account, const Order& order,
                      const std::vector<std::string>& names, const std::vector<Responder*>& responders) {
  std::vector<Attempt> attempts;
  for (const auto& url : order.authorizations) {
    Attempt attempt;
    attempt.url = url;
    TRY(look(context, account, attempt));
    if (attempt.gone) return Proving(std::move(*attempt.gone));
    if (TRY(is_settled(attempt))) continue;
    if (!is_ordered(attempt.authorization, names))
      return Error(ErrorCode::protocol, "the authority wants a proof for a name that was not ordered",
                   "it is " + cloud::quoted(attempt.authorization.name));
    TRY(choose(attempt, responders, TRY(account.login(context))->key.facts.jwk));
    attempts.push_back(std::move(attempt));
  }
  if (attempts.empty()) return Proving(Proven());
  std::vector<Attempt*> open;
  open.reserve(attempts.size());
  for (auto& attempt : attempts) open.push_back(&attempt);
  Presented presented;
  TRY(present_all(context, open, responders, presented));
  for (const auto* attempt : open)
    if (auto gone = TRY(announce(context, account, *attempt))) return Proving(std::move(*gone));
  return await(context, account, std::move(open));
}

}  // namespace trunkform::issuers::acme
