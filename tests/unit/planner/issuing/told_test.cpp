#include "planner/issuing/told.hpp"

#include <catch2/catch.hpp>

#include "planner/issuing/plan_issue.hpp"

using namespace trunkform;

namespace {

SourceRange on_line(std::uint32_t line) { return {"main.trunk.json", {line, 5, 0}, {line, 9, 4}}; }

IssueRequest request() {
  IssueRequest request;
  request.address = "certificate.issued.sip";
  request.issuer_address = "issuer.local_ca.lab";
  request.store_address = "store.files.sip";
  request.names = {"sip.example.com"};
  request.range = on_line(6);
  request.issuer_range = on_line(4);
  request.store_range = on_line(5);
  return request;
}

}  // namespace

TEST_CASE("what goes wrong with a request is told with the places of its blocks") {
  const Error why(ErrorCode::unavailable, "it does not answer");
  const auto told = issuing::told_of(request(), issuing::from_issuer(request(), why));
  CHECK(told.address == "certificate.issued.sip");
  REQUIRE(told.source);
  CHECK(*told.source == on_line(6));
  CHECK(told.hints == std::vector<std::string>{"see issuer.local_ca.lab, on main.trunk.json line 4"});
  CHECK(issuing::from_store(request(), issuing::from_store(request(), why)).hints ==
        std::vector<std::string>{"see store.files.sip, on main.trunk.json line 5"});
  CHECK(issuing::from_issuer(request(), Result<>(why)).error().hints == told.hints);
  CHECK(issuing::from_issuer(request(), Result<>()));
}

TEST_CASE("a place of its own stays, who stopped a run is no block, and a saved plan knows no lines") {
  const Error why(ErrorCode::unavailable, "it does not answer");
  CHECK(*issuing::told_of(request(), Error(why).at(on_line(9))).source == on_line(9));
  CHECK(issuing::from_issuer(request(), Error(ErrorCode::cancelled, "stopped")).hints.empty());
  auto saved = request();
  saved.range = saved.issuer_range = SourceRange();
  CHECK_FALSE(issuing::told_of(saved, why).source);
  CHECK(issuing::from_issuer(saved, why).hints == std::vector<std::string>{"see issuer.local_ca.lab"});
}

TEST_CASE("a plan tells where the block of a request stands") {
  const auto asked = request();
  issuing::IssueInput input{.request = asked};
  input.refused = Error(ErrorCode::untrusted, "it may not be asked");
  const auto planned = issuing::plan_issue(input);
  REQUIRE(planned.error);
  REQUIRE(planned.error->source);
  CHECK(*planned.error->source == on_line(6));
}
