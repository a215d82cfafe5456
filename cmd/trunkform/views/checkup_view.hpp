#pragma once
// Checkups for people and for programs. Foreign text is escaped. Pure.
#include <string>
#include <vector>

#include "cmd/trunkform/views/text_style.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::views {

/// One paragraph:
///
///     provider.vault  https://vault.example.com:8200
///       ok       signed in as "approle", with the policies "reads-sip"
///       failed   the clocks …
///                  hint: …
std::string checkup_text(const Checkup& checkup, const TextStyle& style);

/// `good`, `warning`, `bad` or `unknown`, as the published schema has it.
std::string_view to_string(Condition condition);

/// The object of one.
void write_checkup(codec::JsonWriter& out, const Checkup& checkup, const std::vector<language::SourceFile>& sources);

}  // namespace trunkform::views
