#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/codec/lock_codec.hpp"

namespace trunkform::cli {
namespace {

std::string as_json(const std::optional<LockInfo>& holder) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.key("lock");
  if (holder)
    write_lock_info(out, *holder);
  else
    out.null();
  out.end_object();
  return out.take();
}

std::string as_text(const LockInfo& holder) {
  const auto line = [](std::string_view name, const std::string& value) {
    return value.empty() ? std::string() : fmt::format("  {:<10}{}\n", name, views::escape_foreign(value));
  };
  return "The state is locked.\n" + line("by", holder.who) + line("since", to_rfc3339(holder.created)) +
         line("for", holder.operation) + line("reason", holder.info) + line("where", holder.path) +
         line("version", holder.version) + line("lock id", holder.id) +
         "Where that run is dead, and the lock does not end by itself: trunkform force-unlock " +
         views::escape_foreign(holder.id) + "\n";
}

Result<ExitCode> lock_show(Frame& frame) {
  const auto holder = TRY(TRY(frame.session.backend())->lock->holder(frame.session.context()));
  if (frame.arguments.on("json"))
    frame.world.streams.out << as_json(holder) << '\n';
  else
    frame.world.streams.out << (holder ? as_text(*holder) : "Nobody holds the lock.\n");
  return ExitCode::done;
}

}  // namespace

Command lock_show_command() {
  return {
      {"lock", "show"},
      "who holds the lock of the state, since when and for what",
      "Reads and takes nothing. Exit code 0 whether it is held or not; -json says `\"lock\": null` where it is free.",
      {flags::json()},
      {},
      framed(lock_show)};
}

}  // namespace trunkform::cli
