#include <ostream>

#include <fmt/format.h>

#include "cmd/certificates/check_report.hpp"
#include "cmd/trunkform/commands/certificate_input.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/views/certificate_list_json.hpp"
#include "providers/x509/chain.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::cli {
namespace {

void write_shown_chain(std::ostream& out, const ChainFacts& chain) {
  codec::JsonWriter json;
  json.begin_object();
  json.member("format_version", "1.0");
  json.member("chain_sha256", chain.identity.chain);
  json.key("certificates");
  views::write_certificate_list(json, &chain);
  json.end_object();
  out << json.take() << '\n';
}

/// What a person should know who wonders why the output differs from the file.
std::string what_was_odd(const x509::BuiltChain& built, bool for_a_trust_store) {
  const auto& bundle = built.bundle;
  std::string text;
  if (built.ways > 1 && !for_a_trust_store)
    text += fmt::format(
        "note: {} chains lead up from the leaf, because authorities are cross-signed; a carrier is sent the one that "
        "its trust store takes: -trust-store=FILE shows it\n",
        built.ways);
  if (!bundle.leaf_first || !bundle.in_order)
    text += "note: the file has another order; this is the order that is sent\n";
  if (bundle.has_gap) text += "note: an intermediate is missing\n";
  if (bundle.ends_in_root) text += "note: the root of the file is not sent\n";
  if (!bundle.unused.empty())
    text += fmt::format("note: {} of the file's certificates are not needed and not sent\n", bundle.unused.size());
  return text;
}

Result<ExitCode> certificate_show(Frame& frame) {
  const auto pem = TRY(read_certificates(frame, frame.arguments.positionals().front()));
  x509::PathQuestion carrier;
  carrier.at = frame.world.clock.now();
  const auto& trust_store = frame.arguments.value("trust-store");
  if (!trust_store.empty()) carrier.trust = TRY(x509::TrustStore::from_pem(TRY(read_trust_store(frame, trust_store))));
  const auto built =
      TRY(x509::build_chain(TRY(x509::parse_certificates(pem)), {.accept = trust_store.empty() ? nullptr : &carrier}));
  auto& out = frame.world.streams.out;
  if (frame.arguments.on("json")) {
    write_shown_chain(out, *built.chain);
  } else if (frame.arguments.on("pem")) {
    out << built.pem;
  } else {
    out << certificates::show_text(*built.chain, frame.world.clock.now());
    frame.world.streams.tell(what_was_odd(built, !trust_store.empty()));
  }
  return ExitCode::done;
}

}  // namespace

Command certificate_show_command() {
  return {{"certificate", "show"},
          "a chain for people: names, issuer, dates, key, fingerprint",
          "The chain is put in order first, leaf first and without its root, as it would be sent.",
          {{"trust-store", FlagKind::value, "the carrier's roots, PEM or DER: tells which of several chains is sent",
            "FILE"},
           {"pem", FlagKind::toggle, "the chain as it would be sent"},
           flags::json()},
          {{"CHAIN", "the certificates, PEM or DER, in any order; - is standard input", 1, 1}},
          framed(certificate_show)};
}

}  // namespace trunkform::cli
