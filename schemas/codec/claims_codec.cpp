#include "schemas/codec/claims_codec.hpp"

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform {
namespace {

constexpr int k_claims_format = 1;

}  // namespace

std::string encode_claims(const ClaimBook& book) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_claims_format);
  out.key("claims");
  out.begin_array();
  for (const auto& [key, owner] : book) {
    out.line();
    out.begin_object();
    out.member("organisation", std::string_view(key.organisation));
    out.member("trunk", std::string_view(key.trunk.value));
    out.member("workspace", std::string_view(owner));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take() + "\n";
}

Result<ClaimBook> decode_claims(std::string_view bytes) {
  codec::JsonDocument json("the owners file", bytes);
  codec::JsonObject root(json.root());
  json.check_format(root, k_claims_format);
  ClaimBook book;
  for (const auto& item : root.required("claims").items()) {
    codec::JsonObject claim(item);
    TrunkKey key{claim.required("organisation").text(), {claim.required("trunk").text()}};
    book.insert_or_assign(std::move(key), claim.required("workspace").text());
    claim.finish();
  }
  root.finish();
  TRY(json.finish());
  return book;
}

}  // namespace trunkform
