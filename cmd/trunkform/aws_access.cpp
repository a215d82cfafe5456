#include "cmd/trunkform/aws_access.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "cmd/engine/doctor.hpp"
#include "cmd/trunkform/wait_notice.hpp"
#include "providers/cloud/aws/bucket.hpp"
#include "providers/cloud/aws/chain.hpp"
#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/aws/profile_files.hpp"
#include "providers/cloud/aws/sts.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

using language::AwsProvider;
namespace aws = cloud::aws;

std::string said(const World& world, const std::string& name) { return world.environment.variable(name).value_or(""); }

/// `AWS_ENDPOINT_URL_SECRETS_MANAGER`, by the names that AWS's SDKs give the services.
std::string endpoint_variable(const std::string& service) {
  if (service == "secretsmanager") return "AWS_ENDPOINT_URL_SECRETS_MANAGER";
  if (service == "portal.sso") return "AWS_ENDPOINT_URL_SSO";
  std::string name = "AWS_ENDPOINT_URL_" + service;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

/// The operator's own address needs no line of the trust file, but plain http is for loopback whoever says it.
Result<std::string> checked_endpoint(const std::string& name, const std::string& text) {
  const auto url = parse_url(text);
  if (!url)
    return Error(ErrorCode::invalid_input, fmt::format("{} is no http or https address", name), url.error().summary)
        .hint(fmt::format("write scheme and host, or unset {}", name));
  if (url->scheme == "http" && !is_loopback(url->host))
    return Error(ErrorCode::untrusted, fmt::format("requests to AWS do not go over plain http to {}", url->host),
                 "anybody on the way could read the secrets in them")
        .hint(fmt::format("write an https:// address into {}", name));
  return url->base();
}

/// Words of a command line with quotes and backslashes, without anything else that a shell does.
std::vector<std::string> shell_words(const std::string& line) {
  std::vector<std::string> words;
  bool is_open = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && (c == ' ' || c == '\t')) {
      is_open = false;
      continue;
    }
    if (!is_open) words.emplace_back();
    is_open = true;
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
    else if (c == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += c;
  }
  return words;
}

Error no_region(const AwsProvider* provider, const std::string& block) {
  Error error(ErrorCode::invalid_input, "no AWS region is known",
              fmt::format("{}, and neither AWS_REGION nor AWS_DEFAULT_REGION is set",
                          provider == nullptr ? fmt::format("there is no {} block", block) : block + " has no region"));
  if (provider != nullptr) error.source = provider->source;
  error.hints.emplace_back("set AWS_REGION, such as eu-central-1");
  return error;
}

class Access final : public AwsAccess {
 public:
  Access(World& world, const engine::Trust& trust, const AwsProvider* provider, std::string block)
      : m_block(std::move(block)),
        m_world(world),
        m_trust(trust),
        m_provider(provider),
        m_around{world.environment,
                 world.files,
                 world.http,
                 world.clock,
                 world.random,
                 [this](const std::string& service, const std::string& region) { return endpoint(service, region); },
                 [this](const Context& context, const std::string& command) { return run(context, command); }},
        m_keeper([this](const Context& context) { return aws::find_credentials(context, m_around, m_wanted); },
                 world.clock) {}

  Result<> prepare() {
    m_own_region = TRY(own_region());
    m_wanted.region = m_provider != nullptr && !m_provider->region.empty() ? m_provider->region : m_own_region;
    if (m_wanted.region.empty()) return no_region(m_provider, m_block);
    TRY(placed(allow_region(m_wanted.region)));
    if (m_provider != nullptr) TRY(placed(choose_identity(*m_provider)));
    aws::Options options;
    options.region = m_wanted.region;
    options.endpoint = [this](const std::string& service, const std::string& region) -> Result<std::string> {
      TRY(allow_region(region));
      return endpoint(service, region);
    };
    options.allow_account = [this](const Context& context, const std::string& account) {
      return allow_account(context, account);
    };
    options.own_account = [this](const Context& context) { return own_account(context); };
    options.calls.on_wait = tells_of_tries(m_world);
    m_client.emplace(std::move(options), m_keeper, m_world.http, m_world.clock, m_world.random);
    return {};
  }

  aws::Client& client() override { return *m_client; }

  Result<std::unique_ptr<ObjectStore>> bucket(const BucketWish& wish) override {
    const auto& region = m_wanted.region;
    const auto service = wish.endpoint.empty() ? TRY(endpoint("s3", region))
                                               : TRY(checked_endpoint(m_block + ".endpoint", wish.endpoint));
    aws::BucketOptions options;
    options.region = region;
    options.place = TRY(aws::bucket_place(service, wish.name, wish.style));
    options.encryption = wish.encryption;
    options.kms_key_id = wish.kms_key_id;
    options.calls.on_wait = tells_of_tries(m_world);
    // The names of Amazon's buckets are everybody's: a change to one must not bring the state into a stranger's.
    const bool is_amazon =
        service == "https://" + aws::service_host("s3", region) || service.find(".amazonaws.com") != std::string::npos;
    if (is_amazon)
      options.owner = [this, owner = wish.owner](const Context& context) { return amazon_owner(context, owner); };
    else if (!wish.owner.empty())
      options.owner = [owner = wish.owner](const Context&) -> Result<std::string> { return owner; };
    return std::make_unique<aws::Bucket>(std::move(options), m_keeper, m_world.http, m_world.clock, m_world.random);
  }

  Checkup examine(const Context& context) override {
    Checkup checkup;
    checkup.place = "region " + m_wanted.region;
    const auto credentials = m_keeper.current(context);
    if (!credentials) {
      checkup.bad(credentials.error());
      return checkup;
    }
    checkup.good(fmt::format("credentials come from {}", (*credentials)->origin));
    std::optional<Duration> clock;
    auto caller = aws::caller_of(context, m_around, m_wanted.region, **credentials, &clock);
    // First of all: a signature of another time is refused.
    engine::examine_clock(checkup, clock);
    if (!caller) {
      checkup.bad(std::move(caller.error()));
      return checkup;
    }
    checkup.good(fmt::format("signed in as {}, in account {}", cloud::quoted(caller->arn, 200),
                             cloud::quoted(caller->account, 20)));
    const auto& expires = (*credentials)->expires;
    checkup.good(
        expires ? fmt::format("the credentials last until {}, and are fetched anew before that", to_rfc3339(*expires))
                : "the credentials do not end");
    return checkup;
  }

 private:
  const std::string m_block;
  World& m_world;
  const engine::Trust& m_trust;
  const AwsProvider* m_provider;
  std::string m_own_region;  ///< the operator's
  aws::Wanted m_wanted;
  aws::Surroundings m_around;
  aws::CredentialKeeper m_keeper;
  std::optional<aws::Client> m_client;
  std::mutex m_account_mutex;
  std::string m_account;  ///< our own, once it was asked for

  /// What the operator says: the environment, else the profile that is used.
  Result<std::string> own_region() const {
    for (const auto* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
      if (auto region = said(m_world, name); !region.empty()) return region;
    const bool is_chosen = m_provider != nullptr && !m_provider->profile.empty();
    const auto profiles = TRY(aws::Profiles::read(m_world.files, m_world.environment));
    return profiles.text(is_chosen ? m_provider->profile : aws::profile_of(m_world.environment), "region");
  }

  /// Asked for once. From several threads.
  Result<std::string> own_account(const Context& context) {
    const std::scoped_lock guard(m_account_mutex);
    if (m_account.empty()) {
      const auto credentials = TRY(m_keeper.current(context));
      m_account = TRY(aws::caller_of(context, m_around, m_wanted.region, *credentials)).account;
    }
    return m_account;
  }

  /// A whole ARN names an account, and a change to it must not make us ask in somebody else's.
  Result<> allow_account(const Context& context, const std::string& account) {
    const auto ours = TRY(own_account(context));
    if (account == ours) return {};
    return m_trust.allow_scope(
        "aws_account", account,
        fmt::format("the configuration asks for something in AWS account {}, and this run is of {}", account, ours));
  }

  Result<std::string> amazon_owner(const Context& context, const std::string& owner) {
    if (owner.empty()) return own_account(context);
    TRY(allow_account(context, owner));
    return owner;
  }

  /// A `credential_process` line, as a shell would take its words apart; no shell sees it.
  Result<SecretBuffer> run(const Context& context, const std::string& line) const {
    if (m_world.outlets.programs == nullptr) return Error(ErrorCode::unsupported, "no programs are run here");
    const auto words = shell_words(line);
    if (words.empty() || !Path(words.front()).is_absolute())
      return Error(ErrorCode::invalid_input, "credential_process must begin with the whole path of a program", line)
          .hint("write its path from the root into the profile");
    const auto* program = TRY(m_trust.allow_program(words));
    ProgramRequest request;
    request.path = words.front();
    request.digest = program->sha256;
    request.arguments.assign(words.begin() + 1, words.end());
    for (const auto& name : program->env)
      if (auto value = m_world.environment.variable(name)) request.environment.emplace_back(name, std::move(*value));
    request.timeout = std::chrono::minutes(1);
    request.secret_output = true;
    auto end = TRY(m_world.outlets.programs->run(context, request));
    if (end.exit_code != 0)
      return Error(ErrorCode::denied, fmt::format("credential_process {} ended with {}", words.front(), end.exit_code),
                   end.output.empty() ? std::string() : "it said " + cloud::quoted(end.output))
          .hint("run it by hand and look: its line is in the profile");
    return std::move(end.secret_output);
  }

  Result<> placed(Result<> result) const {
    if (!result && m_provider != nullptr) return std::move(result.error()).at(m_provider->source);
    return result;
  }

  /// From several threads.
  Result<> allow_region(const std::string& region) const {
    if (!aws::is_region(region))
      return Error(ErrorCode::invalid_input, fmt::format("'{}' is not the name of an AWS region", region))
          .hint("write one such as eu-central-1");
    if (region == m_own_region) return {};
    return m_trust.allow_scope("aws_region", region, fmt::format("the configuration asks for AWS region {}", region));
  }

  /// Another profile or role is another person: the operator says who a run may be.
  Result<> choose_identity(const AwsProvider& provider) {
    m_wanted.profile = provider.profile;
    if (!provider.profile.empty() && provider.profile != said(m_world, "AWS_PROFILE"))
      TRY(m_trust.allow_scope("aws_profile", provider.profile,
                              fmt::format("the configuration asks for AWS profile {}", provider.profile)));
    if (provider.role_arn.empty()) return {};
    TRY(m_trust.allow_scope("aws_role", provider.role_arn,
                            fmt::format("the configuration asks for AWS role {}", provider.role_arn)));
    aws::Role role{provider.role_arn};
    if (!provider.session_name.empty()) role.session_name = provider.session_name;
    role.external_id = provider.external_id;
    m_wanted.role = std::move(role);
    return {};
  }

  Result<std::string> endpoint(const std::string& service, const std::string& region) const {
    for (const auto& name : {endpoint_variable(service), std::string("AWS_ENDPOINT_URL")})
      if (const auto text = said(m_world, name); !text.empty()) return checked_endpoint(name, text);
    return "https://" + aws::service_host(service, region);
  }
};

}  // namespace

Result<std::unique_ptr<AwsAccess>> AwsAccess::open(World& world, const engine::Trust& trust,
                                                   const AwsProvider* provider, std::string block) {
  auto access = std::make_unique<Access>(world, trust, provider, std::move(block));
  TRY(access->prepare());
  return access;
}

}  // namespace trunkform::cli
