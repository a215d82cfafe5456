// The only file that includes PEGTL.
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/icu/utf8.hpp>

#include "planner/language/expression/token.hpp"

namespace trunkform::language {
namespace grammar {

namespace pegtl = tao::pegtl;
using namespace pegtl::ascii;
using pegtl::eolf, pegtl::eof, pegtl::not_at, pegtl::opt, pegtl::plus, pegtl::seq, pegtl::sor, pegtl::star,
    pegtl::until;

// HCL's scanner: (ID_Start | '_') (ID_Continue | '-')*.
struct identifier : seq<sor<pegtl::utf8::icu::id_start, pegtl::utf8::one<U'_'>>,
                        star<sor<pegtl::utf8::icu::id_continue, pegtl::utf8::one<U'-'>>>> {};
struct number : seq<plus<digit>, opt<one<'.'>, plus<digit>>, opt<one<'e', 'E'>, opt<one<'+', '-'>>, plus<digit>>> {};

struct line_comment : seq<sor<one<'#'>, string<'/', '/'>>, star<not_at<one<'\n'>>, not_at<eof>, any>> {};
struct block_comment : seq<string<'/', '*'>, until<string<'*', '/'>>> {};
struct blank : star<sor<one<' ', '\t', '\r'>, line_comment, block_comment>> {};

struct newline : one<'\n'> {};
struct quote : one<'"'> {};
struct heredoc : string<'<', '<'> {};
struct ellipsis : string<'.', '.', '.'> {};
struct dot : one<'.'> {};
struct comma : one<','> {};
struct question : one<'?'> {};
struct double_colon : string<':', ':'> {};
struct colon : one<':'> {};
struct arrow : string<'=', '>'> {};
struct equal : string<'=', '='> {};
struct not_equal : string<'!', '='> {};
struct less_equal : string<'<', '='> {};
struct less : one<'<'> {};
struct greater_equal : string<'>', '='> {};
struct greater : one<'>'> {};
struct assign : one<'='> {};
struct logical_and : string<'&', '&'> {};
struct logical_or : string<'|', '|'> {};
struct exclamation : one<'!'> {};
struct plus_sign : one<'+'> {};
struct minus_sign : one<'-'> {};
struct asterisk : one<'*'> {};
struct slash : one<'/'> {};
struct percent : one<'%'> {};
struct open_paren : one<'('> {};
struct close_paren : one<')'> {};
struct open_bracket : one<'['> {};
struct close_bracket : one<']'> {};
struct open_brace : one<'{'> {};
struct close_brace : one<'}'> {};
struct tilde : one<'~'> {};

// Longer words before their beginnings.
struct word : sor<newline, number, identifier, quote, heredoc, ellipsis, dot, comma, question, double_colon, colon,
                  arrow, equal, not_equal, less_equal, less, greater_equal, greater, assign, logical_and, logical_or,
                  exclamation, plus_sign, minus_sign, asterisk, slash, percent, open_paren, close_paren, open_bracket,
                  close_bracket, open_brace, close_brace, tilde> {};
struct token : seq<blank, opt<word>> {};

template <class Rule>
struct action : pegtl::nothing<Rule> {};

template <TokenKind kind>
struct found {
  template <class Input>
  static void apply(const Input& in, Token& out) {
    const auto begin = static_cast<std::size_t>(in.begin() - in.input().begin());
    out = {kind, begin, begin + in.size()};
  }
};

#define TRUNKFORM_TOKEN(rule, kind) \
  template <>                       \
  struct action<rule> : found<TokenKind::kind> {}
TRUNKFORM_TOKEN(newline, newline);
TRUNKFORM_TOKEN(number, number);
TRUNKFORM_TOKEN(identifier, identifier);
TRUNKFORM_TOKEN(quote, quote);
TRUNKFORM_TOKEN(heredoc, heredoc);
TRUNKFORM_TOKEN(ellipsis, ellipsis);
TRUNKFORM_TOKEN(dot, dot);
TRUNKFORM_TOKEN(comma, comma);
TRUNKFORM_TOKEN(question, question);
TRUNKFORM_TOKEN(double_colon, double_colon);
TRUNKFORM_TOKEN(colon, colon);
TRUNKFORM_TOKEN(arrow, arrow);
TRUNKFORM_TOKEN(equal, equal);
TRUNKFORM_TOKEN(not_equal, not_equal);
TRUNKFORM_TOKEN(less_equal, less_equal);
TRUNKFORM_TOKEN(less, less);
TRUNKFORM_TOKEN(greater_equal, greater_equal);
TRUNKFORM_TOKEN(greater, greater);
TRUNKFORM_TOKEN(assign, assign);
TRUNKFORM_TOKEN(logical_and, logical_and);
TRUNKFORM_TOKEN(logical_or, logical_or);
TRUNKFORM_TOKEN(exclamation, exclamation);
TRUNKFORM_TOKEN(plus_sign, plus);
TRUNKFORM_TOKEN(minus_sign, minus);
TRUNKFORM_TOKEN(asterisk, star);
TRUNKFORM_TOKEN(slash, slash);
TRUNKFORM_TOKEN(percent, percent);
TRUNKFORM_TOKEN(open_paren, open_paren);
TRUNKFORM_TOKEN(close_paren, close_paren);
TRUNKFORM_TOKEN(open_bracket, open_bracket);
TRUNKFORM_TOKEN(close_bracket, close_bracket);
TRUNKFORM_TOKEN(open_brace, open_brace);
TRUNKFORM_TOKEN(close_brace, close_brace);
TRUNKFORM_TOKEN(tilde, tilde);
#undef TRUNKFORM_TOKEN

}  // namespace grammar

Token scan(std::string_view text, std::size_t at) {
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(text.data() + at, text.data() + text.size(), "");
  Token token{TokenKind::invalid, 0, 0};
  tao::pegtl::parse<grammar::token, grammar::action>(input, token);
  if (token.kind == TokenKind::invalid) {
    const auto here = input.byte();
    const bool ended = at + here >= text.size();
    token = {ended ? TokenKind::end : TokenKind::invalid, here, ended ? here : here + 1};
  }
  token.begin += at;
  token.end += at;
  return token;
}

}  // namespace trunkform::language
