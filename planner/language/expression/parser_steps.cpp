#include "planner/language/expression/parser.hpp"

namespace trunkform::language {

using namespace ast;

Result<NodePtr> Parser::steps(NodePtr term) {
  for (;;) {
    const auto kind = peek().kind;
    if (kind == TokenKind::dot) {
      term = TRY(dot_step(std::move(term)));
    } else if (kind == TokenKind::open_bracket) {
      term = TRY(bracket_step(std::move(term)));
    } else {
      return term;
    }
  }
}

Result<NodePtr> Parser::dot_step(NodePtr term) {
  next();
  const auto token = next();
  switch (token.kind) {
    case TokenKind::identifier:
      return attribute_of(std::move(term), std::string(text_of(token)), token.end);
    case TokenKind::star:
      return attribute_splat(std::move(term));
    case TokenKind::number: {
      // The old way to write an index: `xs.0`.
      if (text_of(token).find_first_not_of("0123456789") != std::string_view::npos)
        return error(token.begin, token.end, "two indexes after dots cannot follow each other", "write [1][0]");
      auto key = TRY(make(token.begin, token.end, Literal{Value::number(*Number::parse(text_of(token)))}, {}));
      return index_of(std::move(term), std::move(key), token.end);
    }
    default:
      return unexpected(token, "an attribute's name after \".\"");
  }
}

Result<NodePtr> Parser::bracket_step(NodePtr term) {
  next();
  NewlineGuard newlines(*this, Newlines::skipped);
  if (accept(TokenKind::star)) {
    const auto close = TRY(expect(TokenKind::close_bracket, "\"]\""));
    m_at = close.end;
    return full_splat(std::move(term));
  }
  auto key = TRY(expression());
  const auto close = TRY(expect(TokenKind::close_bracket, "\"]\""));
  return index_of(std::move(term), std::move(key), close.end);
}

Result<NodePtr> Parser::attribute_splat(NodePtr source) {
  auto each = TRY(make(m_at, m_at, SplatItem{}, {}));
  // Only attributes belong to each element: an index after them is the result's.
  while (peek().kind == TokenKind::dot) {
    const auto before = m_at;
    next();
    const auto after = peek().kind;
    m_at = before;
    if (after == TokenKind::star) return unexpected(peek(), "no second splat of this kind");
    each = TRY(dot_step(std::move(each)));
  }
  const auto begin = source->begin;
  return make(begin, m_at, Splat{source, each}, {source, each});
}

Result<NodePtr> Parser::full_splat(NodePtr source) {
  DepthGuard guard(*this);
  if (guard.too_deep()) return error(m_at, m_at, "the expression is nested too deep");
  auto item = TRY(make(m_at, m_at, SplatItem{}, {}));
  auto each = TRY(steps(std::move(item)));
  const auto begin = source->begin;
  return make(begin, m_at, Splat{source, each}, {source, each});
}

bool Parser::extend_reference(const NodePtr& object, Step step, std::size_t end) {
  const auto* reference = std::get_if<ScopeReference>(&object->form);
  if (!reference) return false;
  auto& target = m_references.at(reference->index);
  target.steps.push_back(std::move(step));
  target.range = m_origin.range(object->begin, end);
  return true;
}

Result<NodePtr> Parser::attribute_of(NodePtr object, std::string name, std::size_t end) {
  const auto begin = object->begin;
  if (extend_reference(object, {name, Step::Form::attribute}, end)) return make(begin, end, object->form, {});
  return make(begin, end, GetAttribute{object, std::move(name)}, {object});
}

Result<NodePtr> Parser::index_of(NodePtr collection, NodePtr key, std::size_t end) {
  const auto begin = collection->begin;
  if (const auto* literal = std::get_if<Literal>(&key->form); literal && literal->value.is_known()) {
    const auto kind = literal->value.kind();
    if (kind == TypeKind::string || kind == TypeKind::number) {
      auto name = kind == TypeKind::string ? literal->value.as_string() : literal->value.as_number().to_string();
      const auto form = kind == TypeKind::string ? Step::Form::key : Step::Form::number;
      if (extend_reference(collection, {std::move(name), form}, end)) return make(begin, end, collection->form, {});
    }
  }
  return make(begin, end, GetIndex{collection, key}, {collection, key});
}

}  // namespace trunkform::language
