#include <fmt/format.h>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/expression/parser.hpp"

namespace trunkform::language {
namespace {

TypeConstraint simple_type(Type type) { return {std::move(type), {}, nullptr, {}}; }

bool holds_defaults(const TypeConstraint& constraint) {
  return !constraint.defaults.empty() || constraint.element || !constraint.children.empty();
}

TypeConstraintPtr shared(TypeConstraint constraint) {
  return std::make_shared<const TypeConstraint>(std::move(constraint));
}

}  // namespace

Result<TypeConstraint> Parser::whole_type() {
  auto made = TRY(type("a type"));
  const auto rest = peek();
  if (rest.kind != TokenKind::end) return unexpected(rest, "the end of the type");
  return made;
}

Result<TypeConstraint> Parser::type(std::string_view context) {
  DepthGuard guard(*this);
  const auto name = TRY(expect(TokenKind::identifier, context));
  if (guard.too_deep()) return error(name.begin, name.end, "the type is nested too deep");
  const auto word = text_of(name);
  if (word == "string") return simple_type(Type::string());
  if (word == "number") return simple_type(Type::number());
  if (word == "bool") return simple_type(Type::boolean());
  if (word == "any") return simple_type(Type::dynamic());
  if (word == "list" || word == "set" || word == "map") return collection_type(name);
  if (word == "tuple" || word == "object") {
    TRY(expect(TokenKind::open_paren, fmt::format("\"(\" after \"{}\"", word)));
    auto made = word == "tuple" ? TRY(tuple_type(name)) : TRY(object_type(name));
    TRY(expect(TokenKind::close_paren, "\")\""));
    return made;
  }
  if (word == "optional")
    return error(name.begin, name.end, "optional() stands only before the type of an object's attribute");
  return error(name.begin, name.end, fmt::format("\"{}\" is no type", word),
               "string, number, bool, any, list(…), set(…), map(…), object({…}) or tuple([…])");
}

Result<TypeConstraint> Parser::collection_type(const Token& name) {
  const auto word = text_of(name);
  auto element = simple_type(Type::dynamic());
  if (accept(TokenKind::open_paren)) {  // `list` alone is list(any)
    element = TRY(type("an element type"));
    TRY(expect(TokenKind::close_paren, "\")\""));
  }
  TypeConstraint made;
  made.type = word == "list"  ? Type::list(element.type)
              : word == "set" ? Type::set(element.type)
                              : Type::map(element.type);
  if (holds_defaults(element)) made.element = shared(std::move(element));
  return made;
}

Result<TypeConstraint> Parser::tuple_type(const Token&) {
  TRY(expect(TokenKind::open_bracket, "\"[\""));
  TypeConstraint made;
  std::vector<Type> elements;
  while (peek().kind != TokenKind::close_bracket) {
    auto element = TRY(type("an element type"));
    elements.push_back(element.type);
    if (holds_defaults(element)) made.children.emplace_back(std::to_string(elements.size() - 1), shared(element));
    if (!accept(TokenKind::comma) && peek().kind != TokenKind::close_bracket)
      return unexpected(peek(), "\",\" or \"]\"");
  }
  next();
  made.type = Type::tuple(std::move(elements));
  return made;
}

Result<TypeConstraint> Parser::object_type(const Token&) {
  TRY(expect(TokenKind::open_brace, "\"{\""));
  NewlineGuard newlines(*this, Newlines::tokens);
  TypeConstraint made;
  std::vector<Attribute> attributes;
  for (skip_newlines(); peek().kind != TokenKind::close_brace; skip_newlines()) {
    const bool quoted = peek().kind == TokenKind::quote;
    std::string name;
    if (quoted) {
      const auto begin = m_at;
      const auto node = TRY(quoted_template());
      const auto* literal = std::get_if<ast::Literal>(&node->form);
      if (!literal || literal->value.kind() != TypeKind::string)
        return error(begin, m_at, "an attribute's name must be written out");
      name = literal->value.as_string();
    } else {
      name = std::string(text_of(TRY(expect(TokenKind::identifier, "an attribute's name"))));
    }
    if (!accept(TokenKind::assign) && !accept(TokenKind::colon)) return unexpected(peek(), "\"=\" and a type");
    TRY(attribute_type(name, attributes, made));
    const auto kind = peek().kind;
    if (!accept(TokenKind::comma) && kind != TokenKind::newline && kind != TokenKind::close_brace)
      return unexpected(peek(), "\",\" or \"}\"");
  }
  next();
  made.type = Type::object(std::move(attributes));
  return made;
}

Result<> Parser::attribute_type(const std::string& name, std::vector<Attribute>& attributes, TypeConstraint& made) {
  NewlineGuard newlines(*this, Newlines::skipped);
  const bool optional = at_keyword("optional");
  if (optional) {
    next();
    TRY(expect(TokenKind::open_paren, "\"(\" after \"optional\""));
  }
  auto inner = TRY(type("an attribute's type"));
  attributes.push_back({name, inner.type, optional ? Presence::optional : Presence::required});
  if (optional && accept(TokenKind::comma)) {
    auto root = TRY(expression());
    const auto fallback = TRY(finish(std::move(root)));
    if (!fallback.is_constant())
      return Error(ErrorCode::invalid_input, "a default must be constant", "it cannot refer to anything")
          .at(fallback.range());
    const auto value = TRY(evaluate(fallback, NameScope()));
    auto converted = conform(value, inner);
    if (!converted) return std::move(converted.error()).at(fallback.range());
    made.defaults.push_back({name, *converted});
  }
  if (optional) TRY(expect(TokenKind::close_paren, "\")\""));
  if (holds_defaults(inner)) made.children.emplace_back(name, shared(std::move(inner)));
  return {};
}

}  // namespace trunkform::language
