#pragma once
// All trunks: the first page tells how many there are, the others are fetched and read side by side. One use.
#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "providers/genesys/exchange.hpp"
#include "providers/genesys/trunk_reader.hpp"

namespace trunkform::genesys {

using ListProgress = std::function<void(std::size_t, std::size_t)>;

class Listing {
 public:
  /// Borrows all of it.
  Listing(Exchange& exchange, x509::FactsCache& facts, int concurrency, const ListProgress& progress);
  /// In the service's order. Errors: those of a call; protocol for an answer that is no list; conflict where the pages
  /// do not make one list, because it changed while it was read: reading again may help.
  Result<std::vector<LiveTrunk>> read(const Context& context);

 private:
  Result<TrunkPage> fetch(const Context& context, TrunkReader& reader, std::uint64_t number);
  Result<> fetch_others(const Context& context);
  void work(const Context& context);
  Result<> check(const TrunkPage& page, std::uint64_t number) const;
  Result<std::vector<LiveTrunk>> joined();
  void report(std::size_t more);
  void fail(Error error);

  Exchange& m_exchange;
  x509::FactsCache& m_facts;
  int m_concurrency;
  const ListProgress& m_progress;
  std::uint64_t m_total = 0;
  std::uint64_t m_page_size = 0;
  std::vector<std::vector<LiveTrunk>> m_pages;  ///< each written by one worker
  std::atomic<std::uint64_t> m_next{2};
  std::mutex m_mutex;
  std::size_t m_seen = 0;
  std::optional<Error> m_error;
  std::stop_source m_give_up;
};

}  // namespace trunkform::genesys
