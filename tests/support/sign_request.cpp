// sign-request: what the signer makes of requests, for another signer to compare with. Reads a JSON array of requests
// on standard input; writes one of what is sent with each.
#include <iostream>

#include <nlohmann/json.hpp>

#include "providers/cloud/aws/signature.hpp"

namespace {

void sign_all() {
  using namespace trunkform;
  namespace aws = cloud::aws;
  using Json = nlohmann::json;
  auto results = Json::array();
  for (const auto& given : Json::parse(std::cin)) {
    const auto text = [&](const char* name) { return given.at(name).get<std::string>(); };
    const auto body = text("body");
    aws::Signable request{text("method"), text("host"), text("path"), {}, {}, body};
    for (const auto& pair : given.at("query")) request.query.emplace_back(pair.at(0), pair.at(1));
    for (const auto& pair : given.at("headers")) request.headers.push_back({pair.at(0), pair.at(1)});
    aws::Credentials credentials;
    credentials.access_key_id = text("access_key_id");
    credentials.secret_access_key = SecretBuffer::copy_of(text("secret_access_key"));
    if (const auto token = text("session_token"); !token.empty())
      credentials.session_token = SecretBuffer::copy_of(token);
    const aws::Scope scope{text("region"), text("service"),
                           text("service") == "s3" ? aws::PathRule::as_sent : aws::PathRule::encoded_again};
    const auto signature = aws::sign(request, credentials, scope, *parse_rfc3339(text("time")));
    results.push_back({{"authorization", std::string(signature.authorization.view())},
                       {"date", signature.date},
                       {"query", aws::canonical_query(request.query)},
                       {"body_digest", signature.body_digest}});
  }
  std::cout << results.dump(1) << '\n';
}

}  // namespace

int main() {
  try {
    sign_all();
    return 0;
  } catch (...) {
    return 1;  // the test that reads the answer says that there is none
  }
}
