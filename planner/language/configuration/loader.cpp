#include "planner/language/configuration/loader.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "planner/language/configuration/graph.hpp"
#include "planner/language/configuration/issuing.hpp"
#include "planner/language/configuration/notify.hpp"
#include "planner/language/configuration/policies.hpp"
#include "planner/language/configuration/resource.hpp"
#include "planner/language/configuration/secret_places.hpp"
#include "planner/language/configuration/settings.hpp"
#include "planner/language/json/parse.hpp"
#include "planner/language/value/json.hpp"

namespace trunkform::language {
namespace {

bool is_name(const Block& block) {
  return std::find(named_roots().begin(), named_roots().end(), block.type) != named_roots().end();
}

/// What a reference needs: addresses, from the most exact to the whole group.
struct Targets {
  std::string exact;
  std::string group;  ///< set where all of a group are meant: `certificate.pem_files[each.key]`
};

Targets targets_of(const Reference& reference) {
  if (reference.root == "local" && !reference.steps.empty()) return {"local." + reference.steps[0].name, {}};
  const auto& named = named_roots();
  if (std::find(named.begin(), named.end(), reference.root) == named.end()) return {};
  if (!has_groups(reference.root))
    return reference.steps.empty() ? Targets{{}, reference.root}
                                   : Targets{reference.root + "." + reference.steps[0].name, {}};
  if (reference.steps.empty()) return {};
  const auto group = reference.root + "." + reference.steps[0].name;
  return reference.steps.size() == 1 ? Targets{{}, group} : Targets{group + "." + reference.steps[1].name, {}};
}

/// The bindings of all resources by address. Those of one resource stand in order already, and none of another's stands
/// between them.
std::vector<Binding> in_order(std::vector<std::vector<Binding>> resources) {
  std::erase_if(resources, [](const auto& bindings) { return bindings.empty(); });
  std::sort(resources.begin(), resources.end(),
            [](const auto& left, const auto& right) { return left.front().address < right.front().address; });
  std::size_t count = 0;
  for (const auto& bindings : resources) count += bindings.size();
  std::vector<Binding> all;
  all.reserve(count);
  for (auto& bindings : resources) std::move(bindings.begin(), bindings.end(), std::back_inserter(all));
  return all;
}

}  // namespace

Loader::Loader(std::span<const SourceFile> files, const VariableInputs& inputs, FunctionHost& host,
               const LoadOptions& options, Missing missing)
    : m_files(files), m_inputs(inputs), m_options(options), m_missing(missing), m_scope(host, options.now) {
  if (!m_options.parsed) m_options.parsed = std::make_shared<ParsedFiles>();
  const auto root = Value::string(host.root());
  m_scope.set_root("path", Value::object({{"module", root}, {"root", root}, {"cwd", root}}));
  m_scope.set_root("trunkform", Value::object({{"workspace", Value::string(options.workspace)}}));
}

void Loader::load() {
  parse_files();
  const auto blocks = collect_blocks(m_documents, m_problems);
  read_bodies(blocks);
  m_configuration.backend = read_backend();
  // What a file that could not be read declares is missing: everything that follows would be a guess.
  if (!m_is_readable) return;
  read_all_variables();
  collect_names();
  evaluate_names();
  check_validations(m_variables, m_scope, m_problems);
  read_rest();
}

Result<BackendSettings> Loader::load_backend() {
  parse_files();
  Problems elsewhere;
  auto blocks = collect_blocks(m_documents, elsewhere);
  std::erase_if(blocks, [](const Block& block) { return block.type != "trunkform"; });
  read_bodies(blocks);
  auto backend = read_backend();
  const auto found = diagnostics();
  for (const auto& diagnostic : found)
    if (diagnostic.severity == Severity::error) return diagnostic.error;
  return backend;
}

BackendSettings Loader::read_backend() {
  std::vector<Body> settings;
  for (const auto& [block, body] : m_bodies)
    if (block.type == "trunkform") settings.push_back(body);
  return read_settings(settings, m_options.version, m_problems);
}

void Loader::parse_files() {
  for (const auto& file : m_files) {
    if (!file.name.ends_with(".json")) {
      m_is_readable = false;
      m_problems.add(
          Error(ErrorCode::unsupported, fmt::format("{} is native HCL", file.name),
                "trunkform reads the JSON syntax of the language only")
              .at({file.name, {}, {}})
              .hint("write it as *.trunk.json (docs/configuration.md shows how), or give the file another ending"));
      continue;
    }
    auto parsed = m_options.parsed->of(file.name, file.bytes);
    m_problems.append(parsed->diagnostics);
    m_is_readable = m_is_readable && parsed->document;
    // Shares in all of `parsed`.
    if (const auto* document = parsed->document.get()) m_documents.emplace_back(std::move(parsed), document);
  }
}

void Loader::read_bodies(const std::vector<Block>& blocks) {
  for (const auto& block : blocks) {
    if (block.schema) {
      m_bodies.emplace_back(block, parse_body(block, m_problems));
    } else {
      declare_refused(block);
    }
  }
}

void Loader::declare_refused(const Block& block) {
  const auto unknown = Value::unknown(Type::dynamic());
  const auto root = block.type == "variable" ? std::string("var") : block.type;
  if (block.type == "locals") {
    m_scope.set("local", {}, block.name, unknown);
  } else if (block.type != "resource" && block.type != "output") {
    m_scope.set(root, block.subtype, block.name, unknown);
  }
  const auto address = address_of(block);
  if (block.type == "certificate") m_registry.certificates.add(address, block.name, std::nullopt);
  if (block.type == "issuer") m_registry.issuers.add(address, block.name, std::nullopt);
  if (block.type == "store") m_registry.stores.add(address, block.name, std::nullopt);
  if (block.type == "carrier") m_registry.carriers.add(address, block.name, std::nullopt);
  if (block.type == "rollout") m_registry.rollouts.add(address, block.name, std::nullopt);
  if (block.type == "notify") m_registry.notify.add(address, block.name, std::nullopt);
}

void Loader::read_all_variables() {
  std::vector<std::pair<Block, Body>> declarations;
  for (const auto& declaration : m_bodies)
    if (declaration.first.type == "variable") declarations.push_back(declaration);
  m_variables = read_variables(declarations, m_inputs, m_missing, m_problems);
  for (const auto& [name, variable] : m_variables) m_scope.set("var", {}, name, variable.value);
}

void Loader::add_locals(const Body& body, std::map<std::string, SourceRange>& first) {
  for (const auto& argument : body.arguments) {
    const std::string name(argument.key.text());
    const auto [known, is_new] = first.emplace(name, argument.key.range());
    if (is_new) {
      m_names.push_back(
          {{nullptr, "local", {}, name, argument.key, argument.value}, nullptr, &argument, "local." + name});
    } else {
      m_problems.add(Error(ErrorCode::invalid_input, fmt::format("local.{} is declared twice", name),
                           fmt::format("first at {}", place_of(known->second)))
                         .at(argument.key.range())
                         .hint("give one of them another name, or remove it"));
    }
  }
}

void Loader::collect_names() {
  std::map<std::string, SourceRange> first;
  for (const auto& [block, body] : m_bodies) {
    if (block.type == "locals") add_locals(body, first);
    if (is_name(block)) m_names.push_back({block, &body, nullptr, address_of(block)});
  }
  // Declared before anything is evaluated, so that an order is only about values.
  for (const auto& name : m_names)
    m_scope.set(name.block.type, name.block.subtype, name.block.name, Value::unknown(Type::dynamic()));
}

void Loader::evaluate_names() {
  std::unordered_map<std::string, std::size_t> by_address;
  std::unordered_map<std::string, std::vector<std::size_t>> by_group;
  for (std::size_t index = 0; index < m_names.size(); ++index) {
    const auto& address = m_names[index].address;
    by_address.emplace(address, index);
    by_group[address.substr(0, address.rfind('.'))].push_back(index);
  }
  std::vector<std::vector<std::size_t>> needs(m_names.size());
  for (std::size_t index = 0; index < m_names.size(); ++index) {
    const auto& name = m_names[index];
    const auto references =
        name.local ? (name.local->expression ? name.local->expression->references() : std::vector<Reference>())
                   : references_of(*name.body);
    for (const auto& reference : references) {
      const auto targets = targets_of(reference);
      if (const auto exact = by_address.find(targets.exact); exact != by_address.end())
        needs[index].push_back(exact->second);
      if (const auto group = by_group.find(targets.group); group != by_group.end())
        needs[index].insert(needs[index].end(), group->second.begin(), group->second.end());
    }
  }
  const auto order = order_of(needs);
  std::vector<bool> is_in_cycle(m_names.size());
  for (const auto& cycle : order.cycles) {
    report_cycle(cycle);
    for (const auto index : cycle) is_in_cycle[index] = true;
  }
  for (const auto index : order.sequence)
    if (!is_in_cycle[index]) evaluate_name(m_names[index]);
}

void Loader::report_cycle(const std::vector<std::size_t>& cycle) {
  std::string path;
  for (const auto index : cycle) path += m_names[index].address + " → ";
  path += m_names[cycle.front()].address;
  const auto& first = m_names[cycle.front()];
  m_problems.add(Error(ErrorCode::invalid_input,
                       cycle.size() == 1 ? fmt::format("{} refers to itself", first.address)
                                         : "these names refer to each other in a circle",
                       path)
                     .at(first.block.label.range())
                     .hint("break the circle: write one of the values out"));
  // A block of the circle exists; what refers to it is not told a second time.
  for (const auto index : cycle)
    if (!m_names[index].local) declare_refused(m_names[index].block);
}

void Loader::evaluate_name(const Name& name) {
  if (!name.local) return evaluate_block(name);
  if (!name.local->expression) return;
  if (auto value = evaluate_reported(*name.local->expression, name.local->value, m_scope, m_problems, name.address))
    m_scope.set("local", {}, name.block.name, std::move(*value));
}

void Loader::evaluate_block(const Name& name) {
  if (name.block.type == "notify") return evaluate_notify(name);
  BodyReader reader(*name.body, m_scope, m_problems, name.address);
  const auto& label = name.block.name;
  const auto finished = [&](auto content, auto& blocks) {
    const bool is_good = reader.is_complete() && !name.body->is_faulty;
    if (is_good) m_scope.set(name.block.type, name.block.subtype, label, block_value(reader, label));
    blocks.add(name.address, label, is_good ? std::optional(std::move(content)) : std::nullopt);
    return is_good;
  };
  if (name.block.type == "carrier") {
    finished(read_carrier(reader, label), m_registry.carriers);
  } else if (name.block.type == "rollout") {
    finished(read_rollout(reader, label), m_registry.rollouts);
  } else if (name.block.type == "issuer") {
    finished(read_issuer(reader, name.block.subtype), m_registry.issuers);
  } else if (name.block.type == "store") {
    finished(read_store(reader, name.block.subtype), m_registry.stores);
  } else if (name.block.subtype == "issued") {
    auto request = read_issued(reader, m_registry);
    auto declaration = declaration_of(request);
    if (!finished(declaration, m_registry.certificates)) return;
    m_configuration.certificates.push_back(std::move(declaration));
    m_configuration.issued.push_back(std::move(request));
  } else {
    auto declaration = read_certificate(reader, name.block.subtype);
    if (finished(declaration, m_registry.certificates)) m_configuration.certificates.push_back(std::move(declaration));
  }
}

void Loader::evaluate_notify(const Name& name) {
  const auto& label = name.block.name;
  BodyReader reader(*name.body, m_scope, m_problems, name.address, Exposure::hidden);
  auto block = read_notify(reader, name.block.subtype);
  const bool is_good = reader.is_complete() && !name.body->is_faulty;
  m_scope.set("notify", name.block.subtype, label, bare_block_value(reader, label));
  m_registry.notify.add(name.address, label, is_good ? std::optional(block) : std::nullopt);
  if (is_good) m_configuration.notify.push_back(std::move(block));
}

void Loader::read_rest() {
  std::vector<std::vector<Binding>> resources;
  for (const auto& [block, body] : m_bodies) {
    if (block.type == "provider") {
      BodyReader reader(body, m_scope, m_problems, address_of(block), Exposure::hidden);
      if (block.subtype == "vault")
        m_configuration.vault = read_vault(reader);
      else if (block.subtype == "azure")
        m_configuration.azure = read_azure(reader);
      else if (block.subtype == "aws")
        m_configuration.aws = read_aws(reader);
      else
        m_configuration.genesys = read_genesys(reader);
    } else if (block.type == "resource") {
      resources.push_back(read_bindings(block, body, m_registry, m_scope, m_problems));
    } else if (block.type == "metrics") {
      BodyReader reader(body, m_scope, m_problems, address_of(block), Exposure::hidden);
      read_metrics(reader, block.subtype, m_configuration.metrics);
    } else if (block.type == "output") {
      read_output(block, body);
    }
  }
  m_configuration.bindings = in_order(std::move(resources));
  // What a mistake or an unknown value hides may be the other half of a group.
  if (!m_problems.has_errors() && !m_problems.has_unknowns()) check_groups(m_configuration.bindings, m_problems);
  check_places(m_configuration.issued, *m_scope.host(), m_problems);
  check_secret_places(m_registry.stores, m_configuration.certificates, m_problems);
  check_users(m_configuration.issued, m_configuration.bindings, m_problems);
  std::sort(m_configuration.certificates.begin(), m_configuration.certificates.end(),
            [](const auto& left, const auto& right) { return left.address < right.address; });
  std::sort(m_configuration.issued.begin(), m_configuration.issued.end(),
            [](const auto& left, const auto& right) { return left.address < right.address; });
  std::sort(m_configuration.notify.begin(), m_configuration.notify.end(),
            [](const auto& left, const auto& right) { return left.address < right.address; });
}

void Loader::read_output(const Block& block, const Body& body) {
  EvaluatedOutput output;
  output.name = block.name;
  BodyReader reader(body, m_scope, m_problems, address_of(block), Exposure::hidden);
  reader.read("description", output.description);
  reader.read("sensitive", output.sensitive);
  const auto* argument = body.find("value");
  if (!argument || !argument->expression) return;
  const auto value = evaluate_reported(*argument->expression, argument->value, m_scope, m_problems, address_of(block));
  if (!value || !value->is_wholly_known()) return;
  if (value->has_sensitive() && !output.sensitive) {
    m_problems.add(Error(ErrorCode::invalid_input, fmt::format("output {} shows a sensitive value", quoted(block.name)))
                       .at(argument->value.range())
                       .of(address_of(block))
                       .hint("add \"sensitive\": true, or use nonsensitive(…) where it may be shown"));
    return;
  }
  auto json = encode_json(*value);
  if (!json) {
    m_problems.add(Error(json.error()).at(argument->value.range()).of(address_of(block)));
    return;
  }
  output.json = std::move(*json);
  output.type = value->type().to_string();
  m_configuration.outputs.push_back(std::move(output));
}

Diagnostics Loader::diagnostics() {
  std::vector<std::string> names;
  for (const auto& file : m_files) names.push_back(file.name);
  return m_problems.finish(m_missing == Missing::is_error ? Problems::Unknowns::refused : Problems::Unknowns::accepted,
                           names);
}

}  // namespace trunkform::language
