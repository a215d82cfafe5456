#include <array>
#include <cctype>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "planner/language/functions/base64.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/value/json.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace encoding_family {

Result<Value> json_encode(const Arguments& a) { return Value::string(TRY(encode_json(a[0]))); }
Result<Value> json_decode(const Arguments& a) { return decode_json(a[0].as_string()); }

Result<Value> base64_encode(const Arguments& a) { return Value::string(to_base64(a[0].as_string())); }

Result<Value> base64_decode(const Arguments& a) {
  const auto bytes = from_base64(a[0].as_string());
  if (!bytes) return failed("the string is not base64");
  if (!is_utf8(*bytes)) return failed("the decoded bytes are not UTF-8: textdecodebase64() reads other encodings");
  return Value::string(*bytes);
}

Result<Value> url_encode(const Arguments& a) {
  std::string out;
  for (const unsigned char c : a[0].as_string()) {
    if (std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '~')
      out += static_cast<char>(c);
    else if (c == ' ')
      out += '+';
    else
      out += fmt::format("%{:02X}", c);
  }
  return Value::string(out);
}

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

Result<Converter> converter(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  // Names that IANA registers; ICU knows others too.
  if (!ucnv_getStandardName(name.c_str(), "IANA", &status)) return failed("this is no encoding that IANA knows");
  Converter made(ucnv_open(name.c_str(), &status), &ucnv_close);
  if (U_FAILURE(status) || !made) return failed("this encoding is not supported");
  return made;
}

Result<Value> text_encode(const Arguments& a) {
  const auto target = TRY(converter(a[1].as_string()));
  UErrorCode status = U_ZERO_ERROR;
  ucnv_setFromUCallBack(target.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const auto& text = a[0].as_string();
  std::vector<UChar> wide(text.size() + 1);
  std::int32_t length = 0;
  u_strFromUTF8(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
  std::string out(static_cast<std::size_t>(UCNV_GET_MAX_BYTES_FOR_STRING(length, ucnv_getMaxCharSize(target.get()))),
                  '\0');
  const auto size =
      ucnv_fromUChars(target.get(), out.data(), static_cast<std::int32_t>(out.size()), wide.data(), length, &status);
  if (U_FAILURE(status)) return failed("the string has characters that the encoding has not");
  out.resize(static_cast<std::size_t>(size));
  return Value::string(to_base64(out));
}

Result<Value> text_decode(const Arguments& a) {
  const auto bytes = from_base64(a[0].as_string());
  if (!bytes) return failed("the argument for \"source\" is not base64");
  const auto source = TRY(converter(a[1].as_string()));
  UErrorCode status = U_ZERO_ERROR;
  ucnv_setToUCallBack(source.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::vector<UChar> wide(bytes->size() * 2 + 1);
  const auto length = ucnv_toUChars(source.get(), wide.data(), static_cast<std::int32_t>(wide.size()), bytes->data(),
                                    static_cast<std::int32_t>(bytes->size()), &status);
  std::string out(static_cast<std::size_t>(std::max(length, 0)) * 3 + 1, '\0');
  std::int32_t size = 0;
  u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &size, wide.data(), length, &status);
  if (U_FAILURE(status)) return failed("the bytes are not of this encoding");
  out.resize(static_cast<std::size_t>(size));
  return Value::string(out);
}

/// RFC 4180: one record from `at` on.
Result<std::vector<std::string>> read_record(std::string_view text, std::size_t& at) {
  std::vector<std::string> fields(1);
  const auto take_quoted = [&]() -> Result<> {
    for (++at; at < text.size(); ++at) {
      if (text[at] != '"')
        fields.back() += text[at];
      else if (text.substr(at, 2) == "\"\"")
        fields.back() += text[at++];
      else {
        ++at;
        const bool ends = at >= text.size() || text[at] == ',' || text[at] == '\n' || text[at] == '\r';
        return ends ? Result<>() : failed("a quote stands inside a field");
      }
    }
    return failed("a quote is not closed");
  };
  while (at < text.size()) {
    if (text[at] == '"' && fields.back().empty()) {
      TRY(take_quoted());
    } else if (text[at] == '"') {
      return failed("a quote stands inside a field");
    } else if (text[at] == ',') {
      fields.emplace_back();
      ++at;
    } else if (text[at] == '\n' || text.substr(at, 2) == "\r\n") {
      at += text[at] == '\n' ? 1 : 2;
      return fields;
    } else {
      fields.back() += text[at++];
    }
  }
  return fields;
}

Result<Value> csv_decode(const Arguments& a) {
  const std::string_view text = a[0].as_string();
  std::size_t at = 0;
  const auto skip_empty = [&] {
    while (at < text.size() && (text[at] == '\n' || text.substr(at, 2) == "\r\n")) at += text[at] == '\n' ? 1 : 2;
  };
  skip_empty();
  if (at >= text.size()) return failed("the header line is missing");
  const auto header = TRY(read_record(text, at));
  std::vector<Attribute> attributes;
  for (const auto& name : header) attributes.push_back({to_nfc(name), Type::string()});
  const auto type = Type::object(attributes);
  if (type.attributes().size() != header.size()) return failed("two columns have the same name");
  std::vector<Value> rows;
  for (skip_empty(); at < text.size(); skip_empty()) {
    const auto fields = TRY(read_record(text, at));
    if (fields.size() != header.size())
      return failed(fmt::format("record {} has another number of fields", rows.size() + 1));
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < fields.size(); ++i) entries.push_back({header[i], Value::string(fields[i])});
    rows.push_back(Value::object(std::move(entries)));
    if (rows.size() > k_most_elements) return failed("there are too many records");
  }
  return Value::list(type, std::move(rows));
}

constexpr std::array k_rows{
    FunctionRow{"jsonencode(val?: any) string", "The value as JSON.", json_encode},
    FunctionRow{"jsondecode(str: string) any", "The value that JSON says.", json_decode},
    FunctionRow{"base64encode(str: string) string", "The string's UTF-8 as base64.", base64_encode},
    FunctionRow{"base64decode(str: string) string", "The UTF-8 string that base64 says.", base64_decode},
    FunctionRow{"urlencode(str: string) string", "Escaped for the query of a URL.", url_encode},
    FunctionRow{"textencodebase64(string: string, encoding: string) string", "The string in an encoding, as base64.",
                text_encode},
    FunctionRow{"textdecodebase64(source: string, encoding: string) string", "Base64 of an encoding, as a string.",
                text_decode},
    FunctionRow{"csvdecode(str: string) any", "Comma separated records as a list of objects.", csv_decode},
};

}  // namespace encoding_family

std::span<const FunctionRow> encoding_functions() { return encoding_family::k_rows; }

}  // namespace trunkform::language
