#pragma once
// Expressions: parsed once, evaluated often. An Expression is a handle on an immutable tree: cheap to copy,
// thread-safe. Errors point into the configuration's file: an Origin says where each byte of the expression's text
// stands there.
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "planner/language/value/conversion.hpp"
#include "planner/language/value/value.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/source_range.hpp"

namespace trunkform::language {

/// Where an expression's text stands. `position(n)` is the place of the text's byte n; n may equal the text's size.
class Origin {
 public:
  using PositionOf = std::function<SourcePosition(std::size_t)>;
  /// JSON strings: escapes make the text shorter than what the file holds, so the reader of the JSON maps.
  Origin(std::string file, PositionOf position) : m_file(std::move(file)), m_position(std::move(position)) {}
  /// Text that stands in the file as it is, beginning at `where.start` (console, templates in files).
  Origin(SourceRange where, std::string_view text);  // NOLINT: see parse_template
  const std::string& file() const { return m_file; }
  SourceRange range(std::size_t begin, std::size_t end) const;

 private:
  std::string m_file;
  PositionOf m_position;
};

namespace ast {
struct Node;
}

/// One step of a reference: `.name`, `["name"]` or `[0]`, where the key is written out.
struct Step {
  enum class Form { attribute, key, number };
  std::string name;  ///< for a number its text: `xs[0]` has "0"
  Form form = Form::attribute;
  friend bool operator==(const Step&, const Step&) = default;
};

/// A root name and the steps after it that are written out: `var.trunks["a"].port`. It ends before a computed key or a
/// splat. Names bound by `for` are not references.
struct Reference {
  std::string root;
  std::vector<Step> steps;
  SourceRange range;
};

std::string to_string(const Reference& reference);  ///< `var.trunks["a"].port`

class Expression {
 public:
  /// The literal null.
  Expression();
  /// A constant.
  explicit Expression(Value value);
  Expression(Value value, SourceRange range);
  const SourceRange& range() const;
  const std::vector<Reference>& references() const;
  /// The names of all functions called, in the order of the text.
  const std::vector<std::string>& calls() const;
  /// Whether it has neither references nor calls.
  bool is_constant() const;

  struct Tree;
  explicit Expression(std::shared_ptr<const Tree> tree) : m_tree(std::move(tree)) {}
  const Tree& tree() const { return *m_tree; }

 private:
  std::shared_ptr<const Tree> m_tree;
};

/// A string of the JSON configuration, or a template file's text: a template. `${x}` alone keeps x's type, null and
/// sensitivity. Literal text is taken as it is (HCL's backslash escapes exist only inside `${}`). Error: invalid_input
/// at the place inside the text.
Result<Expression> parse_template(std::string_view text, const Origin& origin);

/// A bare expression: the console's, and what stands inside `${}`.
Result<Expression> parse_expression(std::string_view text, const Origin& origin);

/// `var.a.b["c"][0]` alone, as `depends_on` and `moved` hold them: names and written keys, nothing computed.
Result<Reference> parse_reference(std::string_view text, const Origin& origin);

/// A variable's `type`: `map(object({host = string, tls = optional(bool, true)}))`, `any`, `list`. `optional` only in
/// object attributes; defaults must be constants that convert.
Result<TypeConstraint> parse_type(std::string_view text, const Origin& origin);

inline const std::vector<Reference>& references(const Expression& expression) { return expression.references(); }

/// An object or tuple made of expressions, as JSON objects and arrays in argument position are. The keys are templates.
Expression make_object(std::vector<std::pair<Expression, Expression>> entries, SourceRange range);
Expression make_tuple(std::vector<Expression> elements, SourceRange range);

}  // namespace trunkform::language
