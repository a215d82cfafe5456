#pragma once
// Where `trunkform init` last found this folder's state: `.trunkform.backend.json` beside the configuration. It keeps
// what -backend-config gave, and whoever changes the backend block later from beginning an empty state elsewhere by
// accident. docs/formats/backend.md.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/language/configuration/configuration.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::cli {

struct BackendRecord {
  std::string type;
  std::map<std::string, std::string> arguments;  ///< of the block and of -backend-config, as they were used
  std::map<std::string, std::string> given;      ///< by -backend-config alone
};

Path backend_record_path(const Path& folder);
/// None: `init` has written none. Errors: corrupt, unsupported, io.
Result<std::optional<BackendRecord>> read_backend_record(FileSystem& files, const Path& folder);
Result<> write_backend_record(FileSystem& files, const Path& folder, const BackendRecord& record);

/// The block with `given` put over it. Error: invalid_input, for an argument that this backend has not.
Result<language::BackendSettings> with_given(language::BackendSettings settings,
                                             const std::map<std::string, std::string>& given);

/// What -backend-config says: `NAME=VALUE`, or a file with one JSON object of texts. A later one counts more. Errors:
/// usage, invalid_input, the file's.
Result<std::map<std::string, std::string>> read_given(FileSystem& files, const Path& folder,
                                                      const std::vector<std::string>& flags);

/// Whether the state of a folder is where it was. `has_local_state`: a document lies in the folder itself, where it is
/// without any backend block. None: it is. Else where it was.
std::optional<language::BackendSettings> left_behind(const language::BackendSettings& settings,
                                                     const std::optional<BackendRecord>& record, bool has_local_state);

/// `postgres (host=db.example.com)`.
std::string describe_backend(const language::BackendSettings& settings);

/// To be told instead of going on elsewhere.
Error moved_backend(const language::BackendSettings& was, const language::BackendSettings& is);

}  // namespace trunkform::cli
