#include "planner/language/expression/expression.hpp"

#include <algorithm>

#include "planner/language/expression/parser.hpp"

namespace trunkform::language {
namespace {

/// Positions in a text, with a note every so many bytes, so that a long line is not walked again for each of them.
class Positions {
 public:
  Positions(SourcePosition start, std::string_view text) : m_text(text) {
    m_notes.push_back(start);
    while (m_notes.size() * k_stride < m_text.size())
      m_notes.push_back(advance(m_notes.back(), (m_notes.size() - 1) * k_stride, m_notes.size() * k_stride));
  }
  SourcePosition at(std::size_t n) const {
    n = std::min(n, m_text.size());
    const auto note = std::min(n / k_stride, m_notes.size() - 1);
    return advance(m_notes[note], note * k_stride, n);
  }

 private:
  static constexpr std::size_t k_stride = 256;

  SourcePosition advance(SourcePosition position, std::size_t from, std::size_t to) const {
    for (const char c : std::string_view(m_text).substr(from, to - from)) {
      ++position.offset;
      if (c == '\n') {
        ++position.line;
        position.column = 1;
      } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
        ++position.column;
      }
    }
    return position;
  }

  std::string m_text;
  std::vector<SourcePosition> m_notes;
};

Expression constant(ast::Form form, SourceRange range) {
  const Origin origin(range, {});
  auto root = std::make_shared<const ast::Node>(ast::Node{std::move(form), 0, 0, 1});
  return Expression(
      std::make_shared<const Expression::Tree>(Expression::Tree{std::move(root), origin, std::move(range), {}, {}}));
}

/// What expressions within refer to and call is what the whole refers to and calls.
void take_over(Expression::Tree& whole, const Expression& part) {
  whole.references.insert(whole.references.end(), part.references().begin(), part.references().end());
  whole.calls.insert(whole.calls.end(), part.calls().begin(), part.calls().end());
}

ast::NodePtr embed(Expression::Tree& whole, unsigned& depth, const Expression& part) {
  take_over(whole, part);
  const auto below = part.tree().root->depth + 1;
  depth = std::max(depth, below + 1);
  return std::make_shared<const ast::Node>(ast::Node{ast::Embedded{part}, 0, 0, below});
}

Expression made_of(ast::Form form, unsigned depth, Expression::Tree whole) {
  whole.root = std::make_shared<const ast::Node>(ast::Node{std::move(form), 0, 0, depth});
  return Expression(std::make_shared<const Expression::Tree>(std::move(whole)));
}

}  // namespace

Origin::Origin(SourceRange where, std::string_view text) : m_file(std::move(where.file)) {
  m_position = [positions = std::make_shared<const Positions>(where.start, text)](std::size_t n) {
    return positions->at(n);
  };
}

SourceRange Origin::range(std::size_t begin, std::size_t end) const {
  return {m_file, m_position(begin), m_position(end)};
}

std::string to_string(const Reference& reference) {
  std::string out = reference.root;
  for (const auto& step : reference.steps) {
    switch (step.form) {
      case Step::Form::attribute:
        out += "." + step.name;
        break;
      case Step::Form::key:
        out += "[\"" + step.name + "\"]";
        break;
      case Step::Form::number:
        out += "[" + step.name + "]";
        break;
    }
  }
  return out;
}

Expression::Expression() : Expression(Value()) {}
Expression::Expression(Value value) { *this = constant(ast::Literal{std::move(value)}, {}); }
Expression::Expression(Value value, SourceRange range) {
  *this = constant(ast::Literal{std::move(value)}, std::move(range));
}
const SourceRange& Expression::range() const { return m_tree->range; }
const std::vector<Reference>& Expression::references() const { return m_tree->references; }
const std::vector<std::string>& Expression::calls() const { return m_tree->calls; }
bool Expression::is_constant() const { return references().empty() && calls().empty(); }

Result<Expression> parse_template(std::string_view text, const Origin& origin) {
  return Parser(text, origin).whole_template();
}

Result<Expression> parse_expression(std::string_view text, const Origin& origin) {
  return Parser(text, origin).whole_expression();
}

Result<Reference> parse_reference(std::string_view text, const Origin& origin) {
  return Parser(text, origin).whole_reference();
}

Result<TypeConstraint> parse_type(std::string_view text, const Origin& origin) {
  return Parser(text, origin).whole_type();
}

Expression make_object(std::vector<std::pair<Expression, Expression>> entries, SourceRange range) {
  Expression::Tree whole{nullptr, Origin(range, {}), range, {}, {}};
  unsigned depth = 1;
  ast::MakeObject made;
  made.items.reserve(entries.size());
  for (auto& [key, value] : entries) {
    auto key_node = embed(whole, depth, key);
    made.items.emplace_back(std::move(key_node), embed(whole, depth, value));
  }
  return made_of(std::move(made), depth, std::move(whole));
}

Expression make_tuple(std::vector<Expression> elements, SourceRange range) {
  Expression::Tree whole{nullptr, Origin(range, {}), range, {}, {}};
  unsigned depth = 1;
  ast::MakeTuple made;
  made.elements.reserve(elements.size());
  for (const auto& element : elements) made.elements.push_back(embed(whole, depth, element));
  return made_of(std::move(made), depth, std::move(whole));
}

}  // namespace trunkform::language
