#include "cmd/trunkform/views/certificate_list_json.hpp"

namespace trunkform::views {
namespace {

std::string_view word_of(NameKind kind) {
  switch (kind) {
    case NameKind::dns:
      return "dns";
    case NameKind::uri:
      return "uri";
    case NameKind::ip:
      return "ip";
    case NameKind::email:
      return "email";
    case NameKind::directory:
      return "directory";
    case NameKind::other:
      break;
  }
  return "other";
}

void write_alternative_names(codec::JsonWriter& out, const CertificateFacts& facts) {
  out.key("names");
  out.begin_array();
  for (const auto& name : facts.names) {
    out.begin_object();
    out.member("kind", word_of(name.kind));
    out.member("value", std::string_view(name.value));
    out.end_object();
  }
  out.end_array();
}

void write_one(codec::JsonWriter& out, const CertificateFacts& facts) {
  out.begin_object();
  out.member("subject", std::string_view(facts.subject));
  write_alternative_names(out, facts);
  out.member("issuer", std::string_view(facts.issuer));
  out.member("serial", std::string_view(facts.serial));
  out.member("not_before", facts.not_before);
  out.member("not_after", facts.not_after);
  out.member("key", std::string_view(describe(facts.key)));
  out.member("key_sha256", facts.key.spki);
  out.member("signature", std::string_view(facts.signature_algorithm));
  out.member("is_authority", facts.is_ca);
  out.key("extended_key_usage");
  out.begin_array();
  for (const auto& usage : facts.extended_key_usage) out.value(std::string_view(usage));
  out.end_array();
  out.member("sha256", facts.fingerprint);
  out.end_object();
}

}  // namespace

void write_certificate_list(codec::JsonWriter& out, const ChainFacts* chain) {
  out.begin_array();
  if (chain != nullptr)
    for (const auto& certificate : chain->certificates) write_one(out, *certificate);
  out.end_array();
}

}  // namespace trunkform::views
