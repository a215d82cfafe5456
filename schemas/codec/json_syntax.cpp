#include "schemas/codec/json_syntax.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace trunkform::codec {
namespace {

/// Accepts everything and keeps what the parser says about the first error.
struct FirstError : nlohmann::json_sax<nlohmann::json> {
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception& error) override {
    position = at;
    message = error.what();
    return false;
  }
  std::size_t position = 0;
  std::string message;
};

}  // namespace

std::string describe_syntax_error(std::string_view bytes) {
  if (bytes.empty()) return "it is empty";
  FirstError found;
  if (nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &found)) return "it is nested too deeply or too large";
  const auto before = bytes.substr(0, std::min(bytes.size(), found.position > 0 ? found.position - 1 : 0));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
  // The library's text repeats the position in its own way before the reason: `[…] parse error at …: reason`.
  const auto reason = found.message.find(": ");
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
         (reason == std::string::npos ? found.message : found.message.substr(reason + 2));
}

}  // namespace trunkform::codec
