#include "planner/language/configuration/reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace {

std::string show_number(std::int64_t value) { return std::to_string(value); }
std::string show_duration(std::int64_t value) { return fmt::format("\"{}\"", to_string(Duration(value))); }

}  // namespace

std::optional<Value> evaluate_reported(const Expression& expression, const JsonValue& where, const Scope& scope,
                                       Problems& problems, const std::string& address) {
  auto value = evaluate(expression, scope);
  if (!value) {
    auto error = std::move(value.error());
    if (!error.source) error.source = where.range();
    if (error.hints.empty())
      error.hints.emplace_back("try it out: trunkform console; functions: docs/reference/functions.md");
    problems.add(std::move(error).of(address));
    return std::nullopt;
  }
  if (!value->is_wholly_known()) {
    problems.add_unknown(Error(ErrorCode::invalid_input, "the value is not known while planning",
                               "it depends on something that is known only later")
                             .at(where.range())
                             .of(address));
    if (value->is_unknown()) return std::nullopt;
  }
  return std::move(*value);
}

void BodyReader::fail(Error error) {
  m_is_complete = false;
  m_problems.add(std::move(error).of(m_address));
}

SourceRange BodyReader::range(std::string_view name) const {
  const auto* argument = m_body.find(name);
  if (argument) return argument->value.range();
  return m_body.where.document().range(m_body.where.begin_offset(), m_body.where.begin_offset() + 1);
}

bool BodyReader::has(std::string_view name) {
  const auto* argument = m_body.find(name);
  if (!argument) return false;
  if (!argument->expression) return true;
  const auto value = evaluate(*argument->expression, m_scope);
  return !value || !value->is_null();
}

std::optional<Value> BodyReader::evaluated(const Argument& argument) {
  if (argument.is_faulty || !argument.expression) {
    m_is_complete = false;
    return std::nullopt;
  }
  auto value = evaluate_reported(*argument.expression, argument.value, m_scope, m_problems, m_address);
  if (!value) m_is_complete = false;
  return value;
}

std::optional<Value> BodyReader::value(std::string_view name) {
  const auto* argument = m_body.find(name);
  if (!argument) return std::nullopt;
  auto result = evaluated(*argument);
  if (!result) return std::nullopt;
  if (!result->is_wholly_known()) m_is_complete = false;
  if (result->is_null()) {
    if (argument->schema && argument->schema->need == Need::required) wrong(*argument, "it may not be null");
    return std::nullopt;
  }
  if (result->has_sensitive() && m_exposure == Exposure::shown) {
    fail(Error(ErrorCode::invalid_input, fmt::format("{} has a sensitive value", name),
               "plans and the state show this argument")
             .at(argument->value.range())
             .hint("use a value that is not sensitive; nonsensitive(…) says that it may be shown"));
    return std::nullopt;
  }
  return result;
}

void BodyReader::wrong(const Argument& argument, std::string detail, std::string hint) {
  auto error =
      Error(ErrorCode::invalid_input,
            fmt::format("{} must be {}", argument.schema->name, describe(argument.schema->type)), std::move(detail))
          .at(argument.value.range());
  error.hints.push_back(
      !hint.empty() ? std::move(hint)
                    : fmt::format("for example \"{}\": {}", argument.schema->name, example_of(argument.schema->type)));
  fail(std::move(error));
}

std::optional<Value> BodyReader::converted(std::string_view name, const Type& type) {
  auto raw = value(name);
  if (!raw) return std::nullopt;
  auto result = convert(*raw, type);
  if (!result) {
    wrong(*m_body.find(name), result.error().summary,
          type.is(TypeKind::boolean) ? fmt::format("write \"{}\": true, or false", name) : std::string());
    return std::nullopt;
  }
  if (!result->is_wholly_known()) return std::nullopt;
  return std::move(*result);
}

bool BodyReader::read(std::string_view name, std::string& target) {
  const auto text = converted(name, Type::string());
  if (!text) return false;
  const auto& argument = *m_body.find(name);
  if (text->as_string().empty()) {
    wrong(argument, "it is empty");
    return false;
  }
  const auto shape = argument.schema ? argument.schema->shape : Shape();
  if (auto why = shape.misfit == nullptr ? std::nullopt : shape.misfit(text->as_string())) {
    fail(Error(ErrorCode::invalid_input, fmt::format("{} is not {}: {}", name, shape.words, quoted(text->as_string())),
               std::move(*why))
             .at(argument.value.range())
             .hint(std::string(shape.hint)));
    return false;
  }
  target = shape.normal == nullptr ? text->as_string() : std::string(shape.normal(text->as_string()));
  return true;
}

bool BodyReader::read(std::string_view name, bool& target) {
  const auto boolean = converted(name, Type::boolean());
  if (boolean) target = boolean->as_bool();
  return boolean.has_value();
}

template <class T>
bool BodyReader::is_in_range(const Argument& argument, T value, std::string (*show)(std::int64_t)) {
  const auto& schema = *argument.schema;
  if ((!schema.least || value >= *schema.least) && (!schema.greatest || value <= *schema.greatest)) return true;
  fail(Error(ErrorCode::invalid_input,
             fmt::format("{} must be between {} and {}", schema.name, show(schema.least.value_or(0)),
                         show(schema.greatest.value_or(0))),
             fmt::format("this is {}", show(value)))
           .at(argument.value.range())
           .hint(fmt::format(
               "the nearest that is possible: {}",
               show(std::clamp<std::int64_t>(value, schema.least.value_or(0), schema.greatest.value_or(value))))));
  return false;
}

bool BodyReader::read(std::string_view name, int& target) {
  const auto number = converted(name, Type::number());
  if (!number) return false;
  const auto& argument = *m_body.find(name);
  const auto integer = number->as_number().to_integer();
  if (!integer) {
    wrong(argument, fmt::format("this is {}", quoted(number->as_number().to_string())));
    return false;
  }
  if (!is_in_range(argument, *integer, show_number)) return false;
  target = static_cast<int>(*integer);
  return true;
}

bool BodyReader::read(std::string_view name, Duration& target) {
  const auto text = converted(name, Type::string());
  if (!text) return false;
  const auto& argument = *m_body.find(name);
  const auto duration = parse_duration(text->as_string());
  if (!duration) {
    wrong(argument, fmt::format("{} is none", quoted(text->as_string())),
          "units are d, h, m, s and ms, the largest first, without spaces or fractions");
    return false;
  }
  if (!is_in_range(argument, duration->count(), show_duration)) return false;
  target = *duration;
  return true;
}

bool BodyReader::read(std::string_view name, double& target) {
  const auto text = converted(name, Type::string());
  if (!text) return false;
  const auto& written = text->as_string();
  const bool is_percentage = written.ends_with('%');
  const auto number = Number::parse(is_percentage ? written.substr(0, written.size() - 1) : written);
  const auto share = number ? number->to_double() / (is_percentage ? 100 : 1) : 0;
  if (!(share > 0 && share < 1)) {
    wrong(*m_body.find(name), fmt::format("{} is not between 0% and 100%", quoted(written)));
    return false;
  }
  target = share;
  return true;
}

bool BodyReader::read(std::string_view name, std::vector<std::string>& target) {
  const auto list = converted(name, Type::list(Type::string()));
  if (!list) return false;
  const auto& argument = *m_body.find(name);
  std::vector<std::string> texts;
  for (const auto& element : list->elements()) {
    if (element.is_null() || element.as_string().empty()) {
      wrong(argument, fmt::format("element {} is {}", texts.size() + 1, element.is_null() ? "null" : "empty"));
      return false;
    }
    const auto& words = argument.schema->words;
    if (!words.empty() && std::find(words.begin(), words.end(), element.as_string()) == words.end()) {
      auto error =
          Error(ErrorCode::invalid_input, fmt::format("{} in {} is not known", quoted(element.as_string()), name),
                fmt::format("there are {}", fmt::join(words, ", ")))
              .at(argument.value.range());
      if (const auto& refused = argument.schema->refused; element.as_string() == refused.word) {
        fail(Error(ErrorCode::invalid_input, fmt::format("{} has no place in {}", quoted(refused.word), name),
                   refused.why)
                 .at(argument.value.range())
                 .hint(fmt::format("there are {}", fmt::join(words, ", "))));
        return false;
      }
      // `sunday` and `Sun` are far from `sun` by letters alone.
      auto lower = element.as_string();
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      const auto begins =
          std::find_if(words.begin(), words.end(), [&](const std::string& word) { return lower.starts_with(word); });
      if (begins != words.end())
        error.hints.push_back(fmt::format("did you mean {}?", quoted(*begins)));
      else
        error = suggest(std::move(error), element.as_string(), words);
      fail(std::move(error));
      return false;
    }
    texts.push_back(element.as_string());
  }
  target = std::move(texts);
  return true;
}

bool BodyReader::read(std::string_view name, std::vector<int>& target) {
  const auto list = converted(name, Type::list(Type::number()));
  if (!list) return false;
  const auto& argument = *m_body.find(name);
  std::vector<int> numbers;
  for (const auto& element : list->elements()) {
    const auto integer = element.is_null() ? std::nullopt : element.as_number().to_integer();
    if (!integer) {
      wrong(argument, fmt::format("element {} is {}", numbers.size() + 1,
                                  element.is_null() ? "null" : quoted(element.as_number().to_string())));
      return false;
    }
    if (!is_in_range(argument, *integer, show_number)) return false;
    numbers.push_back(static_cast<int>(*integer));
  }
  if (numbers.empty()) {
    wrong(argument, "it is empty");
    return false;
  }
  target = std::move(numbers);
  return true;
}

bool BodyReader::read(std::string_view name, std::optional<Secret>& target) {
  const auto object = value(name);
  if (!object || !object->is_wholly_known() || object->entries().size() != 1) return false;
  const auto& [kind, where] = object->entries().front();
  const auto text = convert(where, Type::string());
  if (!text || !text->is_known() || text->as_string().empty()) {
    wrong(*m_body.find(name), fmt::format("{} must be a string that is not empty", kind));
    return false;
  }
  target = Secret{kind == "env" ? Secret::Kind::env : Secret::Kind::file, text->as_string(), range(name)};
  return true;
}

bool BodyReader::read(std::string_view name, std::map<std::string, std::string>& target) {
  const auto map = converted(name, Type::map(Type::string()));
  if (!map) return false;
  std::map<std::string, std::string> texts;
  for (const auto& [key, element] : map->entries()) {
    if (element.is_null()) {
      wrong(*m_body.find(name), fmt::format("{} is null", key));
      return false;
    }
    texts.emplace(key, element.as_string());
  }
  target = std::move(texts);
  return true;
}

bool BodyReader::is_object(std::string_view name) const {
  const auto* argument = m_body.find(name);
  return argument && argument->value.is(JsonKind::object);
}

bool BodyReader::read_word(std::string_view name, std::string& target) {
  const auto index = word_index(name);
  if (index) target = m_body.find(name)->schema->words[*index];
  return index.has_value();
}

std::optional<std::size_t> BodyReader::word_index(std::string_view name) {
  std::string word;
  if (!read(name, word)) return std::nullopt;
  const auto& argument = *m_body.find(name);
  const auto& words = argument.schema->words;
  const auto found = std::find(words.begin(), words.end(), word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  fail(suggest(Error(ErrorCode::invalid_input, fmt::format("{} is no value of {}", quoted(word), name),
                     fmt::format("there are {}", fmt::join(words, ", ")))
                   .at(argument.value.range()),
               word, words));
  return std::nullopt;
}

}  // namespace trunkform::language
