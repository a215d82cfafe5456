#pragma once
// The members of the events of issuing: docs/formats/events.md. `get` notes a flaw at what is not as `put` wrote it.
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/event.hpp"

namespace trunkform::codec {

void put(JsonWriter& out, const IssueBegun& body);
void get(JsonObject& in, IssueBegun& body);
void put(JsonWriter& out, const IssueOrdered& body);
void get(JsonObject& in, IssueOrdered& body);
void put(JsonWriter& out, const IssueEnded& body);
void get(JsonObject& in, IssueEnded& body);
void put(JsonWriter& out, const IssueForgotten& body);
void get(JsonObject& in, IssueForgotten& body);
void put(JsonWriter& out, const IssueFailed& body);
void get(JsonObject& in, IssueFailed& body);
void put(JsonWriter& out, const IssueMoved& body);
void get(JsonObject& in, IssueMoved& body);
void put(JsonWriter& out, const IssueUnstaged& body);
void get(JsonObject& in, IssueUnstaged& body);
void put(JsonWriter& out, const IssueRevokeAsked& body);
void get(JsonObject& in, IssueRevokeAsked& body);
void put(JsonWriter& out, const IssueRevokeRefused& body);
void get(JsonObject& in, IssueRevokeRefused& body);
void put(JsonWriter& out, const IssueRevoked& body);
void get(JsonObject& in, IssueRevoked& body);

}  // namespace trunkform::codec
