#include <algorithm>

#include "planner/language/expression/parser.hpp"

namespace trunkform::language {

using namespace ast;

Result<NodePtr> Parser::tuple_or_for() {
  const auto open = next();
  NewlineGuard newlines(*this, Newlines::skipped);
  if (at_keyword("for")) return for_expression(open, TokenKind::close_bracket);
  MakeTuple made;
  while (peek().kind != TokenKind::close_bracket) {
    made.elements.push_back(TRY(expression()));
    if (!accept(TokenKind::comma) && peek().kind != TokenKind::close_bracket)
      return unexpected(peek(), "\",\" or \"]\" after an element");
  }
  const auto close = next();
  const auto children = made.elements;
  return make_many(open.begin, close.end, std::move(made), children);
}

Result<NodePtr> Parser::object_or_for() {
  const auto open = next();
  {
    NewlineGuard newlines(*this, Newlines::skipped);
    if (at_keyword("for")) return for_expression(open, TokenKind::close_brace);
  }
  NewlineGuard newlines(*this, Newlines::tokens);
  MakeObject made;
  std::vector<NodePtr> children;
  for (skip_newlines(); peek().kind != TokenKind::close_brace; skip_newlines()) {
    auto key = TRY(object_key());
    if (!accept(TokenKind::assign) && !accept(TokenKind::colon)) return unexpected(peek(), "\"=\" after a key");
    skip_newlines();
    auto value = TRY(expression());
    children.push_back(key);
    children.push_back(value);
    made.items.emplace_back(std::move(key), std::move(value));
    const auto kind = peek().kind;
    if (!accept(TokenKind::comma) && kind != TokenKind::newline && kind != TokenKind::close_brace)
      return unexpected(peek(), "\",\", a new line or \"}\" after an item");
  }
  const auto close = next();
  return make_many(open.begin, close.end, std::move(made), children);
}

Result<NodePtr> Parser::object_key() {
  // A bare name is itself the key, whatever it means elsewhere; in parentheses it is an expression.
  const auto first = peek();
  if (first.kind == TokenKind::identifier) {
    const auto before = m_at;
    next();
    const auto after = peek();
    if (after.kind == TokenKind::assign || after.kind == TokenKind::colon)
      return make(first.begin, first.end, Literal{Value::string(text_of(first))}, {});
    if (after.kind == TokenKind::dot)
      return error(first.begin, after.end, "a key with a dot is ambiguous",
                   "put it in quotes for a text, in parentheses for a reference");
    m_at = before;
  }
  return expression();
}

Result<NodePtr> Parser::for_expression(const Token& open, TokenKind close) {
  next();
  For made;
  made.value_name = std::string(text_of(TRY(expect(TokenKind::identifier, "a name after \"for\""))));
  if (accept(TokenKind::comma)) {
    made.key_name = std::move(made.value_name);
    made.value_name = std::string(text_of(TRY(expect(TokenKind::identifier, "a second name"))));
  }
  if (!at_keyword("in")) return unexpected(peek(), "\"in\" after the names of \"for\"");
  next();
  made.collection = TRY(expression());
  TRY(expect(TokenKind::colon, "\":\" after the collection of \"for\""));
  const auto outer = m_bound.size();
  m_bound.push_back(made.value_name);
  if (!made.key_name.empty()) m_bound.push_back(made.key_name);
  made.value = TRY(expression());
  if (const auto arrow = peek(); arrow.kind == TokenKind::arrow) {
    if (close == TokenKind::close_bracket)
      return error(arrow.begin, arrow.end, "a tuple's \"for\" has no keys", "write {for …} for an object");
    next();
    made.key = std::move(made.value);
    made.value = TRY(expression());
    if (accept(TokenKind::ellipsis)) made.grouping = Grouping::by_key;
  } else if (close == TokenKind::close_brace) {
    return unexpected(arrow, "\"=>\" and a value");
  }
  if (at_keyword("if")) {
    next();
    made.condition = TRY(expression());
  }
  m_bound.resize(outer);
  const auto end = TRY(expect(close, close == TokenKind::close_brace ? "\"}\"" : "\"]\""));
  const std::vector children{made.collection, made.key, made.value, made.condition};
  return make_many(open.begin, end.end, std::move(made), children);
}

}  // namespace trunkform::language
