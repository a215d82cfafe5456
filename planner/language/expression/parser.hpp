#pragma once
// A recursive descent over the scanner's tokens, one member function per rule of HCL's grammar. Private to expression/.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "planner/language/expression/ast.hpp"
#include "planner/language/expression/token.hpp"

namespace trunkform::language {

class Parser {
 public:
  Parser(std::string_view text, const Origin& origin) : m_text(text), m_origin(origin) {}

  Result<Expression> whole_expression();
  Result<Expression> whole_template();
  Result<Reference> whole_reference();
  Result<TypeConstraint> whole_type();

 private:
  using NodePtr = ast::NodePtr;
  enum class Newlines { skipped, tokens };
  enum class TemplateForm { bare, quoted };

  // Tokens.
  Token peek() const;
  Token next();
  bool accept(TokenKind kind);
  Result<Token> expect(TokenKind kind, std::string_view what);
  bool at_keyword(std::string_view word) const;
  std::string_view text_of(const Token& token) const { return m_text.substr(token.begin, token.end - token.begin); }
  void skip_newlines();
  Error error(std::size_t begin, std::size_t end, std::string summary, std::string detail = {}) const;
  Error unexpected(const Token& token, std::string_view expected) const;

  // Nodes.
  Result<NodePtr> make(std::size_t begin, std::size_t end, ast::Form form, std::initializer_list<NodePtr> children);
  Result<NodePtr> make_many(std::size_t begin, std::size_t end, ast::Form form, const std::vector<NodePtr>& children);
  Result<Expression> finish(NodePtr root);

  // Expressions (parser.cpp).
  Result<NodePtr> expression();
  Result<NodePtr> binary(int lowest);
  Result<NodePtr> unary();
  Result<NodePtr> with_steps();
  Result<NodePtr> primary();
  Result<NodePtr> number();
  Result<NodePtr> name_or_call();
  Result<NodePtr> call(std::string name, const Token& first);

  // Steps after a term (parser_steps.cpp).
  Result<NodePtr> steps(NodePtr term);
  Result<NodePtr> dot_step(NodePtr term);
  Result<NodePtr> bracket_step(NodePtr term);
  Result<NodePtr> attribute_splat(NodePtr source);
  Result<NodePtr> full_splat(NodePtr source);
  Result<NodePtr> attribute_of(NodePtr object, std::string name, std::size_t end);
  Result<NodePtr> index_of(NodePtr collection, NodePtr key, std::size_t end);
  /// Where `object` is a reference whose steps so far are all written out, the step joins it.
  bool extend_reference(const NodePtr& object, Step step, std::size_t end);

  // Constructors (parser_constructors.cpp).
  Result<NodePtr> tuple_or_for();
  Result<NodePtr> object_or_for();
  Result<NodePtr> object_key();
  Result<NodePtr> for_expression(const Token& open, TokenKind close);

  // Templates (parser_template.cpp).
  struct Part;
  Result<NodePtr> quoted_template();
  Result<std::vector<Part>> template_parts(TemplateForm form);
  Result<Part> interpolation();
  Result<Part> directive();
  Result<> close_sequence(Part& part, std::string_view what);
  Result<> escape(std::string& out);
  Result<NodePtr> assemble(std::vector<Part>& parts, std::size_t& at, std::size_t begin);
  Result<NodePtr> assemble_if(std::vector<Part>& parts, std::size_t& at);
  Result<NodePtr> assemble_for(std::vector<Part>& parts, std::size_t& at);
  Result<NodePtr> heredoc(const Token& open);

  // Types (parser_type.cpp).
  Result<TypeConstraint> type(std::string_view context);
  Result<TypeConstraint> collection_type(const Token& name);
  Result<TypeConstraint> tuple_type(const Token& open);
  Result<TypeConstraint> object_type(const Token& open);
  Result<> attribute_type(const std::string& name, std::vector<Attribute>& attributes, TypeConstraint& made);

  std::string_view m_text;
  const Origin& m_origin;
  std::size_t m_at = 0;
  unsigned m_depth = 0;
  Newlines m_newlines = Newlines::skipped;
  std::vector<std::string> m_bound;
  std::size_t m_directive_floor = 0;  ///< names bound outside the template at hand
  std::vector<Reference> m_references;
  std::vector<std::string> m_calls;

  friend class DepthGuard;
  friend class NewlineGuard;
};

/// Counts how deep the parser is in itself.
class DepthGuard {
 public:
  explicit DepthGuard(Parser& parser) : m_parser(parser) { ++m_parser.m_depth; }
  ~DepthGuard() { --m_parser.m_depth; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;
  bool too_deep() const { return m_parser.m_depth > ast::k_greatest_tree / 2; }

 private:
  Parser& m_parser;
};

/// Whether line ends count, until the end of the scope: inside brackets they do not, between an object's items they do.
class NewlineGuard {
 public:
  NewlineGuard(Parser& parser, Parser::Newlines newlines) : m_parser(parser), m_before(parser.m_newlines) {
    m_parser.m_newlines = newlines;
  }
  ~NewlineGuard() { m_parser.m_newlines = m_before; }
  NewlineGuard(const NewlineGuard&) = delete;
  NewlineGuard& operator=(const NewlineGuard&) = delete;

 private:
  Parser& m_parser;
  Parser::Newlines m_before;
};

}  // namespace trunkform::language
