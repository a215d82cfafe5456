// The links of the chain one by one, at their edges: what is half there, what is refused, what is asked again.
#include "providers/cloud/aws/credential_keeper.hpp"
#include "providers/cloud/aws/sts.hpp"
#include "tests/unit/providers/cloud/aws_chain_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using namespace trunkform::cloud::samples;
using platform::http_response;

namespace {

/// Keeps what a script does not: how each request is to be carried out.
class KeptRequests final : public HttpClient {
 public:
  explicit KeptRequests(HttpClient& script) : m_script(script) {}
  std::vector<HttpRequest> requests;
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    requests.push_back(request);
    return m_script.send(context, request);
  }

 private:
  HttpClient& m_script;
};

std::string line_of(const Result<aws::Credentials>& found) {
  REQUIRE_FALSE(found);
  const auto line = to_line(found.error());
  CHECK(line.find("canary") == std::string::npos);
  return line;
}

bool is_in(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

const std::string k_task = R"({"AccessKeyId":"ASIATASK","SecretAccessKey":"canary","Token":"t"})";

}  // namespace

TEST_CASE("a variable that is empty is told as empty, and counts as not set") {
  ChainBench bench;
  auto& variables = bench.environment.variables;
  variables["AWS_EC2_METADATA_DISABLED"] = "true";
  variables["AWS_ACCESS_KEY_ID"] = "";
  CHECK(is_in(line_of(bench.find()), "environment: AWS_ACCESS_KEY_ID is empty"));
  variables["AWS_ACCESS_KEY_ID"] = "AKID";
  variables["AWS_SECRET_ACCESS_KEY"] = "";
  CHECK(is_in(line_of(bench.find()), "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not"));
  variables["AWS_SECRET_ACCESS_KEY"] = "canary";
  variables["AWS_SESSION_TOKEN"] = "";
  CHECK(bench.find()->session_token.empty());
}

TEST_CASE("a web identity without its role is half of one, and comes after a profile that somebody named") {
  ChainBench bench;
  auto& variables = bench.environment.variables;
  variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  bench.write("/token", "eyJ.canary.x");
  CHECK(is_in(line_of(bench.find()), "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not"));
  variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod";
  bench.write("/srv/sip/.aws/config",
              "[default]\naws_access_key_id=AKIDDEFAULT\naws_secret_access_key=f\n[profile named]\n"
              "aws_access_key_id=AKIDNAMED\naws_secret_access_key=f\n[profile says_nothing]\nregion=eu-west-1\n");
  bench.http.handle([](const platform::SentRequest&) {
    return http_response(200, sts_answer("AssumeRoleWithWebIdentity", "ASIAPOD"));
  });
  // A file that lies about says less than what this pod was given.
  CHECK(bench.find()->access_key_id == "ASIAPOD");
  variables["AWS_PROFILE"] = "named";
  CHECK(bench.find()->access_key_id == "AKIDNAMED");
  variables["AWS_PROFILE"] = "says_nothing";
  CHECK(bench.find()->access_key_id == "ASIAPOD");
  CHECK(bench.http.sent().back().body.find("RoleSessionName=trunkform") != std::string::npos);
  // Who the configuration says is nobody else.
  bench.wanted.profile = "says_nothing";
  CHECK(is_in(line_of(bench.find()), "no credentials for AWS: profile: the profile \"says_nothing\" says nothing"));
  bench.wanted.profile = "named";
  variables["AWS_PROFILE"] = "says_nothing";
  CHECK(bench.find()->access_key_id == "AKIDNAMED");
  bench.write("/token", "\n");
  bench.wanted.profile.clear();
  variables.erase("AWS_PROFILE");
  CHECK(is_in(line_of(bench.find()), "the web identity token is not a JSON Web Token"));
}

TEST_CASE("a profile's role asks with what its profile says: a source, a token's file, or the place it runs at") {
  ChainBench bench;
  bench.environment.variables["AWS_PROFILE"] = "sip";
  const auto profile = [&](const std::string& more) {
    bench.write(
        "/srv/sip/.aws/config",
        "[profile sip]\nrole_arn=arn:aws:iam::1:role/x\n" + more +
            "\n[profile base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=c\naws_session_token=base-token\n"
            "[profile hollow]\nregion=eu-west-1\n");
  };
  bench.http.handle([](const platform::SentRequest& request) {
    if (request.url.find("169.254.170.2") != std::string::npos) return http_response(200, k_task);
    if (request.url.ends_with("/token")) return http_response(200, "m");
    if (request.url.ends_with("/security-credentials/")) return http_response(200, "vm");
    if (request.url.ends_with("/vm"))
      return http_response(200, R"({"AccessKeyId":"ASIAVM","SecretAccessKey":"s","Token":"t"})");
    const std::string action =
        request.body.find("WithWebIdentity") != std::string::npos ? "AssumeRoleWithWebIdentity" : "AssumeRole";
    return http_response(200, sts_answer(action, "ASIAROLE"));
  });
  const auto asks_as = [&](const std::string& id) {
    const auto found = bench.find();
    INFO((found ? "" : to_line(found.error())));
    REQUIRE(found);
    CHECK(found->access_key_id == "ASIAROLE");
    return bench.http.sent().back().authorization.find("Credential=" + id + "/") != std::string::npos;
  };
  profile("source_profile=base");
  CHECK(asks_as("AKIDBASE"));
  CHECK(header(bench.http.sent().back(), "X-Amz-Security-Token") == "base-token");
  CHECK(bench.http.sent().back().body.find("ExternalId") == std::string::npos);
  profile("credential_source=Environment");
  CHECK(is_in(line_of(bench.find()), "the AWS profile \"sip\" cannot be used: AWS_ACCESS_KEY_ID is not set"));
  bench.environment.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
  profile("credential_source=EcsContainer");
  CHECK(asks_as("ASIATASK"));
  profile("credential_source=Ec2InstanceMetadata");
  CHECK(asks_as("ASIAVM"));
  profile("credential_source=Elsewhere");
  CHECK(is_in(line_of(bench.find()), "credential_source is \"Elsewhere\""));
  profile("credential_source=EcsContainer\nsource_profile=base");
  CHECK(is_in(line_of(bench.find()), "needs one of source_profile and credential_source"));
  profile("source_profile=nobody");
  CHECK(is_in(line_of(bench.find()), "there is no profile \"nobody\""));
  profile("source_profile=hollow");
  CHECK(is_in(line_of(bench.find()), "the profile \"hollow\" says nothing about credentials"));
  bench.write("/token", "eyJ.canary.x");
  profile("web_identity_token_file=/token");
  REQUIRE(bench.find());
  CHECK(bench.http.sent().back().authorization.empty());
  CHECK(bench.http.sent().back().body.ends_with("&WebIdentityToken=eyJ.canary.x"));
  // Keys of the environment are asked with where they are named, and come first otherwise.
  profile("credential_source=Environment");
  bench.environment.variables["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  bench.environment.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  bench.wanted.profile = "sip";
  CHECK(asks_as("AKIDENV"));
}

TEST_CASE("STS is asked again when it says so, and what is no answer of its is none") {
  ChainBench bench;
  bench.environment.variables["AWS_ACCESS_KEY_ID"] = "AKID";
  bench.environment.variables["AWS_SECRET_ACCESS_KEY"] = "canary";
  bench.wanted.role = aws::Role{"arn:aws:iam::1:role/sip"};
  const auto whole = sts_answer("AssumeRole", "ASIA");
  for (const std::string part : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
    auto text = whole;
    for (const auto& tag : {"<" + part + ">", "</" + part + ">"})
      text.replace(text.find(tag), tag.size(), tag.front() == '<' && tag[1] == '/' ? "</X>" : "<X>");
    bench.http.push(200, text);
    CHECK(is_in(line_of(bench.find()), "sts AssumeRole answered without credentials that can be used"));
  }
  aws::Credentials own;
  own.access_key_id = "AKID";
  own.secret_access_key = SecretBuffer::copy_of("canary");
  bench.http.push(200, "<GetCallerIdentityResponse><Arn>a</Arn></GetCallerIdentityResponse>");
  CHECK_FALSE(aws::caller_of(k_whenever, bench.around, "eu-central-1", own));
}

TEST_CASE("a container's agent that is busy is asked again, one that refuses is not, and nothing it says is shown") {
  ChainBench bench;
  bench.environment.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.2/x";
  const auto [status, tries] = GENERATE(table<int, std::size_t>({{500, 2}, {429, 2}, {403, 1}, {404, 1}, {302, 1}}));
  bench.http.push(status, "canary");
  bench.http.push(200, k_task);
  const auto found = bench.find();
  CHECK(found.has_value() == (tries == 2));
  CHECK(bench.http.sent().size() == tries);
  if (!found) CHECK(found.error().code == ErrorCode::denied);
  if (!found) CHECK(is_in(line_of(found), "the container's agent at 169.254.170.2 answered " + std::to_string(status)));
}

TEST_CASE("a container's relative address stays at the agent") {
  ChainBench bench;
  for (const auto* address : {":99/x", ".example.com/x", "@example.com/x", "x", "?x"}) {
    INFO(address);
    bench.environment.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = address;
    CHECK(bench.find().error().code == ErrorCode::invalid_input);
  }
  CHECK(bench.asked().empty());
}

TEST_CASE("credentials of a machine need both halves, and an end that can be read where there is one") {
  ChainBench bench;
  bench.environment.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  for (const std::string answer :
       {R"({"AccessKeyId":"","SecretAccessKey":"canary"})", R"({"AccessKeyId":"A","SecretAccessKey":""})",
        R"({"SecretAccessKey":"canary"})", R"({"AccessKeyId":"A","SecretAccessKey":"canary","Expiration":"soon"})"}) {
    bench.http.push(200, answer);
    CHECK(is_in(line_of(bench.find()), "the container's agent gave no credentials that can be used"));
  }
  bench.http.push(200, R"({"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"session"})");
  CHECK(bench.find()->session_token.view() == "session");
}

TEST_CASE("the metadata service is where the environment says, and is asked as often and as long") {
  ChainBench bench;
  auto& variables = bench.environment.variables;
  KeptRequests kept(bench.http);
  const aws::Surroundings around{bench.environment, bench.files,  kept,
                                 bench.clock,       bench.random, bench.around.endpoint};
  int failures = 0;
  bench.http.handle([&](const platform::SentRequest& request) {
    if (failures > 0) return --failures, http_response(503, "");
    if (request.url.ends_with("/token")) return http_response(200, "metadata-token");
    if (request.url.ends_with("/security-credentials/")) return http_response(200, "first\nsecond\n");
    return http_response(200, R"({"AccessKeyId":"ASIAVM","SecretAccessKey":"s","Token":"t"})");
  });
  const auto find = [&] {
    kept.requests.clear();
    return aws::find_credentials(k_whenever, around, bench.wanted);
  };
  SECTION("as nothing else is said") {
    REQUIRE(find());
    REQUIRE(kept.requests.size() == 3);
    for (const auto& request : kept.requests) {
      CHECK(request.url.starts_with("http://169.254.169.254/latest/"));
      CHECK(request.timeout == 1s);
      CHECK(request.plain == PlainHttp::machine);
      CHECK(request.secret_answer);
    }
    CHECK(kept.requests.back().url.ends_with("/first"));
  }
  SECTION("over IPv6") {
    variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
    REQUIRE(find());
    CHECK(kept.requests.front().url == "http://[fd00:ec2::254]/latest/api/token");
  }
  SECTION("at an address of its own") {
    variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1338//";
    REQUIRE(find());
    CHECK(kept.requests.front().url == "http://127.0.0.1:1338/latest/api/token");
  }
  SECTION("more often, and longer") {
    variables["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "3";
    variables["AWS_METADATA_SERVICE_TIMEOUT"] = "7";
    failures = 2;
    REQUIRE(find());
    CHECK(kept.requests.size() == 5);
    CHECK(kept.requests.front().timeout == 7s);
  }
  SECTION("what is no number counts for nothing") {
    const auto* text = GENERATE("", "0", "-3", "3 times", "x");
    variables["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = text;
    variables["AWS_METADATA_SERVICE_TIMEOUT"] = text;
    failures = 1;
    CHECK_FALSE(find());
    CHECK(kept.requests.size() == 1);
    CHECK(kept.requests.front().timeout == 1s);
  }
}

TEST_CASE("a metadata service that fails on the way is an error, and a stop is no answer") {
  ChainBench bench;
  bench.http.push(200, "metadata-token");
  SECTION("its list of roles") {
    bench.http.push(500, "canary");
    const auto found = bench.find();
    CHECK(is_in(line_of(found), "the instance metadata service answered 500"));
    CHECK(found.error().code == ErrorCode::unavailable);
  }
  SECTION("the role") {
    bench.http.push(200, "role");
    bench.http.push(403, k_task);
    const auto found = bench.find();
    CHECK(is_in(line_of(found), "the instance metadata service answered 403"));
    CHECK(found.error().code == ErrorCode::denied);
  }
  SECTION("somebody stops the run") {
    ChainBench stopped;
    stopped.http.push_failure(ErrorCode::cancelled, Reached::no);
    CHECK(stopped.find().error().code == ErrorCode::cancelled);
  }
}

TEST_CASE("a session of IAM Identity Center is whole, understood and not over, or is to be begun anew") {
  ChainBench bench;
  bench.environment.variables["AWS_PROFILE"] = "sip";
  const auto profile = [&](const std::string& text) { bench.write("/srv/sip/.aws/config", "[profile sip]\n" + text); };
  const std::string start = "sso_start_url=https://corp.awsapps.com/start\n";
  // The older form: without a session's name the file is named after the address.
  profile(start + "sso_region=eu-west-1\nsso_account_id=1\nsso_role_name=r\n");
  const auto cache = [&](const std::string& text) {
    bench.write("/srv/sip/.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json", text);
  };
  const auto line = line_of(bench.find());
  CHECK(is_in(line, "/srv/sip/.aws/sso/cache/"));
  for (const auto* text :
       {"{}", R"({"accessToken":"canary","expiresAt":"soon"})", R"({"expiresAt":"2026-11-27T22:00:00Z"})"}) {
    cache(text);
    CHECK(is_in(line_of(bench.find()), "was not understood"));
  }
  cache(R"({"accessToken":"canary","expiresAt":"2026-11-27T22:00:00Z"})");
  KeptRequests kept(bench.http);
  const aws::Surroundings around{bench.environment, bench.files,  kept,
                                 bench.clock,       bench.random, bench.around.endpoint};
  bench.http.push(401, R"({"message":"Session token not found or invalid"})");
  const auto refused = aws::find_credentials(k_whenever, around, bench.wanted);
  CHECK(is_in(line_of(refused), "has no session of IAM Identity Center"));
  CHECK(refused.error().hints == std::vector<std::string>{"log in: aws sso login --profile sip"});
  REQUIRE(kept.requests.size() == 1);
  CHECK(kept.requests.front().secret_answer);
  bench.http.push(200, R"({"roleCredentials":{"accessKeyId":"A","secretAccessKey":"canary","expiration":1}})");
  CHECK(is_in(line_of(bench.find()), "answered without credentials that can be used"));
  for (const auto* half :
       {"sso_region=eu-west-1\nsso_account_id=1\n", "sso_region=eu-west-1\nsso_role_name=r\n",
        "sso_account_id=1\nsso_role_name=r\n", "sso_region=example.com/\nsso_account_id=1\nsso_role_name=r\n"}) {
    profile(start + half);
    CHECK(is_in(line_of(bench.find()), "the AWS profile \"sip\" is not whole"));
  }
}

TEST_CASE("a program that brings credentials is not run where programs are not") {
  ChainBench bench;
  bench.write("/srv/sip/.aws/config", "[default]\ncredential_process=/opt/keys\n");
  bench.environment.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  CHECK(is_in(line_of(bench.find()), "profile: credential_process is not run here"));
}

TEST_CASE("a keeper asks no more than twice a minute, keeps nothing that has ended, and says why") {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-27T20:00:00Z")};
  int asked = 0;
  bool fails = true;
  Duration lasts = 10min;
  std::string id = "ASIA1";
  aws::CredentialKeeper keeper(
      [&](const Context&) -> Result<aws::Credentials> {
        ++asked;
        if (fails) return Error(ErrorCode::unavailable, "not now");
        aws::Credentials credentials;
        credentials.access_key_id = id;
        credentials.expires = clock.now() + lasts;
        credentials.origin = "a test";
        return credentials;
      },
      clock);
  CHECK_FALSE(keeper.current(k_whenever));
  clock.advance(29s);
  CHECK(keeper.current(k_whenever).error().summary == "not now");
  CHECK(asked == 1);
  clock.advance(1s);
  CHECK_FALSE(keeper.current(k_whenever));
  CHECK(asked == 2);
  clock.advance(30s);
  fails = false;
  lasts = -1s;
  const auto ended = keeper.current(k_whenever);
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == ErrorCode::denied);
  CHECK(ended.error().summary.find("of a test ended on") != std::string::npos);
  // Those that last less than half an hour are kept for half of their time.
  lasts = 10min;
  REQUIRE(keeper.current(k_whenever));
  const auto before = asked;
  clock.advance(4min + 59s);
  REQUIRE(keeper.current(k_whenever));
  CHECK(asked == before);
  clock.advance(1s);
  const auto now = keeper.current(k_whenever);
  CHECK(asked == before + 1);
  // The same again is no other: the refusal stands.
  const auto same = keeper.after_refusal(k_whenever, *now, Error(ErrorCode::denied, "expired"));
  REQUIRE_FALSE(same);
  CHECK(same.error().summary == "expired");
  id = "ASIA2";
  const auto other = keeper.after_refusal(k_whenever, *keeper.current(k_whenever), Error(ErrorCode::denied, "expired"));
  REQUIRE(other);
  CHECK((*other)->access_key_id == "ASIA2");
  // Who comes with an older one gets what is there, without asking.
  const auto count = asked;
  CHECK((*keeper.after_refusal(k_whenever, *now, Error(ErrorCode::denied, "expired")))->access_key_id == "ASIA2");
  CHECK(asked == count);
  fails = true;
  CHECK(keeper.after_refusal(k_whenever, *other, Error(ErrorCode::denied, "expired")).error().summary == "expired");
}
