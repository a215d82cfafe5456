#include "providers/issuers/acme/http_responders.hpp"

#include <map>

#include <fmt/format.h>

namespace trunkform::issuers::acme {
namespace {

constexpr auto k_try_again = std::chrono::milliseconds(500);
constexpr int k_tries = 20;

std::string path_of(const Proof& proof) { return "/.well-known/acme-challenge/" + proof.token; }

}  // namespace

Result<> ListeningResponder::present(const Context& context, const std::vector<Proof>& proofs) {
  std::map<std::string, std::string> answers;
  for (const auto& proof : proofs) answers[path_of(proof)] = proof.key_authorization;
  for (int tries = 1;; ++tries) {
    auto listening = m_listeners->show(m_address, answers);
    if (listening || listening.error().code != ErrorCode::conflict || tries == k_tries) return listening;
    TRY(m_clock.sleep(context, k_try_again));
  }
}

void ListeningResponder::withdraw(const std::vector<Proof>& proofs) {
  std::vector<std::string> paths;
  paths.reserve(proofs.size());
  for (const auto& proof : proofs) paths.push_back(path_of(proof));
  m_listeners->take_away(m_address, paths);
}

/// What the operator allows is the web server's folder: a link in it that leads elsewhere needs a line for that place.
Result<> WebrootResponder::may_write_there() {
  TRY(m_may_write(m_webroot));
  for (const auto& part : {folder().parent_path(), folder()})
    if (m_files.read_link(part)) return m_may_write(folder());
  return {};
}

Result<> WebrootResponder::present(const Context&, const std::vector<Proof>& proofs) {
  TRY(may_write_there());
  if (!TRY(m_files.exists(m_webroot)))
    return Error(ErrorCode::invalid_input, "there is no folder '" + m_webroot.string() + "'")
        .hint("name the folder whose files the web server shows: `webroot` of http_01");
  const auto in_webroot = [&](Error error) {
    return std::move(error).hint(
        fmt::format("proofs go to '{}' (`webroot` of http_01): let it be a folder that may be written to, then run "
                    "trunkform apply again, which goes on with the order",
                    folder().string()));
  };
  if (auto made = m_files.create_directories(folder()); !made) return in_webroot(std::move(made.error()));
  for (const auto& proof : proofs)
    if (auto put = m_files.replace(folder() / proof.token, proof.key_authorization, 0644); !put)
      return in_webroot(std::move(put.error()));
  return {};
}

/// A file that cannot be removed shows nothing that is secret, and is no reason to fail.
void WebrootResponder::withdraw(const std::vector<Proof>& proofs) {
  if (!may_write_there()) return;
  for (const auto& proof : proofs) (void)m_files.remove(folder() / proof.token);
}

}  // namespace trunkform::issuers::acme
