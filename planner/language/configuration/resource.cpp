#include "planner/language/configuration/resource.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "planner/language/configuration/policies.hpp"
#include "planner/language/configuration/scope.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace {

struct Instance {
  InstanceKey key;
  Value each;  ///< `{key, value}` or `{index}`; null for a single one
};

bool name_instance(const std::vector<Reference>& references) {
  return std::any_of(references.begin(), references.end(),
                     [](const Reference& reference) { return reference.root == "each" || reference.root == "count"; });
}

Instance for_each_instance(const std::string& key, Value value) {
  return {key, Value::object({{"key", Value::string(key)}, {"value", std::move(value)}})};
}

/// One of which neither key nor value is known.
Instance unknown_for_each_instance() {
  return {{}, Value::object({{"key", Value::unknown(Type::string())}, {"value", Value::unknown(Type::dynamic())}})};
}

Instance unknown_count_instance() { return {{}, Value::object({{"index", Value::unknown(Type::number())}})}; }

/// Reads one resource block.
class ResourceReader {
 public:
  ResourceReader(const Block& block, const Body& body, const Registry& registry, const Scope& scope, Problems& problems)
      : m_block(block),
        m_body(body),
        m_registry(registry),
        m_scope(scope),
        m_problems(problems),
        m_source(block.label.range()) {}

  std::vector<Binding> read() {
    const auto instances = this->instances();
    std::vector<Binding> bindings;
    if (!instances || instances->empty()) {
      check_without_instances();
      return bindings;
    }
    bindings.reserve(instances->size());
    for (const auto& instance : *instances)
      if (auto binding = read_instance(instance)) bindings.push_back(std::move(*binding));
    return bindings;
  }

 private:
  const Block& m_block;
  const Body& m_body;
  const Registry& m_registry;
  const Scope& m_scope;
  Problems& m_problems;
  SourceRange m_source;

  /// An argument or block of the body, and what of a binding it decides.
  struct Part {
    std::string_view name;
    void (*read)(const ResourceReader&, BodyReader&, Binding&);
    void (*copy)(const Binding&, Binding&);
    bool is_shared = false;
  };
  std::array<Part, 11> m_parts = parts();
  Binding m_shared;  ///< what its parts say that do not depend on the instance: they are read once

  /// nullopt: a mistake (reported), or not known yet.
  std::optional<std::vector<Instance>> instances() {
    BodyReader reader(m_body, m_scope, m_problems, address_of(m_block));
    const bool has_for_each = m_body.find("for_each") != nullptr;
    if (has_for_each && m_body.find("count")) {
      reader.fail(Error(ErrorCode::invalid_input, "for_each and count exclude each other")
                      .at(m_body.find("count")->key.range())
                      .hint("keep for_each: its keys stay the same when an element is removed"));
      return std::nullopt;
    }
    if (has_for_each) return for_each_instances(reader);
    if (m_body.find("count")) return count_instances(reader);
    return std::vector<Instance>{{}};
  }

  static void refuse(BodyReader& reader, std::string summary, std::string detail, std::string hint) {
    const auto* name = reader.body().find("for_each") ? "for_each" : "count";
    auto error = Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)).at(reader.range(name));
    if (!hint.empty()) error.hints.push_back(std::move(hint));
    reader.fail(std::move(error));
  }

  static std::optional<std::vector<Instance>> for_each_instances(BodyReader& reader) {
    const auto value = reader.value("for_each");
    if (!value) {
      if (reader.is_complete())
        refuse(reader, "for_each is null", "it must be a map or a set of strings", "write {} for no instances");
      return std::nullopt;
    }
    if (value->is_unknown()) return std::nullopt;
    std::vector<Instance> instances;
    const auto kind = value->kind();
    if (kind == TypeKind::map || kind == TypeKind::object) {
      for (const auto& [key, element] : value->entries()) instances.push_back(for_each_instance(key, element));
      return instances;
    }
    if (kind == TypeKind::set && (value->elements().empty() || value->type().element().is(TypeKind::string))) {
      for (const auto& element : value->elements()) {
        if (!element.is_known()) {
          if (element.is_null())
            refuse(reader, "for_each has a null among its keys", {}, "remove it, for example with compact(…)");
          return std::nullopt;
        }
        instances.push_back(for_each_instance(element.as_string(), element));
      }
      return instances;
    }
    refuse(reader, "for_each must be a map or a set of strings",
           fmt::format("this is {}", with_article(value->type().friendly())),
           kind == TypeKind::list || kind == TypeKind::tuple
               ? "write \"${toset([ … ])}\": a set has keys that stay when an element is removed"
               : "");
    return std::nullopt;
  }

  static std::optional<std::vector<Instance>> count_instances(BodyReader& reader) {
    const auto value = reader.value("count");
    if (!value || !value->is_known()) {
      if (!value && reader.is_complete()) refuse(reader, "count is null", "it must be a whole number", {});
      return std::nullopt;
    }
    const auto number = convert(*value, Type::number());
    const auto count = number ? number->as_number().to_integer() : std::nullopt;
    constexpr std::int64_t k_most = 100'000;
    if (!count || *count < 0 || *count > k_most) {
      refuse(reader, fmt::format("count must be a whole number between 0 and {}", k_most),
             number ? fmt::format("this is {}", number->as_number().to_string()) : number.error().summary,
             "0 is for no instance; a list is counted by length(…)");
      return std::nullopt;
    }
    std::vector<Instance> instances;
    instances.reserve(static_cast<std::size_t>(*count));
    for (std::int64_t index = 0; index < *count; ++index)
      instances.push_back({index, Value::object({{"index", Value::integer(index)}})});
    return instances;
  }

  /// There is none, or nobody knows yet which there are: the body may be wrong all the same.
  void check_without_instances() {
    const Problems::Unasked unasked(m_problems);
    const bool has_for_each = m_body.find("for_each") != nullptr;
    const auto instance = has_for_each ? unknown_for_each_instance() : unknown_count_instance();
    (void)read_binding({}, InstanceScope(m_scope, has_for_each ? "each" : "count", instance.each));
  }

  std::optional<Binding> read_instance(const Instance& instance) {
    if (std::holds_alternative<std::monostate>(instance.key)) return read_binding(instance, m_scope);
    const auto* root = std::holds_alternative<std::string>(instance.key) ? "each" : "count";
    return read_binding(instance, InstanceScope(m_scope, root, instance.each));
  }

  std::optional<Binding> read_binding(const Instance& instance, const Scope& scope) {
    Binding binding;
    binding.address = {{}, m_block.subtype, m_block.name, instance.key};
    BodyReader reader(m_body, scope, m_problems, to_string(binding.address));
    for (auto& part : m_parts) {
      if (part.is_shared) {
        part.copy(m_shared, binding);
        continue;
      }
      part.read(*this, reader, binding);
      // A mistake is told for every instance.
      if (!reader.is_complete() || depends_on_instance(part)) continue;
      part.copy(binding, m_shared);
      part.is_shared = true;
    }
    read_group(reader, binding);
    if (!reader.is_complete() || m_body.is_faulty) return std::nullopt;
    binding.source = m_source;
    return binding;
  }

  bool depends_on_instance(const Part& part) const {
    if (const auto* argument = m_body.find(part.name))
      return argument->expression && name_instance(argument->expression->references());
    const auto* nested = m_body.block(part.name);
    return nested && name_instance(references_of(*nested));
  }

  static std::array<Part, 11> parts() {
    using Self = ResourceReader;
    return {
        Part{"trunk", [](const Self& self, BodyReader& reader, Binding& to) { self.read_trunk(reader, to); },
             [](const Binding& from, Binding& to) { to.trunk = from.trunk; }},
        Part{"certificate",
             [](const Self& self, BodyReader& reader, Binding& to) { self.read_certificate(reader, to); },
             [](const Binding& from, Binding& to) {
               to.certificate = from.certificate;
               to.locator = from.locator;
             }},
        Part{"identity", [](const Self& self, BodyReader& reader, Binding& to) { self.read_identity(reader, to); },
             [](const Binding& from, Binding& to) { to.identity = from.identity; }},
        Part{"carrier",
             [](const Self& self, BodyReader& reader, Binding& to) {
               if (const auto* carrier = read_reference(reader, "carrier", self.m_registry.carriers))
                 to.carrier = *carrier;
             },
             [](const Binding& from, Binding& to) { to.carrier = from.carrier; }},
        Part{"rollout",
             [](const Self& self, BodyReader& reader, Binding& to) {
               if (const auto* rollout = read_reference(reader, "rollout", self.m_registry.rollouts))
                 to.rollout = *rollout;
             },
             [](const Binding& from, Binding& to) { to.rollout = from.rollout; }},
        Part{
            "rotate",
            [](const Self&, BodyReader& reader, Binding& to) { read_nested(reader, "rotate", read_rotate, to.rotate); },
            [](const Binding& from, Binding& to) { to.rotate = from.rotate; }},
        Part{
            "verify",
            [](const Self&, BodyReader& reader, Binding& to) { read_nested(reader, "verify", read_verify, to.verify); },
            [](const Binding& from, Binding& to) { to.verify = from.verify; }},
        Part{"lifecycle", [](const Self& self, BodyReader& reader, Binding& to) { self.read_lifecycle(reader, to); },
             [](const Binding& from, Binding& to) { to.prevent_destroy = from.prevent_destroy; }},
        Part{"adopt", [](const Self&, BodyReader& reader, Binding& to) { reader.read("adopt", to.adopt); },
             [](const Binding& from, Binding& to) { to.adopt = from.adopt; }},
        Part{"replace_compromised",
             [](const Self&, BodyReader& reader, Binding& to) {
               reader.read("replace_compromised", to.replace_compromised);
             },
             [](const Binding& from, Binding& to) { to.replace_compromised = from.replace_compromised; }},
        Part{"notify",
             [](const Self& self, BodyReader& reader, Binding& to) {
               read_references(reader, "notify", self.m_registry.notify, to.notify);
             },
             [](const Binding& from, Binding& to) { to.notify = from.notify; }},
    };
  }

  void read_identity(BodyReader& reader, Binding& binding) const {
    reader.read("identity", binding.identity);
    if (binding.identity.empty() && reader.is_complete() && m_body.find("identity"))
      reader.fail(
          Error(ErrorCode::invalid_input, "identity has no name", "without a name nothing says what the peer expects")
              .at(reader.range("identity"))
              .hint("name what the carrier connects to, such as [\"sip.example.com\"]"));
  }

  static void read_group(BodyReader& reader, Binding& binding) {
    const bool has_group = reader.has("group"), has_colour = reader.has("colour");
    if (has_group != has_colour) {
      reader.fail(Error(ErrorCode::invalid_input, has_group ? "the group has no colour" : "the colour has no group",
                        "the two trunks of a group are one green and one blue")
                      .at(reader.range(has_group ? "group" : "colour"))
                      .hint(has_group ? "add \"colour\": \"green\" (changed first) or \"blue\""
                                      : "add \"group\", the same for both trunks"));
      return;
    }
    reader.read("group", binding.group);
    reader.read_word<Colour>("colour", binding.colour, {Colour::green, Colour::blue});
  }

  void read_trunk(BodyReader& reader, Binding& binding) const {
    const auto* trunk = m_body.block("trunk");
    if (!trunk) return;
    auto nested = reader.within(*trunk);
    std::string name, id;
    const bool has_name = nested.has("name"), has_id = nested.has("id");
    if (has_name && has_id) {
      nested.fail(Error(ErrorCode::invalid_input, "a trunk is chosen by name or by id, not by both")
                      .at(trunk->where.range())
                      .hint("keep the name: the id is pinned in the state when it is first bound"));
    } else if (!has_name && !has_id && !trunk->is_faulty) {
      nested.fail(Error(ErrorCode::invalid_input, "the trunk has neither name nor id")
                      .at(trunk->where.range())
                      .hint("write {\"name\": \"…\"} as the service shows it"));
    } else if (nested.read("name", name)) {
      binding.trunk = TrunkByName{std::move(name)};
    } else if (nested.read("id", id)) {
      binding.trunk = TrunkById{{std::move(id)}};
    }
    reader.merge(nested);
  }

  void read_certificate(BodyReader& reader, Binding& binding) const {
    const auto* declaration = read_reference(reader, "certificate", m_registry.certificates);
    if (!declaration) return;
    binding.certificate = declaration->address;
    binding.locator = declaration->locator;
  }

  template <class Policy>
  static void read_nested(BodyReader& reader, const std::string& name, Policy (*read)(BodyReader&),
                          Shared<Policy>& target) {
    const auto* body = reader.body().block(name);
    if (!body) return;
    auto nested = reader.within(*body);
    target = read(nested);
    reader.merge(nested);
  }

  void read_lifecycle(BodyReader& reader, Binding& binding) const {
    const auto* lifecycle = m_body.block("lifecycle");
    if (!lifecycle) return;
    auto nested = reader.within(*lifecycle);
    nested.read("prevent_destroy", binding.prevent_destroy);
    reader.merge(nested);
  }
};

std::string addresses_of(const std::vector<const Binding*>& members) {
  std::string text;
  for (const auto* member : members)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", to_string(member->address), to_string(member->colour));
  return text;
}

}  // namespace

void check_groups(const std::vector<Binding>& bindings, Problems& problems) {
  std::map<std::string, std::vector<const Binding*>> groups;
  for (const auto& binding : bindings)
    if (binding.colour != Colour::none) groups[binding.group].push_back(&binding);
  for (const auto& [name, members] : groups) {
    const auto greens = std::count_if(members.begin(), members.end(),
                                      [](const auto* member) { return member->colour == Colour::green; });
    if (members.size() == 2 && greens == 1) continue;
    problems.add(Error(ErrorCode::invalid_input,
                       fmt::format("group {} is not one green and one blue trunk", quoted(name)), addresses_of(members))
                     .at(members.front()->source)
                     .of(to_string(members.front()->address))
                     .hint("give two bindings the same group, one \"colour\": \"green\" and the other \"blue\""));
  }
}

std::vector<Binding> read_bindings(const Block& block, const Body& body, const Registry& registry, const Scope& scope,
                                   Problems& problems) {
  return ResourceReader(block, body, registry, scope, problems).read();
}

}  // namespace trunkform::language
