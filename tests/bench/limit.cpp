// The limit: the work that no plan can avoid, and nothing else. One token, the organisation, every page of the listing
// (six at once, as trunkform does), each certificate decoded and hashed, the state file read and parsed.
//
//   bench_limit BASE_URL [STATE_FILE]      credentials: GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET
//
// Prints one JSON object: seconds, peak_mib, calls, trunks, certificates.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <simdjson.h>
#include <sys/resource.h>

namespace {

constexpr std::size_t k_page_size = 100;
constexpr std::size_t k_concurrency = 6;
constexpr std::string_view k_trunks = "/api/v2/telephony/providers/edge/trunks";

std::size_t append(char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

struct Transfer {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle{curl_easy_init(), curl_easy_cleanup};
  std::string body;
};

struct Totals {
  std::size_t calls = 0;
  std::size_t trunks = 0;
  std::size_t certificates = 0;
  std::size_t pages = 0;
};

class Limit {
 public:
  explicit Limit(std::string base_url) : m_base_url(std::move(base_url)) {}
  ~Limit() { curl_slist_free_all(m_headers); }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;

  Totals run() {
    authorise();
    fetch(m_base_url + "/api/v2/organizations/me");
    read_page(fetch(page_url(1)));
    read_other_pages();
    return m_totals;
  }

 private:
  std::string m_base_url;
  curl_slist* m_headers = nullptr;
  Transfer m_single;
  simdjson::dom::parser m_parser;
  Totals m_totals;
  std::vector<unsigned char> m_der;

  std::string page_url(std::size_t number) const {
    return fmt::format("{}{}?pageSize={}&pageNumber={}", m_base_url, k_trunks, k_page_size, number);
  }

  void authorise() {
    const auto variable = [](const char* name) {
      const char* value = std::getenv(name);
      return std::string(value == nullptr ? "" : value);
    };
    const auto user = variable("GENESYSCLOUD_OAUTHCLIENT_ID") + ":" + variable("GENESYSCLOUD_OAUTHCLIENT_SECRET");
    CURL* curl = m_single.handle.get();
    curl_easy_setopt(curl, CURLOPT_USERPWD, user.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "grant_type=client_credentials");
    const auto answer = fetch(m_base_url + "/oauth/token");
    const std::string_view token = m_parser.parse(answer)["access_token"];
    m_headers = curl_slist_append(nullptr, fmt::format("Authorization: Bearer {}", token).c_str());
    m_headers = curl_slist_append(m_headers, "Accept: application/json");
    curl_easy_setopt(curl, CURLOPT_USERPWD, nullptr);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  }

  void prepare(Transfer& transfer, const std::string& url) {
    CURL* curl = transfer.handle.get();
    transfer.body.clear();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, m_headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer.body);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    m_totals.calls++;
  }

  const std::string& fetch(const std::string& url) {
    prepare(m_single, url);
    if (const auto code = curl_easy_perform(m_single.handle.get()); code != CURLE_OK)
      throw std::runtime_error(url + ": " + curl_easy_strerror(code));
    return m_single.body;
  }

  void read_other_pages() {
    const std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi{curl_multi_init(), curl_multi_cleanup};
    std::deque<Transfer> transfers(std::min(k_concurrency, m_totals.pages));
    std::size_t next = 2;
    std::size_t running = 0;
    const auto start = [&](Transfer& transfer) {
      if (next > m_totals.pages) return;
      prepare(transfer, page_url(next++));
      curl_easy_setopt(transfer.handle.get(), CURLOPT_PRIVATE, &transfer);
      curl_multi_add_handle(multi.get(), transfer.handle.get());
      running++;
    };
    for (auto& transfer : transfers) start(transfer);
    while (running > 0) {
      int active = 0;
      curl_multi_perform(multi.get(), &active);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
        if (message->data.result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(message->data.result));
        Transfer* done = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &done);
        curl_multi_remove_handle(multi.get(), message->easy_handle);
        running--;
        read_page(done->body);
        start(*done);
      }
      if (running > 0) curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
    }
  }

  void read_page(const std::string& body) {
    const simdjson::dom::element page = m_parser.parse(body);
    m_totals.pages = static_cast<std::size_t>(std::uint64_t(page["pageCount"]));
    for (const simdjson::dom::element trunk : simdjson::dom::array(page["entities"])) {
      m_totals.trunks++;
      std::string_view pem;
      if (trunk["tls"]["certificate"].get(pem) == simdjson::SUCCESS) hash_all(pem);
    }
  }

  void hash_all(std::string_view pem) {
    constexpr std::string_view k_begin = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view k_end = "-----END CERTIFICATE-----";
    for (auto begin = pem.find(k_begin); begin != std::string_view::npos; begin = pem.find(k_begin, begin)) {
      begin += k_begin.size();
      const auto end = pem.find(k_end, begin);
      if (end == std::string_view::npos) throw std::runtime_error("a certificate without an end");
      hash(pem.substr(begin, end - begin));
      begin = end;
    }
  }

  void hash(std::string_view base64) {
    const std::unique_ptr<EVP_ENCODE_CTX, decltype(&EVP_ENCODE_CTX_free)> decoder{EVP_ENCODE_CTX_new(),
                                                                                  EVP_ENCODE_CTX_free};
    m_der.resize(base64.size());
    int size = 0;
    int rest = 0;
    EVP_DecodeInit(decoder.get());
    if (EVP_DecodeUpdate(decoder.get(), m_der.data(), &size, reinterpret_cast<const unsigned char*>(base64.data()),
                         static_cast<int>(base64.size())) < 0 ||
        EVP_DecodeFinal(decoder.get(), m_der.data() + size, &rest) < 0)
      throw std::runtime_error("a certificate that is not base64");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(m_der.data(), static_cast<std::size_t>(size) + static_cast<std::size_t>(rest), digest.data(), nullptr,
               EVP_sha256(), nullptr);
    m_totals.certificates++;
  }
};

int run(int argc, char** argv) {
  const auto started = std::chrono::steady_clock::now();
  const auto totals = Limit(argv[1]).run();
  if (argc > 2) {
    simdjson::dom::parser parser;
    if (parser.load(argv[2]).error() != simdjson::SUCCESS) throw std::runtime_error("the state is not JSON");
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print(R"({{"seconds":{:.4f},"peak_mib":{:.1f},"calls":{},"trunks":{},"certificates":{}}})"
             "\n",
             seconds.count(), static_cast<double>(usage.ru_maxrss) / 1024, totals.calls, totals.trunks,
             totals.certificates);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: bench_limit BASE_URL [STATE_FILE]\n");
    return 64;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "bench_limit: {}\n", failure.what());
    return 1;
  }
}
