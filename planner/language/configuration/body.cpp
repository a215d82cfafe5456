#include "planner/language/configuration/body.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

bool is_literal(ArgumentType type) {
  return type == ArgumentType::literal || type == ArgumentType::literal_text || type == ArgumentType::literal_boolean;
}

/// Reads one body; nested ones by another of these.
class BodyParser {
 public:
  BodyParser(const BlockSchema& schema, std::string address, const JsonValue& where, Problems& problems)
      : m_problems(problems), m_body{&schema, std::move(address), where, {}, {}, false} {}

  Body parse() {
    for (const auto& member : block_members(m_body.where)) this->member(member);
    require_arguments();
    require_blocks();
    return std::move(m_body);
  }

 private:
  Problems& m_problems;
  Body m_body;
  std::vector<std::string> m_meant;  ///< what misspelt names probably were

  void fail(Error error) {
    m_body.is_faulty = true;
    m_problems.add(std::move(error).of(m_body.address));
  }

  std::string where() const {
    return m_body.schema->type == m_body.address.substr(0, m_body.address.find('.')) ||
                   m_body.schema->type == "resource"
               ? m_body.address
               : fmt::format("{} of {}", m_body.schema->type, m_body.address);
  }

  void member(const JsonMember& member) {
    const auto name = member.key.text();
    if (const auto* schema = m_body.schema->argument(name)) return argument(member, *schema);
    if (const auto* schema = m_body.schema->block(name)) return nested(member, *schema);
    if (m_body.schema->type == "locals") return local(member);
    unknown(member, std::string(name));
  }

  void refuse_later(const JsonMember& member) {
    fail(Error(ErrorCode::unsupported, fmt::format("{} is not supported in this version", member.key.text()),
               fmt::format("in {}", where()))
             .at(member.key.range())
             .hint("remove it"));
  }

  void unknown(const JsonMember& member, const std::string& name) {
    std::vector<std::string> known;
    known.reserve(m_body.schema->arguments.size() + m_body.schema->blocks.size());
    for (const auto& argument : m_body.schema->arguments) known.push_back(argument.name);
    for (const auto& block : m_body.schema->blocks) known.push_back(block.type);
    m_meant.push_back(nearest(name, known));
    std::vector<std::string> usable;
    for (const auto& argument : m_body.schema->arguments)
      if (argument.need != Need::later) usable.push_back(argument.name);
    for (const auto& block : m_body.schema->blocks)
      if (block.need != Need::later) usable.push_back(block.type);
    fail(suggest(Error(ErrorCode::invalid_input, fmt::format("there is no argument {} in {}", quoted(name), where()),
                       fmt::format("there are {}", fmt::join(usable, ", ")))
                     .at(member.key.range()),
                 name, known));
  }

  void argument(const JsonMember& member, const ArgumentSchema& schema) {
    if (schema.need == Need::later) return refuse_later(member);
    Argument argument{&schema, member.key, member.value, std::nullopt, false};
    if (is_literal(schema.type)) {
      check_literal(argument);
    } else if (schema.type == ArgumentType::secret ||
               (schema.type == ArgumentType::text_or_secret && member.value.is(JsonKind::object))) {
      check_secret(argument);
    } else {
      parse(argument);
    }
    m_body.is_faulty = m_body.is_faulty || argument.is_faulty;
    m_body.arguments.push_back(std::move(argument));
  }

  void local(const JsonMember& member) {
    Argument argument{nullptr, member.key, member.value, std::nullopt, false};
    parse(argument);
    m_body.arguments.push_back(std::move(argument));
  }

  void parse(Argument& argument) {
    auto expression = to_expression(argument.value);
    if (expression) {
      argument.expression = std::move(*expression);
      return;
    }
    argument.is_faulty = true;
    auto error = std::move(expression.error());
    if (error.hints.empty())
      error.hints.emplace_back("an expression is written \"${var.name}\"; try it out: trunkform console");
    fail(std::move(error));
  }

  void check_literal(Argument& argument) {
    const auto kind = argument.value.kind();
    const bool fits =
        argument.schema->type == ArgumentType::literal || kind == JsonKind::null ||
        kind == (argument.schema->type == ArgumentType::literal_text ? JsonKind::string : JsonKind::boolean);
    const bool is_template = argument.schema->type != ArgumentType::literal && kind == JsonKind::string &&
                             argument.value.text().find("${") != std::string_view::npos;
    if (fits && !is_template) return;
    argument.is_faulty = true;
    const auto& name = argument.schema->name;
    auto error =
        is_template
            ? Error(ErrorCode::invalid_input, fmt::format("{} may not hold an expression", name),
                    "it is read before anything is evaluated")
                  .hint("write the value itself, without ${…}")
            : Error(ErrorCode::invalid_input, fmt::format("{} must be {}", name, describe(argument.schema->type)),
                    fmt::format("this is {}", describe(kind)))
                  .hint(fmt::format("for example \"{}\": {}", name, example_of(argument.schema->type)));
    fail(std::move(error).at(argument.value.range()));
  }

  /// A secret is told apart by its shape, so that a literal is refused whatever it says.
  void check_secret(Argument& argument) {
    static constexpr std::array k_later{"vault_kv", "aws_secretsmanager", "azure_keyvault_secret"};
    const auto& value = argument.value;
    const auto members = block_members(value);
    if (value.is(JsonKind::null)) return parse(argument);
    argument.is_faulty = true;
    if (!value.is(JsonKind::object))
      return fail(Error(ErrorCode::invalid_input, fmt::format("{} is written out", argument.schema->name),
                        "a secret never stands in the configuration, nor in a variable")
                      .at(argument.key.range())
                      .hint(fmt::format("write {{\"env\": \"NAME\"}} or {{\"file\": \"/run/secrets/…\"}}; if this was "
                                        "a real one, change it: it is in the file's history")));
    const auto kind = members.size() == 1 ? members.front().key.text() : std::string_view();
    if (std::find(k_later.begin(), k_later.end(), kind) != k_later.end())
      return fail(Error(ErrorCode::unsupported, fmt::format("a secret from {} is not supported in this version", kind))
                      .at(members.front().key.range())
                      .hint("write {\"env\": \"NAME\"} or {\"file\": \"/run/secrets/…\"}"));
    if (kind != "env" && kind != "file")
      return fail(
          Error(ErrorCode::invalid_input,
                fmt::format("{} must be {}", argument.schema->name, describe(argument.schema->type)))
              .at(value.range())
              .hint(fmt::format("for example \"{}\": {}", argument.schema->name, example_of(argument.schema->type))));
    argument.is_faulty = false;
    parse(argument);
  }

  void nested(const JsonMember& member, const BlockSchema& schema) {
    if (schema.need == Need::later) return refuse_later(member);
    if (member.value.is(JsonKind::array)) {
      const auto elements = member.value.elements();
      if (schema.repetition == Repetition::once && elements.size() > 1)
        return fail(Error(ErrorCode::invalid_input, fmt::format("{} may stand once in {}", schema.type, where()))
                        .at(elements[1].range()));
      for (const auto& element : elements) nested_body(member, schema, element);
    } else {
      nested_body(member, schema, member.value);
    }
  }

  void nested_body(const JsonMember& member, const BlockSchema& schema, const JsonValue& value) {
    if (!value.is(JsonKind::object)) {
      auto error = Error(ErrorCode::invalid_input, fmt::format("{} must be an object", member.key.text()),
                         fmt::format("this is {}", describe(value.kind())))
                       .at(value.range());
      const auto& first = schema.arguments;
      if (value.is(JsonKind::string) && !first.empty() && first.front().type == ArgumentType::text)
        error.hints.push_back(
            fmt::format("write \"{}\": {{\"{}\": {}}}", member.key.text(), first.front().name, quoted(value.text())));
      return fail(std::move(error));
    }
    m_body.blocks.push_back(BodyParser(schema, m_body.address, value, m_problems).parse());
    m_body.is_faulty = m_body.is_faulty || m_body.blocks.back().is_faulty;
  }

  bool was_meant(const std::string& name) const {
    return std::find(m_meant.begin(), m_meant.end(), name) != m_meant.end();
  }

  /// The opening bracket stands for the whole block: a block of fifty lines is not underlined.
  SourceRange opening() const {
    return m_body.where.document().range(m_body.where.begin_offset(), m_body.where.begin_offset() + 1);
  }

  void require_arguments() {
    for (const auto& schema : m_body.schema->arguments)
      if (schema.need == Need::required && !m_body.find(schema.name) && !was_meant(schema.name))
        fail(Error(ErrorCode::invalid_input,
                   fmt::format("the argument {} is missing in {}", quoted(schema.name), where()), schema.description)
                 .at(opening())
                 .hint(fmt::format("add \"{}\": {}", schema.name, example(schema))));
  }

  void require_blocks() {
    for (const auto& schema : m_body.schema->blocks)
      if (schema.need == Need::required && !was_meant(schema.type) && !m_body.where.find(schema.type))
        fail(Error(ErrorCode::invalid_input, fmt::format("the block {} is missing in {}", quoted(schema.type), where()),
                   schema.description)
                 .at(opening())
                 .hint(fmt::format("add \"{}\": {{ … }}", schema.type)));
  }

  static std::string example(const ArgumentSchema& schema) {
    switch (schema.type) {
      case ArgumentType::texts:
        return "[\"…\"]";
      case ArgumentType::integers:
        return "[…]";
      case ArgumentType::duration:
        return "\"4h\"";
      case ArgumentType::reference:
        return fmt::format("\"${{{}. …}}\"", schema.name);
      default:
        return "\"…\"";
    }
  }
};

/// What JSON means: what is written out is a value, so that a large constant is not a tree of as many expressions.
using Part = std::variant<Value, Expression>;

Expression as_expression(Part part, const JsonValue& where) {
  if (auto* expression = std::get_if<Expression>(&part)) return std::move(*expression);
  const bool has_parts = where.is(JsonKind::array) || where.is(JsonKind::object);
  return Expression(std::get<Value>(std::move(part)), has_parts ? where.range() : SourceRange{});
}

Result<Part> template_of(const JsonValue& value) {
  const auto text = value.text();
  if (text.find("${") == std::string_view::npos && text.find("%{") == std::string_view::npos)
    return Value::string(text);
  const auto map = std::make_shared<const JsonStringMap>(value.string_map());
  return TRY(parse_template(
      text, Origin(value.document().file(), [map](std::size_t offset) { return map->position(offset); })));
}

Result<Part> part_of(const JsonValue& value);

Result<Part> tuple_of(const JsonValue& value) {
  const auto elements = value.elements();
  std::vector<Part> parts;
  parts.reserve(elements.size());
  bool is_constant = true;
  for (const auto& element : elements) {
    parts.push_back(TRY(part_of(element)));
    is_constant = is_constant && std::holds_alternative<Value>(parts.back());
  }
  if (is_constant) {
    std::vector<Value> values;
    values.reserve(parts.size());
    for (auto& part : parts) values.push_back(std::get<Value>(std::move(part)));
    return Value::tuple(std::move(values));
  }
  std::vector<Expression> expressions;
  expressions.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) expressions.push_back(as_expression(std::move(parts[i]), elements[i]));
  return make_tuple(std::move(expressions), value.range());
}

Result<Part> object_of(const JsonValue& value) {
  const auto members = value.members();
  std::vector<std::pair<Part, Part>> parts;
  parts.reserve(members.size());
  bool is_constant = true;
  for (const auto& member : members) {
    auto key = TRY(template_of(member.key));
    parts.emplace_back(std::move(key), TRY(part_of(member.value)));
    is_constant = is_constant && std::holds_alternative<Value>(parts.back().first) &&
                  std::holds_alternative<Value>(parts.back().second);
  }
  if (is_constant) {
    std::vector<Entry> entries;
    entries.reserve(parts.size());
    for (auto& [key, part] : parts)
      entries.push_back({std::get<Value>(key).as_string(), std::get<Value>(std::move(part))});
    return Value::object(std::move(entries));
  }
  std::vector<std::pair<Expression, Expression>> expressions;
  expressions.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    expressions.emplace_back(as_expression(std::move(parts[i].first), members[i].key),
                             as_expression(std::move(parts[i].second), members[i].value));
  return make_object(std::move(expressions), value.range());
}

Result<Part> part_of(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::null:
      return Value();
    case JsonKind::boolean:
      return Value::boolean(value.boolean());
    case JsonKind::string:
      return template_of(value);
    case JsonKind::number: {
      if (auto number = Number::parse(value.text())) return Value::number(std::move(*number));
      return Error(ErrorCode::invalid_input, "the number is too large to be computed with").at(value.range());
    }
    case JsonKind::array:
      return tuple_of(value);
    case JsonKind::object:
      break;
  }
  return object_of(value);
}

}  // namespace

const Argument* Body::find(std::string_view name) const {
  for (const auto& argument : arguments)
    if (argument.key.text() == name) return &argument;
  return nullptr;
}

const Body* Body::block(std::string_view type) const {
  for (const auto& candidate : blocks)
    if (candidate.schema->type == type) return &candidate;
  return nullptr;
}

Body parse_body(const Block& block, Problems& problems) {
  return BodyParser(*block.schema, address_of(block), block.body, problems).parse();
}

Result<Expression> to_expression(const JsonValue& value) { return as_expression(TRY(part_of(value)), value); }

std::vector<Reference> references_of(const Body& body) {
  std::vector<Reference> all;
  for (const auto& argument : body.arguments)
    if (argument.expression)
      for (const auto& reference : argument.expression->references()) all.push_back(reference);
  for (const auto& block : body.blocks)
    for (auto& reference : references_of(block)) all.push_back(std::move(reference));
  return all;
}

}  // namespace trunkform::language
