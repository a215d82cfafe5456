#include "providers/stores/aws_secretsmanager/store.hpp"

#include <fmt/format.h>

#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/stores/layout.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::stores {
namespace {

using cloud::Repeat;
using cloud::SecretJson;
using cloud::aws::json_of;

const cloud::aws::Service k_secrets{"secretsmanager", "secretsmanager"};

bool is_ours(const std::string& version) { return !version.empty() && version != k_nothing_yet; }

std::optional<VersionId> issued_in(const SecretLabels& labels) {
  const auto version = labels.at(k_current);
  return is_ours(version) ? std::optional(VersionId{version}) : std::nullopt;
}

}  // namespace

std::string AwsSecretsManagerStore::shown() const { return fmt::format("the secret {}", cloud::quoted(m_secret)); }

Result<SecretBuffer> AwsSecretsManagerStore::call(const Context& context, const std::string& operation,
                                                  const SecretBuffer& body) {
  return m_client.call(context, k_secrets, operation, body, m_secret);
}

Result<std::string> AwsSecretsManagerStore::place(const Context& context) {
  auto region = m_client.region();
  auto name = m_secret;
  std::string account;
  if (const auto arn = cloud::aws::parse_arn(m_secret)) {
    // Where the name ends and AWS's characters begin is for AWS to say.
    name = TRY(seen(context)).name;
    region = arn->region;
    account = arn->account;
  } else {
    account = TRY(m_client.account(context));
  }
  return fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}", cloud::aws::partition_of(region), region, account, name);
}

Result<std::optional<SecretLabels>> AwsSecretsManagerStore::look(const Context& context) {
  auto answer = call(context, "DescribeSecret", json_of({{"SecretId", m_secret}}));
  if (!answer && answer.error().code == ErrorCode::not_found) return std::optional<SecretLabels>();
  if (!answer) return std::move(answer.error());
  SecretJson json(*answer);
  auto labels = labels_in(json);
  if (!labels.deleted.empty())
    return Error(ErrorCode::not_found,
                 fmt::format("{} is deleted, or about to be (DeletedDate {})", shown(), labels.deleted))
        .hint(fmt::format("bring it back: aws secretsmanager restore-secret --secret-id {}", shell_word(m_secret)));
  return std::optional(std::move(labels));
}

Result<SecretLabels> AwsSecretsManagerStore::seen(const Context& context) {
  auto labels = TRY(look(context));
  if (labels) return std::move(*labels);
  return Error(ErrorCode::not_found, fmt::format("there is no {}", shown().substr(4)))
      .hint("check secret_id, and region of provider.aws: aws secretsmanager list-secrets");
}

/// Who is first creates it, and whoever else comes finds it there.
Result<> AwsSecretsManagerStore::create(const Context& context) {
  if (cloud::aws::parse_arn(m_secret))
    return Error(ErrorCode::not_found, fmt::format("there is no {}", shown().substr(4)),
                 "a secret is created under its name, and AWS makes the ARN")
        .hint("write its name as secret_id, without arn:…:secret: and without AWS's six characters at the end");
  const auto body = json_of({{"Name", m_secret},
                             {"Description", "written by trunkform: a certificate with its key"},
                             {"ClientRequestToken", k_nothing_yet},
                             {"SecretString", "{}"}});
  auto made = call(context, "CreateSecret", body);
  if (made || made.error().code == ErrorCode::rejected) return {};
  if (made.error().code == ErrorCode::denied)
    return std::move(made.error())
        .hint(fmt::format("or create it: aws secretsmanager create-secret --name {}", shell_word(m_secret)));
  return std::move(made.error());
}

Result<SecretLabels> AwsSecretsManagerStore::prepared(const Context& context) {
  auto labels = TRY(look(context));
  if (!labels) {
    TRY(create(context));
    labels = TRY(seen(context));
  }
  if (!labels->versions.empty()) return std::move(*labels);
  TRY(put(context, std::string(k_nothing_yet), SecretBuffer::copy_of("{}")));
  return seen(context);
}

Result<std::optional<StoredVersion>> AwsSecretsManagerStore::current(const Context& context) {
  const auto labels = TRY(look(context));
  const auto version = labels ? issued_in(*labels) : std::nullopt;
  if (!version) return std::optional<StoredVersion>();
  return std::optional(StoredVersion{*version, request_in(version->value)});
}

Result<std::optional<StagedKey>> AwsSecretsManagerStore::staged(const Context& context) {
  const auto labels = TRY(look(context));
  const auto version = labels ? labels->at(k_pending) : std::string();
  if (version.empty()) return std::optional<StagedKey>();
  SecretJson answer(TRY(call(context, "GetSecretValue", json_of({{"SecretId", m_secret}, {"VersionId", version}}))));
  const auto text = answer.secret({"SecretString"});
  SecretJson json(text ? text->duplicate() : SecretBuffer());
  auto key = TRY(staged_in([&](std::string_view name) { return json.secret({name}); },
                           fmt::format("the version {} of {}", cloud::quoted(version), shown()),
                           fmt::format("take its label off, and run this again: aws secretsmanager "
                                       "update-secret-version-stage --secret-id {} --version-stage {} "
                                       "--remove-from-version-id {}",
                                       shell_word(m_secret), k_pending, shell_word(version))));
  return std::optional(std::move(key));
}

/// Labelled by its own id: a label that is elsewhere already would be moved without any condition.
Result<> AwsSecretsManagerStore::put(const Context& context, const std::string& version, const SecretBuffer& value) {
  const auto body = json_of({{"SecretId", m_secret}, {"ClientRequestToken", version}, {"SecretString", value.view()}});
  const auto whole =
      cloud::joined({body.view().substr(0, body.size() - 1), fmt::format(R"(,"VersionStages":["{}"]}})", version)});
  TRY(call(context, "PutSecretValue", whole));
  return {};
}

Result<> AwsSecretsManagerStore::move(const Context& context, std::string_view label, const std::string& from,
                                      const std::string& to, const Error& otherwise) {
  std::string text(json_of({{"SecretId", m_secret}, {"VersionStage", label}}).view());
  text.pop_back();
  if (!from.empty()) text += fmt::format(R"(,"RemoveFromVersionId":"{}")", from);
  if (!to.empty()) text += fmt::format(R"(,"MoveToVersionId":"{}")", to);
  const auto body = SecretBuffer::copy_of(text + "}");
  for (bool again = false;; again = true) {
    auto moved = m_client.call(context, k_secrets, "UpdateSecretVersionStage", body, m_secret, Repeat::refused_only);
    if (moved) return {};
    auto error = std::move(moved.error());
    const bool may_have_moved = may_be_done(error);
    if (!may_have_moved && error.code != ErrorCode::rejected && error.code != ErrorCode::not_found) return error;
    auto labels = seen(context);
    if (!labels) return not_known(error, std::move(labels.error()), shown());
    const auto at = labels->at(label);
    if (at == to) return {};
    if (at != from) return otherwise;
    if (again || !may_have_moved) return error.causes.empty() ? std::move(error) : std::move(error.causes.front());
  }
}

/// A version without a label is nobody's, and AWS deletes it in time.
Result<> AwsSecretsManagerStore::take_off(const Context& context, const SecretLabels& labels,
                                          const std::string& request) {
  const auto version = labels.at(k_pending);
  if (version.empty() || request_in(version) != request) return {};
  auto taken = move(context, k_pending, version, {}, staged_meanwhile(shown()));
  // Another run's, by now.
  if (!taken && taken.error().code == ErrorCode::conflict) return {};
  return taken;
}

/// A secret has twenty labels at the most. What cannot be taken off now is taken off by the next run.
void AwsSecretsManagerStore::clear(const Context& context, const SecretLabels& labels, const std::string& version) {
  auto own = labels.left_behind();
  own.push_back(version);
  for (const auto& label : own) (void)move(context, label, label, {}, staged_meanwhile(shown()));
}

Result<> AwsSecretsManagerStore::stage(const Context& context, const StagedKey& key,
                                       const std::optional<std::string>& instead_of) {
  const auto labels = TRY(prepared(context));
  const auto before = labels.at(k_pending);
  const auto there = before.empty() ? std::nullopt : std::optional(request_in(before));
  if (there == key.request) return {};
  if (there != instead_of) return staged_meanwhile(shown());
  const auto version = staged_id(key.request, key.since);
  TRY(put(context, version, fields_of(key)));
  TRY(move(context, k_pending, before, version, staged_meanwhile(shown())));
  clear(context, {}, version);
  return {};
}

Result<> AwsSecretsManagerStore::unstage(const Context& context, const std::string& request) {
  const auto labels = TRY(look(context));
  return labels ? take_off(context, *labels, request) : Result<>();
}

Result<VersionId> AwsSecretsManagerStore::promote(const Context& context, const std::string& request,
                                                  const KeyPair& pair, const std::optional<VersionId>& expected) {
  const auto labels = TRY(prepared(context));
  const auto there = issued_in(labels);
  if (there && request_in(there->value) == request) {
    TRY(take_off(context, labels, request));
    return *there;
  }
  if (there != expected) return replaced_meanwhile(shown());
  const auto version = promoted_id(request, pair.chain_pem);
  TRY(put(context, version, fields_of(request, pair)));
  TRY(move(context, k_current, labels.at(k_current), version, replaced_meanwhile(shown())));
  TRY(take_off(context, labels, request));
  clear(context, labels, version);
  return VersionId{version};
}

}  // namespace trunkform::stores
