#include "providers/platform/posix/key_place.hpp"

#include <algorithm>
#include <deque>
#include <optional>

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::platform {
namespace {

constexpr unsigned k_is_sticky = 01000, k_group_writes = 0020, k_all_read = 0004, k_all_write = 0002, k_all_pass = 0001;
constexpr int k_most_links = 40;  // as Linux has it
constexpr const char* k_replaced = "whoever puts another in its place decides which one is used";

class Judge {
 public:
  explicit Judge(SystemCalls& calls) : m_calls(calls) {}

  KeyExposures judge(const Path& file) {
    walk(std::filesystem::absolute(file));
    if (m_end) judge_file(*m_end);
    return std::move(m_found);
  }

 private:
  SystemCalls& m_calls;
  KeyExposures m_found;
  std::optional<Path> m_end;  ///< the file itself, behind its links, where it is there

  void tell(KeyExposure::Kind kind, std::string what, std::string why, std::string mend) {
    const auto is_known = [&](const KeyExposure& one) { return one.error.summary == what; };
    if (std::any_of(m_found.begin(), m_found.end(), is_known)) return;
    m_found.push_back({kind, Error(ErrorCode::untrusted, std::move(what), std::move(why)).hint(std::move(mend))});
  }

  /// A link is led elsewhere in the folder that it is in, so that its folders count as those of what it leads to do.
  void walk(const Path& file) {
    std::deque<Path> left(file.begin(), file.end());
    Path here;
    for (int links = 0; !left.empty();) {
      const auto name = left.front();
      left.pop_front();
      if (name.empty() || name == ".") continue;
      if (name == "..") {
        here = here.parent_path();
        continue;
      }
      const auto next = here / name;
      const auto target = m_calls.read_link(next);
      if (!here.empty() && !judge_folder(here, next, target.has_value())) return;
      if (!target) {
        here = next;
      } else {
        if (++links > k_most_links) return;
        left.insert(left.begin(), target->begin(), target->end());
        if (target->is_absolute()) here.clear();
      }
    }
    if (m_calls.status(here)) m_end = here;
  }

  /// The group of a user, of which nobody else is: with umask 002 it may write whatever the user may.
  bool is_of_one(const FileStatus& status) {
    return m_calls.is_private_group(status.group, status.owner) ||
           m_calls.is_private_group(status.group, m_calls.user()) || m_calls.is_private_group(status.group, 0);
  }

  bool is_ours(const FileStatus& status) { return status.owner == 0 || status.owner == m_calls.user(); }

  const char* by_whom(const FileStatus& status) { return status.owner == m_calls.user() ? "" : "sudo "; }

  /// False: it is not there, and so neither is what follows.
  bool judge_folder(const Path& folder, const Path& next, bool is_link) {
    const auto status = m_calls.status(folder);
    if (!status) return false;
    if ((status->mode & k_is_sticky) != 0) {
      judge_sticky(folder, *status, next, is_link);
    } else if ((status->mode & k_all_write) != 0) {
      tell(KeyExposure::Kind::replaced_by_all,
           fmt::format("everybody on this machine may write to the folder '{}', where a private key is kept",
                       folder.string()),
           k_replaced, fmt::format("keep others out: {}chmod go-w {}", by_whom(*status), shell_word(folder.string())));
    } else if ((status->mode & k_group_writes) != 0 && !is_of_one(*status)) {
      tell(KeyExposure::Kind::replaced_by_some,
           fmt::format("the group {} may write to the folder '{}', where a private key is kept",
                       m_calls.group_name(status->group), folder.string()),
           k_replaced, fmt::format("where it need not: {}chmod g-w {}", by_whom(*status), shell_word(folder.string())));
    }
    if (!is_ours(*status))
      tell(KeyExposure::Kind::replaced_by_some,
           fmt::format("the folder '{}', where a private key is kept, belongs to another user", folder.string()),
           k_replaced, "where it need not, make it your own: sudo chown \"$USER\" " + shell_word(folder.string()));
    return true;
  }

  /// There everybody may make what is not there yet, and nobody may replace what is another's.
  void judge_sticky(const Path& folder, const FileStatus& status, const Path& next, bool is_link) {
    if ((status.mode & k_all_write) == 0) return;
    const auto found = m_calls.status(next);
    if (found && !is_link && is_ours(*found)) return;
    const auto why = fmt::format("everybody may write to '{}', and {}", folder.string(),
                                 is_link ? "who made the link there is not known"
                                 : found ? "this belongs to another user"
                                         : "whoever is the first there has it");
    tell(KeyExposure::Kind::replaced_by_all,
         fmt::format("everybody on this machine may make '{}', where a private key is kept", next.string()), why,
         found ? "name a place that is yours" : "make the folder that you mean first: mkdir -m 700 FOLDER");
  }

  /// The folders of a link decide who may lead it elsewhere; to what it leads to there is a way beside it.
  bool is_reached_by_all(const Path& resolved) {
    for (auto folder = resolved; folder.has_relative_path();) {
      folder = folder.parent_path();
      const auto status = m_calls.status(folder);
      if (!status || (status->mode & k_all_pass) == 0) return false;
    }
    return true;
  }

  void judge_file(const Path& file) {
    const auto status = m_calls.status(file);
    if (!status || status->kind != FileKind::regular) return;
    const auto mend = "keep others out: chmod 600 " + shell_word(file.string());
    const bool is_reached = is_reached_by_all(file);
    if (is_reached && (status->mode & k_all_read) != 0) {
      tell(KeyExposure::Kind::read_by_all,
           fmt::format("everybody on this machine may read the key '{}'", file.string()),
           "whoever has read it can pass for its owner until another takes its place", mend);
      m_found.back().error.hints.emplace_back("where somebody may have read it, make another");
    }
    if (is_reached && (status->mode & k_all_write) != 0)
      tell(KeyExposure::Kind::replaced_by_all,
           fmt::format("everybody on this machine may write to the key '{}'", file.string()), k_replaced, mend);
    else if ((status->mode & k_group_writes) != 0 && !is_of_one(*status))
      tell(KeyExposure::Kind::replaced_by_some,
           fmt::format("the group {} may write to the key '{}'", m_calls.group_name(status->group), file.string()),
           k_replaced, mend);
    if (!is_ours(*status))
      tell(KeyExposure::Kind::replaced_by_some, fmt::format("the key '{}' belongs to another user", file.string()),
           k_replaced, "make it your own: sudo chown \"$USER\" " + shell_word(file.string()));
  }
};

}  // namespace

KeyExposures exposures_of_key(SystemCalls& calls, const Path& file) {
  if (file.empty()) return {};
  return Judge(calls).judge(file);
}

}  // namespace trunkform::platform
