#include "cmd/genesys_sim/seeding.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cmd/genesys_sim/socket.hpp"
#include "cmd/genesys_sim/tls/mint.hpp"

namespace trunkform::sim {
namespace seeding_detail {

namespace files = std::filesystem;

Error unreadable(const std::string& path) {
  return Error(ErrorCode::io, fmt::format("cannot read '{}'", path), std::strerror(errno));
}

Result<PairPtr> pair_from(const Service& service, const std::string& certificate, const std::string& key, Instant now) {
  auto pem = TRY(read_text(certificate));
  auto key_pem = key.empty() ? std::string() : TRY(read_text(key));
  auto pair = service.make_pair(std::move(pem), std::move(key_pem), now);
  if (!pair) return Error(ErrorCode::invalid_input, fmt::format("'{}' holds no certificate", certificate));
  return pair;
}

Result<> seed_folder(Service& service, const std::string& folder, Instant now) {
  std::vector<files::path> found;
  for (const auto& entry : files::directory_iterator(folder))
    if (entry.path().extension() == ".pem") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  for (const auto& path : found) {
    auto key = path;
    key.replace_extension(".key");
    TrunkSeed seed;
    seed.name = path.stem().string();
    seed.pair = TRY(pair_from(service, path.string(), files::exists(key) ? key.string() : "", now));
    service.add_trunk(std::move(seed), now);
  }
  return {};
}

Result<> seed_list(Service& service, const std::string& file, Instant now) {
  const auto text = TRY(read_text(file));
  const auto list = nlohmann::json::parse(text, nullptr, false);
  const auto wrong = [&file](const std::string& what) {
    return Error(ErrorCode::invalid_input, fmt::format("'{}': {}", file, what));
  };
  if (!list.is_array()) return wrong("not a JSON list");
  const auto folder = files::path(file).parent_path();
  for (const auto& item : list) {
    if (!item.is_object()) return wrong("an entry is not an object");
    for (const auto& [key, value] : item.items()) {
      static const std::vector<std::string> k_known{"id", "name", "status", "carrier", "certificate", "key"};
      if (std::find(k_known.begin(), k_known.end(), key) == k_known.end()) return wrong("unknown key '" + key + "'");
      if (!value.is_string()) return wrong("'" + key + "' must be a string");
    }
    TrunkSeed seed{item.value("id", ""), item.value("name", ""), item.value("status", "active"),
                   item.value("carrier", ""), nullptr};
    if (seed.name.empty()) return wrong("an entry has no 'name'");
    const auto certificate = item.value("certificate", ""), key = item.value("key", "");
    if (!certificate.empty())
      seed.pair =
          TRY(pair_from(service, (folder / certificate).string(), key.empty() ? "" : (folder / key).string(), now));
    service.add_trunk(std::move(seed), now);
  }
  return {};
}

Result<> write_minted(const std::string& folder, const Minted& minted) {
  std::error_code failed;
  files::create_directories(folder, failed);
  TRY(write_private(folder + "/root.pem", minted.root));
  for (std::size_t i = 0; i < minted.chains.size(); ++i) {
    TRY(write_private(fmt::format("{}/chain-{}.pem", folder, i + 1), minted.chains[i].certificate));
    TRY(write_private(fmt::format("{}/chain-{}.key", folder, i + 1), minted.chains[i].private_key));
  }
  return {};
}

Result<> seed_made(Service& service, const Options& options, Instant now) {
  const MintOptions wanted{std::min(options.distinct, options.trunks), options.days_left, 90, options.domain, now};
  const auto minted = TRY(mint(wanted));
  if (!options.write_minted.empty()) TRY(write_minted(options.write_minted, minted));
  std::vector<PairPtr> pairs;
  for (const auto& chain : minted.chains) pairs.push_back(service.make_pair(chain.certificate, chain.private_key, now));
  const auto& carriers = options.carriers;
  for (std::size_t i = 0; i < options.trunks; ++i) {
    TrunkSeed seed;
    seed.carrier = carriers.empty() ? "" : carriers[i % carriers.size()];
    seed.name = trunk_name(options.name_pattern, seed.carrier, i / std::max<std::size_t>(1, carriers.size()) + 1, i + 1,
                           options.trunks);
    seed.pair = pairs[i % pairs.size()];
    service.add_trunk(std::move(seed), now);
  }
  return {};
}

}  // namespace seeding_detail

using namespace seeding_detail;

std::string trunk_name(const std::string& pattern, const std::string& carrier, std::size_t number, std::size_t index,
                       std::size_t total) {
  const auto width = std::max<std::size_t>(2, std::to_string(total).size());
  std::string name = pattern;
  const auto replace = [&name](std::string_view mark, const std::string& text) {
    for (auto at = name.find(mark); at != std::string::npos; at = name.find(mark, at + text.size()))
      name.replace(at, mark.size(), text);
  };
  replace("{carrier}", carrier);
  replace("{number}", fmt::format("{:0{}}", number, width));
  replace("{index}", fmt::format("{:0{}}", index, width));
  return name;
}

Result<> seed_service(Service& service, const Options& options, Instant now) {
  const auto stranger = TRY(mint({1, {30}, 90, "stranger.example.net", now}));
  service.set_stranger(service.make_pair(stranger.chains[0].certificate, stranger.chains[0].private_key, now));
  if (!options.initial.empty()) TRY(seed_folder(service, options.initial, now));
  if (!options.seed_file.empty()) TRY(seed_list(service, options.seed_file, now));
  if (options.trunks > 0) TRY(seed_made(service, options, now));
  return {};
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) return unreadable(path);
  return text;
}

Result<> write_private(const std::string& path, const std::string& text) {
  const auto temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const auto failed = [&path] {
    return Error(ErrorCode::io, fmt::format("cannot write '{}'", path), std::strerror(errno));
  };
  {
    const Socket file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) return failed();
    for (std::size_t done = 0; done < text.size();) {
      const auto wrote = ::write(file.get(), text.data() + done, text.size() - done);
      if (wrote <= 0) return failed();
      done += static_cast<std::size_t>(wrote);
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed();
  return {};
}

}  // namespace trunkform::sim
