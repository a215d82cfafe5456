#include "planner/language/json/parse.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <tao/pegtl.hpp>

#include "planner/language/json/escape.hpp"
#include "planner/language/json/explain.hpp"
#include "planner/language/json/position.hpp"

namespace trunkform::language {
// NOLINTBEGIN(readability-identifier-naming): rules have the names of RFC 8259
namespace grammar {

using namespace tao::pegtl;  // NOLINT: the grammar reads as RFC 8259 does

struct ws : star<one<' ', '\t', '\n', '\r'>> {};
struct comma : seq<one<','>, ws> {};

struct unicode : seq<one<'u'>, rep<4, xdigit>> {};
struct escape : seq<one<'\\'>, must<sor<one<'"', '\\', '/', 'b', 'f', 'n', 'r', 't'>, unicode>>> {};
struct plain : sor<ranges<' ', '!', '#', '[', ']', '\x7E'>, one<'\x7F'>, utf8::range<0x80, 0x10FFFF>> {};
struct characters : star<sor<plain, escape>> {};
struct string : seq<one<'"'>, characters, must<one<'"'>>> {};

struct digits : plus<digit> {};
struct fraction : seq<one<'.'>, must<digits>> {};
struct exponent : seq<one<'e', 'E'>, opt<one<'+', '-'>>, must<digits>> {};
struct number : seq<opt<one<'-'>>, sor<one<'0'>, digits>, opt<fraction>, opt<exponent>> {};

struct null : TAO_PEGTL_STRING("null") {};
struct boolean : sor<TAO_PEGTL_STRING("true"), TAO_PEGTL_STRING("false")> {};

struct value;
struct begin_array : one<'['> {};
struct end_array : one<']'> {};
struct array : seq<begin_array, ws, opt<list_must<value, comma>>, must<end_array>> {};
struct begin_object : one<'{'> {};
struct end_object : one<'}'> {};
struct key : string {};
struct member : seq<key, ws, must<one<':'>>, ws, must<value>> {};
struct object : seq<begin_object, ws, opt<list_must<member, comma>>, must<end_object>> {};
struct value : seq<sor<string, number, object, array, boolean, null>, ws> {};
struct text : seq<ws, must<value>, must<eof>> {};

}  // namespace grammar
// NOLINTEND(readability-identifier-naming)

namespace {

/// Fills the flat tree while the grammar matches.
class TreeBuilder {
 public:
  TreeBuilder(const std::string& file, std::string_view bytes, Diagnostics& diagnostics)
      : m_file(file), m_bytes(bytes), m_diagnostics(diagnostics) {}

  std::vector<JsonDocument::Node> nodes;
  std::vector<std::string> decoded;
  std::vector<std::uint32_t> open;  ///< arrays and objects that have begun

  std::size_t offset(const char* at) const { return static_cast<std::size_t>(at - m_bytes.data()); }

  void leaf(JsonKind kind, const char* begin, const char* end) {
    count();
    append(kind, begin, end);
  }

  void key(const char* begin, const char* end) {
    ++nodes[open.back()].size;
    append_string(begin, end);
  }

  void string(const char* begin, const char* end) {
    count();
    append_string(begin, end);
  }

  void begin(JsonKind kind, const char* at) {
    count();
    if (open.size() == k_json_depth) throw JsonFault{JsonFault::Kind::depth, offset(at)};
    open.push_back(static_cast<std::uint32_t>(nodes.size()));
    append(kind, at, at + 1);
  }

  void end(const char* after) {
    auto& node = nodes[open.back()];
    node.end = static_cast<std::uint32_t>(offset(after));
    node.next = static_cast<std::uint32_t>(nodes.size());
    if (node.kind == JsonKind::object && node.size > 1) report_equal_keys(open.back());
    open.pop_back();
  }

  void finish() {
    if (m_equal_keys > k_reported_keys)
      m_diagnostics.add(Error(ErrorCode::invalid_input,
                              fmt::format("{} more equal keys in {}", m_equal_keys - k_reported_keys, m_file)));
  }

 private:
  static constexpr std::size_t k_reported_keys = 20;
  const std::string& m_file;
  std::string_view m_bytes;
  Diagnostics& m_diagnostics;
  std::size_t m_equal_keys = 0;

  /// One more element of the array that is open. Members are counted by their keys.
  void count() {
    if (!open.empty() && nodes[open.back()].kind == JsonKind::array) ++nodes[open.back()].size;
  }

  JsonDocument::Node& append(JsonKind kind, const char* begin, const char* end) {
    auto& node = nodes.emplace_back();
    node.kind = kind;
    node.begin = static_cast<std::uint32_t>(offset(begin));
    node.end = static_cast<std::uint32_t>(offset(end));
    node.next = static_cast<std::uint32_t>(nodes.size());
    return node;
  }

  void append_string(const char* begin, const char* end) {
    auto& node = append(JsonKind::string, begin, end);
    const std::string_view content(begin + 1, static_cast<std::size_t>(end - begin) - 2);
    if (content.find('\\') == std::string_view::npos) return;
    decoded.push_back(decode(content, begin + 1));
    node.size = static_cast<std::uint32_t>(decoded.size());
  }

  std::string decode(std::string_view content, const char* where) const {
    std::string text;
    text.reserve(content.size());
    for (std::size_t at = 0; at < content.size();) {
      const auto backslash = std::min(content.find('\\', at), content.size());
      text += content.substr(at, backslash - at);
      at = backslash;
      if (at == content.size()) break;
      auto escape = read_escape(content.substr(at));
      if (escape.fault != Escape::Fault::none) throw JsonFault{JsonFault::Kind::lone_surrogate, offset(where + at)};
      text += escape.text;
      at += escape.length;
    }
    return text;
  }

  std::string_view key_text(const JsonDocument::Node& node) const {
    if (node.size != 0) return decoded[node.size - 1];
    return m_bytes.substr(node.begin + 1, node.end - node.begin - 2);
  }

  void report_equal_keys(std::uint32_t object) {
    std::vector<std::pair<std::string_view, std::uint32_t>> keys;
    keys.reserve(nodes[object].size);
    for (auto index = object + 1; index < nodes[object].next; index = nodes[index + 1].next)
      keys.emplace_back(key_text(nodes[index]), index);
    std::sort(keys.begin(), keys.end());
    auto first = keys.begin();
    for (auto other = keys.begin() + 1; other < keys.end(); ++other) {
      if (other->first != first->first) {
        first = other;
      } else if (other->first != "//" && ++m_equal_keys <= k_reported_keys) {
        report(first->second, other->second, first->first);
      }
    }
  }

  void report(std::uint32_t first, std::uint32_t again, std::string_view key) {
    const auto line = position_in(m_bytes, nodes[first].begin).line;
    m_diagnostics.add(
        Error(ErrorCode::invalid_input, fmt::format("the key \"{}\" stands twice in one object", key),
              fmt::format("it stands first in line {}; only one of the two could count", line))
            .at({m_file, position_in(m_bytes, nodes[again].begin), position_in(m_bytes, nodes[again].end)})
            .hint("remove one, or give them different names"));
  }
};

template <class Rule>
struct Action {};

template <JsonKind Kind>
struct Leaf {
  template <class Input>
  static void apply(const Input& in, TreeBuilder& tree) {
    tree.leaf(Kind, in.begin(), in.end());
  }
};
template <JsonKind Kind>
struct Begin {
  template <class Input>
  static void apply(const Input& in, TreeBuilder& tree) {
    tree.begin(Kind, in.begin());
  }
};
struct End {
  template <class Input>
  static void apply(const Input& in, TreeBuilder& tree) {
    tree.end(in.end());
  }
};

template <>
struct Action<grammar::null> : Leaf<JsonKind::null> {};
template <>
struct Action<grammar::boolean> : Leaf<JsonKind::boolean> {};
template <>
struct Action<grammar::number> : Leaf<JsonKind::number> {};
template <>
struct Action<grammar::begin_array> : Begin<JsonKind::array> {};
template <>
struct Action<grammar::begin_object> : Begin<JsonKind::object> {};
template <>
struct Action<grammar::end_array> : End {};
template <>
struct Action<grammar::end_object> : End {};
template <>
struct Action<grammar::string> {
  template <class Input>
  static void apply(const Input& in, TreeBuilder& tree) {
    tree.string(in.begin(), in.end());
  }
};
template <>
struct Action<grammar::key> {
  template <class Input>
  static void apply(const Input& in, TreeBuilder& tree) {
    tree.key(in.begin(), in.end());
  }
};

/// The place where the grammar gave up, or a fault that it does not know.
std::optional<JsonFault> match(std::string_view bytes, TreeBuilder& tree) {
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> input(bytes.data(), bytes.size(), "");
  try {
    tao::pegtl::parse<grammar::text, Action>(input, tree);
    return std::nullopt;
  } catch (const tao::pegtl::parse_error& failure) {
    return JsonFault{JsonFault::Kind::syntax, failure.positions().front().byte};
  } catch (const JsonFault& fault) {
    return fault;
  }
}

}  // namespace

SourcePosition position_in(std::string_view bytes, std::size_t offset) {
  SourcePosition at;
  advance(at, bytes, std::min(offset, bytes.size()));
  return at;
}

ParsedJson parse_json(std::string file, std::string bytes) {
  ParsedJson parsed;
  if (bytes.size() > k_json_bytes) {
    parsed.diagnostics.add(Error(ErrorCode::invalid_input, "the file is too large",
                                 fmt::format("it has {} bytes; at most 64 MiB are read", bytes.size()))
                               .at({file, {}, {}})
                               .hint("split it into several *.trunk.json files"));
    return parsed;
  }
  TreeBuilder tree(file, bytes, parsed.diagnostics);
  if (const auto fault = match(bytes, tree)) {
    std::vector<OpenBracket> open;
    open.reserve(tree.open.size());
    for (const auto index : tree.open) open.push_back({tree.nodes[index].kind, tree.nodes[index].begin});
    parsed.diagnostics.add(explain(file, bytes, *fault, open));
    return parsed;
  }
  tree.finish();
  auto nodes = std::move(tree.nodes);
  auto decoded = std::move(tree.decoded);
  parsed.document =
      std::make_unique<const JsonDocument>(std::move(file), std::move(bytes), std::move(nodes), std::move(decoded));
  return parsed;
}

}  // namespace trunkform::language
