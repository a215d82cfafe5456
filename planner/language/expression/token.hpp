#pragma once
// The words of HCL's expression syntax. The scanner finds one at a time, because what a character means depends on
// where the parser is: inside a string's literal text there are no tokens. Private to expression/.
#include <cstddef>
#include <string_view>

namespace trunkform::language {

enum class TokenKind {
  end,
  newline,
  number,
  identifier,
  quote,
  heredoc,
  ellipsis,
  dot,
  comma,
  question,
  double_colon,
  colon,
  arrow,
  equal,
  not_equal,
  less_equal,
  less,
  greater_equal,
  greater,
  assign,
  logical_and,
  logical_or,
  exclamation,
  plus,
  minus,
  star,
  slash,
  percent,
  open_paren,
  close_paren,
  open_bracket,
  close_bracket,
  open_brace,
  close_brace,
  tilde,
  invalid,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The token at or after `at`; blanks and comments are passed over, line ends are tokens.
Token scan(std::string_view text, std::size_t at);

}  // namespace trunkform::language
