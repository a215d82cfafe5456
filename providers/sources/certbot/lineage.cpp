#include "providers/sources/certbot/lineage.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace trunkform::sources {
namespace {

constexpr std::array<std::string_view, 4> k_kinds{"cert", "chain", "fullchain", "privkey"};

Error renewing(const Path& live, std::string why) {
  return Error(ErrorCode::unavailable, fmt::format("certbot is renewing '{}'", live.string()), std::move(why))
      .hint(
          "run again when certbot has finished; if it was interrupted, what certbot says of its links, and often "
          "mends: certbot certificates");
}

/// The N of `fullchain12.pem`; none for other names and kinds.
std::optional<unsigned> number_of(std::string_view name, std::string_view kind) {
  static constexpr std::string_view k_suffix = ".pem";
  if (!name.starts_with(kind) || !name.ends_with(k_suffix) || name.size() <= kind.size() + k_suffix.size())
    return std::nullopt;
  const auto digits = name.substr(kind.size(), name.size() - kind.size() - k_suffix.size());
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Result<CertbotPlace> place_of(FileSystem& files, const Path& live, std::string_view kind) {
  const auto link = live / fmt::format("{}.pem", kind);
  auto target = files.read_link(link);
  if (!target) {
    auto error = std::move(target.error());
    if (error.code == ErrorCode::invalid_input) {
      return Error(ErrorCode::invalid_input, fmt::format("'{}' is no link into certbot's archive", link.string()))
          .because(std::move(error))
          .hint("give certbot's live folder, or use certificate.pem_files for plain files");
    }
    return error;
  }
  const auto file = target->is_absolute() ? *target : live / *target;  // `..` stays: the folder may be a link itself
  const auto number = number_of(file.filename().string(), kind);
  if (!number) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("'{}' leads to '{}', which is no {}N.pem", link.string(), file.string(), kind))
        .hint("see what certbot says of its links, and often mends: certbot certificates");
  }
  return CertbotPlace{file.parent_path(), *number};
}

}  // namespace

Path CertbotPlace::file(std::string_view kind) const { return archive / fmt::format("{}{}.pem", kind, number); }

Result<CertbotPlace> current_place(FileSystem& files, const Path& live) {
  for (const auto& name : TRY(files.list(live))) {
    if (name.starts_with("previous_"))
      return renewing(live, fmt::format("'{}' is there until it has moved all links", name));
  }
  auto first = TRY(place_of(files, live, k_kinds.front()));
  for (const auto kind : k_kinds) {
    const auto place = TRY(place_of(files, live, kind));
    if (place.number != first.number || place.archive != first.archive) {
      return renewing(live,
                      fmt::format("cert.pem is version {}, {}.pem is version {}", first.number, kind, place.number));
    }
  }
  return first;
}

Result<std::vector<unsigned>> complete_numbers(FileSystem& files, const Path& archive) {
  std::map<unsigned, std::size_t> files_of;
  for (const auto& name : TRY(files.list(archive))) {
    for (const auto kind : k_kinds) {
      if (const auto number = number_of(name, kind)) ++files_of[*number];
    }
  }
  std::vector<unsigned> numbers;
  for (const auto& [number, count] : files_of) {
    if (count == k_kinds.size()) numbers.push_back(number);
  }
  std::reverse(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace trunkform::sources
