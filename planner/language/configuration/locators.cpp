#include "planner/language/configuration/locators.hpp"

#include <fmt/format.h>

#include "planner/language/value/json.hpp"

namespace trunkform::language {
namespace {

void refuse_pem(BodyReader& reader, const std::string& name, const std::string& text) {
  if (text.find("-----BEGIN") == std::string::npos) return;
  reader.fail(Error(ErrorCode::invalid_input, fmt::format("{} holds PEM text", name), "it is a path or a name")
                  .at(reader.range(name))
                  .hint("put the text into a file and name that; a private key that stood here must be replaced"));
}

void refuse_misshapen(BodyReader& reader, const ArgumentSchema& argument, const std::string& text) {
  if (argument.shape.fits == nullptr || argument.shape.fits(text)) return;
  reader.fail(Error(ErrorCode::invalid_input, fmt::format("{} is not {}", argument.name, argument.shape.words),
                    fmt::format("this is \"{}\"", text))
                  .at(reader.range(argument.name))
                  .hint(fmt::format("leave {} out for the newest one", argument.name)));
}

std::optional<std::string> list_text(BodyReader& reader, const std::string& name) {
  std::vector<std::string> texts;
  if (!reader.read(name, texts)) return std::nullopt;
  std::vector<Value> values;
  values.reserve(texts.size());
  for (const auto& text : texts) {
    refuse_pem(reader, name, text);
    values.push_back(Value::string(text));
  }
  auto json = encode_json(Value::tuple(std::move(values)));
  return json ? std::optional(std::move(*json)) : std::nullopt;
}

/// nullopt: it is not there, or a mistake (reported).
std::optional<std::string> argument_text(BodyReader& reader, const ArgumentSchema& argument) {
  std::string text;
  switch (argument.type) {
    case ArgumentType::word:
      if (!reader.read_word(argument.name, text)) return std::nullopt;
      return text;
    case ArgumentType::text:
      if (!reader.read(argument.name, text)) return std::nullopt;
      refuse_pem(reader, argument.name, text);
      refuse_misshapen(reader, argument, text);
      return text;
    case ArgumentType::secret: {
      std::optional<Secret> secret;
      if (!reader.read(argument.name, secret)) return std::nullopt;
      return to_string(*secret);
    }
    case ArgumentType::integer: {
      int number = 0;
      if (!reader.read(argument.name, number)) return std::nullopt;
      return std::to_string(number);
    }
    case ArgumentType::boolean: {
      bool flag = false;
      if (!reader.read(argument.name, flag)) return std::nullopt;
      return flag ? "true" : "false";
    }
    case ArgumentType::duration: {
      Duration duration{};
      if (!reader.read(argument.name, duration)) return std::nullopt;
      return to_string(duration);
    }
    case ArgumentType::texts:
      return list_text(reader, argument.name);
    default:
      return std::nullopt;
  }
}

void read_into(BodyReader& reader, const std::string& prefix, Locator& locator) {
  for (const auto& argument : reader.body().schema->arguments)
    if (auto text = argument_text(reader, argument)) locator.arguments[prefix + argument.name] = std::move(*text);
  for (const auto& block : reader.body().blocks) {
    auto nested = reader.within(block);
    read_into(nested, prefix + block.schema->type + ".", locator);
    reader.merge(nested);
  }
}

}  // namespace

Locator read_locator(BodyReader& reader, const std::string& type) {
  Locator locator{type, {}};
  read_into(reader, {}, locator);
  return locator;
}

}  // namespace trunkform::language
