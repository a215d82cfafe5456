#include "providers/issuers/acme/dns_update.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/issuers/acme/tsig.hpp"

namespace trunkform::issuers::acme {

/// Whoever reads it thinks of the authority first.
Error DnsUpdate::unreachable(Error why) const {
  Error error(why.code,
              fmt::format("the server {} of rfc2136 cannot be reached, so no record can be written",
                          cloud::quoted(m_place.server)),
              fmt::format("updates would be signed with the key {}", cloud::quoted(m_place.key_name)));
  error.hints = {"check `server` of rfc2136 in the issuer's block, and that this machine may reach it over TCP",
                 "nothing is signed, and the order stays open: go on with it by trunkform apply"};
  error.causes.push_back(std::move(why));
  return error;
}

Result<DnsAnswer> DnsUpdate::ask(const Context& context, const std::string& message, std::string* answer) const {
  auto exchanged = m_ports.exchange(context, m_place.server, message);
  if (!exchanged && exchanged.error().code == ErrorCode::cancelled) return std::move(exchanged.error());
  if (!exchanged) return unreachable(std::move(exchanged.error()));
  auto& text = *exchanged;
  const auto read = read_answer(text);
  if (!read || !read->is_answer || read->id != read_16(message, 0))
    return Error(ErrorCode::protocol, fmt::format("{} does not answer as a DNS server", cloud::quoted(m_place.server)));
  if (answer != nullptr) *answer = std::move(text);
  return *read;
}

/// The longest name at the end of `record` that has an SOA there: the record itself may be a zone of its own, and a
/// CNAME among the answers, with the SOA of where it leads, is no zone of the name that was asked for.
Result<std::string> DnsUpdate::zone_of(const Context& context, const std::string& record) {
  if (!m_place.zone.empty()) return m_place.zone;
  for (auto name = record; name.find('.') != std::string::npos; name = name.substr(name.find('.') + 1)) {
    const auto answer = TRY(ask(context, TRY(zone_question(new_id(), name))));
    const auto& owners = answer.soa_owners;
    if (answer.code == 0 && std::find(owners.begin(), owners.end(), TRY(wire_name(name))) != owners.end()) return name;
  }
  return Error(ErrorCode::invalid_input,
               fmt::format("{} has no zone of {}", cloud::quoted(m_place.server), cloud::quoted(record)))
      .hint("name the zone in `zone` of rfc2136, or the zone's own primary server in `server`");
}

Result<> DnsUpdate::change(const Context& context, const Proof& proof, DnsChange change) {
  TRY(m_ports.may_go_to(m_place.server));
  const auto record = record_of(proof);
  const auto text = TRY(m_ports.secret(m_place.key));
  auto secret = cloud::secret_from_base64(cloud::trimmed(text.view()));
  if (!secret || secret->empty())
    return Error(ErrorCode::invalid_input, "`key` of rfc2136 is no base64")
        .hint("it is what stands behind `secret` in the server's key file; tsig-keygen makes one");
  const TsigKey key{m_place.key_name, std::move(*secret)};
  const auto zone = TRY(zone_of(context, record));
  const auto message = TRY(update_message({new_id(), zone, record, record_value_of(proof), change}));
  const auto question = TRY(tsig_signed(message, key, m_clock.now()));
  std::string signed_answer;
  const auto answer = TRY(ask(context, question.message, &signed_answer));
  TRY(check_tsig(signed_answer, question.mac, key, m_clock.now()));
  if (answer.code == 0) return {};
  return Error(ErrorCode::denied,
               fmt::format("{} does not change {} in the zone {}", cloud::quoted(m_place.server), cloud::quoted(record),
                           cloud::quoted(zone)),
               "it says " + words_of_code(answer.code))
      .hint("see what the server lets this key change: update-policy or allow-update of the zone");
}

Result<> DnsUpdate::present(const Context& context, const std::vector<Proof>& proofs) {
  for (const auto& proof : proofs) TRY(change(context, proof, DnsChange::add));
  return m_clock.sleep(context, m_place.wait);
}

/// A record that stays behind opens nothing, and is no reason to fail. It is taken away also where the run is to stop.
void DnsUpdate::withdraw(const std::vector<Proof>& proofs) {
  for (const auto& proof : proofs) (void)change(Context(), proof, DnsChange::remove);
}

}  // namespace trunkform::issuers::acme
