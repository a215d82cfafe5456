#include "cmd/trunkform/verify_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cmd/trunkform/document_output.hpp"

namespace trunkform::cli {
namespace {

/// What the API says is the least evidence: the carrier sees the port.
std::size_t passed_by_api_alone(const VerifiedAddresses& all) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& one) {
    return one.verdict() == CheckVerdict::pass && one.served.verdict == CheckVerdict::not_configured;
  }));
}

void write_check(codec::JsonWriter& out, std::string_view key, const CheckResult& result) {
  out.key(key);
  out.begin_object();
  out.member("verdict", to_string(result.verdict));
  out.member_unless_empty("evidence", result.evidence);
  out.end_object();
}

std::string painted(const views::TextStyle& style, CheckVerdict verdict) {
  const auto word = views::fit(to_string(verdict), 14);
  if (verdict == CheckVerdict::pass) return style.green(word);
  if (verdict == CheckVerdict::fail) return style.red(word);
  return verdict == CheckVerdict::inconclusive ? style.yellow(word) : word;
}

}  // namespace

CheckVerdict VerifiedAddress::verdict() const {
  for (const auto worst : {CheckVerdict::fail, CheckVerdict::inconclusive, CheckVerdict::pass})
    if (accepted.verdict == worst || served.verdict == worst) return worst;
  return CheckVerdict::not_configured;
}

std::size_t count_of(const VerifiedAddresses& all, CheckVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.verdict() == verdict; }));
}

std::string verify_json(Frame& frame, const VerifiedAddresses& all, const std::vector<Diagnostic>& diagnostics) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("timestamp", frame.world.clock.now());
  out.key("summary");
  out.begin_object();
  for (const auto verdict :
       {CheckVerdict::pass, CheckVerdict::fail, CheckVerdict::inconclusive, CheckVerdict::not_configured})
    out.member(to_string(verdict), count_of(all, verdict));
  out.member("pass_by_api_alone", passed_by_api_alone(all));
  out.end_object();
  out.key("resources");
  out.begin_array();
  for (const auto& one : all) {
    out.begin_object();
    out.member("address", std::string_view(to_string(one.record->address)));
    out.member("trunk_id", std::string_view(one.record->trunk_id.value));
    out.member("trunk_name", std::string_view(one.record->trunk_name));
    out.member("verdict", to_string(one.verdict()));
    write_check(out, "accepted", one.accepted);
    write_check(out, "served", one.served);
    out.end_object();
  }
  out.end_array();
  write_diagnostics(out, diagnostics, frame.session.files());
  out.end_object();
  return out.take();
}

std::string verified_text(const VerifiedAddress& one, const views::TextStyle& style) {
  const auto port = one.served.verdict != CheckVerdict::not_configured ? views::escape_foreign(one.served.evidence)
                    : one.binding == nullptr ? std::string("not looked at: no longer configured")
                                             : std::string("not looked at: the binding has no verify.tls");
  return fmt::format("{} {}\n               API   {}\n               port  {}\n", painted(style, one.verdict()),
                     views::escape_foreign(to_string(one.record->address)),
                     views::escape_foreign(one.accepted.evidence), port);
}

std::string verified_summary(const VerifiedAddresses& all) {
  auto text = fmt::format("\n{} pass, {} fail, {} inconclusive, {} not configured.\n",
                          count_of(all, CheckVerdict::pass), count_of(all, CheckVerdict::fail),
                          count_of(all, CheckVerdict::inconclusive), count_of(all, CheckVerdict::not_configured));
  if (const auto unseen = passed_by_api_alone(all); unseen > 0)
    text += fmt::format("{} of those that pass {} by what the API says alone; verify.tls would look at the port.\n",
                        unseen, unseen == 1 ? "does so" : "do so");
  if (count_of(all, CheckVerdict::fail) > 0)
    text += "trunkform history shows what was done to these trunks, trunkform plan what apply would do.\n";
  else if (count_of(all, CheckVerdict::inconclusive) > 0)
    text += "Nothing was seen that is wrong, but not everything could be seen from this machine.\n";
  return text;
}

}  // namespace trunkform::cli
