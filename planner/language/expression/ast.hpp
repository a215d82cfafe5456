#pragma once
// The tree of an expression. Immutable once parsed; never deeper than k_greatest_tree, so that walking may recurse.
// Private to expression/.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "planner/language/expression/expression.hpp"

namespace trunkform::language::ast {

inline constexpr unsigned k_greatest_tree = 300;

using NodePtr = std::shared_ptr<const Node>;

struct Literal {
  Value value;
};
/// A name of the scope with all steps that are written out after it; the index into Tree::references.
struct ScopeReference {
  std::size_t index;
};
/// A name bound by `for`.
struct BoundName {
  std::string name;
};
struct GetAttribute {
  NodePtr object;
  std::string name;
};
struct GetIndex {
  NodePtr collection;
  NodePtr key;
};
/// `each` is evaluated for every element, which it finds as SplatItem.
struct Splat {
  NodePtr source;
  NodePtr each;
};
struct SplatItem {};

enum class UnaryOperator { negate, invert };
struct Unary {
  UnaryOperator op;
  NodePtr operand;
};

enum class BinaryOperator {
  logical_or,
  logical_and,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
};
struct Binary {
  BinaryOperator op;
  NodePtr left, right;
};
struct Conditional {
  NodePtr condition, yes, no;
};

enum class LastArgument { plain, expanded };  ///< `f(xs...)`
struct Call {
  std::string name;
  std::vector<NodePtr> arguments;
  LastArgument last = LastArgument::plain;
  std::size_t name_end = 0;
};
struct MakeTuple {
  std::vector<NodePtr> elements;
};
struct MakeObject {
  std::vector<std::pair<NodePtr, NodePtr>> items;
};

enum class Grouping { none, by_key };  ///< `=> value...`
struct For {
  std::string key_name;  ///< empty where only the value is named
  std::string value_name;
  NodePtr collection;
  NodePtr key;  ///< null for a tuple
  NodePtr value;
  NodePtr condition;  ///< may be null
  Grouping grouping = Grouping::none;
};
/// Parts joined into a string.
struct Template {
  std::vector<NodePtr> parts;
};
/// `%{ if }`: its branches are strings; `no` may be null.
struct TemplateIf {
  NodePtr condition, yes, no;
};
struct TemplateFor {
  std::string key_name, value_name;
  NodePtr collection, body;
};
/// An expression with an origin of its own, as JSON objects and arrays hold them.
struct Embedded {
  Expression expression;
};

using Form = std::variant<Literal, ScopeReference, BoundName, GetAttribute, GetIndex, Splat, SplatItem, Unary, Binary,
                          Conditional, Call, MakeTuple, MakeObject, For, Template, TemplateIf, TemplateFor, Embedded>;

struct Node {
  Form form;
  std::size_t begin = 0;
  std::size_t end = 0;
  unsigned depth = 1;
};

}  // namespace trunkform::language::ast

namespace trunkform::language {

struct Expression::Tree {
  ast::NodePtr root;
  Origin origin;
  SourceRange range;
  std::vector<Reference> references;
  std::vector<std::string> calls;
};

}  // namespace trunkform::language
