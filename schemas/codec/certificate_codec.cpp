#include "schemas/codec/certificate_codec.hpp"

#include <array>

namespace trunkform::codec {
namespace {

template <class E>
struct Word {
  E value;
  std::string_view word;
};

constexpr std::array<Word<NameKind>, 6> k_name_kinds{{{NameKind::dns, "dns"},
                                                      {NameKind::uri, "uri"},
                                                      {NameKind::ip, "ip"},
                                                      {NameKind::email, "email"},
                                                      {NameKind::directory, "directory"},
                                                      {NameKind::other, "other"}}};
constexpr std::array<Word<KeyAlgorithm>, 6> k_key_algorithms{{{KeyAlgorithm::rsa, "rsa"},
                                                              {KeyAlgorithm::ec, "ec"},
                                                              {KeyAlgorithm::ed25519, "ed25519"},
                                                              {KeyAlgorithm::ed448, "ed448"},
                                                              {KeyAlgorithm::dsa, "dsa"},
                                                              {KeyAlgorithm::other, "other"}}};

template <class E, std::size_t N>
std::string_view word_of(const std::array<Word<E>, N>& words, E value) {
  for (const auto& entry : words)
    if (entry.value == value) return entry.word;
  return words.back().word;
}

template <class E, std::size_t N>
E value_of(const std::array<Word<E>, N>& words, const JsonValue& value) {
  const auto text = value.view();
  for (const auto& entry : words)
    if (entry.word == text) return entry.value;
  value.flaw("`" + std::string(text) + "` is not one of the words for this");
  return words.back().value;
}

void write_names(JsonWriter& out, const std::vector<AlternativeName>& names) {
  if (names.empty()) return;
  out.key("names");
  out.begin_array();
  for (const auto& name : names) {
    out.begin_array();
    out.value(word_of(k_name_kinds, name.kind));
    out.value(std::string_view(name.value));
    out.end_array();
  }
  out.end_array();
}

std::vector<AlternativeName> read_names(JsonObject& object) {
  std::vector<AlternativeName> names;
  const auto list = object.optional("names");
  if (!list) return names;
  for (const auto& item : list->items()) {
    const auto pair = item.items();
    if (pair.size() != 2) {
      item.flaw("expected [kind, value]");
      return names;
    }
    names.push_back({value_of(k_name_kinds, pair[0]), pair[1].text()});
  }
  return names;
}

void write_key(JsonWriter& out, const PublicKeyFacts& key) {
  out.key("key");
  out.begin_object();
  out.member("algorithm", word_of(k_key_algorithms, key.algorithm));
  out.member("bits", key.bits);
  out.member_unless_empty("curve", key.curve);
  out.member("spki", key.spki);
  out.end_object();
}

PublicKeyFacts read_key(const JsonValue& value) {
  JsonObject object(value);
  PublicKeyFacts key;
  key.algorithm = value_of(k_key_algorithms, object.required("algorithm"));
  key.bits = object.required("bits").small_number();
  key.curve = object.text_or_empty("curve");
  key.spki = object.required("spki").fingerprint();
  object.finish();
  return key;
}

}  // namespace

void write_certificate(JsonWriter& out, const CertificateFacts& facts) {
  out.begin_object();
  out.member("subject", std::string_view(facts.subject));
  out.member_unless_empty("common_name", facts.common_name);
  out.member("issuer", std::string_view(facts.issuer));
  out.member("serial", std::string_view(facts.serial));
  out.member("not_before", facts.not_before);
  out.member("not_after", facts.not_after);
  write_names(out, facts.names);
  write_key(out, facts.key);
  out.member("signature_algorithm", std::string_view(facts.signature_algorithm));
  out.member_unless_empty("signature_digest", facts.signature_digest);
  out.member("version", facts.version);
  out.member_if("is_ca", facts.is_ca);
  out.member_if("self_issued", facts.self_issued);
  if (facts.path_length) out.member("path_length", *facts.path_length);
  out.member_if("has_key_usage", facts.has_key_usage);
  out.member_if("key_usage_cert_sign", facts.key_usage_cert_sign);
  out.member_if("key_usage_digital_signature", facts.key_usage_digital_signature);
  if (!facts.extended_key_usage.empty()) {
    out.key("extended_key_usage");
    out.begin_array();
    for (const auto& usage : facts.extended_key_usage) out.value(std::string_view(usage));
    out.end_array();
  }
  out.member_unless_empty("subject_key_id", facts.subject_key_id);
  out.member_unless_empty("authority_key_id", facts.authority_key_id);
  out.end_object();
}

CertificateFacts read_certificate(const Fingerprint& fingerprint, const JsonValue& value) {
  JsonObject object(value);
  CertificateFacts facts;
  facts.fingerprint = fingerprint;
  facts.subject = object.required("subject").text();
  facts.common_name = object.text_or_empty("common_name");
  facts.issuer = object.required("issuer").text();
  facts.serial = object.required("serial").text();
  facts.not_before = object.required("not_before").instant();
  facts.not_after = object.required("not_after").instant();
  facts.names = read_names(object);
  facts.key = read_key(object.required("key"));
  facts.signature_algorithm = object.required("signature_algorithm").text();
  facts.signature_digest = object.text_or_empty("signature_digest");
  facts.version = object.required("version").small_number();
  facts.is_ca = object.flag_or_false("is_ca");
  facts.self_issued = object.flag_or_false("self_issued");
  if (const auto length = object.optional("path_length")) facts.path_length = length->small_number();
  facts.has_key_usage = object.flag_or_false("has_key_usage");
  facts.key_usage_cert_sign = object.flag_or_false("key_usage_cert_sign");
  facts.key_usage_digital_signature = object.flag_or_false("key_usage_digital_signature");
  if (const auto usages = object.optional("extended_key_usage")) {
    for (const auto& usage : usages->items()) facts.extended_key_usage.push_back(usage.text());
  }
  facts.subject_key_id = object.text_or_empty("subject_key_id");
  facts.authority_key_id = object.text_or_empty("authority_key_id");
  object.finish();
  return facts;
}

}  // namespace trunkform::codec
