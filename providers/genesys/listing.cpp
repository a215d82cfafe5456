#include "providers/genesys/listing.hpp"

#include <algorithm>
#include <thread>
#include <unordered_set>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/genesys/paths.hpp"

namespace trunkform::genesys {
namespace {

constexpr std::uint64_t k_page_size = 100;  // the service's greatest

Error changed(std::string why) {
  return Error(ErrorCode::conflict, "the list of trunks changed while it was read", std::move(why))
      .hint("run the command again when nobody adds or removes trunks");
}

}  // namespace

Listing::Listing(Exchange& exchange, x509::FactsCache& facts, int concurrency, const ListProgress& progress)
    : m_exchange(exchange), m_facts(facts), m_concurrency(std::max(concurrency, 1)), m_progress(progress) {}

Result<TrunkPage> Listing::fetch(const Context& context, TrunkReader& reader, std::uint64_t number) {
  Call call;
  call.path = k_trunks_path;
  call.query = fmt::format("pageSize={}&pageNumber={}", k_page_size, number);
  auto answer = m_exchange.call(context, call);
  if (!answer) return std::move(answer.error().error);
  auto page = reader.page(answer->body);
  if (!page) return lying_answer(call.name(), *answer, page.error().summary);
  return std::move(*page);
}

Result<> Listing::check(const TrunkPage& page, std::uint64_t number) const {
  if (page.page_number != 0 && page.page_number != number)
    return Error(ErrorCode::protocol,
                 fmt::format("the service answered page {} of the trunks with page {}", number, page.page_number),
                 "a list with pages missing would look as if trunks were gone")
        .hint(
            "run the command again; a proxy or cache between may ignore the query: check base_url and the proxy "
            "settings");
  if (page.total != m_total)
    return changed(
        fmt::format("page 1 told of {} trunk{}, page {} of {}", m_total, m_total == 1 ? "" : "s", number, page.total));
  const auto before = (number - 1) * m_page_size;
  const auto expected = std::min(m_page_size, m_total - std::min(m_total, before));
  if (page.trunks.size() != expected)
    return changed(fmt::format("page {} has {} trunk{} instead of {}", number, page.trunks.size(),
                               page.trunks.size() == 1 ? "" : "s", expected));
  return {};
}

void Listing::report(std::size_t more) {
  const std::scoped_lock lock(m_mutex);
  m_seen += more;
  if (m_progress) m_progress(m_seen, static_cast<std::size_t>(m_total));
}

void Listing::fail(Error error) {
  const std::scoped_lock lock(m_mutex);
  // What stopped the others is the cause; their `cancelled` is only its echo.
  if (!m_error) m_error = std::move(error);
  m_give_up.request_stop();
}

void Listing::work(const Context& context) {
  TrunkReader reader(m_facts);
  for (auto number = m_next++; number <= m_pages.size() && !m_give_up.stop_requested(); number = m_next++) {
    auto page = fetch(context, reader, number);
    if (!page) return fail(std::move(page.error()));
    if (auto good = check(*page, number); !good) return fail(std::move(good.error()));
    report(page->trunks.size());
    m_pages[number - 1] = std::move(page->trunks);
  }
}

Result<> Listing::fetch_others(const Context& context) {
  const auto workers = std::min<std::uint64_t>(static_cast<std::uint64_t>(m_concurrency), m_pages.size() - 1);
  // One worker's failure stops the requests of the others as a stop from outside does.
  const std::stop_callback outside(context.stop, [this] { m_give_up.request_stop(); });
  const Context shared{context.deadline, m_give_up.get_token()};
  {
    std::vector<std::jthread> threads;
    threads.reserve(workers);
    for (std::uint64_t i = 0; i < workers; ++i) threads.emplace_back([this, &shared] { work(shared); });
  }
  if (m_error) return std::move(*m_error);
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while the trunks were listed");
  return {};
}

Result<std::vector<LiveTrunk>> Listing::joined() {
  std::vector<LiveTrunk> all;
  all.reserve(static_cast<std::size_t>(m_total));
  for (auto& page : m_pages) {
    std::move(page.begin(), page.end(), std::back_inserter(all));
    page.clear();
  }
  std::unordered_set<std::string_view> ids;
  ids.reserve(all.size());
  for (const auto& trunk : all)
    if (!ids.insert(trunk.id.value).second)
      return changed(fmt::format("trunk id {} is in it twice", cloud::quoted(trunk.id.value)));
  return all;
}

Result<std::vector<LiveTrunk>> Listing::read(const Context& context) {
  TrunkReader reader(m_facts);
  auto first = TRY(fetch(context, reader, 1));
  m_total = first.total;
  // A service that gives smaller pages than were asked for is followed in it.
  m_page_size = first.page_size == 0 ? k_page_size : std::min(first.page_size, k_page_size);
  TRY(check(first, 1));
  m_pages.resize(static_cast<std::size_t>(std::max<std::uint64_t>(1, (m_total + m_page_size - 1) / m_page_size)));
  report(first.trunks.size());
  m_pages[0] = std::move(first.trunks);
  if (m_pages.size() > 1) TRY(fetch_others(context));
  return joined();
}

}  // namespace trunkform::genesys
