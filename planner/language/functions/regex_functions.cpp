#include <array>
#include <memory>

#include <fmt/format.h>
#include <re2/re2.h>

#include "planner/language/functions/function.hpp"

namespace trunkform::language {
namespace regex_family {

using Pattern = std::unique_ptr<re2::RE2>;

Result<Pattern> compile(const std::string& text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(8 << 20);
  auto pattern = std::make_unique<re2::RE2>(text, options);
  if (!pattern->ok()) return failed(fmt::format("the pattern is no regular expression: {}", pattern->error()));
  return pattern;
}

using Groups = std::vector<re2::StringPiece>;

Value capture(const re2::StringPiece& piece) {
  if (piece.data() == nullptr) return Value::null(Type::string());
  return Value::string(std::string_view(piece.data(), piece.size()));
}

/// Without groups the whole match, with unnamed groups a tuple, with named ones an object.
Result<Value> describe(const re2::RE2& pattern, const Groups& groups) {
  const auto& names = pattern.CapturingGroupNames();
  const int count = pattern.NumberOfCapturingGroups();
  if (count == 0) return capture(groups[0]);
  if (names.empty()) {
    std::vector<Value> out;
    for (int i = 1; i <= count; ++i) out.push_back(capture(groups[static_cast<std::size_t>(i)]));
    return Value::tuple(std::move(out));
  }
  if (static_cast<int>(names.size()) != count) return failed("groups with and without names cannot be mixed");
  std::vector<Entry> out;
  for (const auto& [index, name] : names) out.push_back({name, capture(groups[static_cast<std::size_t>(index)])});
  return Value::object(std::move(out));
}

Type result_type(const re2::RE2& pattern) {
  const auto count = static_cast<std::size_t>(pattern.NumberOfCapturingGroups());
  if (count == 0) return Type::string();
  if (pattern.CapturingGroupNames().empty()) return Type::tuple(std::vector<Type>(count, Type::string()));
  std::vector<Attribute> attributes;
  for (const auto& [index, name] : pattern.CapturingGroupNames()) attributes.push_back({name, Type::string()});
  return Type::object(std::move(attributes));
}

bool match_at(const re2::RE2& pattern, const std::string& text, std::size_t at, Groups& groups) {
  return pattern.Match(text, at, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()));
}

Result<Value> regex(const Arguments& a) {
  const auto pattern = TRY(compile(a[0].as_string()));
  Groups groups(static_cast<std::size_t>(pattern->NumberOfCapturingGroups()) + 1);
  if (!match_at(*pattern, a[1].as_string(), 0, groups)) return failed("the pattern matches no part of the string");
  return describe(*pattern, groups);
}

std::size_t next_start(const std::string& text, const re2::StringPiece& match, std::size_t end) {
  if (!match.empty()) return end;
  // An empty match: on by one character, not by one byte.
  do ++end;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  return end;
}

/// Calls `visit(groups, begin, end)` for every match that does not overlap the one before.
template <class Visit>
Result<> each_match(const re2::RE2& pattern, const std::string& text, Visit visit) {
  Groups groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  std::size_t last_end = 0;
  bool any = false;
  for (std::size_t at = 0; at <= text.size() && match_at(pattern, text, at, groups);) {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const auto end = begin + groups[0].size();
    // As Go: no empty match right after a match.
    if (!(groups[0].empty() && any && begin == last_end)) TRY(visit(groups, begin, end));
    any = true;
    last_end = end;
    at = next_start(text, groups[0], end);
  }
  return {};
}

Result<Value> regex_all(const Arguments& a) {
  const auto pattern = TRY(compile(a[0].as_string()));
  std::vector<Value> out;
  const auto add = [&](const Groups& groups, std::size_t, std::size_t) -> Result<> {
    if (out.size() >= k_most_elements) return failed("too many matches");
    out.push_back(TRY(describe(*pattern, groups)));
    return {};
  };
  TRY(each_match(*pattern, a[1].as_string(), add));
  return Value::list(result_type(*pattern), std::move(out));
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

void append_group(const re2::RE2& pattern, const Groups& groups, const std::string& name, std::string& out) {
  const auto& names = pattern.NamedCapturingGroups();
  std::size_t index = groups.size();
  if (const auto named = names.find(name); named != names.end())
    index = static_cast<std::size_t>(named->second);
  else if (name.size() < 6 && name.find_first_not_of("0123456789") == std::string::npos)
    index = static_cast<std::size_t>(std::stoul(name));
  if (index < groups.size()) out.append(groups[index].data(), groups[index].size());
}

/// Go's templates: `$1`, `$name` (as long as letters, digits and _ go), `${1}`, `$$`.
void expand(const re2::RE2& pattern, const Groups& groups, const std::string& text, std::string& out) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      out += text[i++];
      continue;
    }
    if (text.compare(i, 2, "$$") == 0) {
      out += '$';
      i += 2;
      continue;
    }
    const bool braces = text.compare(i, 2, "${") == 0;
    const auto begin = i + (braces ? 2 : 1);
    auto end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end == begin || (braces && (end >= text.size() || text[end] != '}'))) {
      out += text[i++];  // malformed: as it stands
      continue;
    }
    append_group(pattern, groups, text.substr(begin, end - begin), out);
    i = end + (braces ? 1 : 0);
  }
}

Result<Value> replace_pattern(const std::string& text, const std::string& pattern_text, const std::string& by) {
  const auto pattern = TRY(compile(pattern_text));
  std::string out;
  std::size_t copied = 0;
  TRY(each_match(*pattern, text, [&](const Groups& groups, std::size_t begin, std::size_t end) -> Result<> {
    out.append(text, copied, begin - copied);
    expand(*pattern, groups, by, out);
    copied = end;
    if (out.size() > k_longest_result) return failed("the string is too long");
    return {};
  }));
  return Value::string(out.append(text, copied));
}

Result<Value> replace_text(const std::string& text, const std::string& what, const std::string& by) {
  std::string out;
  std::size_t at = 0;
  while (at <= text.size()) {
    auto found = what.empty() ? at : text.find(what, at);
    if (found == std::string::npos) break;
    out.append(text, at, found - at).append(by);
    if (out.size() > k_longest_result) return failed("the string is too long");
    at = found + what.size();
    if (!what.empty()) continue;
    if (at == text.size()) return Value::string(out);
    do out += text[at++];
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return Value::string(out.append(text, std::min(at, text.size())));
}

Result<Value> replace(const Arguments& a) {
  const auto &text = a[0].as_string(), &what = a[1].as_string(), &by = a[2].as_string();
  const bool is_pattern = what.size() > 1 && what.front() == '/' && what.back() == '/';
  if (is_pattern) return replace_pattern(text, what.substr(1, what.size() - 2), by);
  return replace_text(text, what, by);
}

constexpr std::array k_rows{
    FunctionRow{"regex(pattern: string, str: string) any",
                "The first match: a string, or its groups as a tuple or object (RE2 syntax).", regex},
    FunctionRow{"regexall(pattern: string, str: string) list", "All matches.", regex_all},
    FunctionRow{"replace(str: string, substr: string, replace: string) string",
                "With all occurrences replaced; a pattern between slashes is a regular expression.", replace},
};

}  // namespace regex_family

std::span<const FunctionRow> regex_functions() { return regex_family::k_rows; }

}  // namespace trunkform::language
