#include "planner/language/expression/parser.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkform::language {

using namespace ast;

Token Parser::peek() const {
  auto token = scan(m_text, m_at);
  while (m_newlines == Newlines::skipped && token.kind == TokenKind::newline) token = scan(m_text, token.end);
  return token;
}

Token Parser::next() {
  const auto token = peek();
  m_at = token.end;
  return token;
}

bool Parser::accept(TokenKind kind) {
  const auto token = peek();
  if (token.kind != kind) return false;
  m_at = token.end;
  return true;
}

Result<Token> Parser::expect(TokenKind kind, std::string_view what) {
  const auto token = peek();
  if (token.kind != kind) return unexpected(token, what);
  m_at = token.end;
  return token;
}

bool Parser::at_keyword(std::string_view word) const {
  const auto token = peek();
  return token.kind == TokenKind::identifier && text_of(token) == word;
}

void Parser::skip_newlines() {
  while (accept(TokenKind::newline)) {
  }
}

Error Parser::error(std::size_t begin, std::size_t end, std::string summary, std::string detail) const {
  return Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)).at(m_origin.range(begin, end));
}

Error Parser::unexpected(const Token& token, std::string_view expected) const {
  if (token.kind == TokenKind::end)
    return error(token.begin, token.end, fmt::format("the expression ends where {} is expected", expected));
  return error(token.begin, token.end, fmt::format("{} is expected here, not \"{}\"", expected, text_of(token)));
}

Result<NodePtr> Parser::make(std::size_t begin, std::size_t end, Form form, std::initializer_list<NodePtr> children) {
  return make_many(begin, end, std::move(form), std::vector<NodePtr>(children));
}

Result<NodePtr> Parser::make_many(std::size_t begin, std::size_t end, Form form, const std::vector<NodePtr>& children) {
  unsigned depth = 1;
  for (const auto& child : children)
    if (child) depth = std::max(depth, child->depth + 1);
  if (depth > k_greatest_tree) return error(begin, end, "the expression is nested too deep", "split it with locals");
  return std::make_shared<const Node>(Node{std::move(form), begin, end, depth});
}

Result<Expression> Parser::finish(NodePtr root) {
  auto range = m_origin.range(root->begin, root->end);
  return Expression(std::make_shared<const Expression::Tree>(
      Expression::Tree{std::move(root), m_origin, std::move(range), std::move(m_references), std::move(m_calls)}));
}

Result<Expression> Parser::whole_expression() {
  auto root = TRY(expression());
  const auto rest = peek();
  if (rest.kind != TokenKind::end) return unexpected(rest, "the end of the expression");
  return finish(std::move(root));
}

Result<Reference> Parser::whole_reference() {
  auto root = TRY(with_steps());
  const auto rest = peek();
  if (rest.kind != TokenKind::end) return unexpected(rest, "the end of the reference");
  const auto* reference = std::get_if<ScopeReference>(&root->form);
  if (!reference)
    return error(root->begin, root->end, "a reference is expected here",
                 "only names joined by dots and keys that are written out");
  return m_references.at(reference->index);
}

Result<NodePtr> Parser::expression() {
  DepthGuard guard(*this);
  if (guard.too_deep()) return error(m_at, m_at, "the expression is nested too deep", "split it with locals");
  auto condition = TRY(binary(0));
  if (!accept(TokenKind::question)) return condition;
  auto yes = TRY(expression());
  TRY(expect(TokenKind::colon, "\":\" of the conditional"));
  auto no = TRY(expression());
  const auto begin = condition->begin, end = no->end;
  return make(begin, end, Conditional{condition, yes, no}, {condition, yes, no});
}

namespace {

struct Operator {
  TokenKind token;
  BinaryOperator op;
  int level;
};

constexpr std::array k_operators{
    Operator{TokenKind::logical_or, BinaryOperator::logical_or, 0},
    Operator{TokenKind::logical_and, BinaryOperator::logical_and, 1},
    Operator{TokenKind::equal, BinaryOperator::equal, 2},
    Operator{TokenKind::not_equal, BinaryOperator::not_equal, 2},
    Operator{TokenKind::greater, BinaryOperator::greater, 3},
    Operator{TokenKind::greater_equal, BinaryOperator::greater_equal, 3},
    Operator{TokenKind::less, BinaryOperator::less, 3},
    Operator{TokenKind::less_equal, BinaryOperator::less_equal, 3},
    Operator{TokenKind::plus, BinaryOperator::add, 4},
    Operator{TokenKind::minus, BinaryOperator::subtract, 4},
    Operator{TokenKind::star, BinaryOperator::multiply, 5},
    Operator{TokenKind::slash, BinaryOperator::divide, 5},
    Operator{TokenKind::percent, BinaryOperator::modulo, 5},
};

}  // namespace

Result<NodePtr> Parser::binary(int lowest) {
  auto left = TRY(unary());
  for (;;) {
    const auto token = peek();
    const auto found = std::find_if(k_operators.begin(), k_operators.end(),
                                    [&](const Operator& o) { return o.token == token.kind && o.level >= lowest; });
    if (found == k_operators.end()) return left;
    m_at = token.end;
    auto right = TRY(binary(found->level + 1));
    const auto begin = left->begin, end = right->end;
    left = TRY(make(begin, end, Binary{found->op, left, right}, {left, right}));
  }
}

Result<NodePtr> Parser::unary() {
  const auto token = peek();
  if (token.kind != TokenKind::minus && token.kind != TokenKind::exclamation) return with_steps();
  DepthGuard guard(*this);
  if (guard.too_deep()) return error(token.begin, token.end, "the expression is nested too deep");
  m_at = token.end;
  auto operand = TRY(unary());
  const auto op = token.kind == TokenKind::minus ? UnaryOperator::negate : UnaryOperator::invert;
  const auto end = operand->end;
  return make(token.begin, end, Unary{op, operand}, {operand});
}

Result<NodePtr> Parser::with_steps() { return steps(TRY(primary())); }

Result<NodePtr> Parser::primary() {
  const auto token = peek();
  switch (token.kind) {
    case TokenKind::number:
      return number();
    case TokenKind::identifier:
      return name_or_call();
    case TokenKind::quote:
      return quoted_template();
    case TokenKind::heredoc:
      return heredoc(next());
    case TokenKind::open_bracket:
      return tuple_or_for();
    case TokenKind::open_brace:
      return object_or_for();
    case TokenKind::open_paren: {
      m_at = token.end;
      NewlineGuard newlines(*this, Newlines::skipped);
      auto inner = TRY(expression());
      const auto close = TRY(expect(TokenKind::close_paren, "\")\""));
      // A copy with the parentheses' range: a reference in them takes no more steps, `(a.*.b)[0]` ends the splat.
      auto wrapped = *inner;
      wrapped.begin = token.begin;
      wrapped.end = close.end;
      return std::make_shared<const Node>(std::move(wrapped));
    }
    default:
      return unexpected(token, "an expression");
  }
}

Result<NodePtr> Parser::number() {
  const auto token = next();
  const auto value = Number::parse(text_of(token));
  if (!value) return error(token.begin, token.end, "the number is too large or too small to compute with");
  return make(token.begin, token.end, Literal{Value::number(*value)}, {});
}

Result<NodePtr> Parser::name_or_call() {
  const auto first = next();
  std::string name(text_of(first));
  while (peek().kind == TokenKind::double_colon) {
    next();
    name += "::" + std::string(text_of(TRY(expect(TokenKind::identifier, "a function's name"))));
    if (peek().kind != TokenKind::double_colon && peek().kind != TokenKind::open_paren)
      return unexpected(peek(), "\"(\" after a function's name");
  }
  if (peek().kind == TokenKind::open_paren) return call(std::move(name), first);
  if (name == "true" || name == "false")
    return make(first.begin, first.end, Literal{Value::boolean(name == "true")}, {});
  if (name == "null") return make(first.begin, first.end, Literal{Value()}, {});
  if (std::find(m_bound.begin(), m_bound.end(), name) != m_bound.end())
    return make(first.begin, first.end, BoundName{std::move(name)}, {});
  m_references.push_back({std::move(name), {}, m_origin.range(first.begin, first.end)});
  return make(first.begin, first.end, ScopeReference{m_references.size() - 1}, {});
}

Result<NodePtr> Parser::call(std::string name, const Token& first) {
  const auto name_end = m_at;
  TRY(expect(TokenKind::open_paren, "\"(\""));
  NewlineGuard newlines(*this, Newlines::skipped);
  m_calls.push_back(name);
  Call made{std::move(name), {}, LastArgument::plain, name_end};
  while (peek().kind != TokenKind::close_paren) {
    made.arguments.push_back(TRY(expression()));
    if (accept(TokenKind::ellipsis)) {
      made.last = LastArgument::expanded;
      if (peek().kind != TokenKind::close_paren) return unexpected(peek(), "\")\" after \"...\"");
      break;
    }
    if (!accept(TokenKind::comma) && peek().kind != TokenKind::close_paren)
      return unexpected(peek(), "\",\" or \")\" after an argument");
  }
  const auto close = TRY(expect(TokenKind::close_paren, "\")\""));
  const auto children = made.arguments;
  return make_many(first.begin, close.end, std::move(made), children);
}

}  // namespace trunkform::language
