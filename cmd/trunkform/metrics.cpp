#include "cmd/trunkform/metrics.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/diff/steps.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

constexpr std::uint64_t k_largest_file = 64ULL << 20U;
constexpr int k_tries = 3;
constexpr Duration k_between = std::chrono::seconds(1);
constexpr Duration k_timeout = std::chrono::seconds(10);

/// Neither is a secret shown nor the path of an address, which often is one.
std::string host_of(const std::string& url) {
  const auto parts = parse_url(url);
  return parts ? fmt::format("{}:{}", parts->host, parts->port) : std::string("an address that is none");
}

}  // namespace

Metrics::Metrics(World& world, Session& session, std::string command, Heartbeat heartbeat)
    : m_world(world), m_session(session), m_heartbeat(heartbeat) {
  m_run.command = std::move(command);
}

void Metrics::on_plan(const Plan& plan, views::Seen seen) {
  if (!m_session.configuration().metrics.textfile) return;
  m_run.seen = seen;
  m_planned = m_world.clock.now();
  for (const auto& change : plan.changes)
    m_run.trunks.push_back({to_string(change.address), change.trunk_name, change.effective_expiry, change.health});
  for (const auto& issue : plan.issues) {
    views::IssuedMetrics issued{issue.request.address, {}, issue.renews_on};
    if (issue.before != nullptr) issued.expiry = issue.before->least_not_after();
    // What keeps an apply from asking is a failure as much as what it is answered.
    issued.failed = m_run.command == "apply" && issue.cause != IssueCause::none && issue.error;
    m_run.issued.push_back(std::move(issued));
  }
}

void Metrics::on_end(const engine::ApplySummary& summary, const Plan& plan) {
  if (!m_session.configuration().metrics.textfile) return;
  m_run.changed = summary.created + summary.updated;
  m_run.failed = summary.failed + summary.stale;
  m_run.rolled_back = summary.rolled_back;
  m_run.deferred = summary.deferred;
  m_run.issues_done = summary.issuing.issued;
  m_run.issues_failed = summary.issuing.failed;
  m_run.issues_pending = summary.issuing.pending;
  for (const auto& error : summary.issuing.errors)
    for (auto& issued : m_run.issued) issued.failed |= issued.address == error.address;
  std::map<std::string, const PlannedChange*> bound;
  for (const auto& change : plan.changes)
    if (change.after != nullptr) bound.emplace(to_string(change.address), &change);
  for (const auto& outcome : summary.outcomes) {
    const auto address = to_string(outcome.address);
    const auto change = bound.find(address);
    const auto trunk =
        std::find_if(m_run.trunks.begin(), m_run.trunks.end(), [&](const auto& one) { return one.address == address; });
    if (outcome.phase != rollout::Phase::done || change == bound.end() || trunk == m_run.trunks.end()) continue;
    const auto& after = change->second->after;
    const auto& binding = *change->second->binding;
    const auto expiry = expiry_of(after, binding);
    trunk->expiry = expiry;
    trunk->health = diff::health_once_bound(
        *after, expiry, binding.rotate, outcome.inconclusive ? diff::Seen::no : diff::Seen::yes, m_world.clock.now());
  }
}

/// What the state has of them by now: what this run had issued is newer than its plan.
void Metrics::learn_of_issues() {
  if (m_run.issued.empty()) return;
  const auto read = m_session.read_state();
  if (!read || !read->snapshot) return;
  const auto& known = read->snapshot->document.issues;
  for (auto& issued : m_run.issued) {
    const auto record = known.find(issued.address);
    if (record == known.end()) continue;
    if (record->second.open) issued.open_since = record->second.open->since;
    if (!record->second.last) continue;
    const auto& last = *record->second.last;
    issued.last_success = last.at;
    if (last.at < m_planned) continue;
    issued.expiry = last.chain->least_not_after();
    issued.renewal.reset();
  }
}

/// As the next plan will see it: an authority of its path may end before all that is sent.
Instant Metrics::expiry_of(const ChainPtr& chain, const Binding& binding) {
  std::shared_ptr<const engine::Sources::Standing> standing;
  if (auto sources = m_session.sources()) standing = (*sources)->standing_of(chain, binding);
  return diff::effective_expiry(*chain, standing ? &standing->path : nullptr);
}

std::vector<Error> Metrics::finish(ExitCode code) {
  std::vector<Error> warnings;
  if (!m_session.is_loaded()) return warnings;
  const auto& settings = m_session.configuration().metrics;
  m_run.code = code;
  m_run.now = m_world.clock.now();
  m_run.requests = m_session.requests();
  const auto keep = [&](Result<> done, const char* what, const SourceRange& source) {
    if (done) return;
    auto error = std::move(done.error());
    error.summary = fmt::format("{}: {}", what, error.summary);
    if (!error.source) error.source = source;
    warnings.push_back(std::move(error));
  };
  if (settings.textfile) learn_of_issues();
  if (settings.textfile) keep(write(*settings.textfile), "metrics were not written", settings.textfile->source);
  if (settings.ping && m_heartbeat == Heartbeat::yes && views::is_success(code))
    keep(ping(*settings.ping), "the heartbeat was not sent", settings.ping->source);
  return warnings;
}

Result<> Metrics::write(const MetricsSettings::Textfile& settings) {
  const Path wanted = Path(settings.path).is_absolute() ? Path(settings.path) : m_world.folder / settings.path;
  // What is judged is what is written: no link on the way leads elsewhere afterwards.
  const auto folder = engine::without_links(wanted.lexically_normal().parent_path());
  const auto path = folder / wanted.filename();
  if (folder != engine::without_links(m_world.folder) && !engine::lies_beneath(folder, m_world.folder))
    TRY(TRY(m_session.trust())->allow_write("textfile", path));
  TRY(m_world.files.create_directories(folder));
  const auto previous = m_world.files.read(path, k_largest_file).value_or(std::string());
  return m_world.files.replace(path, views::metrics_text(m_run, previous), 0644);
}

Result<> Metrics::ping(const MetricsSettings::Ping& settings) {
  HttpRequest request;
  request.timeout = k_timeout;
  request.secret_url = true;
  request.body_limit = 64U << 10U;
  if (settings.url.secret.empty()) {
    TRY(TRY(m_session.trust())->allow_host(settings.url.text, "ping"));
    request.url = settings.url.text;
  } else {
    request.url = std::string(TRY(m_session.secret(settings.url.secret)).view());
  }
  for (int tried = 1;; ++tried) {
    const auto answer = m_world.http.send(m_session.context(), request);
    if (answer && answer->status >= 200 && answer->status < 300) return {};
    const bool again = !answer || answer->status >= 500 || answer->status == 429;
    if (tried == k_tries || !again)
      return Error(answer ? ErrorCode::rejected : answer.error().error.code,
                   answer ? fmt::format("{} answered {}", host_of(request.url), answer->status)
                          : fmt::format("{} could not be reached", host_of(request.url)))
          .hint("whoever waits for the heartbeat will alert, although this run went well");
    TRY(m_world.clock.sleep(m_session.context(), k_between));
  }
}

}  // namespace trunkform::cli
