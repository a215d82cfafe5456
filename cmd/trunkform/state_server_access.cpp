#include "cmd/trunkform/state_server_access.hpp"

#include "cmd/trunkform/wait_notice.hpp"
#include "providers/cloud/basic_authorization.hpp"
#include "providers/cloud/client_certificate.hpp"
#include "providers/cloud/http_state/server.hpp"

namespace trunkform::cli {
namespace {

namespace http_state = cloud::http_state;

/// What the block says, else the environment.
struct Said {
  std::string text;
  bool by_block = false;
};

class Sayings {
 public:
  Sayings(World& world, const language::BackendSettings& backend) : m_world(world), m_backend(backend) {}

  Said say(const std::string& argument, const std::string& variable) const {
    const auto found = m_backend.arguments.find(argument);
    if (found != m_backend.arguments.end() && !found->second.empty()) return {found->second, true};
    return {m_world.environment.variable(variable).value_or(""), false};
  }
  std::string text(const std::string& argument, const std::string& variable) const {
    return say(argument, variable).text;
  }

 private:
  World& m_world;
  const language::BackendSettings& m_backend;
};

Result<std::optional<SecretBuffer>> authorization(World& world, const std::string& user) {
  auto password = world.environment.take_secret("TF_HTTP_PASSWORD");
  if (user.empty() && !password) return std::optional<SecretBuffer>();
  if (user.empty())
    return Error(ErrorCode::invalid_input, "TF_HTTP_PASSWORD is set, and nothing says whose it is")
        .hint("set TF_HTTP_USERNAME, or write \"username\" in backend.http");
  if (!password || password->empty())
    return Error(ErrorCode::invalid_input, "there is no password for the user of backend.http",
                 "it comes from the environment alone")
        .hint("set TF_HTTP_PASSWORD; in GitLab's CI: export TF_HTTP_PASSWORD=$CI_JOB_TOKEN");
  if (user.find(':') != std::string::npos)
    return Error(ErrorCode::invalid_input, "the user of backend.http has a colon in its name",
                 "HTTP Basic cannot say where it ends")
        .hint("use another user");
  return std::optional(cloud::basic_authorization(user, *password));
}

Result<std::optional<ClientCertificate>> certificate(World& world) {
  auto chain = world.environment.take_secret("TF_HTTP_CLIENT_CERTIFICATE_PEM");
  auto key = world.environment.take_secret("TF_HTTP_CLIENT_PRIVATE_KEY_PEM");
  if (!chain && !key) return std::optional<ClientCertificate>();
  if (!chain || !key)
    return Error(ErrorCode::invalid_input, "a client certificate needs its key, and a key its certificate")
        .hint("set both TF_HTTP_CLIENT_CERTIFICATE_PEM and TF_HTTP_CLIENT_PRIVATE_KEY_PEM, or neither");
  return std::optional(std::move(TRY(cloud::own_certificate(*chain, *key)).shown));
}

}  // namespace

Result<std::shared_ptr<StateServer>> open_state_server(World& world, const engine::Trust& trust,
                                                       const language::BackendSettings& backend) {
  const Sayings sayings(world, backend);
  const auto address = sayings.say("address", "TF_HTTP_ADDRESS");
  const auto lock_address = sayings.say("lock_address", "TF_HTTP_LOCK_ADDRESS");
  const auto unlock_address = sayings.say("unlock_address", "TF_HTTP_UNLOCK_ADDRESS");
  http_state::ServerOptions options;
  options.place =
      TRY(http_state::place_of({address.text, sayings.text("update_method", "TF_HTTP_UPDATE_METHOD"), lock_address.text,
                                sayings.text("lock_method", "TF_HTTP_LOCK_METHOD"), unlock_address.text,
                                sayings.text("unlock_method", "TF_HTTP_UNLOCK_METHOD")}));
  for (const auto* said : {&address, &lock_address, &unlock_address})
    if (said->by_block) TRY(trust.allow_host(http_state::of_workspace(said->text, "default"), "http"));
  options.authorization = TRY(authorization(world, sayings.text("username", "TF_HTTP_USERNAME")));
  options.certificate = TRY(certificate(world));
  options.calls.on_wait = tells_of_tries(world);
  return std::make_shared<http_state::Server>(std::move(options), world.http, world.clock, world.random);
}

}  // namespace trunkform::cli
