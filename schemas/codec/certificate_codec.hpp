#pragma once
// Facts of one certificate as a JSON object; its fingerprint is the key under which it stands.
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::codec {

void write_certificate(JsonWriter& out, const CertificateFacts& facts);
CertificateFacts read_certificate(const Fingerprint& fingerprint, const JsonValue& value);

}  // namespace trunkform::codec
