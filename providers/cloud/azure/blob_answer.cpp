#include "providers/cloud/azure/blob_answer.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_xml.hpp"
#include "schemas/codec/ascii_case.hpp"

namespace trunkform::cloud::azure {
namespace {

/// In a header of every refusal; an answer to HEAD has no body.
std::string blob_code(const HttpResponse& answer) {
  if (const auto* code = answer.header("x-ms-error-code")) return *code;
  return SecretXml(answer.secret_body).text("Code").value_or("");
}

std::string shown_blob_words(const HttpResponse& answer) {
  const auto code = blob_code(answer);
  auto message = SecretXml(answer.secret_body).text("Message").value_or("");
  message.resize(std::min(message.find_first_of("\r\n"), message.size()));
  std::string shown;
  if (!code.empty()) shown += fmt::format(": {}", quoted(code, 64));
  if (!message.empty()) shown += fmt::format(": {}", quoted(message, 300));
  return shown;
}

std::string hint_for_refused(const std::string& code) {
  if (code == "AuthorizationFailure")
    return "the account's firewall does not let this machine in, or the identity may not: az storage account "
           "network-rule list";
  if (code == "AuthenticationFailed" || code == "InvalidAuthenticationInfo")
    return "see who the credentials belong to, and that the account is of the same tenant: az account show";
  return "give the identity the role \"Storage Blob Data Contributor\" on the container: see docs/permissions.md";
}

/// What a code says that the status alone does not.
std::optional<ErrorCode> kind_of(int status, const std::string& code) {
  if (code == "LeaseIdMissing") return ErrorCode::rejected;
  if (code == "LeaseAlreadyPresent" || code == "LeaseIsBreakingAndCannotBeAcquired") return ErrorCode::lock_held;
  if (code.starts_with("Lease")) return ErrorCode::fenced;
  if (status == 412 || code == "BlobAlreadyExists") return ErrorCode::conflict;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> blob_refusal_of(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto code = blob_code(answer);
  Refusal refusal{
      Error(ErrorCode::rejected, fmt::format("{} answered {}{}", call, answer.status, shown_blob_words(answer)))};
  auto& error = refusal.error;
  if (const auto kind = kind_of(answer.status, code)) {
    error.code = *kind;
    if (*kind == ErrorCode::rejected)
      error.hints.emplace_back("somebody leased that blob by hand: az storage blob lease break");
  } else if (answer.status == 401 || answer.status == 403) {
    error.code = ErrorCode::denied;
    error.hints.push_back(hint_for_refused(code));
  } else if (answer.status == 404) {
    error.code = ErrorCode::not_found;
    if (code == "ContainerNotFound")
      error.hints.emplace_back(
          "make it, or correct its name: az storage container create --auth-mode login; trunkform makes no container");
  } else if (answer.status == 429 || code == "ServerBusy") {
    error.code = ErrorCode::throttled;
    refusal.passes = true;
  } else if (code == "ContainerBeingDeleted" || code == "ContainerDisabled") {
    error.code = ErrorCode::unavailable;
    error.hints.emplace_back("look at the container: az storage container show --auth-mode login");
  } else if (answer.status >= 500) {
    error.code = ErrorCode::unavailable;
    refusal.passes = true;
    refusal.may_have_done = true;
  }
  return refusal;
}

bool says_no_such_blob(const HttpResponse& answer) {
  return answer.status == 404 && blob_code(answer) == "BlobNotFound";
}

Result<BlobFacts> blob_facts(const HttpResponse& answer) {
  constexpr std::string_view k_note = "x-ms-meta-";
  const auto* etag = answer.header("ETag");
  if (etag == nullptr) return Error(ErrorCode::protocol, "Azure gave a blob without its ETag");
  BlobFacts facts{*etag};
  for (const auto& header : answer.headers)
    if (auto name = lower_case(header.name); name.starts_with(k_note))
      facts.notes[name.substr(k_note.size())] = header.value;
  const auto* lease = answer.header("x-ms-lease-status");
  facts.is_leased = lease != nullptr && *lease == "locked";
  if (const auto* size = answer.header("Content-Length"))
    std::from_chars(size->data(), size->data() + size->size(), facts.size);
  return facts;
}

Result<BlobPage> listed_blobs(const HttpResponse& answer) {
  pugi::xml_document document;
  const auto& body = answer.secret_body;
  const auto parsed = document.load_buffer(body.data(), body.size(), pugi::parse_default, pugi::encoding_utf8);
  const auto list = document.child("EnumerationResults");
  if (!parsed || !list)
    return Error(ErrorCode::protocol, "Azure's list of blobs was not understood")
        .hint("see that the endpoint is one of Azure Blob Storage, and what stands between");
  BlobPage page;
  for (const auto& blob : list.child("Blobs").children("Blob"))
    page.blobs.push_back(
        {blob.child_value("Name"), blob.child("Properties").child("Content-Length").text().as_ullong()});
  page.next = list.child_value("NextMarker");
  return page;
}

}  // namespace trunkform::cloud::azure
