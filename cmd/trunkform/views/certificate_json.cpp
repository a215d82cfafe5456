#include "cmd/trunkform/views/certificate_json.hpp"

namespace trunkform::views {

void write_chain_facts(codec::JsonWriter& out, const ChainFacts* chain) {
  if (chain == nullptr) return out.null();
  const auto& leaf = chain->leaf();
  out.begin_object();
  out.member("subject", std::string_view(leaf.subject));
  out.key("names");
  out.begin_array();
  for (const auto& name : leaf.names) out.value(std::string_view(name.value));
  out.end_array();
  out.member("issuer", std::string_view(leaf.issuer));
  out.member("serial", std::string_view(leaf.serial));
  out.member("not_before", leaf.not_before);
  out.member("not_after", leaf.not_after);
  out.member("key", std::string_view(describe(leaf.key)));
  out.member("leaf_sha256", leaf.fingerprint);
  out.member("chain_sha256", chain->identity.chain);
  out.key("chain");
  out.begin_array();
  for (const auto& certificate : chain->certificates) out.value(std::string_view(certificate->subject));
  out.end_array();
  out.end_object();
}

}  // namespace trunkform::views
