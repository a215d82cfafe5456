#pragma once
// For commands whose `-json` is one document: warnings belong into it, not as lines before it.
#include "cmd/trunkform/run_command.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::cli {

/// Loads and evaluates. Human: all is reported at once. `-json`: warnings are collected; errors are reported as
/// diagnostic lines, because there will be no document. False: there were errors, and they were shown.
Result<bool> load_for_document(Frame& frame, std::vector<Diagnostic>& collected);

/// Reports for people, or collects for the document.
void report_into(Frame& frame, std::vector<Diagnostic>& collected, Diagnostic diagnostic);

/// The member `diagnostics`.
void write_diagnostics(codec::JsonWriter& out, const std::vector<Diagnostic>& diagnostics,
                       const std::vector<language::SourceFile>& sources);

}  // namespace trunkform::cli
