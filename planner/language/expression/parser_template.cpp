#include <utility>

#include <fmt/format.h>

#include "planner/language/expression/parser.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {

using namespace ast;

/// A template in the order of its text, before `%{ if }` and `%{ for }` are matched with their ends.
struct Parser::Part {
  enum class Kind { text, value, if_, else_, endif, for_, endfor };
  Kind kind = Kind::text;
  std::size_t begin = 0, end = 0;
  std::string text;
  NodePtr node;  ///< the value, the condition or the collection
  std::string key_name, value_name;
  bool strips_left = false, strips_right = false;
};

namespace {

void trim_end(std::string& text) {
  const auto pieces = code_points(text);
  auto size = text.size();
  for (auto piece = pieces.rbegin(); piece != pieces.rend() && is_space(code_point_of(*piece)); ++piece)
    size -= piece->size();
  text.resize(size);
}

void trim_start(std::string& text) {
  std::size_t size = 0;
  for (const auto piece : code_points(text)) {
    if (!is_space(code_point_of(piece))) break;
    size += piece.size();
  }
  text.erase(0, size);
}

}  // namespace

Result<Expression> Parser::whole_template() {
  auto parts = TRY(template_parts(TemplateForm::bare));
  std::size_t at = 0;
  if (parts.size() == 1 && parts[0].kind == Part::Kind::value) return finish(parts[0].node);
  auto root = TRY(assemble(parts, at, 0));
  if (at < parts.size())
    return error(parts[at].begin, parts[at].end, "this directive has no beginning", "the directives are unbalanced");
  return finish(std::move(root));
}

Result<NodePtr> Parser::quoted_template() {
  const auto begin = next().begin;
  auto parts = TRY(template_parts(TemplateForm::quoted));
  const auto end = m_at;
  std::size_t at = 0;
  if (parts.size() == 1 && parts[0].kind == Part::Kind::value) {
    auto inner = *parts[0].node;
    inner.begin = begin;
    inner.end = end;
    return std::make_shared<const Node>(std::move(inner));
  }
  // Text alone is a constant: `xs["a"]` is a step that is written out.
  if (parts.empty()) return make(begin, end, Literal{Value::string("")}, {});
  if (parts.size() == 1 && parts[0].kind == Part::Kind::text)
    return make(begin, end, Literal{Value::string(parts[0].text)}, {});
  auto root = TRY(assemble(parts, at, begin));
  if (at < parts.size())
    return error(parts[at].begin, parts[at].end, "this directive has no beginning", "the directives are unbalanced");
  auto whole = *root;
  whole.begin = begin;
  whole.end = end;
  return std::make_shared<const Node>(std::move(whole));
}

Result<std::vector<Parser::Part>> Parser::template_parts(TemplateForm form) {
  const auto outer_floor = std::exchange(m_directive_floor, m_bound.size());
  std::vector<Part> parts;
  std::string text;
  auto text_begin = m_at;
  const auto flush = [&] {
    if (!text.empty()) parts.push_back({Part::Kind::text, text_begin, m_at, std::move(text), nullptr, {}, {}});
    text.clear();
    text_begin = m_at;
  };
  const auto opening = m_at;
  bool closed = form == TemplateForm::bare;
  while (m_at < m_text.size()) {
    const char c = m_text[m_at];
    const auto two = m_text.substr(m_at, 2);
    const auto three = m_text.substr(m_at, 3);
    if (form == TemplateForm::quoted && c == '"') {
      flush();
      ++m_at;
      closed = true;
      break;
    }
    if (three == "$${" || three == "%%{") {
      text += three.substr(1);
      m_at += 3;
    } else if (two == "${" || two == "%{") {
      flush();
      parts.push_back(TRY(c == '$' ? interpolation() : directive()));
      text_begin = m_at;
    } else if (form == TemplateForm::quoted && c == '\\') {
      TRY(escape(text));
    } else if (form == TemplateForm::quoted && c == '\n') {
      return error(m_at, m_at + 1, "a string in quotes cannot go over several lines", "write \\n");
    } else {
      text += c;
      ++m_at;
      // Bare text is taken line by line: a strip marker reaches no further than its own line.
      if (form == TemplateForm::bare && c == '\n') flush();
    }
  }
  if (!closed) return error(opening - 1, m_at, "the string has no closing quote");
  flush();
  m_bound.resize(m_directive_floor);
  m_directive_floor = outer_floor;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].strips_left && i > 0 && parts[i - 1].kind == Part::Kind::text) trim_end(parts[i - 1].text);
    if (parts[i].strips_right && i + 1 < parts.size() && parts[i + 1].kind == Part::Kind::text)
      trim_start(parts[i + 1].text);
  }
  return parts;
}

Result<Parser::Part> Parser::interpolation() {
  Part part;
  part.kind = Part::Kind::value;
  part.begin = m_at;
  m_at += 2;
  if (m_text.substr(m_at, 1) == "~") {
    part.strips_left = true;
    ++m_at;
  }
  NewlineGuard newlines(*this, Newlines::skipped);
  part.node = TRY(expression());
  TRY(close_sequence(part, "interpolation"));
  return part;
}

Result<> Parser::close_sequence(Part& part, std::string_view what) {
  part.strips_right = accept(TokenKind::tilde);
  const auto close = peek();
  if (close.kind == TokenKind::end)
    return error(part.begin, part.begin + 2, fmt::format("this {} has no closing brace", what),
                 "a literal \"${\" is written \"$${\", \"%{\" is written \"%%{\"");
  TRY(expect(TokenKind::close_brace, "\"}\""));
  part.end = m_at;
  return {};
}

Result<Parser::Part> Parser::directive() {
  Part part;
  part.begin = m_at;
  m_at += 2;
  if (m_text.substr(m_at, 1) == "~") {
    part.strips_left = true;
    ++m_at;
  }
  NewlineGuard newlines(*this, Newlines::skipped);
  const auto word = TRY(expect(TokenKind::identifier, "if, else, endif, for or endfor"));
  const auto name = text_of(word);
  if (name == "if") {
    part.kind = Part::Kind::if_;
    part.node = TRY(expression());
  } else if (name == "for") {
    part.kind = Part::Kind::for_;
    part.value_name = std::string(text_of(TRY(expect(TokenKind::identifier, "a name after \"for\""))));
    if (accept(TokenKind::comma)) {
      part.key_name = std::move(part.value_name);
      part.value_name = std::string(text_of(TRY(expect(TokenKind::identifier, "a second name"))));
    }
    if (!at_keyword("in")) return unexpected(peek(), "\"in\" after the names of \"for\"");
    next();
    part.node = TRY(expression());
    // The body is parsed before its end is seen: its names are bound from here on.
    m_bound.push_back(part.value_name);
    m_bound.push_back(part.key_name);
  } else if (name == "endfor") {
    part.kind = Part::Kind::endfor;
    if (m_directive_floor + 2 > m_bound.size())
      return error(word.begin, word.end, "this directive has no beginning", "the directives are unbalanced");
    m_bound.resize(m_bound.size() - 2);
  } else if (name == "else") {
    part.kind = Part::Kind::else_;
  } else if (name == "endif") {
    part.kind = Part::Kind::endif;
  } else {
    return error(word.begin, word.end, fmt::format("\"{}\" is no directive", name), "if, else, endif, for or endfor");
  }
  TRY(close_sequence(part, "directive"));
  return part;
}

Result<NodePtr> Parser::assemble(std::vector<Part>& parts, std::size_t& at, std::size_t begin) {
  DepthGuard guard(*this);
  if (guard.too_deep()) return error(begin, begin, "the template is nested too deep");
  Template made;
  auto end = begin;
  for (; at < parts.size(); end = parts[at - 1].end) {
    auto& part = parts[at];
    if (part.kind == Part::Kind::text) {
      made.parts.push_back(TRY(make(part.begin, part.end, Literal{Value::string(part.text)}, {})));
      ++at;
    } else if (part.kind == Part::Kind::value) {
      made.parts.push_back(part.node);
      ++at;
    } else if (part.kind == Part::Kind::if_) {
      made.parts.push_back(TRY(assemble_if(parts, at)));
    } else if (part.kind == Part::Kind::for_) {
      made.parts.push_back(TRY(assemble_for(parts, at)));
    } else {
      break;
    }
  }
  const auto children = made.parts;
  return make_many(begin, end, std::move(made), children);
}

Result<NodePtr> Parser::assemble_if(std::vector<Part>& parts, std::size_t& at) {
  const auto open = at++;
  const auto unfinished = [&] {
    return error(parts[open].begin, parts[open].end, "this \"if\" directive has no \"endif\"");
  };
  TemplateIf made;
  made.condition = parts[open].node;
  made.yes = TRY(assemble(parts, at, parts[open].end));
  if (at < parts.size() && parts[at].kind == Part::Kind::else_) {
    ++at;
    made.no = TRY(assemble(parts, at, parts[at - 1].end));
  }
  if (at >= parts.size() || parts[at].kind != Part::Kind::endif) return unfinished();
  const auto end = parts[at++].end;
  const std::vector children{made.condition, made.yes, made.no};
  return make_many(parts[open].begin, end, std::move(made), children);
}

Result<NodePtr> Parser::assemble_for(std::vector<Part>& parts, std::size_t& at) {
  const auto open = at++;
  TemplateFor made{parts[open].key_name, parts[open].value_name, parts[open].node, nullptr};
  made.body = TRY(assemble(parts, at, parts[open].end));
  if (at >= parts.size() || parts[at].kind != Part::Kind::endfor)
    return error(parts[open].begin, parts[open].end, "this \"for\" directive has no \"endfor\"");
  const auto end = parts[at++].end;
  const std::vector children{made.collection, made.body};
  return make_many(parts[open].begin, end, std::move(made), children);
}

Result<> Parser::escape(std::string& out) {
  const auto begin = m_at;
  const auto selector = m_text.substr(m_at + 1, 1);
  m_at += 2;
  const auto wrong = [&](std::string why) { return error(begin, std::min(m_at, m_text.size()), std::move(why)); };
  if (selector == "n")
    out += '\n';
  else if (selector == "r")
    out += '\r';
  else if (selector == "t")
    out += '\t';
  else if (selector == "\"")
    out += '"';
  else if (selector == "\\")
    out += '\\';
  else if (selector == "u" || selector == "U") {
    const std::size_t length = selector == "u" ? 4 : 8;
    const auto digits = m_text.substr(std::min(m_at, m_text.size()), length);
    if (digits.size() != length || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return wrong(fmt::format("\\{} needs {} hexadecimal digits", selector, length));
    m_at += length;
    const auto code = static_cast<std::uint32_t>(std::stoul(std::string(digits), nullptr, 16));
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return wrong("this is no Unicode character");
    append_utf8(out, code);
  } else {
    return wrong(fmt::format("\"\\{}\" is no escape", selector));
  }
  return {};
}

Result<NodePtr> Parser::heredoc(const Token& open) {
  return error(open.begin, open.end, "heredocs are not written in JSON", "use \\n in a string, or a file");
}

}  // namespace trunkform::language
