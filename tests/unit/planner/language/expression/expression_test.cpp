#include "planner/language/expression/expression.hpp"

#include <catch2/catch.hpp>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/value/json.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

Origin at_line_seven(std::string_view text) { return Origin(SourceRange{"x.tf.json", {7, 11, 100}, {}}, text); }

NameScope names() {
  NameScope scope;
  scope.declare("var", "port", Value::integer(5061));
  scope.declare("var", "secret", Value::string("s3cr3t-s3cr3t").sensitive());
  scope.declare("local", "hosts", Value::tuple({Value::string("a"), Value::string("b")}));
  scope.declare("local", "later", Value::unknown(Type::string()));
  scope.declare_group("certificate");
  scope.set("each", Value::object({{"key", Value::string("k")}}));
  return scope;
}

Result<Value> value_of(std::string_view text) {
  const auto scope = names();
  return evaluate(TRY(parse_expression(text, at_line_seven(text))), scope);
}

std::string json_of(std::string_view text) {
  const auto value = value_of(text);
  return value ? encode_json(*value).value() : "error: " + to_line(value.error());
}

std::string template_of(std::string_view text) {
  const auto scope = names();
  const auto parsed = parse_template(text, at_line_seven(text));
  const auto value = parsed ? evaluate(*parsed, scope) : Result<Value>(parsed.error());
  return value ? encode_json(*value).value() : "error: " + to_line(value.error());
}

Error error_of(std::string_view text) {
  const auto value = value_of(text);
  INFO(text);
  REQUIRE_FALSE(value);
  return value.error();
}

}  // namespace

TEST_CASE("A template in JSON keeps a lone value's type and joins anything longer into a string") {
  CHECK(template_of("${var.port}") == "5061");
  CHECK(template_of("${null}") == "null");
  CHECK(template_of("p${var.port}") == "\"p5061\"");
  CHECK(template_of("") == "\"\"");
  CHECK(template_of("$${x} %%{y} $$ $ %") == "\"${x} %{y} $$ $ %\"");
  CHECK(template_of("a\\n") == "\"a\\\\n\"");
  CHECK(template_of("%{ for h in local.hosts ~}\n<${h}>\n%{ endfor }!") == "\"\\u003ca\\u003e\\n\\u003cb\\u003e\\n!\"");
  CHECK(template_of("${[for h in local.hosts : \"${h}-${[for h in [1] : h][0]}\"]}") == "[\"a-1\",\"b-1\"]");
}

TEST_CASE("Names bound by a directive end with it") {
  CHECK(template_of("%{ for h in local.hosts }${h}%{ endfor }${h}").starts_with("error: \"h\" means nothing here"));
  CHECK(template_of("%{ endfor }").starts_with("error:"));
  CHECK(template_of("%{ for h in local.hosts }").starts_with("error:"));
  CHECK(template_of("%{ if true }%{ for h in local.hosts }%{ endif }%{ endfor }").starts_with("error:"));
}

TEST_CASE("An error points to the line and column inside the JSON string") {
  const auto error = error_of("1 +\n  var.portt");
  REQUIRE(error.source);
  CHECK(error.source->file == "x.tf.json");
  CHECK(error.source->start == SourcePosition{8, 3, 106});
  CHECK(error.source->end == SourcePosition{8, 12, 115});
  CHECK(error.hints == std::vector<std::string>{"did you mean var.port?"});
  CHECK(error_of("\u00e9 ?").source->start.column == 14);
}

TEST_CASE("An origin maps offsets through JSON's escapes") {
  const std::string text = "\n${nope}";  // in the file: "\n${nope}" on one line, the escape two bytes wide
  const Origin origin("f", [](std::size_t n) {
    const auto inside = n == 0 ? 0 : n + 1;
    return SourcePosition{1, static_cast<std::uint32_t>(inside + 2), inside + 1};
  });
  const auto scope = names();
  const auto value = evaluate(parse_template(text, origin).value(), scope);
  REQUIRE_FALSE(value);
  CHECK(value.error().source->start.column == 6);
}

TEST_CASE("References are found with their written steps, and bound names are none") {
  const std::string text =
      "[for x in var.a.b[\"c\"][0] : x.y + local.z[each.key].q if f(certificate.pem_files.k[*].n)]";
  const auto parsed = parse_expression(text, at_line_seven(text)).value();
  std::vector<std::string> found;
  for (const auto& reference : references(parsed)) found.push_back(to_string(reference));
  CHECK(found == std::vector<std::string>{"var.a.b[\"c\"][0]", "local.z", "each.key", "certificate.pem_files.k"});
  CHECK(parsed.calls() == std::vector<std::string>{"f"});
  CHECK(to_string(parse_reference("a.b[\"c d\"].e", at_line_seven("")).value()) == "a.b[\"c d\"].e");
  CHECK_FALSE(parse_reference("a.b[c]", at_line_seven("a.b[c]")));
  CHECK_FALSE(parse_reference("f(x)", at_line_seven("f(x)")));
}

TEST_CASE("Undeclared names fail even where they would not be evaluated") {
  for (const auto* text :
       {"true ? 1 : local.missing", "try(var.missing, 1)", "can(local.missing)", "var", "var[\"port\"]"}) {
    INFO(text);
    CHECK_FALSE(value_of(text));
  }
  CHECK(json_of("try(nope(1), 2)") == "2");
  CHECK(json_of("true ? 1 : local.hosts[9]") == "1");
}

TEST_CASE("A sensitive value marks whatever is made from it and is never in a message") {
  for (const auto* text : {"\"${var.secret}!\"", "[for x in [1] : x if var.secret != \"\"]", "{(var.secret) = 1}",
                           "upper(var.secret)", "var.secret == \"x\"", "jsonencode([var.secret])",
                           "var.secret == \"x\" ? 1 : 2", "{a = var.secret}.a", "format(\"%s\", var.secret)",
                           "tolist([var.secret])[0]", "{for x in [var.secret] : x => 1}", "one([var.secret])"}) {
    INFO(text);
    const auto value = value_of(text);
    REQUIRE(value);
    CHECK(value->has_sensitive());
  }
  for (const auto* text :
       {"tonumber(var.secret)", "1 + var.secret", "{a = 1}[var.secret]", "parseint(var.secret, 10)",
        "regex(var.secret, \"\")", "jsondecode(var.secret)", "lookup({}, var.secret)",
        "{for x in [1, 2] : var.secret => x}", "base64decode(var.secret)", "tomap({a = var.secret, b = []})",
        "regex(\"(${var.secret}\", \"\")", "format(\"%d\", var.secret)", "file(var.secret)", "toset([var.secret])[0]",
        "tobool(var.secret)", "var.secret.x", "try(tonumber(var.secret))"}) {
    const auto error = error_of(text);
    INFO(text << " → " << to_line(error));
    CHECK(to_line(error).find("s3cr3t") == std::string::npos);
    for (const auto& hint : error.hints) CHECK(hint.find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE("What is unknown stays unknown, and decides nothing too early") {
  CHECK(value_of("\"a${local.later}\"")->is_unknown());
  CHECK(value_of("local.later == \"x\"")->is_unknown());
  CHECK(json_of("length([local.later])") == "1");
  CHECK(json_of("false && local.later == \"x\"") == "false");
  CHECK(json_of("[local.later] == [1, 2]") == "false");
  CHECK(value_of("upper(local.later)")->type() == Type::string());
  CHECK(json_of("[for i, x in [local.later] : i]") == "[0]");
}

TEST_CASE("Hostile nesting is an error, never a crash") {
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  for (const auto* piece :
       {"(", "[", "{a=", "-", "!", "f(", "\"${", "[for x in ", "{for x in ", "1?", "a[", "x[*].", "1+("}) {
    INFO(piece);
    CHECK_FALSE(value_of(repeated(piece, 100'000)));
  }
  CHECK_FALSE(value_of("1" + repeated("+1", 100'000)));
  CHECK_FALSE(value_of("true" + repeated("?1:true", 100'000)));
  CHECK_FALSE(value_of("[1]" + repeated("[0]", 100'000)));
  CHECK_FALSE(value_of("{a=1}" + repeated(".a", 100'000)));
  CHECK_FALSE(value_of("each" + repeated(".a", 100'000)));
  CHECK(template_of(repeated("%{ if true }", 100'000)).starts_with("error:"));
  CHECK(template_of(repeated("%{ for x in [] }", 10'000) + repeated("%{ endfor }", 10'000)).starts_with("error:"));
  CHECK_FALSE(parse_type(repeated("list(", 100'000), at_line_seven("")));
  CHECK_FALSE(parse_type(repeated("object({a=", 100'000), at_line_seven("")));
}

TEST_CASE("Hostile amounts are an error, never a crash") {
  CHECK_FALSE(value_of("setproduct(range(1024), range(1024), range(1024))"));
  CHECK_FALSE(value_of("range(0, 1, 1e-300)"));
  CHECK_FALSE(value_of("1e20000 * 1e20000 * 1e20000"));
  CHECK_FALSE(value_of("format(\"%999999999d\", 1)"));
  CHECK_FALSE(value_of("indent(1000000000, \"a\\nb\")"));
}

TEST_CASE("A text that is cut off anywhere is an error or another expression, never a crash") {
  const std::string whole =
      "{for k, v in {a = \"x${~ 1 + 2 ~}\\u00e9%{ if true }y%{ else }z%{ endif }\", \"b\" : [1, 2.5e3][*]} : upper(k) "
      "=> v... if !false}";
  REQUIRE(value_of(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(value_of(whole.substr(0, length)));
  }
}

TEST_CASE("Objects and arrays of JSON are expressions with places of their own") {
  const auto inner = parse_template("${var.port}", at_line_seven("${var.port}")).value();
  const auto wrong = parse_template("${local.hosts[5]}", at_line_seven("${local.hosts[5]}")).value();
  const auto scope = names();
  const auto object = make_object({{Expression(Value::string("a")), make_tuple({inner, inner}, {})}}, {});
  CHECK(encode_json(evaluate(object, scope).value()).value() == "{\"a\":[5061,5061]}");
  CHECK(object.references().size() == 2);
  const auto value = evaluate(make_tuple({inner, wrong}, {}), scope);
  REQUIRE_FALSE(value);
  CHECK(value.error().source->start.line == 7);
  CHECK(value.error().source->start.column == 13);
}

TEST_CASE("type() belongs to the console") {
  auto scope = names();
  const auto parsed = parse_expression("[type(1), type([local.hosts])]", at_line_seven("")).value();
  CHECK_FALSE(evaluate(parsed, scope));
  scope.set_setting(Setting::console);
  CHECK(evaluate(parsed, scope)->elements()[0].as_string() == "number");
}

TEST_CASE("Work over many keys grows in step with their number") {
  NameScope scope;
  std::vector<Entry> entries;
  for (int i = 0; i < 20'000; ++i)
    entries.push_back({"key-" + std::to_string(i), Value::object({{"port", Value::integer(i)}})});
  scope.declare("local", "all", Value::object(std::move(entries)));
  const std::string text = "tomap({for k, v in local.all : k => merge(v, {name = local.all[k].port})})";
  const auto value = evaluate(parse_expression(text, at_line_seven(text)).value(), scope);
  REQUIRE(value);
  CHECK(value->size() == 20'000);
}
