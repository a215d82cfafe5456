#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/usage.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::cli {
namespace {

/// A JSON string without its quotes and escapes, for `-raw`; nullopt where the value is no string.
std::optional<std::string> raw_text(const std::string& json);

void write_all(Frame& frame, const std::map<std::string, OutputRecord>& outputs) {
  if (!frame.arguments.on("json")) {
    for (const auto& [name, output] : outputs)
      frame.world.streams.out << name << " = "
                              << (output.sensitive ? "<sensitive>" : views::escape_foreign(output.json)) << '\n';
    return;
  }
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [name, output] : outputs) {
    out.key(name);
    out.begin_object();
    out.member("sensitive", output.sensitive);
    out.member("type", std::string_view(output.type));
    out.key("value");
    if (output.sensitive)
      out.null();
    else
      out.raw(output.json);
    out.end_object();
  }
  out.end_object();
  frame.world.streams.out << out.take() << '\n';
}

std::optional<std::string> raw_text(const std::string& json) {
  if (!json.starts_with("\"")) return json;
  std::string text;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] != '\\') {
      text += json[i];
      continue;
    }
    switch (json[++i]) {
      case 'n':
        text += '\n';
        break;
      case 't':
        text += '\t';
        break;
      case 'r':
        text += '\r';
        break;
      case 'u': {
        // Only what jsonencode escapes: controls, < > & and U+2028, U+2029.
        const auto code = std::stoul(json.substr(i + 1, 4), nullptr, 16);
        if (code < 0x80)
          text += static_cast<char>(code);
        else
          text += code == 0x2028 ? "\u2028" : "\u2029";
        i += 4;
        break;
      }
      default:
        text += json[i];
    }
  }
  return text;
}

Result<ExitCode> output(Frame& frame) {
  if (frame.arguments.on("raw") && frame.arguments.positionals().empty())
    return usage_error("-raw needs the name of one output").hint("write it like this: trunkform output -raw NAME");
  if (frame.arguments.on("raw") && frame.arguments.on("json"))
    return usage_error("-raw does not go with -json").hint("leave one of the two out");
  const auto state = TRY(TRY(frame.session.backend())->store->load(frame.session.context()));
  const std::map<std::string, OutputRecord> none;
  const auto& outputs = state ? state->document.outputs : none;
  if (frame.arguments.positionals().empty()) {
    if (outputs.empty() && !frame.arguments.on("json"))
      frame.reporter.message("There are no outputs: declare them in the configuration and apply.");
    write_all(frame, outputs);
    return ExitCode::done;
  }
  const auto& name = frame.arguments.positionals().front();
  const auto found = outputs.find(name);
  if (found == outputs.end()) {
    std::vector<std::string> names;
    names.reserve(outputs.size());
    for (const auto& [known, record] : outputs) names.push_back(known);
    Error error(ErrorCode::not_found, fmt::format("there is no output \"{}\" in the state", name));
    if (const auto near = nearest(name, names); !near.empty())
      error.hints.push_back(fmt::format("did you mean \"{}\"?", near));
    return error;
  }
  if (found->second.sensitive)
    return Error(ErrorCode::denied,
                 fmt::format("the output \"{}\" is sensitive: its value is not kept in the state", name))
        .hint("trunkform console can evaluate its expression");
  frame.world.streams.out << (frame.arguments.on("raw") ? raw_text(found->second.json).value_or("")
                                                        : found->second.json + "\n");
  return ExitCode::done;
}

}  // namespace

Command output_command() {
  return {{"output"},
          "the outputs as they were last applied",
          {},
          {flags::json(), {"raw", FlagKind::toggle, "a string without quotes"}, flags::no_color()},
          {{"NAME", "only this one", 0, 1}},
          framed(output)};
}

}  // namespace trunkform::cli
