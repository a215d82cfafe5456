#include "providers/sources/aws_secretsmanager/source.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::sources {
namespace {

using cloud::SecretJson;
using cloud::aws::json_of;

const cloud::aws::Service k_secrets{"secretsmanager", "secretsmanager"};
constexpr std::string_view k_current = "AWSCURRENT", k_previous = "AWSPREVIOUS", k_pending = "AWSPENDING";
// Ids that store.aws_secretsmanager gives to versions which hold no pair.
constexpr std::string_view k_staged = "trunkform-key-", k_begun = "trunkform-nothing-was-issued-yet";

bool has(const std::vector<std::string>& stages, std::string_view stage) {
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

/// A version that a rotation is still making is nobody's certificate yet.
VersionStatus status_of(const std::string& version, const std::vector<std::string>& stages) {
  const bool is_unfinished = has(stages, k_pending) && !has(stages, k_current);
  return is_unfinished || version.starts_with(k_staged) || version == k_begun ? VersionStatus::disabled
                                                                              : VersionStatus::usable;
}

/// Of versions without dates: what is offered, what was offered before, the rest.
int rank_of(const std::vector<std::string>& stages) {
  return has(stages, k_current) ? 0 : has(stages, k_previous) ? 1 : 2;
}

}  // namespace

/// One version of the secret, as it came.
struct AwsSecretsManagerSource::Read {
  SecretBuffer passphrase;
  VersionId version;
  std::optional<Instant> created;
  std::optional<SecretContent> content{};  ///< borrows the passphrase

  Read(SecretBuffer with, VersionId id, std::optional<Instant> since)
      : passphrase(std::move(with)), version(std::move(id)), created(since) {}
};

Error AwsSecretsManagerSource::explained(Error error) const {
  if (error.code == ErrorCode::not_found) {
    error.hints.emplace_back(
        fmt::format("look for it: aws secretsmanager describe-secret --secret-id {}", shell_word(m_place.secret)));
    error.hints.emplace_back("check secret_id, and region of provider.aws");
  } else if (error.code == ErrorCode::rejected && error.summary.find("deletion") != std::string::npos) {
    error.code = ErrorCode::not_found;
    error.hints.emplace_back(
        fmt::format("bring it back: aws secretsmanager restore-secret --secret-id {}", shell_word(m_place.secret)));
  }
  return error;
}

Result<SecretJson> AwsSecretsManagerSource::metadata(const Context& context) {
  auto answer =
      m_client.call(context, k_secrets, "DescribeSecret", json_of({{"SecretId", m_place.secret}}), m_place.secret);
  if (!answer) return explained(std::move(answer.error()));
  SecretJson json(*answer);
  if (const auto deleted = json.time({"DeletedDate"}))
    return Error(ErrorCode::not_found, fmt::format("the secret {} is deleted, or about to be (DeletedDate {})",
                                                   cloud::quoted(m_place.secret), to_rfc3339(*deleted)))
        .hint(
            fmt::format("bring it back: aws secretsmanager restore-secret --secret-id {}", shell_word(m_place.secret)));
  return json;
}

Error AwsSecretsManagerSource::no_stage(SecretJson& metadata) const {
  std::set<std::string> stages;
  for (const auto& id : metadata.names({"VersionIdsToStages"}))
    for (auto& stage : metadata.texts({"VersionIdsToStages", id})) stages.insert(cloud::quoted(stage, 64));
  return Error(ErrorCode::not_found,
               fmt::format("no version of the secret {} has the stage {}", cloud::quoted(m_place.secret),
                           cloud::quoted(m_place.stage)),
               stages.empty() ? "it has no value yet" : fmt::format("there are {}", fmt::join(stages, ", ")))
      .hint(stages.empty()
                ? fmt::format("write a chain and its key to it: aws secretsmanager put-secret-value --secret-id {} "
                              "--secret-string file://pair.json",
                              shell_word(m_place.secret))
                : "write another version_stage, or leave it out");
}

Result<std::optional<VersionId>> AwsSecretsManagerSource::offered(const Context& context) {
  auto json = metadata(context);
  // Who may read the secret need not be allowed to read about it: then the secret itself says its version.
  if (!json && json.error().code == ErrorCode::denied)
    return m_place.version ? std::optional(VersionId{*m_place.version}) : std::nullopt;
  if (!json) return std::move(json.error());
  if (m_place.version) return std::optional(VersionId{*m_place.version});
  for (const auto& id : json->names({"VersionIdsToStages"}))
    if (has(json->texts({"VersionIdsToStages", id}), m_place.stage)) return std::optional(VersionId{id});
  return no_stage(*json);
}

Result<std::unique_ptr<AwsSecretsManagerSource::Read>> AwsSecretsManagerSource::read(
    const Context& context, const std::optional<VersionId>& version) {
  const auto body = version ? json_of({{"SecretId", m_place.secret}, {"VersionId", version->value}})
                            : json_of({{"SecretId", m_place.secret}, {"VersionStage", m_place.stage}});
  auto answer = m_client.call(context, k_secrets, "GetSecretValue", body, m_place.secret);
  if (!answer) return explained(std::move(answer.error()));
  SecretJson json(*answer);
  const auto id = json.text({"VersionId"});
  if (!id)
    return Error(ErrorCode::protocol, fmt::format("the answer for {} has no version", cloud::quoted(m_place.secret)));
  if (version && *id != version->value)
    return Error(ErrorCode::conflict,
                 fmt::format("the secret {} holds another version than the one that was planned",
                             cloud::quoted(m_place.secret)),
                 fmt::format("{} was asked for, {} came", version->value, cloud::quoted(*id)))
        .hint("review a new plan: trunkform plan -out=new.trunkplan");
  if (*id == k_begun)
    return Error(ErrorCode::not_found,
                 fmt::format("the secret {} has no certificate yet", cloud::quoted(m_place.secret)),
                 "a request for one was begun, and has not ended")
        .hint("go on with it: trunkform apply");
  auto passphrase = m_passphrase ? TRY(m_passphrase()) : SecretBuffer();
  auto read = std::make_unique<Read>(std::move(passphrase), VersionId{*id}, json.time({"CreatedDate"}));
  read->content.emplace(TRY(SecretContent::of(json, m_place.secret, m_place.fields, read->passphrase)));
  return read;
}

Result<Described> AwsSecretsManagerSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                                    const std::optional<VersionId>& known) {
  const auto version = pin ? pin : TRY(offered(context));
  Described described;
  if (version && known && *version == *known) {
    described.version = *known;
    described.unchanged = true;
    return described;
  }
  const auto seen = TRY(read(context, version));
  described.version = seen->version;
  described.certificates_pem = TRY(seen->content->certificates());
  described.since = seen->created;
  described.no_key = seen->content->no_key();
  return described;
}

Result<std::vector<SourceVersion>> AwsSecretsManagerSource::listed(const Context& context) {
  struct Listed {
    SourceVersion version;
    int rank = 0;
  };
  std::vector<Listed> found;
  const auto about = json_of({{"SecretId", m_place.secret}});
  const auto body = cloud::joined({R"({"IncludeDeprecated":true,)", about.view().substr(1)});
  TRY(m_client.each_page(
      context, k_secrets, "ListSecretVersionIds", body, m_place.secret, [&](SecretJson& page) -> Result<> {
        auto items = page.items({"Versions"});
        if (!items)
          return Error(ErrorCode::protocol,
                       fmt::format("the versions of {} were not understood", cloud::quoted(m_place.secret)));
        for (auto& one : *items) {
          const auto id = one.text({"VersionId"});
          if (!id) continue;
          const auto stages = one.texts({"VersionStages"});
          found.push_back({{{*id}, one.time({"CreatedDate"}), status_of(*id, stages)}, rank_of(stages)});
        }
        return {};
      }));
  std::stable_sort(found.begin(), found.end(), [](const Listed& a, const Listed& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.version.created.value_or(Instant::min()) > b.version.created.value_or(Instant::min());
  });
  std::vector<SourceVersion> versions;
  versions.reserve(found.size());
  for (auto& one : found) versions.push_back(std::move(one.version));
  return versions;
}

Result<std::vector<SourceVersion>> AwsSecretsManagerSource::versions(const Context& context) {
  auto all = listed(context);
  if (all || all.error().code != ErrorCode::denied) {
    if (!all) return explained(std::move(all.error()));
    return all;
  }
  // The labelled ones are in the metadata, for which a smaller right suffices.
  auto json = TRY(metadata(context));
  std::vector<std::pair<int, SourceVersion>> labelled;
  for (const auto& id : json.names({"VersionIdsToStages"})) {
    const auto stages = json.texts({"VersionIdsToStages", id});
    labelled.emplace_back(rank_of(stages), SourceVersion{{id}, {}, status_of(id, stages)});
  }
  std::stable_sort(labelled.begin(), labelled.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SourceVersion> versions;
  versions.reserve(labelled.size());
  for (auto& [rank, version] : labelled) versions.push_back(std::move(version));
  return versions;
}

Result<FetchedPair> AwsSecretsManagerSource::fetch(const Context& context, const VersionId& version) {
  const auto seen = TRY(read(context, version));
  FetchedPair fetched;
  fetched.certificates_pem = TRY(seen->content->certificates());
  fetched.private_key = TRY(seen->content->key());
  // A key in PEM may be encrypted with it, too.
  fetched.passphrase = std::move(seen->passphrase);
  return fetched;
}

}  // namespace trunkform::sources
