#include "planner/language/configuration/block.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

bool is_identifier(std::string_view name) {
  const auto is_letter = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (static_cast<unsigned char>(byte) & 0x80U) != 0;
  };
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char byte) {
    return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '-';
  });
}

/// The nearest name that is one.
std::string as_identifier(std::string name) {
  for (char& byte : name)
    if (!is_identifier("a" + std::string(1, byte))) byte = '_';
  return is_identifier(name) ? name : "a_" + name;
}

/// Walks the labels of all blocks of all documents.
class Collector {
 public:
  explicit Collector(Problems& problems) : m_problems(problems) {}
  std::vector<Block> blocks;

  void root(const JsonValue& value) {
    if (value.is(JsonKind::array)) {
      for (const auto& element : value.elements()) {
        if (element.is(JsonKind::array)) {
          shape(element, "the configuration", "an object of blocks");
        } else {
          root(element);
        }
      }
      return;
    }
    if (!shape(value, "the configuration", "an object of blocks")) return;
    for (const auto& member : block_members(value)) type(member);
  }

 private:
  Problems& m_problems;
  std::unordered_map<std::string, SourceRange> m_first;

  bool shape(const JsonValue& value, std::string_view what, std::string_view wanted) {
    if (value.is(JsonKind::object)) return true;
    m_problems.add(Error(ErrorCode::invalid_input, fmt::format("{} must be {}", what, wanted),
                         fmt::format("this is {}", describe(value.kind())))
                       .at(value.range())
                       .hint("put its arguments between braces: { … }; docs/configuration.md shows each block"));
    return false;
  }

  void type(const JsonMember& member) {
    const std::string name(member.key.text());
    if (const auto subtypes_follow = has_subtypes(name))
      return subtypes_follow.value() ? with_subtype(member, name) : level(member, name, {});
    refuse_type(member, name);
    const auto meant = nearest(name, block_types(Extent::all));
    if (!meant.empty() && has_subtypes(meant) == false) declare_refused(member.value, meant, {});
    if (!meant.empty() && has_subtypes(meant) == true) {
      for_each_label(member.value, [&](const JsonMember& subtype) {
        declare_refused(subtype.value, meant, std::string(subtype.key.text()));
      });
    }
  }

  void refuse_type(const JsonMember& member, const std::string& name) {
    Error error(ErrorCode::invalid_input, fmt::format("there is no block {}", quoted(name)));
    error.source = member.key.range();
    if (name == "terraform") {
      error.summary = "a terraform block";
      error.detail =
          "trunkform reads Terraform's JSON syntax, but it is not Terraform: providers and backends are its own";
      error.hints.emplace_back("write \"trunkform\": {\"required_version\": …, \"backend\": {…}} instead");
      m_problems.add(std::move(error));
      return;
    }
    error.detail = fmt::format("blocks are {}", fmt::join(block_types(Extent::this_version), ", "));
    m_problems.add(suggest(std::move(error), name, block_types(Extent::all)));
  }

  /// Calls with each member, whether the labels are an object or an array of objects.
  template <class Callback>
  void for_each_label(const JsonValue& value, const Callback& callback) {
    if (value.is(JsonKind::array)) {
      for (const auto& element : value.elements()) for_each_label(element, callback);
    } else if (value.is(JsonKind::object)) {
      for (const auto& member : block_members(value)) callback(member);
    }
  }

  void with_subtype(const JsonMember& member, const std::string& type_name) {
    if (!member.value.is(JsonKind::object) && !member.value.is(JsonKind::array)) {
      shape(member.value, type_name, fmt::format("an object of {} types", type_name));
      return;
    }
    for_each_label(member.value, [&](const JsonMember& subtype) { this->subtype(subtype, type_name); });
  }

  void subtype(const JsonMember& member, const std::string& type_name) {
    const std::string name(member.key.text());
    if (find_block(type_name, name)) return level(member, type_name, name);
    const auto known = subtypes(type_name, Extent::all);
    m_problems.add(
        suggest(Error(ErrorCode::invalid_input, fmt::format("there is no {} of type {}", type_name, quoted(name)),
                      fmt::format("there are {}", fmt::join(subtypes(type_name, Extent::this_version), ", ")))
                    .at(member.key.range()),
                name, known));
    const auto meant = nearest(name, known);
    declare_refused(member.value, type_name, meant.empty() ? name : meant);
  }

  /// Names that exist in spite of a mistake, so that references to them are not a second one.
  void declare_refused(const JsonValue& value, const std::string& type_name, const std::string& subtype_name) {
    for_each_label(value, [&](const JsonMember& member) {
      blocks.push_back({nullptr, type_name, subtype_name, std::string(member.key.text()), member.key, member.value});
    });
  }

  /// `member` is the type or subtype whose schema is known: its value holds names or bodies.
  void level(const JsonMember& member, const std::string& type_name, const std::string& subtype_name) {
    const auto* schema = find_block(type_name, subtype_name);
    if (schema->need == Need::later) {
      refuse_later(member, *schema);
      declare_refused(member.value, type_name, subtype_name);
      return;
    }
    if (!schema->is_named) return bodies(*schema, {}, member.key, member.value);
    if (!member.value.is(JsonKind::object) && !member.value.is(JsonKind::array)) {
      shape(member.value, fmt::format("{}", member.key.text()), "an object of names with a block each");
      return;
    }
    for_each_label(member.value, [&](const JsonMember& name) {
      bodies(*schema, std::string(name.key.text()), name.key, name.value);
    });
  }

  void refuse_later(const JsonMember& member, const BlockSchema& schema) {
    const auto name = schema.subtype.empty() ? schema.type : schema.type + "." + schema.subtype;
    if (schema.type == "module") return refuse_modules(member);
    m_problems.add(Error(ErrorCode::unsupported, fmt::format("{} is not supported in this version", name))
                       .at(member.key.range())
                       .hint("remove the block"));
  }

  void refuse_modules(const JsonMember& member) {
    for_each_label(member.value, [&](const JsonMember& module) {
      const auto source = module.value.is(JsonKind::object) ? module.value.find("source") : std::nullopt;
      const bool is_remote = source && source->is(JsonKind::string) && !source->text().starts_with("./") &&
                             !source->text().starts_with("../");
      if (is_remote) {
        m_problems.add(
            Error(ErrorCode::unsupported, "a module from elsewhere",
                  "trunkform downloads no configuration: what decides about keys stands in the folder under review")
                .at(source->range())
                .hint("copy what you need into this folder"));
      } else {
        m_problems.add(Error(ErrorCode::unsupported, "module is not supported in this version")
                           .at(module.key.range())
                           .hint("write its blocks into this folder"));
      }
    });
  }

  void bodies(const BlockSchema& schema, const std::string& name, const JsonValue& label, const JsonValue& value) {
    if (value.is(JsonKind::array)) {
      for (const auto& element : value.elements()) {
        if (element.is(JsonKind::array)) {
          shape(element, "a block", "an object");
        } else {
          bodies(schema, name, label, element);
        }
      }
      return;
    }
    Block block{&schema, schema.type, schema.subtype, name, label, value};
    const auto address = address_of(block);
    if (!shape(value, schema.is_named ? address : schema.type, "an object")) {
      block.schema = nullptr;
    } else if (schema.is_named && !is_identifier(name)) {
      m_problems.add(Error(ErrorCode::invalid_input, fmt::format("{} is no name", quoted(name)),
                           "a name begins with a letter or _ and goes on with letters, digits, _ and -")
                         .at(label.range())
                         .hint(fmt::format("for example {}", quoted(as_identifier(name)))));
      return;
    } else if (!is_first(block, address)) {
      return;
    }
    blocks.push_back(std::move(block));
  }

  bool is_first(const Block& block, const std::string& address) {
    if (!block.schema->is_named && block.schema->repetition == Repetition::many) return true;
    const auto where = block.schema->is_named ? block.label.range() : block.body.range();
    const auto [first, is_new] = m_first.emplace(address, where);
    if (is_new) return true;
    m_problems.add(Error(ErrorCode::invalid_input, fmt::format("{} is declared twice", address),
                         fmt::format("first at {}", place_of(first->second)))
                       .at(block.label.range())
                       .hint(block.schema->is_named ? "give one of them another name, or remove it"
                                                    : "one is allowed: remove the other"));
    return false;
  }
};

}  // namespace

std::string address_of(const Block& block) {
  std::string address = block.type == "resource" ? block.subtype : block.type;
  if (block.type != "resource" && !block.subtype.empty()) address += "." + block.subtype;
  return block.name.empty() ? address : address + "." + block.name;
}

std::vector<Block> collect_blocks(const Documents& documents, Problems& problems) {
  Collector collector(problems);
  for (const auto& document : documents) collector.root(document->root());
  return std::move(collector.blocks);
}

std::vector<JsonMember> block_members(const JsonValue& object) {
  std::vector<JsonMember> result;
  std::unordered_set<std::string_view> seen;
  for (const auto& member : object.members())
    if (member.key.text() != "//" && seen.insert(member.key.text()).second) result.push_back(member);
  return result;
}

std::string place_of(const SourceRange& range) { return fmt::format("{}:{}", range.file, range.start.line); }

Error suggest(Error error, const std::string& word, const std::vector<std::string>& candidates) {
  const auto meant = nearest(word, candidates);
  if (!meant.empty())
    error.hints.insert(error.hints.begin(), fmt::format("did you mean {}?", quoted(meant)));
  else if (error.hints.empty() && !candidates.empty())
    error.hints.emplace_back("write one of those, or remove it: docs/configuration.md says what each means");
  return error;
}

std::string with_article(const std::string& noun) {
  const bool is_vowel = !noun.empty() && std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
  return (is_vowel ? "an " : "a ") + noun;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t k_longest = 80;
  if (text.size() <= k_longest) return fmt::format("\"{}\"", text);
  auto length = k_longest;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
  return fmt::format("\"{}…\"", text.substr(0, length));
}

}  // namespace trunkform::language
