// Where credentials come from: which link is asked when, what goes over the wire, and what is said where there are
// none.
#include "providers/cloud/aws/credential_keeper.hpp"
#include "providers/cloud/aws/sts.hpp"
#include "tests/unit/providers/cloud/aws_chain_bench.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using namespace trunkform::cloud::samples;
using platform::http_response;

TEST_CASE("the environment's keys come first, and half of them is an error") {
  ChainBench bench;
  bench.environment.variables["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  SECTION("whole") {
    bench.environment.variables["AWS_SECRET_ACCESS_KEY"] = "s";
    bench.environment.variables["AWS_SESSION_TOKEN"] = "t";
    bench.write("/srv/sip/.aws/credentials", "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=f\n");
    const auto found = bench.find();
    REQUIRE(found);
    CHECK(found->access_key_id == "AKIDENV");
    CHECK(found->secret_access_key.view() == "s");
    CHECK(found->session_token.view() == "t");
    // A profile that the configuration names is what is meant, whatever the environment has.
    bench.wanted.profile = "default";
    CHECK(bench.find()->access_key_id == "AKIDFILE");
  }
  SECTION("half") {
    const auto found = bench.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().summary == "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not");
  }
  CHECK(bench.asked().empty());
}

TEST_CASE("a profile is read out of both files, whatever else they hold") {
  ChainBench bench;
  bench.write(
      "/srv/sip/.aws/config",
      "# a comment\n[default]\nregion = us-east-1\ns3 =\n  region = nested\n[profile  sip ]\n"
      "AWS_ACCESS_KEY_ID = AKIDCONFIG\naws_secret_access_key = c=+/\n[profile both]\naws_access_key_id=AKIDNOT\n"
      "aws_secret_access_key=n\nnonsense\n");
  bench.write("/srv/sip/.aws/credentials",
              "[both]\r\naws_access_key_id=AKIDFILE\r\naws_secret_access_key=f\r\n"
              "aws_session_token = tok\r\n");
  bench.environment.variables["AWS_PROFILE"] = "sip";
  auto found = bench.find();
  REQUIRE(found);
  CHECK(found->access_key_id == "AKIDCONFIG");
  CHECK(found->secret_access_key.view() == "c=+/");
  bench.environment.variables["AWS_PROFILE"] = "both";
  found = bench.find();
  REQUIRE(found);
  CHECK(found->access_key_id == "AKIDFILE");
  CHECK(found->session_token.view() == "tok");
  bench.environment.variables["AWS_PROFILE"] = "nobody";
  found = bench.find();
  REQUIRE_FALSE(found);
  CHECK(found.error().summary == "there is no AWS profile \"nobody\"");
}

TEST_CASE("a profile's role is asked of STS, signed by its source, with its session name and external id") {
  ChainBench bench;
  bench.write("/srv/sip/.aws/config",
              "[profile sip]\nrole_arn=arn:aws:iam::1:role/x\nsource_profile=base\nrole_session_name=the run\n"
              "external_id=a&b\n[profile base]\naws_access_key_id=AKIDBASE\naws_secret_access_key=canary-base\n");
  bench.environment.variables["AWS_PROFILE"] = "sip";
  bench.http.push(200, sts_answer("AssumeRole", "ASIAROLE"));
  const auto found = bench.find();
  REQUIRE(found);
  CHECK(found->access_key_id == "ASIAROLE");
  CHECK(found->secret_access_key.view() == "canary-of-sts&");
  CHECK(found->session_token.view() == "canary-token");
  CHECK(found->expires == parse_rfc3339("2026-11-27T21:00:00Z"));
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].url == "https://sts.eu-central-1.amazonaws.com/");
  CHECK(sent[0].body ==
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&"
        "RoleSessionName=the%20run&ExternalId=a%26b");
  CHECK(sent[0].authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDBASE/20261127/eu-central-1/sts/"));
}

TEST_CASE("a role that is refused says so with STS's words and without a secret; profiles in a circle are told") {
  ChainBench bench;
  bench.environment.variables["AWS_PROFILE"] = "sip";
  SECTION("refused") {
    bench.write("/srv/sip/.aws/config",
                "[profile sip]\nrole_arn=r\nsource_profile=sip\naws_access_key_id=AKID\n"
                "aws_secret_access_key=canary\n");
    bench.http.push(403,
                    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User x is not "
                    "authorized to perform: sts:AssumeRole</Message></Error><RequestId>the-id</RequestId>"
                    "</ErrorResponse>");
    const auto found = bench.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().code == ErrorCode::denied);
    const auto text = to_line(found.error());
    CHECK(text.find("the role r could not be assumed") != std::string::npos);
    CHECK(text.find("not authorized to perform: sts:AssumeRole") != std::string::npos);
    CHECK(text.find("canary") == std::string::npos);
  }
  SECTION("a circle") {
    bench.write("/srv/sip/.aws/config",
                "[profile sip]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=sip\n");
    const auto found = bench.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().detail == "its source profiles go in a circle: sip, b, sip");
  }
  SECTION("nothing to ask with") {
    bench.write("/srv/sip/.aws/config", "[profile sip]\nrole_arn=r\n");
    CHECK(bench.find().error().detail.find("needs one of source_profile and credential_source") != std::string::npos);
  }
  SECTION("a device") {
    bench.write("/srv/sip/.aws/config", "[profile sip]\nrole_arn=r\nsource_profile=sip\nmfa_serial=x\n");
    CHECK(bench.find().error().detail.find("code of a device") != std::string::npos);
  }
}

TEST_CASE("a web identity is its token, unsigned and read anew each time") {
  ChainBench bench;
  bench.environment.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/run/token";
  bench.environment.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/pod";
  bench.environment.variables["AWS_ROLE_SESSION_NAME"] = "pod-1";
  bench.write("/var/run/token", "eyJ.canary.x\n");
  bench.http.push(200, sts_answer("AssumeRoleWithWebIdentity", "ASIAPOD"));
  bench.http.push(200, sts_answer("AssumeRoleWithWebIdentity", "ASIAPOD2"));
  REQUIRE(bench.find());
  bench.write("/var/run/token", "eyJ.rotated.x");
  CHECK(bench.find()->access_key_id == "ASIAPOD2");
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].authorization.empty());
  CHECK(sent[0].secret);
  CHECK(sent[0].body.ends_with("&RoleSessionName=pod-1&WebIdentityToken=eyJ.canary.x"));
  CHECK(sent[1].body.ends_with("&WebIdentityToken=eyJ.rotated.x"));
  bench.write("/var/run/token", "not a token&Action=x");
  CHECK(bench.find().error().summary == "the web identity token is not a JSON Web Token");
}

TEST_CASE("a container's agent is asked where it may be, with its token") {
  ChainBench bench;
  const std::string answer =
      R"({"AccessKeyId":"ASIATASK","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-27T21:00:00Z"})";
  bench.http.handle([&](const platform::SentRequest&) { return http_response(200, answer); });
  auto& variables = bench.environment.variables;
  SECTION("a relative address is the task agent's") {
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
    CHECK(bench.find()->access_key_id == "ASIATASK");
    CHECK(bench.asked() == std::vector<std::string>{"GET http://169.254.170.2/v2/credentials/x"});
  }
  SECTION("the token's file comes before the variable") {
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "variable";
    CHECK(bench.find());
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
    bench.write("/token", "file");
    CHECK(bench.find());
    CHECK(bench.http.sent()[0].authorization == "variable");
    CHECK(bench.http.sent()[1].authorization == "file");
    bench.write("/token", "two\r\nX-Evil: lines");
    CHECK(bench.find().error().summary == "the container's authorization token has a line break in it");
  }
  SECTION("others are asked over https alone") {
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://10.0.0.1/x";
    CHECK(bench.find().error().code == ErrorCode::untrusted);
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.169.254/x";
    CHECK(bench.find().error().code == ErrorCode::untrusted);
    CHECK(bench.asked().empty());
    for (const auto* good : {"https://agent.example.com/x", "http://127.0.0.1:9/x", "http://[fd00:ec2::23]/x"}) {
      variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = good;
      CHECK(bench.find());
    }
    variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "@evil.example.com/x";
    CHECK(bench.find().error().code == ErrorCode::invalid_input);
  }
}

TEST_CASE("a machine's role is asked for with a token of version 2, and never without") {
  ChainBench bench;
  int token_status = 200;
  std::string roles = "the role\n";
  bench.http.handle([&](const platform::SentRequest& request) {
    if (request.url.ends_with("/latest/api/token")) return http_response(token_status, "metadata-token");
    if (header(request, "X-aws-ec2-metadata-token") != "metadata-token") return http_response(401, "");
    if (request.url.ends_with("/security-credentials/")) return http_response(roles.empty() ? 404 : 200, roles);
    return http_response(200, R"({"Code":"Success","AccessKeyId":"ASIAVM","SecretAccessKey":"s","Token":"t",
                                  "Expiration":"2026-11-28T02:00:00Z"})");
  });
  SECTION("it has a role") {
    CHECK(bench.find()->access_key_id == "ASIAVM");
    const std::string base = "http://169.254.169.254/latest/";
    CHECK(bench.asked() == std::vector<std::string>{"PUT " + base + "api/token",
                                                    "GET " + base + "meta-data/iam/security-credentials/",
                                                    "GET " + base + "meta-data/iam/security-credentials/the%20role"});
    CHECK(header(bench.http.sent()[0], "X-aws-ec2-metadata-token-ttl-seconds") == "21600");
  }
  SECTION("it has none") {
    roles.clear();
    CHECK(bench.find().error().detail.ends_with("instance: this machine has no role"));
  }
  SECTION("it speaks version 1 alone") {
    token_status = GENERATE(403, 404, 405);
    CHECK(bench.find().error().code == ErrorCode::denied);
    CHECK(bench.asked().size() == 1);
  }
  SECTION("it is not asked") {
    bench.environment.variables["AWS_EC2_METADATA_DISABLED"] = "true";
    const auto found = bench.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().summary == "no credentials for AWS");
    CHECK(found.error().detail ==
          "environment: AWS_ACCESS_KEY_ID is not set; web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile: "
          "neither /srv/sip/.aws/config nor /srv/sip/.aws/credentials has a profile \"default\"; container: neither "
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; instance: "
          "AWS_EC2_METADATA_DISABLED is true");
    CHECK(bench.asked().empty());
  }
}

TEST_CASE("a session of IAM Identity Center gives the credentials of its role, until it ends") {
  ChainBench bench;
  bench.environment.variables["AWS_PROFILE"] = "sip";
  bench.write("/srv/sip/.aws/config",
              "[profile sip]\nsso_session=corp\nsso_account_id=123456789012\nsso_role_name=Sip Reader\n"
              "[sso-session corp]\nsso_region=eu-west-1\nsso_start_url=https://corp.awsapps.com/start\n");
  CHECK(bench.find().error().hints.front() == "log in: aws sso login --profile sip");
  // The name is that which `aws sso login` gives the file: SHA-1 of the session's name.
  bench.write("/srv/sip/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
              R"({"accessToken":"canary-sso","expiresAt":"2026-11-27T22:00:00Z","region":"eu-west-1"})");
  bench.http.push(200, R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t",
                          "expiration":1795813200000}})");
  const auto found = bench.find();
  REQUIRE(found);
  CHECK(found->access_key_id == "ASIASSO");
  CHECK(found->expires == Instant(1795813200000ms));
  CHECK(bench.asked() ==
        std::vector<std::string>{"GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?"
                                 "account_id=123456789012&role_name=Sip%20Reader"});
  CHECK(header(bench.http.sent()[0], "x-amz-sso_bearer_token") == "canary-sso");
  bench.clock.advance(3h);
  CHECK(bench.find().error().detail == "it ended on 2026-11-27T22:00:00Z");
}

TEST_CASE("a credential process is run as its line says, and must print credentials") {
  ChainBench bench;
  bench.environment.variables["AWS_PROFILE"] = "sip";
  bench.write("/srv/sip/.aws/config", "[profile sip]\ncredential_process=/opt/keys \"a b\"\n");
  std::string printed =
      R"({"Version":1,"AccessKeyId":"ASIAP","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-11-27T21:00:00Z"})";
  std::string line;
  bench.around.run = [&](const Context&, const std::string& command) -> Result<SecretBuffer> {
    line = command;
    return SecretBuffer::copy_of(printed);
  };
  REQUIRE(bench.find());
  CHECK(line == "/opt/keys \"a b\"");
  CHECK(bench.find()->session_token.view() == "t");
  for (const auto* bad : {"", "canary", R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"canary"})",
                          R"({"Version":1,"AccessKeyId":"A"})",
                          R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"canary","Expiration":"soon"})"}) {
    printed = bad;
    const auto found = bench.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().code == ErrorCode::protocol);
    CHECK(to_line(found.error()).find("canary") == std::string::npos);
  }
}

TEST_CASE("a role of the configuration is assumed with what the chain gives") {
  ChainBench bench;
  bench.environment.variables["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  bench.environment.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  bench.wanted.role = aws::Role{"arn:aws:iam::1:role/sip", "trunkform", "ext"};
  bench.http.push(200, sts_answer("AssumeRole", "ASIAROLE"));
  CHECK(bench.find()->access_key_id == "ASIAROLE");
  CHECK(bench.http.sent()[0].body.ends_with("&RoleSessionName=trunkform&ExternalId=ext"));
}

TEST_CASE("credentials are found again a quarter of an hour before they end, and kept while nobody gives new ones") {
  ChainBench bench;
  int found = 0;
  bool fails = false;
  aws::CredentialKeeper keeper(
      [&](const Context&) -> Result<aws::Credentials> {
        if (fails) return Error(ErrorCode::unavailable, "not now");
        aws::Credentials credentials;
        credentials.access_key_id = "ASIA" + std::to_string(++found);
        credentials.expires = bench.clock.now() + 1h;
        return credentials;
      },
      bench.clock);
  REQUIRE(keeper.current(k_whenever));
  bench.clock.advance(44min);
  CHECK((*keeper.current(k_whenever))->access_key_id == "ASIA1");
  bench.clock.advance(2min);
  CHECK((*keeper.current(k_whenever))->access_key_id == "ASIA2");
  fails = true;
  bench.clock.advance(50min);
  CHECK((*keeper.current(k_whenever))->access_key_id == "ASIA2");
  bench.clock.advance(11min);
  CHECK(keeper.current(k_whenever).error().summary == "not now");
  // Who is refused gets others, or the reason.
  fails = false;
  bench.clock.advance(1min);
  const auto now = *keeper.current(k_whenever);
  CHECK((*keeper.after_refusal(k_whenever, now, Error(ErrorCode::denied, "expired")))->access_key_id == "ASIA4");
}
