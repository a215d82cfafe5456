#include "cmd/trunkform/backend_record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "planner/language/configuration/schema.hpp"
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/codec/text_map.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::cli {
namespace {

using Texts = std::map<std::string, std::string>;

constexpr int k_format = 1;
constexpr std::uint64_t k_limit = 1ULL << 20;

/// The arguments of a backend; null: there is no such type.
const language::BlockSchema* schema_of(std::string_view type) {
  const auto* settings = language::find_block("trunkform", "");
  const auto* backend = settings == nullptr ? nullptr : settings->block("backend");
  return backend == nullptr ? nullptr : backend->block(type);
}

/// The arguments that make a difference: `path = "."` of the local backend is as if it were not there.
Texts said_in(const language::BackendSettings& settings) {
  auto arguments = settings.arguments;
  std::erase_if(arguments, [&](const auto& argument) {
    return argument.second.empty() || (settings.type == "local" && Path(argument.second).lexically_normal() == ".");
  });
  return arguments;
}

Result<Texts> texts_in_file(FileSystem& files, const Path& folder, const std::string& flag) {
  const auto path = Path(flag).is_absolute() ? Path(flag) : folder / flag;
  auto bytes = files.read(path, k_limit);
  if (!bytes)
    return std::move(bytes.error()).hint("-backend-config takes NAME=VALUE, or a file with one JSON object of texts");
  codec::JsonDocument json(flag, *bytes);
  auto texts = codec::read_texts(json.root());
  if (auto good = json.finish(); !good)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} is no file for -backend-config", views::escape_foreign(flag)), good.error().detail)
        .hint(R"(it holds one JSON object of texts: {"host": "db.example.com"})");
  return texts;
}

}  // namespace

Path backend_record_path(const Path& folder) { return folder / ".trunkform.backend.json"; }

Result<std::optional<BackendRecord>> read_backend_record(FileSystem& files, const Path& folder) {
  auto bytes = files.read(backend_record_path(folder), k_limit);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::optional<BackendRecord>();
  if (!bytes) return std::move(bytes.error());
  codec::JsonDocument json(".trunkform.backend.json", *bytes);
  codec::JsonObject root(json.root());
  BackendRecord record;
  json.check_format(root, k_format);
  record.type = root.required("type").text();
  record.arguments = codec::read_texts(root.required("arguments"));
  record.given = codec::read_texts(root.required("given"));
  root.finish();
  if (auto good = json.finish(); !good)
    return std::move(good.error())
        .hint(
            "it says only where the state is: write it anew with trunkform init -reconfigure and the same "
            "-backend-config as before");
  return std::optional(std::move(record));
}

Result<> write_backend_record(FileSystem& files, const Path& folder, const BackendRecord& record) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_format);
  out.member("type", std::string_view(record.type));
  codec::write_texts(out, "arguments", record.arguments);
  codec::write_texts(out, "given", record.given);
  out.end_object();
  return files.replace(backend_record_path(folder), out.take() + "\n");
}

Result<language::BackendSettings> with_given(language::BackendSettings settings, const Texts& given) {
  const auto* schema = schema_of(settings.type);
  for (const auto& [name, text] : given) {
    if (schema != nullptr && schema->argument(name) == nullptr) {
      std::vector<std::string> names;
      names.reserve(schema->arguments.size());
      for (const auto& argument : schema->arguments) names.push_back(argument.name);
      auto error = usage_error(
          fmt::format("-backend-config: the backend {} has no argument {}", settings.type, views::escape_foreign(name)),
          fmt::format("it takes {}", fmt::join(names, ", ")));
      if (const auto near = nearest(name, names); !near.empty())
        error.hints.push_back(fmt::format("did you mean {}?", near));
      return error;
    }
    settings.arguments[name] = text;
  }
  return settings;
}

Result<Texts> read_given(FileSystem& files, const Path& folder, const std::vector<std::string>& flags) {
  Texts given;
  for (const auto& flag : flags) {
    const auto sign = flag.find('=');
    auto texts = sign == std::string::npos ? TRY(texts_in_file(files, folder, flag))
                                           : Texts{{flag.substr(0, sign), flag.substr(sign + 1)}};
    for (auto& [name, text] : texts) given[name] = std::move(text);
  }
  return given;
}

std::optional<language::BackendSettings> left_behind(const language::BackendSettings& settings,
                                                     const std::optional<BackendRecord>& record, bool has_local_state) {
  if (!record && !has_local_state) return std::nullopt;
  const auto was =
      record ? language::BackendSettings{record->type, record->arguments, std::nullopt} : language::BackendSettings{};
  const bool is_there = settings.type == was.type && said_in(settings) == said_in(was);
  return is_there ? std::nullopt : std::optional(was);
}

std::string describe_backend(const language::BackendSettings& settings) {
  std::string text = settings.type;
  for (const auto& [name, value] : settings.arguments)
    text += fmt::format("{}{}={}", text == settings.type ? " (" : ", ", name, value);
  return views::escape_foreign(settings.arguments.empty() ? text : text + ")");
}

Error moved_backend(const language::BackendSettings& was, const language::BackendSettings& is) {
  auto error = Error(ErrorCode::conflict, "the state of this folder is in another backend",
                     fmt::format("it is in {}, and the configuration now says {}. Going on there would begin an empty "
                                 "state",
                                 describe_backend(was), describe_backend(is)))
                   .hint("take the state along, with its history: trunkform init -migrate-state")
                   .hint("use what is in the other one, and leave this one where it is: trunkform init -reconfigure");
  return is.source ? std::move(error).at(*is.source) : error;
}

}  // namespace trunkform::cli
