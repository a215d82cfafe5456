#include "schemas/codec/issue_codec.hpp"

#include "schemas/codec/enum_codec.hpp"
#include "schemas/codec/planned_change_codec.hpp"

namespace trunkform::codec {
namespace {

void write_texts(JsonWriter& out, std::string_view key, const std::vector<std::string>& texts) {
  out.key(key);
  out.begin_array();
  for (const auto& text : texts) out.value(std::string_view(text));
  out.end_array();
}

std::vector<std::string> read_texts(const JsonValue& value) {
  std::vector<std::string> texts;
  for (const auto& item : value.items()) texts.push_back(item.text());
  return texts;
}

void write_chain(JsonWriter& out, std::string_view key, const ChainPtr& chain) {
  if (chain) out.member(key, chain->identity.chain);
}

void write_version(JsonWriter& out, std::string_view key, const std::optional<VersionId>& version) {
  if (version) out.member(key, std::string_view(version->value));
}

std::optional<VersionId> read_version(JsonObject& object, std::string_view key) {
  const auto found = object.optional(key);
  if (!found) return std::nullopt;
  return VersionId{found->text()};
}

KeyType read_key_type(const JsonValue& value) {
  return read_enum(value,
                   {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::rsa_2048, KeyType::rsa_3072, KeyType::rsa_4096});
}

void write_terms(JsonWriter& out, const IssueTerms& terms) {
  write_locator(out, terms.issuer, "issuer");
  write_locator(out, terms.store, "store");
  write_texts(out, "names", terms.names);
  out.member("key", to_string(terms.key));
  if (terms.lifetime) out.member("lifetime", terms.lifetime->count());
  out.member_unless_empty("profile", terms.profile);
}

void read_terms(JsonObject& object, IssueTerms& terms) {
  terms.issuer = read_locator(object.required("issuer"));
  terms.store = read_locator(object.required("store"));
  terms.names = read_texts(object.required("names"));
  terms.key = read_key_type(object.required("key"));
  if (const auto lifetime = object.optional("lifetime"))
    terms.lifetime = Duration(static_cast<Duration::rep>(lifetime->number()));
  terms.profile = object.text_or_empty("profile");
}

void write_request(JsonWriter& out, const IssueRequest& request) {
  out.begin_object();
  out.member("address", std::string_view(request.address));
  out.member("issuer_address", std::string_view(request.issuer_address));
  out.member("store_address", std::string_view(request.store_address));
  write_terms(out, request);
  write_locator(out, request.source, "source");
  out.member_if("reuse_key", request.reuse_key);
  out.end_object();
}

IssueRequest read_request(const JsonValue& value) {
  JsonObject object(value);
  IssueRequest request;
  request.address = object.required("address").text();
  request.issuer_address = object.required("issuer_address").text();
  request.store_address = object.required("store_address").text();
  read_terms(object, request);
  request.source = read_locator(object.required("source"));
  request.reuse_key = object.flag_or_false("reuse_key");
  object.finish();
  return request;
}

void write_window(JsonWriter& out, const std::optional<RenewalWindow>& window) {
  if (!window) return;
  out.key("window");
  out.begin_object();
  out.member("start", window->start);
  out.member("end", window->end);
  out.member_unless_empty("explanation", window->explanation);
  out.end_object();
}

RenewalWindow read_window(const JsonValue& value) {
  JsonObject object(value);
  RenewalWindow window{object.required("start").instant(), object.required("end").instant(),
                       object.text_or_empty("explanation")};
  object.finish();
  return window;
}

PlannedIssue read_planned_issue(const JsonValue& value, const ChainIndex& chains) {
  JsonObject object(value);
  PlannedIssue issue;
  issue.request = read_request(object.required("request"));
  issue.cause =
      read_enum(object.required("cause"), {IssueCause::none, IssueCause::resumed, IssueCause::forced, IssueCause::first,
                                           IssueCause::names_changed, IssueCause::key_changed,
                                           IssueCause::issuer_changed, IssueCause::revoked, IssueCause::due});
  if (const auto error = object.optional("error")) issue.error = read_error(*error);
  if (const auto before = object.optional("before")) issue.before = chains.find(*before);
  issue.replaces = read_version(object, "replaces");
  if (const auto renews = object.optional("renews_on")) issue.renews_on = renews->instant();
  if (const auto window = object.optional("window")) issue.window = read_window(*window);
  issue.resumes = object.text_or_empty("resumes");
  issue.gives_up = object.text_or_empty("gives_up");
  issue.is_unwanted = object.flag_or_false("is_unwanted");
  if (const auto notes = object.optional("notes")) issue.notes = read_texts(*notes);
  object.finish();
  return issue;
}

AmissIssue read_amiss(const JsonValue& value) {
  JsonObject object(value);
  AmissIssue amiss;
  read_terms(object, amiss.asked);
  amiss.at = object.required("at").instant();
  amiss.why = object.required("why").text();
  object.finish();
  return amiss;
}

}  // namespace

void write_open_issue(JsonWriter& out, const OpenIssue& open) {
  out.begin_object();
  out.member("request", std::string_view(open.request));
  out.member("since", open.since);
  write_terms(out, open);
  write_version(out, "replaces", open.replaces);
  out.member_unless_empty("order", open.order);
  out.member_unless_empty("certificates_pem", open.certificates_pem);
  out.member_if("reuses_key", open.reuses_key);
  out.end_object();
}

OpenIssue read_open_issue(const JsonValue& value) {
  JsonObject object(value);
  OpenIssue open;
  open.request = object.required("request").text();
  open.since = object.required("since").instant();
  read_terms(object, open);
  open.replaces = read_version(object, "replaces");
  open.order = object.text_or_empty("order");
  open.certificates_pem = object.text_or_empty("certificates_pem");
  open.reuses_key = object.flag_or_false("reuses_key");
  object.finish();
  return open;
}

void write_issued(JsonWriter& out, const IssuedCertificate& issued) {
  out.begin_object();
  out.member("request", std::string_view(issued.request));
  write_chain(out, "chain", issued.chain);
  write_version(out, "version", issued.version);
  write_locator(out, issued.issuer, "issuer");
  write_locator(out, issued.store, "store");
  out.member("at", issued.at);
  out.end_object();
}

IssuedCertificate read_issued(const JsonValue& value, const ChainIndex& chains) {
  JsonObject object(value);
  IssuedCertificate issued;
  issued.request = object.required("request").text();
  issued.chain = chains.find(object.required("chain"));
  issued.version = {object.required("version").text()};
  issued.issuer = read_locator(object.required("issuer"));
  issued.store = read_locator(object.required("store"));
  issued.at = object.required("at").instant();
  object.finish();
  return issued;
}

void write_issue(JsonWriter& out, const IssueRecord& record) {
  out.begin_object();
  out.member("address", std::string_view(record.address));
  if (record.open) {
    out.key("open");
    write_open_issue(out, *record.open);
  }
  if (record.last) {
    out.key("last");
    write_issued(out, *record.last);
  }
  if (record.amiss) {
    out.key("amiss");
    out.begin_object();
    write_terms(out, record.amiss->asked);
    out.member("at", record.amiss->at);
    out.member("why", std::string_view(record.amiss->why));
    out.end_object();
  }
  out.end_object();
}

IssueRecord read_issue(const JsonValue& value, const ChainIndex& chains) {
  JsonObject object(value);
  IssueRecord record;
  record.address = object.required("address").text();
  if (const auto open = object.optional("open")) record.open = read_open_issue(*open);
  if (const auto last = object.optional("last")) record.last = read_issued(*last, chains);
  if (const auto amiss = object.optional("amiss")) record.amiss = read_amiss(*amiss);
  object.finish();
  return record;
}

void write_planned_issues(JsonWriter& out, const std::vector<PlannedIssue>& issues) {
  if (issues.empty()) return;
  out.line();
  out.key("issues");
  out.begin_array();
  for (const auto& issue : issues) {
    out.line();
    out.begin_object();
    out.key("request");
    write_request(out, issue.request);
    out.member("cause", to_string(issue.cause));
    if (issue.error) {
      out.key("error");
      write_error(out, *issue.error);
    }
    write_chain(out, "before", issue.before);
    write_version(out, "replaces", issue.replaces);
    if (issue.renews_on) out.member("renews_on", *issue.renews_on);
    write_window(out, issue.window);
    out.member_unless_empty("resumes", issue.resumes);
    out.member_unless_empty("gives_up", issue.gives_up);
    out.member_if("is_unwanted", issue.is_unwanted);
    if (!issue.notes.empty()) write_texts(out, "notes", issue.notes);
    out.end_object();
  }
  out.end_array();
}

std::vector<PlannedIssue> read_planned_issues(const JsonValue& value, const ChainIndex& chains) {
  std::vector<PlannedIssue> issues;
  for (const auto& item : value.items()) issues.push_back(read_planned_issue(item, chains));
  return issues;
}

void write_planned_leftovers(JsonWriter& out, const std::vector<PlannedLeftover>& leftovers) {
  if (leftovers.empty()) return;
  out.line();
  out.key("leftovers");
  out.begin_array();
  for (const auto& leftover : leftovers) {
    out.line();
    out.begin_object();
    out.member("address", std::string_view(leftover.address));
    out.member_if("gone", leftover.is_gone);
    if (leftover.since) out.member("since", *leftover.since);
    out.member_unless_empty("staged_in", leftover.staged_in);
    out.member_unless_empty("order", leftover.order);
    out.end_object();
  }
  out.end_array();
}

std::vector<PlannedLeftover> read_planned_leftovers(const JsonValue& value) {
  std::vector<PlannedLeftover> leftovers;
  for (const auto& item : value.items()) {
    JsonObject object(item);
    PlannedLeftover leftover;
    leftover.address = object.required("address").text();
    leftover.is_gone = object.flag_or_false("gone");
    if (const auto since = object.optional("since")) leftover.since = since->instant();
    leftover.staged_in = object.text_or_empty("staged_in");
    leftover.order = object.text_or_empty("order");
    object.finish();
    leftovers.push_back(std::move(leftover));
  }
  return leftovers;
}

}  // namespace trunkform::codec
