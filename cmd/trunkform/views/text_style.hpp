#pragma once
// Colours where a terminal wants them, and foreign text made harmless: names, subjects and messages of services may
// hold escape sequences or line breaks. Pure.
#include <string>
#include <string_view>

namespace trunkform::views {

enum class Colours { off, on };

class TextStyle {
 public:
  explicit TextStyle(Colours colours = Colours::off) : m_on(colours == Colours::on) {}
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string faint(std::string_view text) const { return paint("2", text); }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string cyan(std::string_view text) const { return paint("36", text); }
  bool colours() const { return m_on; }

 private:
  bool m_on;
  std::string paint(std::string_view code, std::string_view text) const;
};

/// Control characters (C0, DEL, C1, bidirectional overrides) as `\u{…}`, invalid UTF-8 as U+FFFD; line breaks too.
std::string escape_foreign(std::string_view text);

/// `1 trunk`, `2 trunks`.
std::string counted(std::size_t number, std::string_view what);

/// Columns that a text takes on a terminal: code points, colour sequences not counted.
std::size_t text_width(std::string_view text);

/// Filled with blanks to `width`, or cut with `…`.
std::string fit(std::string_view text, std::size_t width);

}  // namespace trunkform::views
