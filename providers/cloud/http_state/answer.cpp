#include "providers/cloud/http_state/answer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"

namespace trunkform::cloud::http_state {
namespace {

constexpr std::size_t k_longest_words = 300;

std::string shown_words(const HttpResponse& answer) {
  auto words = std::string(answer.secret_body.view().substr(0, k_longest_words));
  words.resize(std::min(words.find_first_of("\r\n"), words.size()));
  return words.empty() ? "" : ": " + quoted(words, k_longest_words);
}

}  // namespace

bool says_locked(const HttpResponse& answer) { return answer.status == 409 || answer.status == 423; }

std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer) {
  const auto status = answer.status;
  if (status >= 200 && status < 300) return std::nullopt;
  Refusal refusal{Error(ErrorCode::rejected, fmt::format("{} was answered {}{}", call, status, shown_words(answer)))};
  auto& error = refusal.error;
  if (status == 401) {
    error.code = ErrorCode::denied;
    error.hints.emplace_back(
        "set TF_HTTP_USERNAME and TF_HTTP_PASSWORD; in GitLab's CI: gitlab-ci-token and "
        "$CI_JOB_TOKEN");
  } else if (status == 403) {
    error.code = ErrorCode::denied;
    error.hints.emplace_back("give the user the right to write and lock the state: see docs/permissions.md");
  } else if (status == 404 || status == 410) {
    error.code = ErrorCode::not_found;
    error.hints.emplace_back(
        "see that the address is right, and that the user may see it: some servers say the same "
        "for both");
  } else if (says_locked(answer)) {
    error.code = ErrorCode::fenced;
  } else if (status == 412 || status == 422) {
    error.code = ErrorCode::conflict;
  } else if (status == 405 || status == 501) {
    error.code = ErrorCode::unsupported;
    error.hints.emplace_back(
        "see which methods the server takes, and name them: update_method, lock_method, "
        "unlock_method of backend.http (GitLab's lock: POST and DELETE)");
  } else if (status == 413) {
    error.hints.emplace_back("let the server take larger bodies: GitLab's limit is max_terraform_state_size_bytes");
  } else if (status >= 300 && status < 400) {
    error.hints.emplace_back("write the address that it leads to: credentials do not follow redirects");
  } else if (status == 429) {
    error.code = ErrorCode::throttled;
    refusal.passes = true;
  } else if (status >= 500) {
    error.code = ErrorCode::unavailable;
    refusal.passes = true;
    refusal.may_have_done = true;
  }
  return refusal;
}

}  // namespace trunkform::cloud::http_state
