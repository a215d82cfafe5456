#include "providers/issuers/acme/account.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::issuers::acme {
namespace {

void write_contact(codec::JsonWriter& writer, const std::vector<std::string>& contact) {
  writer.key("contact");
  writer.begin_array();
  for (const auto& address : contact) writer.value(address);
  writer.end_array();
}

Error not_valid(const std::string& status) {
  return Error(ErrorCode::denied, "the ACME account of this key is " + cloud::quoted(status, 40),
               "an account that is not valid stays so (RFC 8555 §7.1.6)")
      .hint("make a new key for `account_key`: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
}

/// The account's address, of an answer that made or found one.
Result<std::string> kid_of(const HttpResponse& answer) {
  const auto* location = answer.header("Location");
  if (location == nullptr || location->empty())
    return Error(ErrorCode::protocol, "the authority does not say where the account is",
                 "its answer to newAccount has no Location (RFC 8555 §7.3)");
  auto json = json_of(answer);
  const auto status = json.text({"status"}).value_or("valid");
  if (status != "valid") return not_valid(status);
  return *location;
}

Error terms_first(const Directory& directory) {
  return Error(ErrorCode::invalid_input, "the authority has terms that nobody has agreed to",
               "they are at " + cloud::quoted(directory.terms))
      .hint("read them, and set \"agree_terms\": true in the issuer's block");
}

Error external_first() {
  return Error(ErrorCode::denied, "the authority makes accounts only for those that it knows already",
               "its directory says externalAccountRequired (RFC 8555 §7.3.4)")
      .hint("give the key id and the key that it gave you in `external_account` of the issuer");
}

}  // namespace

Result<std::shared_ptr<const Account::Login>> Account::login(const Context& context) {
  const std::scoped_lock lock(m_mutex);
  if (m_login) return m_login;
  auto key = TRY(account_key_of(TRY(m_secrets(m_place.account_key))));
  const auto directory = TRY(m_wire.directory(context));
  if (!directory.terms.empty() && !m_place.agree_terms) return terms_first(directory);
  const auto found = TRY(look_up(context, key));
  auto login = found ? take_up(context, std::move(key), *found) : make(context, std::move(key), directory);
  if (!login) return std::move(login.error());
  m_login = std::make_shared<const Login>(std::move(*login));
  return m_login;
}

Result<std::optional<std::string>> Account::known(const Context& context) {
  const auto key = TRY(account_key_of(TRY(m_secrets(m_place.account_key))));
  const auto directory = TRY(m_wire.directory(context));
  if (!directory.terms.empty() && !m_place.agree_terms) return terms_first(directory);
  const auto found = TRY(look_up(context, key));
  if (found) return std::optional(TRY(kid_of(*found)));
  if (directory.external_account_required && m_place.external.key_id.empty()) return external_first();
  if (!m_place.external.key_id.empty()) TRY(external_code());
  return std::optional<std::string>();
}

/// Asked for first, so that an external account's code is used but once: some may not be used twice.
Result<std::optional<HttpResponse>> Account::look_up(const Context& context, const AccountKey& key) {
  auto answer = TRY(m_wire.post_to(context, &Directory::new_account, key, {}, [](const std::string&) {
    return Result<std::string>(R"({"onlyReturnExisting":true})");
  }));
  if (answer.problem && answer.problem->type == "accountDoesNotExist") return std::optional<HttpResponse>();
  return std::optional(TRY(accepted(std::move(answer), "the ACME account cannot be used")));
}

Result<Account::Login> Account::take_up(const Context& context, AccountKey key, const HttpResponse& found) {
  auto kid = TRY(kid_of(found));
  Login login{std::move(key), std::move(kid)};
  TRY(update_contact(context, login, json_of(found)));
  return login;
}

Result<Account::Login> Account::make(const Context& context, AccountKey key, const Directory& directory) {
  if (directory.external_account_required && m_place.external.key_id.empty()) return external_first();
  auto answer =
      TRY(m_wire.post_to(context, &Directory::new_account, key, {}, [&](const std::string& url) -> Result<std::string> {
        codec::JsonWriter writer;
        writer.begin_object();
        writer.member_if("termsOfServiceAgreed", m_place.agree_terms);
        if (!m_place.contact.empty()) write_contact(writer, m_place.contact);
        if (!m_place.external.key_id.empty()) {
          writer.key("externalAccountBinding");
          writer.raw(binding_body(TRY(external_code()), m_place.external.key_id, url, key.facts.jwk));
        }
        writer.end_object();
        return writer.take();
      }));
  const auto response = TRY(accepted(std::move(answer), "the authority makes no account for this key"));
  auto kid = TRY(kid_of(response));
  return Login{std::move(key), std::move(kid)};
}

Result<SecretBuffer> Account::external_code() const {
  const auto text = TRY(m_secrets(m_place.external.hmac_key));
  auto code = cloud::secret_from_base64url(cloud::trimmed(text.view()));
  if (!code || code->empty())
    return Error(ErrorCode::invalid_input, "hmac_key of external_account is no base64url (RFC 4648 §5)")
        .hint("copy it once more from where the authority shows it");
  return std::move(*code);
}

/// Servers that keep no contacts answer without any, and are told each time.
Result<> Account::update_contact(const Context& context, const Login& login, cloud::SecretJson account) {
  if (m_place.contact.empty()) return {};
  auto known = account.texts({"contact"});
  auto wanted = m_place.contact;
  std::sort(known.begin(), known.end());
  std::sort(wanted.begin(), wanted.end());
  if (known == wanted) return {};
  codec::JsonWriter writer;
  writer.begin_object();
  write_contact(writer, m_place.contact);
  writer.end_object();
  TRY(accepted(TRY(m_wire.post(context, login.kid, login.key, login.kid, writer.take())),
               "the contact of the ACME account cannot be changed"));
  return {};
}

Result<Answer> Account::post(const Context& context, const std::string& url, const std::string& payload,
                             const std::string& accept) {
  const auto me = TRY(login(context));
  return m_wire.post(context, url, me->key, me->kid, payload, accept);
}

Result<Answer> Account::post_to(const Context& context, std::string Directory::* address, const std::string& payload,
                                cloud::Change* change) {
  const auto me = TRY(login(context));
  return m_wire.post_to(
      context, address, me->key, me->kid, [&](const std::string&) { return Result<std::string>(payload); }, change);
}

Result<> Account::roll_over(const Context& context, SecretBuffer next) {
  const auto me = TRY(login(context));
  auto key = TRY(account_key_of(std::move(next)));
  auto answer = TRY(m_wire.post_to(context, &Directory::key_change, me->key, me->kid,
                                   [&](const std::string& url) -> Result<std::string> {
                                     codec::JsonWriter writer;
                                     writer.begin_object();
                                     writer.member("account", me->kid);
                                     writer.key("oldKey");
                                     writer.raw(me->key.facts.jwk);
                                     writer.end_object();
                                     return signed_body(key, {url, {}, {}}, writer.take());
                                   }));
  if (answer.problem) {
    // The first of two requests may have been carried out: then the old key is nobody's any more, and the new one ours.
    const auto found = TRY(look_up(context, key));
    const auto kid = found ? TRY(kid_of(*found)) : std::string();
    if (kid != me->kid) {
      auto error = to_error(*answer.problem, "the account's key cannot be changed");
      if (answer.response.status == 409) error.code = ErrorCode::conflict;
      return error;
    }
  }
  const std::scoped_lock lock(m_mutex);
  m_login = std::make_shared<const Login>(Login{std::move(key), me->kid});
  return {};
}

Result<> Account::deactivate(const Context& context) {
  const auto me = TRY(login(context));
  TRY(accepted(TRY(m_wire.post(context, me->kid, me->key, me->kid, R"({"status":"deactivated"})")),
               "the account cannot be deactivated"));
  const std::scoped_lock lock(m_mutex);
  m_login.reset();
  return {};
}

}  // namespace trunkform::issuers::acme
