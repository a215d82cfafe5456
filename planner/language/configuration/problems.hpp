#pragma once
// Where mistakes are collected while blocks are evaluated: each once, however many instances of a resource make it, and
// without those that only follow from another. Not thread-safe. Private to the room.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "schemas/model/diagnostic.hpp"

namespace trunkform::language {

class Problems {
 public:
  void add(Error error) { add(Severity::error, std::move(error)); }
  void warn(Error error) { add(Severity::warning, std::move(error)); }
  void append(const Diagnostics& diagnostics);
  /// What is not known although nothing was found wrong (yet). An expression that depends on a mistake is unknown too,
  /// so these are told only where they are the only ones, and never by `validate`.
  void add_unknown(Error error);
  /// While it lives, what is not known is not told: for bodies that are only checked.
  class Unasked {
   public:
    explicit Unasked(Problems& problems) : m_problems(problems), m_before(problems.m_tells_unknowns) {
      problems.m_tells_unknowns = false;
    }
    ~Unasked() { m_problems.m_tells_unknowns = m_before; }
    Unasked(const Unasked&) = delete;
    Unasked& operator=(const Unasked&) = delete;

   private:
    Problems& m_problems;
    bool m_before;
  };
  bool has_errors() const { return m_has_errors; }
  bool has_unknowns() const { return !m_unknown.empty(); }
  /// In the order of files and places. `files`: the order of the files.
  enum class Unknowns { refused, accepted };
  Diagnostics finish(Unknowns unknowns, const std::vector<std::string>& files);

 private:
  static constexpr std::size_t k_told_at_one_place = 5;
  struct Item {
    Diagnostic diagnostic;
    std::size_t more = 0;  ///< of the same at the same place
  };
  struct Place {
    std::map<std::string, std::size_t> by_summary;  ///< → index in m_items
    std::size_t first = 0;
  };
  std::vector<Item> m_items;
  std::map<std::pair<std::string, std::size_t>, Place> m_places;
  std::vector<Error> m_unknown;
  bool m_has_errors = false;
  bool m_tells_unknowns = true;

  void add(Severity severity, Error error);
};

}  // namespace trunkform::language
