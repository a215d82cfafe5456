#pragma once
// What validation and planning collect: all of it is reported, not only the first. Views render it with the line and
// a caret; see cmd/trunkform/views.
#include <string>
#include <utility>
#include <vector>

#include "schemas/model/error.hpp"

namespace trunkform {

enum class Severity { warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  Error error;
};

class Diagnostics {
 public:
  void add(Error error) { m_items.push_back({Severity::error, std::move(error)}); }
  void warn(Error error) { m_items.push_back({Severity::warning, std::move(error)}); }
  void append(Diagnostics other) {
    for (auto& item : other.m_items) m_items.push_back(std::move(item));
  }
  bool has_errors() const {
    for (const auto& item : m_items)
      if (item.severity == Severity::error) return true;
    return false;
  }
  bool empty() const { return m_items.empty(); }
  const std::vector<Diagnostic>& items() const { return m_items; }
  auto begin() const { return m_items.begin(); }
  auto end() const { return m_items.end(); }

 private:
  std::vector<Diagnostic> m_items;
};

/// "did you mean …?": the candidate nearest to `word` by edit distance, or empty where none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace trunkform
