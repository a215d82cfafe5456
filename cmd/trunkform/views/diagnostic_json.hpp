#pragma once
// Diagnostics in Terraform's shape, which editors, GitHub problem matchers and tfcmt-like tools read. Pure.
#include <string>
#include <vector>

#include "planner/language/configuration/configuration.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::views {

/// The object itself: severity, summary, detail, address, range, snippet, hints.
void write_diagnostic(codec::JsonWriter& out, const Diagnostic& diagnostic,
                      const std::vector<language::SourceFile>& sources);

/// A line of the `-json` stream: `{"@level":"error",…,"type":"diagnostic","diagnostic":{…}}`, without its newline.
std::string diagnostic_json_line(const Diagnostic& diagnostic, const std::vector<language::SourceFile>& sources,
                                 Instant now);

/// Opens a line of the stream with its common members; the caller adds its own and ends the object.
void begin_ui_line(codec::JsonWriter& out, std::string_view level, std::string_view message, std::string_view type,
                   Instant now);

}  // namespace trunkform::views
