#include "cmd/trunkform/line_diff.hpp"

#include <catch2/catch.hpp>

namespace {

std::string diff_of(std::string_view before, std::string_view after) {
  return trunkform::cli::unified_diff(before, after, "a.json", trunkform::views::TextStyle());
}

std::string numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("equal texts have no diff") { CHECK(diff_of("a\nb\n", "a\nb\n").empty()); }

TEST_CASE("a changed line stands among three of its neighbours") {
  CHECK(diff_of(numbers(1, 9), numbers(1, 4) + "five\n" + numbers(6, 9)) ==
        "--- a.json\n+++ a.json\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart are hunks of their own, with the line numbers of both sides") {
  CHECK(diff_of(numbers(1, 20), "0\n" + numbers(1, 19)) ==
        "--- a.json\n+++ a.json\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -17,4 +18,3 @@\n 17\n 18\n 19\n-20\n");
}

TEST_CASE("changes that are near share a hunk") {
  CHECK(diff_of("1\n2\n3\n4\n", "one\n2\n3\nfour\n") ==
        "--- a.json\n+++ a.json\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n-4\n+four\n");
}

TEST_CASE("a missing newline at the end is told") {
  CHECK(diff_of("a", "a\n") == "--- a.json\n+++ a.json\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("control characters of a file do not reach the terminal") {
  CHECK(diff_of("\x1b[2J\n", "x\n").find('\x1b') == std::string::npos);
}
