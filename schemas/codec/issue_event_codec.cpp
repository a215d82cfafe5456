#include "schemas/codec/issue_event_codec.hpp"

#include "schemas/codec/issue_codec.hpp"

namespace trunkform::codec {

void put(JsonWriter& out, const IssueBegun& body) {
  out.member("address", std::string_view(body.address));
  out.key("issue");
  write_open_issue(out, body.issue);
}
void get(JsonObject& in, IssueBegun& body) {
  body.address = in.required("address").text();
  body.issue = read_open_issue(in.required("issue"));
}

void put(JsonWriter& out, const IssueOrdered& body) {
  out.member("address", std::string_view(body.address));
  out.member("request", std::string_view(body.request));
  out.member_unless_empty("order", body.order);
  out.member_unless_empty("certificates_pem", body.certificates_pem);
}
void get(JsonObject& in, IssueOrdered& body) {
  body.address = in.required("address").text();
  body.request = in.required("request").text();
  body.order = in.text_or_empty("order");
  body.certificates_pem = in.text_or_empty("certificates_pem");
}

void put(JsonWriter& out, const IssueEnded& body) {
  out.member("address", std::string_view(body.address));
  out.member("request", std::string_view(body.request));
  if (body.issued) {
    ChainTable chains;
    chains.add(body.issued->chain);
    out.key("state");
    out.begin_object();
    chains.write_on_one_line(out);
    out.key("issued");
    write_issued(out, *body.issued);
    out.end_object();
  }
  out.member_unless_empty("message", body.message);
  out.member_if("amiss", body.amiss);
}
void get(JsonObject& in, IssueEnded& body) {
  body.address = in.required("address").text();
  body.request = in.required("request").text();
  if (const auto state = in.optional("state")) {
    JsonObject object(*state);
    const ChainIndex chains(object);
    body.issued = read_issued(object.required("issued"), chains);
    object.finish();
  }
  body.message = in.text_or_empty("message");
  body.amiss = in.flag_or_false("amiss");
}

void put(JsonWriter& out, const IssueForgotten& body) {
  out.member("address", std::string_view(body.address));
  out.member_unless_empty("why", body.why);
}
void get(JsonObject& in, IssueForgotten& body) {
  body.address = in.required("address").text();
  body.why = in.text_or_empty("why");
}

void put(JsonWriter& out, const IssueFailed& body) {
  out.member("address", std::string_view(body.address));
  out.member_unless_empty("message", body.message);
}
void get(JsonObject& in, IssueFailed& body) {
  body.address = in.required("address").text();
  body.message = in.text_or_empty("message");
}

void put(JsonWriter& out, const IssueMoved& body) {
  out.member("from", std::string_view(body.from));
  out.member("to", std::string_view(body.to));
}
void get(JsonObject& in, IssueMoved& body) {
  body.from = in.required("from").text();
  body.to = in.required("to").text();
}

void put(JsonWriter& out, const IssueUnstaged& body) {
  out.member("address", std::string_view(body.address));
  out.member("request", std::string_view(body.request));
  out.member("since", body.since);
}
void get(JsonObject& in, IssueUnstaged& body) {
  body.address = in.required("address").text();
  body.request = in.required("request").text();
  body.since = in.required("since").instant();
}

namespace {

template <class Revocation>
void put_revocation(JsonWriter& out, const Revocation& body) {
  out.member("address", std::string_view(body.address));
  out.member("leaf", body.leaf);
  out.member_unless_empty("reason", body.reason);
  if (body.key) out.member("key", *body.key);
}

template <class Revocation>
void get_revocation(JsonObject& in, Revocation& body) {
  body.address = in.required("address").text();
  body.leaf = in.required("leaf").fingerprint();
  body.reason = in.text_or_empty("reason");
  if (const auto key = in.optional("key")) body.key = key->fingerprint();
}

}  // namespace

void put(JsonWriter& out, const IssueRevokeAsked& body) { put_revocation(out, body); }
void get(JsonObject& in, IssueRevokeAsked& body) { get_revocation(in, body); }
void put(JsonWriter& out, const IssueRevoked& body) { put_revocation(out, body); }
void get(JsonObject& in, IssueRevoked& body) { get_revocation(in, body); }

void put(JsonWriter& out, const IssueRevokeRefused& body) {
  out.member("address", std::string_view(body.address));
  if (body.leaf) out.member("leaf", *body.leaf);
  if (body.key) out.member("key", *body.key);
  out.member_unless_empty("message", body.message);
}
void get(JsonObject& in, IssueRevokeRefused& body) {
  body.address = in.required("address").text();
  if (const auto leaf = in.optional("leaf")) body.leaf = leaf->fingerprint();
  if (const auto key = in.optional("key")) body.key = key->fingerprint();
  body.message = in.text_or_empty("message");
}

}  // namespace trunkform::codec
