#include "planner/language/configuration/registry.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/language/configuration/locators.hpp"
#include "planner/language/configuration/scope.hpp"
#include "planner/language/expression/evaluate.hpp"

namespace trunkform::language {
namespace {

std::string label_of(const std::string& address) { return address.substr(address.rfind('.') + 1); }

Value default_of(const ArgumentSchema& schema) {
  if (schema.default_text.empty()) return Value::null(Type::dynamic());
  if (schema.type == ArgumentType::boolean) return Value::boolean(schema.default_text == "true");
  if (schema.type == ArgumentType::integer)
    if (auto number = Number::parse(schema.default_text)) return Value::number(std::move(*number));
  return Value::string(schema.default_text);
}

std::string example_of(const std::string& kind) { return has_groups(kind) ? kind + ".TYPE.NAME" : kind + ".NAME"; }

/// A block is its address; a string may be its address or its label.
std::optional<std::string> text_of_reference(const Value& value) {
  const auto* address = value.kind() == TypeKind::object ? value.find("address") : nullptr;
  const auto* text = address ? address : value.kind() == TypeKind::string ? &value : nullptr;
  if (text && text->is_known() && text->kind() == TypeKind::string) return text->as_string();
  return std::nullopt;
}

Error no_reference(const BodyReader& reader, const std::string& name, const std::string& kind, const Value& value) {
  return Error(ErrorCode::invalid_input, fmt::format("{} must refer to a {} block", name, kind),
               fmt::format("this is {}", with_article(value.type().friendly())))
      .at(reader.range(name))
      .hint(fmt::format("write the whole name of one block: \"${{{}}}\"", example_of(kind)));
}

}  // namespace

std::optional<std::string> reference_text(BodyReader& reader, const std::string& name, const std::string& kind) {
  const auto value = reader.value(name);
  if (!value || !value->is_known()) return std::nullopt;
  if (auto text = text_of_reference(*value)) return text;
  reader.fail(no_reference(reader, name, kind, *value));
  return std::nullopt;
}

std::optional<std::vector<std::string>> reference_texts(BodyReader& reader, const std::string& name,
                                                        const std::string& kind) {
  const auto value = reader.value(name);
  if (!value || !value->is_wholly_known()) return std::nullopt;
  const auto list_like =
      value->kind() == TypeKind::tuple || value->kind() == TypeKind::list || value->kind() == TypeKind::set;
  if (!list_like || value->elements().empty()) {
    reader.fail(
        Error(ErrorCode::invalid_input, fmt::format("{} must be a list of {} blocks", name, kind),
              list_like ? "this one is empty" : fmt::format("this is {}", with_article(value->type().friendly())))
            .at(reader.range(name))
            .hint(fmt::format("write [\"${{{}}}\"], or leave {} out", example_of(kind), name)));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const auto& element : value->elements()) {
    auto text = element.is_known() ? text_of_reference(element) : std::nullopt;
    if (!text) {
      reader.fail(no_reference(reader, name, kind, element));
      return std::nullopt;
    }
    texts.push_back(std::move(*text));
  }
  return texts;
}

void refuse_reference(BodyReader& reader, const std::string& name, const std::string& kind, const std::string& text,
                      const std::vector<std::string>& addresses, const std::vector<std::string>& meant) {
  const auto error = [&](std::string summary, std::string detail) {
    return Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)).at(reader.range(name));
  };
  if (!meant.empty())
    return reader.fail(error(fmt::format("{} {} means several", kind, quoted(text)),
                             fmt::format("there are {}", fmt::join(meant, ", ")))
                           .hint(fmt::format("write \"${{{}}}\"", meant.front())));
  const bool is_label = text.find('.') == std::string::npos;
  if (!is_label && !text.starts_with(kind + "."))
    return reader.fail(error(fmt::format("{} is no {}", text, kind), {})
                           .hint(addresses.empty() ? fmt::format("declare {} first", with_article(kind))
                                                   : fmt::format("for example \"${{{}}}\"", addresses.front())));
  auto candidates = addresses;
  if (is_label) std::transform(candidates.begin(), candidates.end(), candidates.begin(), label_of);
  constexpr std::ptrdiff_t k_shown = 10;
  const auto shown = candidates.begin() + std::min(k_shown, std::ptrdiff_t(candidates.size()));
  const auto known = candidates.empty() ? fmt::format("no {} is declared", kind)
                                        : fmt::format("there are {}", fmt::join(candidates.begin(), shown, ", "));
  reader.fail(suggest(error(fmt::format("there is no {} {}", kind, quoted(text)), known), text, candidates));
}

Value block_value(BodyReader& reader, const std::string& label) {
  std::vector<Entry> entries{{"address", Value::string(reader.address())}, {"label", Value::string(label)}};
  for (const auto& schema : reader.body().schema->arguments) {
    if (schema.need == Need::later || schema.type == ArgumentType::secret) continue;
    const auto* argument = reader.body().find(schema.name);
    const auto value =
        argument && argument->expression ? evaluate(*argument->expression, reader.scope()) : Result<Value>(Value());
    entries.push_back({schema.name, value && !value->is_null() ? *value : default_of(schema)});
  }
  return Value::object(std::move(entries));
}

Value bare_block_value(const BodyReader& reader, const std::string& label) {
  return Value::object({{"address", Value::string(reader.address())}, {"label", Value::string(label)}});
}

CertificateDeclaration read_certificate(BodyReader& reader, const std::string& type) {
  CertificateDeclaration declaration;
  declaration.address = reader.address();
  declaration.source = reader.body().where.range();
  declaration.locator = read_locator(reader, type);
  return declaration;
}

}  // namespace trunkform::language
