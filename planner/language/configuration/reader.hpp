#pragma once
// Typed reading of a body's arguments: evaluates, converts, holds against the schema, reports. A target that could not
// be read keeps its default. Private to the room.
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/language/configuration/body.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "planner/language/expression/scope.hpp"

namespace trunkform::language {

/// Whether a value that a plan or state would show may be sensitive.
enum class Exposure { shown, hidden };

class BodyReader {
 public:
  BodyReader(const Body& body, const Scope& scope, Problems& problems, std::string address,
             Exposure exposure = Exposure::shown)
      : m_body(body), m_scope(scope), m_problems(problems), m_address(std::move(address)), m_exposure(exposure) {}

  /// Whether the argument stands there with a value; an error in it counts as a value.
  bool has(std::string_view name);
  SourceRange range(std::string_view name) const;  ///< of the value; of the block where there is none

  // Each returns whether the target was set.
  bool read(std::string_view name, std::string& target);
  bool read(std::string_view name, int& target);
  bool read(std::string_view name, bool& target);
  bool read(std::string_view name, double& target);  ///< a fraction
  bool read(std::string_view name, Duration& target);
  bool read(std::string_view name, std::vector<std::string>& target);
  bool read(std::string_view name, std::vector<int>& target);  ///< each in the schema's range; at least one
  bool read(std::string_view name, std::optional<Secret>& target);
  bool read(std::string_view name, std::map<std::string, std::string>& target);
  /// Where a secret may stand instead of a string.
  bool is_object(std::string_view name) const;
  template <class T>
  bool read(std::string_view name, std::optional<T>& target) {
    T value{};
    if (!read(name, value)) return false;
    target = std::move(value);
    return true;
  }

  /// `values` in the order of the schema's words.
  template <class E>
  bool read_word(std::string_view name, E& target, std::initializer_list<E> values) {
    const auto index = word_index(name);
    if (!index || *index >= values.size()) return false;
    target = *(values.begin() + *index);
    return true;
  }

  /// One of the schema's words, as it stands there.
  bool read_word(std::string_view name, std::string& target);

  /// Known and not null, else nullopt; reported where that is a mistake. Marks stay.
  std::optional<Value> value(std::string_view name);

  /// For checks beyond the schema.
  void fail(Error error);
  bool is_complete() const { return m_is_complete; }  ///< nothing was reported and nothing was unknown so far
  const Body& body() const { return m_body; }
  const Scope& scope() const { return m_scope; }
  const std::string& address() const { return m_address; }
  BodyReader within(const Body& nested) const { return {nested, m_scope, m_problems, m_address, m_exposure}; }
  void merge(const BodyReader& nested) { m_is_complete = m_is_complete && nested.m_is_complete; }

 private:
  const Body& m_body;
  const Scope& m_scope;
  Problems& m_problems;
  std::string m_address;
  Exposure m_exposure;
  bool m_is_complete = true;

  std::optional<Value> evaluated(const Argument& argument);
  std::optional<Value> converted(std::string_view name, const Type& type);
  std::optional<std::size_t> word_index(std::string_view name);
  void wrong(const Argument& argument, std::string detail, std::string hint = {});
  template <class T>
  bool is_in_range(const Argument& argument, T value, std::string (*show)(std::int64_t));
};

/// Evaluates an expression for `problems`, whose place is asked only where it is shown: nullopt where that fails
/// (reported) or the value is unknown here (noted).
std::optional<Value> evaluate_reported(const Expression& expression, const JsonValue& where, const Scope& scope,
                                       Problems& problems, const std::string& address);

}  // namespace trunkform::language
