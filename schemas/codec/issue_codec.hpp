#pragma once
// Certificates that are issued, as JSON: in the state document, in events and in plans. docs/formats/state.md,
// "Issues"; docs/formats/plan.md, "Issues".
#include <vector>

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/codec/record_codec.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::codec {

void write_issue(JsonWriter& out, const IssueRecord& record);
IssueRecord read_issue(const JsonValue& value, const ChainIndex& chains);

void write_open_issue(JsonWriter& out, const OpenIssue& open);
OpenIssue read_open_issue(const JsonValue& value);

void write_issued(JsonWriter& out, const IssuedCertificate& issued);
IssuedCertificate read_issued(const JsonValue& value, const ChainIndex& chains);

/// Member `issues` of the object that is open; left out where there are none.
void write_planned_issues(JsonWriter& out, const std::vector<PlannedIssue>& issues);
std::vector<PlannedIssue> read_planned_issues(const JsonValue& value, const ChainIndex& chains);

/// Member `leftovers`, likewise.
void write_planned_leftovers(JsonWriter& out, const std::vector<PlannedLeftover>& leftovers);
std::vector<PlannedLeftover> read_planned_leftovers(const JsonValue& value);

}  // namespace trunkform::codec
