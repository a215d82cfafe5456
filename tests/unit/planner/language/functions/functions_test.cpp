#include <catch2/catch.hpp>

#include "planner/language/expression/evaluate.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/value/json.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

class OneFolder : public FunctionHost {
 public:
  Result<std::string> read_file(const std::string& path) override {
    if (const auto at = files.find(path); at != files.end()) return at->second;
    return Error(ErrorCode::not_found, "there is no file " + path);
  }
  Result<bool> file_exists(const std::string& path) override { return files.contains(path); }
  std::map<std::string, std::string> digests() const override { return {}; }
  std::string root() const override { return "."; }
  std::map<std::string, std::string> files{{"a.txt", "text\n"},
                                           {"bin", "\xff\x00"},
                                           {"key.pem", "text\n-----BEGIN EC PRIVATE KEY-----\nMHc\n"},
                                           {"letters", std::string(1U << 18U, 'V')},
                                           {"certificate.pem", "-----BEGIN CERTIFICATE-----\n"},
                                           {"t.tpl", "Hi ${name}%{ if loud }!%{ endif }"},
                                           {"loop.tpl", "${templatefile(\"loop.tpl\", {})}"}};
};

std::string run(std::string_view text) {
  OneFolder folder;
  NameScope scope;
  scope.set_host(&folder);
  scope.set_now(Instant(Duration(1700000000123)));
  const auto parsed = parse_expression(text, Origin(SourceRange{}, text));
  const auto value = parsed ? evaluate(*parsed, scope) : Result<Value>(parsed.error());
  if (!value) return "error: " + to_line(value.error());
  return value->is_wholly_known() ? encode_json(*value).value() : "unknown";
}

}  // namespace

TEST_CASE("Every function has a signature that can be read and a line that says what it does") {
  const auto& table = FunctionTable::standard();
  CHECK(table.all().size() >= 90);
  std::string before;
  for (const auto& function : table.all()) {
    INFO(function.name);
    CHECK(before < function.name);  // sorted, and no name twice
    before = function.name;
    CHECK(function.row->documentation.size() > 5);
    CHECK(function.row->documentation.back() == '.');
    CHECK(function.row->documentation.find('\n') == std::string_view::npos);
    CHECK(function.rest.size() <= 1);
  }
  CHECK(table.find("nope") == nullptr);
}

TEST_CASE("No function crashes on nulls, unknowns and values of every wrong type") {
  NameScope scope;
  const std::vector<Value> odd{Value(),
                               Value::unknown(Type::dynamic()),
                               Value::null(Type::list(Type::string())),
                               Value::string(""),
                               Value::string("\xEF\xBF\xBD/["),
                               Value::integer(-1),
                               Value::number(Number::infinity(1)),
                               Value::number(*Number::parse("1e300")),
                               Value::boolean(true),
                               Value::tuple({}),
                               Value::tuple({Value(), Value::integer(1)}),
                               Value::object({{"a", Value()}}),
                               Value::set(Type::dynamic(), {}),
                               Value::map(Type::string(), {{"k", Value::null(Type::string())}}),
                               Value::tuple({Value::unknown(Type::string())}),
                               Value::string("x").sensitive()};
  std::size_t answers = 0;
  for (const auto& function : FunctionTable::standard().all()) {
    INFO(function.name);
    CHECK_NOTHROW(call(function, {}, scope));
    for (const auto& first : odd) {
      CHECK_NOTHROW(answers += call(function, std::vector{first}, scope).has_value());
      for (const auto& second : odd) {
        CHECK_NOTHROW(answers += call(function, std::vector{first, second}, scope).has_value());
        CHECK_NOTHROW(answers += call(function, std::vector{first, second, second}, scope).has_value());
        CHECK_NOTHROW(answers += call(function, std::vector{second, second, first}, scope).has_value());
      }
    }
  }
  CHECK(answers > 1000);
}

TEST_CASE("Files are read through the host only") {
  CHECK(run("file(\"a.txt\")") == "\"text\\n\"");
  CHECK(run("fileexists(\"b.txt\")") == "false");
  CHECK(run("filebase64(\"bin\")") == "\"/w==\"");
  CHECK(run("file(\"bin\")").starts_with("error: file(): the file is not UTF-8"));
  CHECK(run("file(\"nope\")") == "error: file(): there is no file nope");
  CHECK(run("templatefile(\"t.tpl\", {name = \"Ann\", loud = true})") == "\"Hi Ann!\"");
  CHECK(run("templatefile(\"t.tpl\", {name = \"Ann\"})").starts_with("error:"));
  CHECK(run("templatefile(\"loop.tpl\", {})").starts_with("error:"));
  CHECK(run("timestamp()") == "\"2023-11-14T22:13:20Z\"");
}

TEST_CASE("A file with a private key becomes no value") {
  const auto* const refused = "holds a private key, and values are shown in plans and states";
  CHECK(run("file(\"key.pem\")").find(refused) != std::string::npos);
  CHECK(run("filebase64(\"key.pem\")").find(refused) != std::string::npos);
  CHECK(run("templatefile(\"key.pem\", {})").find(refused) != std::string::npos);
  CHECK(run("file(\"letters\")").find("can be read in too many ways") != std::string::npos);
  CHECK(run("filesha256(\"key.pem\")").size() == 66);
  CHECK(run("file(\"certificate.pem\")").starts_with("\"-----BEGIN CERTIFICATE"));
}

TEST_CASE("Formats are read to the end and must fit their arguments") {
  CHECK(run("format(\"%5.1f|%-4s|%04d|%+d|% d\", 2.25, \"é\", -7, 3, 4)") == "\"  2.2|é   |-007|+3| 4\"");
  CHECK(run("format(\"%x %X %o %b\", 255, 255, 8, 5)") == "\"ff FF 10 101\"");
  CHECK(run("format(\"%v %s\", 1e21, 1e21)") == "\"1e+21 1000000000000000000000\"");
  CHECK(run("format(\"%s\", null)") == "unknown");
  for (const auto* format : {"%", "%[", "%[0]s", "%[1", "%5", "%.", "%*d", "%c", "%s %s", "x"}) {
    INFO(format);
    CHECK(run("format(\"" + std::string(format) + "\", 1)").starts_with("error:"));
  }
}

TEST_CASE("Patterns are RE2's and replace as Go's do") {
  CHECK(run("replace(\"a1b22\", \"/([a-z])([0-9]+)/\", \"$2$1x\")") == "\"122\"");
  CHECK(run("replace(\"a1b22\", \"/([a-z])([0-9]+)/\", \"$${2}$${1}x\")") == "\"1ax22bx\"");
  CHECK(run("replace(\"abc\", \"/x*/\", \"-\")") == "\"-a-b-c-\"");
  CHECK(run("replace(\"é\", \"\", \"-\")") == "\"-é-\"");
  CHECK(run("regexall(\"a|\", \"baaé\")") == "[\"\",\"a\",\"a\",\"\"]");
  CHECK(run("regex(\"(a)|(b)\", \"b\")") == "[null,\"b\"]");
  CHECK(run("regex(\"(\", \"b\")").starts_with("error:"));
}

TEST_CASE("Text is counted and cut in characters as people see them") {
  CHECK(run("length(\"👨‍👩‍👧e\\u0301\")") == "2");
  CHECK(run("substr(\"👨‍👩‍👧xyz\", 1, -1)") == "\"xyz\"");
  CHECK(run("substr(\"hello\", -3, 2)") == "\"ll\"");
  CHECK(run("substr(\"hello\", 9, 2)") == "\"\"");
  CHECK(run("substr(\"hello\", 0, 9223372036854775807)") == "\"hello\"");
  CHECK(run("base64decode(base64encode(\"日本\"))") == "\"日本\"");
  CHECK(run("base64decode(\"aGk\")").starts_with("error:"));
}
