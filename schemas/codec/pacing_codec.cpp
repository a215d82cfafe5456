#include "schemas/codec/pacing_codec.hpp"

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform {
namespace {

constexpr int k_format = 1;

Place read_place(const codec::JsonValue& value) {
  codec::JsonObject object(value);
  Place place;
  place.carrier.organisation = object.required("organisation").text();
  place.carrier.carrier = object.required("carrier").text();
  place.ticket = object.required("ticket").text();
  place.until = object.required("until").instant();
  place.owner = object.text_or_empty("owner");
  if (const auto rest = object.optional("rest")) place.rest = Duration(static_cast<Duration::rep>(rest->number()));
  object.finish();
  return place;
}

}  // namespace

std::string encode_pacing(const PacingBook& book) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_format);
  out.key("places");
  out.begin_array();
  for (const auto& place : book.places) {
    out.line();
    out.begin_object();
    out.member("organisation", std::string_view(place.carrier.organisation));
    out.member("carrier", std::string_view(place.carrier.carrier));
    out.member("ticket", std::string_view(place.ticket));
    out.member("until", place.until);
    out.member_unless_empty("owner", place.owner);
    if (place.rest > Duration::zero()) out.member("rest", place.rest.count());
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take() + "\n";
}

Result<PacingBook> decode_pacing(std::string_view bytes) {
  codec::JsonDocument json("the pacing file", bytes);
  codec::JsonObject root(json.root());
  json.check_format(root, k_format);
  PacingBook book;
  for (const auto& place : root.required("places").items()) book.places.push_back(read_place(place));
  root.finish();
  TRY(json.finish());
  return book;
}

}  // namespace trunkform
