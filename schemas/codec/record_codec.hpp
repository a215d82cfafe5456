#pragma once
// What the state document and the event log write alike: certificates and chains once each in tables by fingerprint,
// and resource records that refer to them. docs/formats/state.md, "Tables" and "Records".
#include <string_view>
#include <unordered_map>

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::codec {

/// Certificates and chains on their way out. Borrows from the records that were added.
class ChainTable {
 public:
  void add(const ResourceRecord& record);
  void add(const IssueRecord& record);
  void add(const ChainPtr& chain);  ///< null: nothing
  /// Members `certificates` and `chains` of the object that is open.
  void write(JsonWriter& out) const;
  void write_on_one_line(JsonWriter& out) const;

 private:
  enum class Layout { lines, one_line };
  void write(JsonWriter& out, Layout layout) const;
  std::unordered_map<Fingerprint, const ChainFacts*, FingerprintHash> m_chains;
  std::unordered_map<Fingerprint, const CertificateFacts*, FingerprintHash> m_certificates;
};

/// Certificates and chains on their way in, shared by all records that name them.
class ChainIndex {
 public:
  explicit ChainIndex(JsonObject& object);
  ChainPtr find(const JsonValue& reference) const;

 private:
  std::unordered_map<Fingerprint, CertificatePtr, FingerprintHash> m_certificates;
  std::unordered_map<Fingerprint, ChainPtr, FingerprintHash> m_chains;
};

void write_locator(JsonWriter& out, const Locator& locator, std::string_view key = "locator");  ///< with its key
Locator read_locator(const JsonValue& value);
void write_identity(JsonWriter& out, const Identity& identity);
Identity read_identity(const JsonValue& value);
Address read_address(const JsonValue& value);

void write_record(JsonWriter& out, const ResourceRecord& record);
ResourceRecord read_record(const JsonValue& value, const ChainIndex& chains);

}  // namespace trunkform::codec
