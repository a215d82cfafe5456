#include "cmd/certificates/path_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/certificates/foreign_text.hpp"

namespace trunkform::certificates {
namespace {

std::string_view mark(std::optional<Verdict> verdict) {
  if (!verdict) return "-    ";
  switch (*verdict) {
    case Verdict::block:
      return "block";
    case Verdict::warn:
      return "warn ";
    case Verdict::pass:
      break;
  }
  return "pass ";
}

}  // namespace

std::vector<PathCheckLine> path_check_lines(const PathFacts& path) {
  std::vector<PathCheckLine> lines;
  for (const auto& check : path_checks()) {
    const auto before = lines.size();
    for (const auto& fault : path.faults)
      if (fault.check == check.check) lines.push_back({&check, fault.verdict, fault.what, &fault});
    if (lines.size() > before) continue;
    if (path.judged)
      lines.push_back({&check, Verdict::pass, std::string(check.good), nullptr});
    else
      lines.push_back({&check, std::nullopt, "cannot be judged before the path is complete", nullptr});
  }
  return lines;
}

std::string path_checks_text(const PathFacts& path) {
  auto lines = path_check_lines(path);
  const auto weight = [](const PathCheckLine& line) { return line.verdict ? static_cast<int>(*line.verdict) : -1; };
  std::stable_sort(lines.begin(), lines.end(), [&](const auto& a, const auto& b) { return weight(a) > weight(b); });
  std::string text = "checks of the path\n";
  for (const auto& line : lines) {
    text += fmt::format("{}  {}  ", mark(line.verdict), line.check->name);
    if (line.fault != nullptr)
      text += fmt::format("certificate {}, '{}': ", line.fault->depth, escaped(line.fault->subject));
    text += fmt::format("{}  [{}]\n", escaped(line.message), line.check->clause);
  }
  return text;
}

}  // namespace trunkform::certificates
