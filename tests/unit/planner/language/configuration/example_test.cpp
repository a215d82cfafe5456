// A configuration of several files, evaluated and compared field by field.
#include <catch2/catch.hpp>

#include "planner/language/configuration/configuration.hpp"
#include "planner/language/expression/evaluate.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;
using namespace std::chrono_literals;

namespace {

const std::vector<SourceFile> k_files{{"main.trunk.json", R"J({
  "//": "carrier A: two trunks; carrier B: one",
  "trunkform": {"required_version": ">= 0.1, < 2", "backend": {"local": {"path": "state"}}},
  "provider": {"genesys": {"region": "mypurecloud.de", "client_id": "${var.client}", "client_secret": {"env": "SECRET_OF_${upper(var.client)}"},
                           "concurrency": 3, "timeout": "10s"}},
  "certificate": {
    "pem_files": {"a": {"chain": "certs/${local.folder}/chain.pem", "private_key": "certs/${local.folder}/key.pem",
                        "passphrase": {"file": "/run/secrets/a"}}},
    "certbot": {"b": [{"live": "/etc/letsencrypt/live/b.example.com"}]}
  },
  "resource": {"genesys_trunk_certificate": {
    "a": {
      "for_each": "${toset([for side in [\"West\", \"East\"] : \"Carrier A ${side}\"])}",
      "trunk": {"name": "${each.key}"},
      "certificate": "${certificate.pem_files.a}",
      "identity": ["${var.domain}", "a.${var.domain}"],
      "carrier": "a", "rollout": "${rollout.careful}", "adopt": true,
      "rotate": {"before_expiry": "20d", "lifetime_left": "25%", "when": "available", "shorter": "allow", "critical": "2d", "min_age": "2h",
                 "window": [{"days": ["sun", "sat"], "start": "02:30", "for": "4h", "timezone": "America/New_York", "except": ["2026-12-24"]},
                            {"start": "23:00", "for": "90m", "timezone": "UTC"}]},
      "verify": {"status": false, "healthy": ["green"], "sip_options": true,
                 "tls": {"address": "[2001:db8::1]:5062", "server_name": "sip.example.com", "within": "5m", "consecutive": 2, "min_version": "1.3"},
                 "call": {"to": "+15551234567", "from": "sip:ops@example.com", "accept": [180, 200], "timeout": "30s"}},
      "lifecycle": {"prevent_destroy": true}
    }
  }}
})J"},
                                      {"more.trunk.json", R"J([
  {"variable": {"domain": {"type": "string", "default": "sip.example.com",
                           "validation": {"condition": "${endswith(var.domain, \".com\")}", "error_message": "not ${var.domain}"}},
                "client": {"type": "string"}, "token": {"type": "string", "sensitive": true},
                "ports": {"type": "list(number)",
        "default" : [5061]
  }
}
},
  {"locals": {"folder": "${local.carrier}", "carrier": "a"}},
  {"locals": [{"port": "${var.ports[0]}"}]},
  {"carrier": {"a": {"trust_store": "${file(\"roots.pem\")}", "root": "include", "mutual_tls": true, "identity_rules": "rfc6125", "allow_wildcard": true,
                     "min_rsa": 3072, "key_types": ["ecdsa_p256"], "issuers": ["CN=Good CA"], "max_parallel": 2}}},
  {"rollout": {"careful": {"canary": 2, "wave_size": 5, "stagger": "1m", "soak": "1h30m", "on_failure": "continue", "max_failures": 1, "unreachable": "accept"}}},
  {"resource": {"genesys_trunk_certificate": {"b": {"trunk": {"id": "7f"}, "certificate": "b", "identity": ["b.example.com"],
                                                    "verify": {"tls": {"address": "edge.example.com"}, "call": {"to": "echo"}}}}}},
  {"output": {"folder": {"value": "${certificate.pem_files.a.chain}", "description": "of a"},
              "all": {"value": {"port": "${local.port}", "names": ["${var.domain}"]}},
              "hidden": {"value": "${var.token}", "sensitive": true}}}
])J"}};

Loaded load(test::MemoryHost& host) {
  host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  VariableInputs inputs{*parse_variable_flag("client=acme"), *variable_from_environment("TRUNKFORM_VAR_token", "t0p"),
                        *variable_from_environment("TRUNKFORM_VAR_unused", "x")};
  auto loaded = load_configuration(k_files, inputs, host, {});
  for (const auto& diagnostic : loaded.diagnostics) UNSCOPED_INFO(to_line(diagnostic.error));
  return loaded;
}

}  // namespace

TEST_CASE("provider, backend and certificates of the example are as written") {
  test::MemoryHost host;
  const auto loaded = load(host);
  REQUIRE(loaded.configuration);
  const auto& configuration = *loaded.configuration;
  CHECK(configuration.backend.type == "local");
  CHECK(configuration.backend.arguments.at("path") == "state");
  REQUIRE(configuration.genesys);
  CHECK(configuration.genesys->api_base == "https://api.mypurecloud.de");
  CHECK(configuration.genesys->login_url == "https://login.mypurecloud.de");
  CHECK(configuration.genesys->configured_by_region);
  CHECK(configuration.genesys->dialect == "guide");
  CHECK(configuration.genesys->client_id == "acme");
  CHECK(to_string(*configuration.genesys->client_secret) == "env:SECRET_OF_ACME");
  CHECK(configuration.genesys->requests_per_minute == 240);
  CHECK(configuration.genesys->concurrency == 3);
  CHECK(configuration.genesys->timeout == 10s);
  CHECK(configuration.genesys->retry_budget == 5min);
  REQUIRE(configuration.certificates.size() == 2);
  CHECK(configuration.certificates[0].address == "certificate.certbot.b");
  CHECK(configuration.certificates[0].locator == Locator{"certbot", {{"live", "/etc/letsencrypt/live/b.example.com"}}});
  CHECK(configuration.certificates[1].address == "certificate.pem_files.a");
  CHECK(configuration.certificates[1].locator == Locator{"pem_files",
                                                         {{"chain", "certs/a/chain.pem"},
                                                          {"passphrase", "file:/run/secrets/a"},
                                                          {"private_key", "certs/a/key.pem"}}});
  CHECK(configuration.certificates[1].source.start.line == 7);
  CHECK(loaded.file_digests.at("roots.pem") == "digest of roots.pem");
  CHECK(loaded.variables == std::map<std::string, std::string>{
                                {"client", "\"acme\""}, {"domain", "\"sip.example.com\""}, {"ports", "[5061]"}});
  CHECK(loaded.sensitive_variables == std::vector<std::string>{"token"});
}

TEST_CASE("bindings of the example hold every argument and are sorted") {
  test::MemoryHost host;
  const auto loaded = load(host);
  REQUIRE(loaded.configuration);
  REQUIRE(loaded.configuration->bindings.size() == 3);
  const auto& east = loaded.configuration->bindings[0];
  CHECK(to_string(east.address) == "genesys_trunk_certificate.a[\"Carrier A East\"]");
  CHECK(to_string(loaded.configuration->bindings[1].address) == "genesys_trunk_certificate.a[\"Carrier A West\"]");
  CHECK(east.trunk == TrunkSelector(TrunkByName{"Carrier A East"}));
  CHECK(east.certificate == "certificate.pem_files.a");
  CHECK(east.locator->arguments.at("chain") == "certs/a/chain.pem");
  CHECK(east.identity == std::vector<std::string>{"sip.example.com", "a.sip.example.com"});
  CHECK(east.adopt);
  CHECK(east.prevent_destroy);
  CHECK_FALSE(east.replace_compromised);
  CarrierPolicy carrier{"a",
                        SharedText(host.files["roots.pem"]),
                        RootHandling::include,
                        true,
                        IdentityRules::rfc6125,
                        true,
                        3072,
                        {"ecdsa_p256"},
                        {"CN=Good CA"},
                        2};
  CHECK(east.carrier == carrier);
  CHECK(&**east.carrier->trust_store == &**loaded.configuration->bindings[1].carrier->trust_store);
  CHECK(east.rollout == RolloutPolicy{"careful", 2, 5, 1min, 90min, OnFailure::proceed, 1, Unreachable::accept});
  const Window weekend{{0, 6}, 2h + 30min, 4h, "America/New_York", {"2026-12-24"}};
  const Window nightly{{}, 23h, 90min, "UTC", {}};
  CHECK(east.rotate ==
        RotatePolicy{20 * 24h, 0.25, RotateWhen::available, Shorter::allow, 48h, 2h, {weekend, nightly}});
  CHECK(east.verify ==
        VerifyPolicy{false,
                     {"green"},
                     TlsProbePolicy{"2001:db8::1", 5062, "sip.example.com", 5min, 2, "1.3"},
                     true,
                     CallPolicy{"sips:+15551234567@[2001:db8::1]", "sip:ops@example.com", {180, 200}, 30s}});
}

TEST_CASE("what is left out has the defaults of the policies") {
  test::MemoryHost host;
  const auto loaded = load(host);
  REQUIRE(loaded.configuration);
  const auto& binding = loaded.configuration->bindings[2];
  CHECK(to_string(binding.address) == "genesys_trunk_certificate.b");
  CHECK(binding.trunk == TrunkSelector(TrunkById{{"7f"}}));
  CHECK(binding.certificate == "certificate.certbot.b");
  CHECK(binding.carrier == CarrierPolicy{});
  CHECK(binding.rollout == RolloutPolicy{});
  CHECK(binding.rotate == RotatePolicy{});
  CHECK(binding.verify->tls == TlsProbePolicy{"edge.example.com", 5061, "", 2min, 3, "1.2"});
  CHECK(binding.verify->call == CallPolicy{"sips:echo@edge.example.com", "", {200, 486, 603}, 20s});
  CHECK_FALSE(binding.prevent_destroy);
  CHECK(binding.source.file == "more.trunk.json");
}

TEST_CASE("outputs are JSON with their types") {
  test::MemoryHost host;
  const auto loaded = load(host);
  REQUIRE(loaded.configuration);
  const auto& outputs = loaded.configuration->outputs;
  REQUIRE(outputs.size() == 3);
  CHECK(outputs[0].name == "folder");
  CHECK(outputs[0].json == "\"certs/a/chain.pem\"");
  CHECK(outputs[0].type == "string");
  CHECK(outputs[0].description == "of a");
  CHECK(outputs[1].json == R"({"names":["sip.example.com"],"port":5061})");
  CHECK(outputs[2].sensitive);
}

TEST_CASE("validate needs no values; loading does") {
  test::MemoryHost host;
  host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\n";
  CHECK(validate_configuration(k_files, {}, host, {}).diagnostics.empty());
  const auto loaded = load_configuration(k_files, {}, host, {});
  CHECK_FALSE(loaded.configuration);
  REQUIRE(loaded.diagnostics.items().size() == 2);
  CHECK(loaded.diagnostics.items()[0].error.summary == "variable \"client\" has no value");
}

TEST_CASE("the console knows variables, locals and blocks") {
  test::MemoryHost host;
  host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\n";
  const auto console =
      open_console(k_files, {*parse_variable_flag("client=acme"), *parse_variable_flag("token=t")}, host, {});
  CHECK(console.diagnostics.empty());
  const auto text = [&](const std::string& source) -> std::string {
    const auto expression = parse_expression(source, Origin(SourceRange{"console", {}, {}}, source));
    REQUIRE(expression);
    const auto value = evaluate_as(*expression, *console.scope, Type::string());
    if (!value) return to_line(value.error());
    return value->as_string();
  };
  CHECK(text("local.folder") == "a");
  CHECK(text("\"${var.domain}:${local.port}\"") == "sip.example.com:5061");
  CHECK(text("carrier.a.max_parallel") == "2");
  CHECK(text("rollout[\"careful\"].soak") == "1h30m");
  CHECK(text("certificate.pem_files[local.folder].private_key") == "certs/a/key.pem");
  CHECK(text("trunkform.workspace") == "default");
  CHECK(text("carrier.b").find("carrier.b is not declared") != std::string::npos);
}

TEST_CASE("a configuration with any byte exchanged is loaded or refused with a place, never with a crash") {
  std::size_t refused = 0;
  for (std::size_t file = 0; file < k_files.size(); ++file) {
    for (std::size_t at = 0; at < k_files[file].bytes.size(); at += 5) {
      for (const char byte : {'"', '}', '$', '0'}) {
        auto files = k_files;
        files[file].bytes[at] = byte;
        test::MemoryHost host;
        host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\n";
        const auto loaded =
            load_configuration(files, {*parse_variable_flag("client=acme"), *parse_variable_flag("token=t")}, host, {});
        CHECK(loaded.configuration.has_value() == !loaded.diagnostics.has_errors());
        refused += loaded.configuration ? 0 : 1;
        for (const auto& diagnostic : loaded.diagnostics)
          CHECK(
              (diagnostic.error.source.has_value() || diagnostic.error.summary.find("variable") != std::string::npos));
      }
    }
  }
  CHECK(refused > 1000);
}

TEST_CASE("a provider without region and base_url leaves the region to the environment") {
  const std::vector<SourceFile> files{{"main.trunk.json", R"({"provider": {"genesys": {"concurrency": 2}}})"}};
  test::MemoryHost host;
  const auto loaded = load_configuration(files, {}, host, {});
  REQUIRE(loaded.configuration);
  CHECK(loaded.configuration->genesys->api_base.empty());
  CHECK(loaded.configuration->genesys->login_url.empty());
}

TEST_CASE("a sips URI of a domain is looked up by its records; one with a port or an address is a host") {
  test::MemoryHost host;
  const auto probed = [&](const std::string& address) {
    const std::vector<SourceFile> files{
        {"main.trunk.json", R"J({"certificate": {"pem_files": {"a": {"chain": "a", "private_key": "k"}}},
  "resource": {"genesys_trunk_certificate": {"a": {"trunk": {"name": "A"}, "certificate": "a", "identity": ["x"],
    "verify": {"tls": {"address": ")J" +
                                address + R"J("}}}}}})J"}};
    const auto loaded = load_configuration(files, {}, host, {});
    for (const auto& diagnostic : loaded.diagnostics) UNSCOPED_INFO(to_line(diagnostic.error));
    REQUIRE(loaded.configuration);
    return *loaded.configuration->bindings.at(0).verify->tls;
  };
  const auto of = [](const std::string& name, int port, Location location = Location::host) {
    TlsProbePolicy policy;
    policy.host = name;
    policy.port = port;
    policy.location = location;
    return policy;
  };
  CHECK(probed("sips:example.com") == of("example.com", 5061, Location::sips_domain));
  CHECK(probed("SIPS:example.com") == of("example.com", 5061, Location::sips_domain));
  CHECK(probed("sips:example.com:5062") == of("example.com", 5062));
  CHECK(probed("sips:192.0.2.1") == of("192.0.2.1", 5061));
  CHECK(probed("sips:[2001:db8::1]") == of("2001:db8::1", 5061));
  CHECK(probed("sips:5061") == of("sips", 5061));
}
