#pragma once
// A diagnostic for people: what, where with the line and a caret, why, what to do. Foreign text is escaped. Pure.
#include <span>
#include <string>

#include "cmd/trunkform/views/text_style.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/diagnostic.hpp"

namespace trunkform::views {

/// Several lines, each with its newline:
///
///     Error: there is no argument "chian" in certificate.pem_files.a
///
///       on main.trunk.json line 4, column 9:
///         4 |         "chian": "a.pem",
///           |         ^^^^^^^
///       there are chain, private_key, passphrase, versions
///       hint: did you mean "chain"?
///
/// `sources`: the files that ranges may name; the line is left out where its file is not among them.
std::string diagnostic_text(const Diagnostic& diagnostic, std::span<const language::SourceFile> sources,
                            const TextStyle& style);

}  // namespace trunkform::views
