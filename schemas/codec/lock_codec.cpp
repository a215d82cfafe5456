#include "schemas/codec/lock_codec.hpp"

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform {

void write_lock_info(codec::JsonWriter& out, const LockInfo& info) {
  out.begin_object();
  out.member("ID", std::string_view(info.id));
  out.member("Operation", std::string_view(info.operation));
  out.member("Info", std::string_view(info.info));
  out.member("Who", std::string_view(info.who));
  out.member("Version", std::string_view(info.version));
  out.member("Created", info.created);
  out.member("Path", std::string_view(info.path));
  if (info.epoch > 0) out.member("Epoch", info.epoch);
  out.end_object();
}

std::string encode_lock_info(const LockInfo& info) {
  codec::JsonWriter out;
  write_lock_info(out, info);
  return out.take() + "\n";
}

Result<LockInfo> decode_lock_info(std::string_view bytes) {
  codec::JsonDocument json("the lock info", bytes);
  codec::JsonObject root(json.root());
  LockInfo info;
  info.id = root.required("ID").text();
  info.operation = root.text_or_empty("Operation");
  info.info = root.text_or_empty("Info");
  info.who = root.text_or_empty("Who");
  info.version = root.text_or_empty("Version");
  if (const auto created = root.optional("Created")) info.created = created->instant();
  info.path = root.text_or_empty("Path");
  if (const auto epoch = root.optional("Epoch")) info.epoch = epoch->number();
  // No `finish` of the object: servers of the HTTP protocol may add fields of their own.
  TRY(json.finish());
  return info;
}

}  // namespace trunkform
