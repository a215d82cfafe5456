// What authorities permit and exclude, and policies.
#include "tests/unit/providers/x509/path_case.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using namespace trunkform::x509::samples;

namespace {

using Names = std::vector<std::string>;

/// Constraints of the intermediate, and the names of the leaf.
auto constrained(const Names& permitted, const Names& excluded, const Names& names) {
  return [=](PathCase& c) {
    c.intermediate.extensions.emplace_back("nameConstraints", testing::name_constraints(permitted, excluded));
    c.leaf.names = names;
    c.leaf.common_name.clear();
  };
}

/// The same with a common name, which the constraints on directories see, and which is among the names.
auto with_subject(const Names& permitted, const Names& excluded, const std::string& common_name) {
  return [=](PathCase& c) {
    constrained(permitted, excluded, {common_name})(c);
    c.leaf.common_name = common_name;
  };
}

PathRow permits(const std::string& subtree, const std::string& name) {
  return good(subtree + " permits " + name, constrained({subtree}, {}, {name}));
}

PathRow does_not_permit(const std::string& subtree, const std::string& name, std::vector<Check> also = {}) {
  return blocks(subtree + " does not permit " + name, Check::names_permitted, 0, constrained({subtree}, {}, {name}),
                std::move(also));
}

PathRow excludes(const std::string& subtree, const std::string& name) {
  return blocks(subtree + " excludes " + name, Check::names_excluded, 0, constrained({}, {subtree}, {name}));
}

PathRow does_not_exclude(const std::string& subtree, const std::string& name) {
  return good(subtree + " does not exclude " + name, constrained({}, {subtree}, {name}));
}

PathRow malformed(const std::string& subtree, const std::string& name) {
  return blocks("malformed " + subtree, Check::name_constraints_formed, 1, constrained({subtree}, {}, {name}),
                {Check::names_permitted});
}

auto policies(const Names& of_leaf, const Names& of_intermediate, const Names& more) {
  return [=](PathCase& c) {
    for (const auto& one : of_leaf) c.leaf.extensions.emplace_back("certificatePolicies", one);
    for (const auto& one : of_intermediate) c.intermediate.extensions.emplace_back("certificatePolicies", one);
    for (std::size_t i = 0; i + 1 < more.size(); i += 2) c.intermediate.extensions.emplace_back(more[i], more[i + 1]);
  };
}

}  // namespace

TEST_CASE("names that authorities permit and exclude") {
  const std::vector<PathRow> rows{
      permits("dns:example.com", "example.com"),
      permits("dns:example.com", "sip.example.com"),
      permits("dns:example.com", "a.b.c.example.com"),
      permits("dns:EXAMPLE.com", "sip.example.COM"),
      permits("dns:example.com", "*.example.com"),
      permits("dns:", "sip.example.com"),
      does_not_permit("dns:example.com", "notexample.com"),
      does_not_permit("dns:example.com", "example.org"),
      does_not_permit("dns:example.com", "com"),
      does_not_permit("dns:sip.example.com", "example.com"),
      does_not_permit("dns:sip.example.com", "*.example.com"),
      does_not_permit("dns:example.com", ".example.com", {Check::host_names_formed}),
      excludes("dns:example.com", "example.com"),
      excludes("dns:example.com", "sip.example.com"),
      excludes("dns:bad.example.com", "*.example.com"),
      excludes("dns:", "sip.example.com"),
      does_not_exclude("dns:example.com", "notexample.com"),
      does_not_exclude("dns:a.bad.example.com", "*.example.com"),
      does_not_exclude("dns:bad.example.com", "example.com"),
      permits("net:c0000200ffffff00", "ip:192.0.2.7"),
      permits("net:c0000200ffffff00", "sip.example.com"),
      permits("net:c0000207ffffffff", "ip:192.0.2.7"),
      permits("net:0000000000000000", "ip:192.0.2.7"),
      permits("net:20010db8000000000000000000000000ffffffff000000000000000000000000", "ip:2001:db8::1"),
      does_not_permit("net:c0000200ffffff00", "ip:192.0.3.7"),
      does_not_permit("net:c0000200ffffff00", "ip:2001:db8::1"),
      does_not_permit("net:20010db8000000000000000000000000ffffffff000000000000000000000000", "ip:2001:db9::1"),
      excludes("net:c0000200ffffff00", "ip:192.0.2.255"),
      excludes("net:c0000280ffffff80", "ip:192.0.2.128"),
      does_not_exclude("net:c0000280ffffff80", "ip:192.0.2.127"),
      permits("email:a@example.com", "email:a@example.com"),
      permits("email:example.com", "email:a@Example.com"),
      permits("email:.example.com", "email:a@mail.example.com"),
      does_not_permit("email:a@example.com", "email:A@example.com"),
      does_not_permit("email:a@example.com", "email:b@example.com"),
      does_not_permit("email:example.com", "email:a@mail.example.com"),
      does_not_permit("email:.example.com", "email:a@example.com"),
      does_not_permit("email:*@example.com", "email:a@example.com"),
      permits("email:*@example.com", "email:*@example.com"),
      permits("email:ab@example.com", "email:\"a\\b\"@example.com"),
      excludes("email:ab@example.com", "email:\"ab\"@example.com"),
      excludes("email:\"a@b\"@example.com", "email:\"a\\@b\"@example.com"),
      permits("uri:example.com", "uri:https://example.com"),
      permits("uri:.example.com", "uri:https://www.example.com:8443/path?query"),
      permits("uri:example.com", "sip.example.com"),
      does_not_permit("uri:example.com", "uri:sip:example.com"),
      does_not_permit("uri:example.com", "uri:sips:alice@example.com:5061;transport=tls"),
      does_not_permit("uri:example.com", "uri:https://example.org"),
      does_not_permit("uri:example.com", "uri:https://alice@example.com/"),
      does_not_permit("uri:example.com", "uri:https://example.com:x@example.org/"),
      does_not_permit("uri:example.com", "uri:https://example.com?query"),
      does_not_permit("uri:example.com", "uri:https://example.com/a:b"),
      does_not_permit("uri:", "uri:https://example.com"),
      does_not_permit("email:", "email:a@example.com"),
      does_not_permit("uri:example.com", "uri:https://www.example.com/"),
      does_not_permit("uri:.example.com", "uri:https://example.com"),
      does_not_permit("uri:example.com", "uri:https://192.0.2.1"),
      does_not_permit("uri:example.com", "uri:urn:example:com"),
      excludes("uri:example.com", "uri:https://EXAMPLE.com/"),
      excludes("uri:example.com", "uri:https://user@EXAMPLE.com/"),
      excludes("uri:example.org", "uri:sip:example.com"),
      excludes("uri:", "uri:https://example.com"),
      excludes("email:", "email:a@example.com"),
      does_not_exclude("uri:example.org", "uri:https://example.com"),
      good("directory permitted", with_subject({"dir:CN=Sip.example.com"}, {}, "sip.example.com")),
      blocks("directory not permitted", Check::names_permitted, 0,
             with_subject({"dir:CN=other"}, {}, "sip.example.com")),
      blocks("directory excluded", Check::names_excluded, 0,
             with_subject({}, {"dir:CN=sip.example.com"}, "sip.example.com")),
      good("directory not excluded", with_subject({}, {"dir:CN=other"}, "sip.example.com")),
      blocks("a directory name among the alternative ones", Check::names_permitted, 0,
             [](PathCase& c) {
               with_subject({"dir:CN=sip.example.com"}, {}, "sip.example.com")(c);
               c.leaf.names.emplace_back("dir:CN=other");
             }),
      good("an empty subject under a constraint on directories",
           constrained({"dir:CN=other"}, {}, {"sip.example.com"})),
      blocks("permitted and excluded", Check::names_excluded, 0,
             constrained({"dns:example.com"}, {"dns:sip.example.com"}, {"sip.example.com"})),
      blocks("an address of the subject beside a permitted alternative name", Check::names_permitted, 0,
             [](PathCase& c) {
               constrained({"email:example.com"}, {}, {"email:a@example.com"})(c);
               c.leaf.organisation = "Example";
               c.leaf.email = "a@example.org";
             }),
      blocks("the second name", Check::names_permitted, 0,
             constrained({"dns:example.com"}, {}, {"sip.example.com", "sip.example.org"})),
      good("one of several subtrees",
           constrained({"dns:example.org", "dns:example.com"}, {"dns:example.net"}, {"sip.example.com"})),
      blocks("a kind that cannot be compared", Check::names_excluded, 0,
             constrained({}, {"other:"}, {"sip.example.com", "other:"})),
      good("a kind that cannot be compared, and no such name", constrained({}, {"other:"}, {"sip.example.com"})),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("a dot in front of a constraint on DNS names means all below, and is a remark") {
  const auto dotted = [](const Names& permitted, const Names& excluded, const std::string& name) {
    return warns(name, Check::dns_constraints_undotted, 1, constrained(permitted, excluded, {name}));
  };
  const auto refused = [](const Names& permitted, const Names& excluded, const std::string& name, Check check) {
    return blocks(name, check, 0, constrained(permitted, excluded, {name}), {Check::dns_constraints_undotted});
  };
  const std::vector<PathRow> rows{
      dotted({"dns:.example.com"}, {}, "sip.example.com"),
      dotted({"dns:.EXAMPLE.com"}, {}, "a.sip.example.com"),
      dotted({"dns:.example.com"}, {}, "*.example.com"),
      dotted({}, {"dns:.example.com"}, "example.com"),
      dotted({}, {"dns:.example.com"}, "sip.example.org"),
      dotted({}, {"dns:.sip.example.com"}, "*.example.com"),
      refused({"dns:.example.com"}, {}, "example.com", Check::names_permitted),
      refused({"dns:.example.com"}, {}, "notexample.com", Check::names_permitted),
      refused({}, {"dns:.example.com"}, "sip.example.com", Check::names_excluded),
      refused({}, {"dns:.example.com"}, "*.example.com", Check::names_excluded),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("without a DNS name a common name is held against constraints, as OpenSSL does and web clients do not") {
  struct Row {
    Names permitted, excluded;
    std::string common_name;
    std::optional<Check> blocks;
  };
  const std::vector<Row> rows{
      {{"dns:example.com"}, {}, "sip.example.org", Check::names_permitted},
      {{}, {"dns:example.org"}, "sip.example.org", Check::names_excluded},
      {{"dns:example.com"}, {}, "a_b.example.org", Check::names_permitted},
      {{"dns:example.com"}, {}, "192.0.2.1", Check::names_permitted},
      {{"dns:example.com"}, {}, "sip.example.com", {}},
      {{"dns:example.com"}, {}, "localhost", {}},
      {{"dns:example.com"}, {}, "Voice 1.2 of Example", {}},
      {{"dns:example.com"}, {}, "*.example.org", {}},
      {{"dns:example.com"}, {}, "sip..example.org", {}},
      {{"dns:example.com"}, {}, "sip.-example.org", {}},
      {{"dns:example.com"}, {}, "sip.example.org.", {}},
      {{"email:example.com"}, {}, "sip.example.org", {}},
  };
  for (const auto& row : rows) {
    INFO(row.common_name);
    PathCase one;
    constrained(row.permitted, row.excluded, {"uri:sip:sip.example.com"})(one);
    one.leaf.common_name = row.common_name;
    const auto path = one.judge().path;
    CHECK(path.trusted == !row.blocks);
    CHECK((path.faults.empty() ? std::nullopt : std::optional(path.faults.front().check)) == row.blocks);
    one.question.as_web = true;
    CHECK(one.judge().path.trusted);
    one.question.as_web = false;
    one.leaf.names = {row.permitted.empty() ? "sip.example.net" : "sip.example.com"};
    CHECK(one.judge().path.trusted);
  }

  // Only the leaf is asked for its name.
  PathCase one;
  one.root.extensions.emplace_back("nameConstraints", testing::name_constraints({"dns:example.com"}, {}));
  one.intermediate.common_name = "ca.example.org";
  CHECK(one.judge().path.trusted);
}

TEST_CASE("constraints along the path") {
  const auto lower = [](const std::string& name, const Names& names) {
    auto request = testing::intermediate_request(k_now);
    request.common_name = name;
    for (const auto& one : names) request.extensions.emplace_back("subjectAltName", "DNS:" + one);
    return request;
  };
  const std::vector<PathRow> rows{
      blocks("the root's", Check::names_permitted, 0,
             [](PathCase& c) {
               c.root.extensions.emplace_back("nameConstraints", testing::name_constraints({"dns:example.org"}, {}));
             }),
      blocks("narrowed below", Check::names_permitted, 0,
             [&](PathCase& c) {
               constrained({"dns:example.com"}, {}, {"a.example.com"})(c);
               auto request = lower("Lower", {});
               request.extensions.emplace_back("nameConstraints", testing::name_constraints({"dns:b.example.com"}, {}));
               c.lower = {request};
             }),
      blocks("not widened below", Check::names_permitted, 0,
             [&](PathCase& c) {
               constrained({"dns:a.example.com"}, {}, {"b.example.com"})(c);
               auto request = lower("Lower", {});
               request.extensions.emplace_back("nameConstraints", testing::name_constraints({"dns:example.com"}, {}));
               c.lower = {request};
             }),
      blocks("names of an intermediate", Check::names_excluded, 1,
             [&](PathCase& c) {
               constrained({}, {"dns:bad.example.com"}, {"sip.example.com"})(c);
               c.lower = {lower("Lower", {"bad.example.com"})};
             }),
      good("names of a self-issued intermediate",
           [&](PathCase& c) {
             constrained({}, {"dns:bad.example.com"}, {"sip.example.com"})(c);
             c.lower = {lower(c.intermediate.common_name, {"bad.example.com"})};
           }),
      good("an authority's own names are not its constraints' to judge",
           [](PathCase& c) {
             constrained({"dns:example.com"}, {}, {"sip.example.com"})(c);
             c.intermediate.extensions.emplace_back("subjectAltName", "DNS:ca.example.org");
           }),
      malformed("dns:.", "sip.example.com"),
      malformed("dns:..example.com", "sip.example.com"),
      malformed("dns:*.example.com", "sip.example.com"),
      malformed("net:c0000201", "ip:192.0.2.1"),
      malformed("net:c0000200ff00ff00", "ip:192.0.2.1"),
      malformed("email:a@b@example.com", "email:a@example.com"),
      malformed("uri:https://example.com", "uri:https://example.com/"),
      blocks("empty constraints", Check::name_constraints_filled, 1, constrained({}, {}, {"sip.example.com"})),
      blocks("constraints in a leaf", Check::name_constraints_placed, 0,
             [](PathCase& c) {
               c.leaf.extensions.emplace_back("nameConstraints", testing::name_constraints({"dns:example.com"}, {}));
             }),
      blocks("constraints in a leaf, not critical", Check::name_constraints_placed, 0,
             [](PathCase& c) { c.leaf.extensions.emplace_back("nameConstraints", "permitted;DNS:example.com"); }),
      good("constraints that are not critical",
           [](PathCase& c) { c.intermediate.extensions.emplace_back("nameConstraints", "permitted;DNS:example.com"); }),
      blocks("more names and constraints than a peer compares", Check::name_constraints_effort, 0,
             [](PathCase& c) {
               Names names, trees;
               for (int i = 0; i < 600; ++i) names.push_back("t" + std::to_string(i) + ".example.com");
               for (int i = 0; i < 600; ++i) trees.push_back("dns:x" + std::to_string(i) + ".example.com");
               constrained({}, trees, names)(c);
             }),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("policies as far as they refuse a path") {
  const Names demanded{"policyConstraints", "critical,requireExplicitPolicy:0"};
  const auto of_anchor = [&](const std::string& policy) {
    return [=](PathCase& c) {
      policies({"1.2.3.4"}, {"1.2.3.4"}, demanded)(c);
      c.root.extensions.emplace_back("certificatePolicies", policy);
    };
  };
  const std::vector<PathRow> rows{
      good("no policy, none demanded", policies({"1.2.3.4"}, {}, {})),
      blocks("demanded, and none", Check::explicit_policy, 0, policies({}, {}, demanded)),
      blocks("demanded, and the leaf has none", Check::explicit_policy, 0, policies({}, {"1.2.3.4"}, demanded)),
      blocks("demanded, and the leaf has another", Check::explicit_policy, 0,
             policies({"1.2.3.5"}, {"1.2.3.4"}, demanded)),
      good("demanded, and both have it", policies({"1.2.3.4"}, {"1.2.3.4"}, demanded)),
      good("demanded, and any above", policies({"1.2.3.4"}, {"2.5.29.32.0"}, demanded)),
      good("demanded, and any below", policies({"2.5.29.32.0"}, {"1.2.3.4"}, demanded)),
      blocks("any is inhibited", Check::explicit_policy, 0,
             policies({"2.5.29.32.0"}, {"1.2.3.4"},
                      {"policyConstraints", "critical,requireExplicitPolicy:0", "inhibitAnyPolicy", "critical,0"})),
      good("mapped", policies({"1.2.3.5"}, {"1.2.3.4"},
                              {"policyConstraints", "critical,requireExplicitPolicy:0", "policyMappings",
                               "critical,1.2.3.4:1.2.3.5"})),
      blocks("mapped, and the leaf has what was mapped away", Check::explicit_policy, 0,
             policies({"1.2.3.4"}, {"1.2.3.4"},
                      {"policyConstraints", "critical,requireExplicitPolicy:0", "policyMappings",
                       "critical,1.2.3.4:1.2.3.5"})),
      good("demanded further down than the path goes",
           policies({}, {}, {"policyConstraints", "critical,requireExplicitPolicy:5"})),
      blocks("mapped from any", Check::policy_mappings_formed, 1,
             policies({"1.2.3.4"}, {"1.2.3.4"}, {"policyMappings", "critical,2.5.29.32.0:1.2.3.4"})),
      warns("policyConstraints not critical", Check::policy_constraints_formed, 1,
            policies({}, {}, {"policyConstraints", "requireExplicitPolicy:5"})),
      warns("inhibitAnyPolicy not critical", Check::policy_constraints_formed, 1,
            policies({}, {}, {"inhibitAnyPolicy", "0"})),
      warns("policyConstraints empty", Check::policy_constraints_formed, 1,
            policies({}, {}, {"policyConstraints", "critical,DER:3000"})),
      blocks("a critical policy with an unknown qualifier", Check::extensions_known, 0,
             policies({"critical,DER:3013301106032A0304300A300806032A03050C0178"}, {}, {})),
      good("a policy with an unknown qualifier that is not critical",
           policies({"DER:3013301106032A0304300A300806032A03050C0178"}, {}, {})),
      good("a critical policy with a pointer to the practice statement",
           policies({"critical,DER:3018301606032A0304300F300D06082B06010505070201160178"}, {}, {})),
      good("the anchor's policy", of_anchor("1.2.3.4")),
      blocks("another policy than the anchor's", Check::explicit_policy, 0, of_anchor("1.2.3.5")),
      good("an anchor of any policy", of_anchor("2.5.29.32.0")),
      warns("a policy twice", Check::policies_unique, 0, policies({"1.2.3.4,1.2.3.4"}, {}, {})),
  };
  for (const auto& row : rows) expect(row);
}
