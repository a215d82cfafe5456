#include "cmd/trunkform/line_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

namespace trunkform::cli {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t k_context_lines = 3;
constexpr std::size_t k_largest_table = 16U << 20U;

Lines split_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

struct Edit {
  char mark;  ///< ' ', '-' or '+'
  std::string_view line;
};

/// The longest common subsequence of what is left between common beginning and end.
void append_changed(const Lines& before, const Lines& after, std::vector<Edit>& edits) {
  const auto rows = before.size();
  const auto columns = after.size();
  std::vector<std::uint32_t> common;
  const bool is_exact = (rows + 1) * (columns + 1) <= k_largest_table;
  const auto at = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
    return common[row * (columns + 1) + column];
  };
  if (is_exact) {
    common.assign((rows + 1) * (columns + 1), 0);
    for (std::size_t row = rows; row-- > 0;)
      for (std::size_t column = columns; column-- > 0;)
        at(row, column) = before[row] == after[column] ? at(row + 1, column + 1) + 1
                                                       : std::max(at(row + 1, column), at(row, column + 1));
  }
  std::size_t row = 0;
  std::size_t column = 0;
  while (row < rows || column < columns) {
    if (is_exact && row < rows && column < columns && before[row] == after[column]) {
      edits.push_back({' ', before[row++]});
      ++column;
    } else if (row < rows && (!is_exact || column == columns || at(row + 1, column) >= at(row, column + 1))) {
      edits.push_back({'-', before[row++]});
    } else {
      edits.push_back({'+', after[column++]});
    }
  }
}

std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  std::size_t head = 0;
  const auto shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', before[i]});
  append_changed(
      Lines(before.begin() + static_cast<std::ptrdiff_t>(head), before.end() - static_cast<std::ptrdiff_t>(tail)),
      Lines(after.begin() + static_cast<std::ptrdiff_t>(head), after.end() - static_cast<std::ptrdiff_t>(tail)), edits);
  for (std::size_t i = before.size() - tail; i < before.size(); ++i) edits.push_back({' ', before[i]});
  return edits;
}

std::string edit_text(const Edit& edit, const views::TextStyle& style) {
  const bool is_whole = edit.line.ends_with('\n');
  auto line =
      fmt::format("{}{}", edit.mark, views::escape_foreign(edit.line.substr(0, edit.line.size() - (is_whole ? 1 : 0))));
  if (edit.mark == '-') line = style.red(line);
  if (edit.mark == '+') line = style.green(line);
  return line + (is_whole ? "\n" : "\n\\ No newline at end of file\n");
}

std::string range_text(std::size_t first, std::size_t count) {
  if (count == 0) return fmt::format("{},0", first);
  return count == 1 ? fmt::format("{}", first + 1) : fmt::format("{},{}", first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, const std::string& name,
                         const views::TextStyle& style) {
  if (before == after) return {};
  const auto edits = edits_between(split_lines(before), split_lines(after));
  const auto shown_name = views::escape_foreign(name);
  std::string text = style.bold("--- " + shown_name) + "\n" + style.bold("+++ " + shown_name) + "\n";
  std::size_t old_line = 0;
  std::size_t new_line = 0;
  for (std::size_t at = 0; at < edits.size();) {
    // A hunk: from before a change until no other change is near.
    const auto is_change = [](const Edit& edit) { return edit.mark != ' '; };
    const auto change = std::find_if(edits.begin() + static_cast<std::ptrdiff_t>(at), edits.end(), is_change);
    if (change == edits.end()) break;
    const auto first_change = static_cast<std::size_t>(change - edits.begin());
    const auto begin = std::max(at, first_change - std::min(first_change, k_context_lines));
    old_line += begin - at;
    new_line += begin - at;
    auto end = first_change;
    for (auto next = first_change; next < edits.size() && next <= end + 2 * k_context_lines; ++next)
      if (is_change(edits[next])) end = next;
    end = std::min(end + 1 + k_context_lines, edits.size());
    std::string body;
    std::size_t removed = 0;
    std::size_t added = 0;
    for (auto i = begin; i < end; ++i) {
      body += edit_text(edits[i], style);
      removed += edits[i].mark != '+' ? 1U : 0U;
      added += edits[i].mark != '-' ? 1U : 0U;
    }
    text += style.cyan(fmt::format("@@ -{} +{} @@", range_text(old_line, removed), range_text(new_line, added))) +
            "\n" + body;
    old_line += removed;
    new_line += added;
    at = end;
  }
  return text;
}

}  // namespace trunkform::cli
