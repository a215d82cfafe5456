// What may not break in a calendar or a page, whatever a trunk is called.
#include <catch2/catch.hpp>

#include "cmd/trunkform/views/forecast_html.hpp"
#include "cmd/trunkform/views/forecast_ics.hpp"
#include "cmd/trunkform/views/forecast_text.hpp"

using namespace trunkform;
using namespace trunkform::views;
using namespace std::chrono_literals;

namespace {

constexpr auto k_hostile = "<script>alert(1)</script>\r\nBEGIN:VEVENT\x1b[31m; a, b \\ \"'&";

forecast::Forecast forecast_of(const std::string& name, std::size_t trunks) {
  forecast::Forecast result;
  result.start = parse_rfc3339("2026-11-27T12:00:00Z").value();
  result.end = result.start + 24h * 100;
  result.renewed.emplace();
  for (std::size_t i = 0; i < trunks; ++i) {
    forecast::Subject subject;
    subject.address = {{}, "genesys_trunk_certificate", "a", std::to_string(i)};
    subject.trunk_name = name;
    subject.certificate = "certificate.pem_files.a";
    subject.expiry = result.start + 24h * 20;
    result.subjects.push_back(subject);
    forecast::Rotation rotation;
    rotation.subject = i;
    rotation.begins = rotation.bound = rotation.ends = result.start + 24h * 10;
    rotation.old_expiry = subject.expiry;
    rotation.new_expiry = result.start + 24h * 60;
    result.renewed->rotations.push_back(rotation);
    forecast::Lapse lapse;
    lapse.subject = i;
    lapse.from = result.start + 24h * 60;
    lapse.why = name;
    result.renewed->lapses.push_back(lapse);
  }
  result.renewed->runs.emplace_back();
  return result;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

TEST_CASE("a calendar's line is folded at 75 octets and never within a character") {
  const std::string umlauts(200, 'x');
  std::string text;
  for (int i = 0; i < 100; ++i) text += "ö€";
  for (const auto& value : {umlauts, text, std::string()}) {
    const auto folded = ics_line("SUMMARY", value);
    REQUIRE(folded.ends_with("\r\n"));
    std::string unfolded;
    for (std::size_t at = 0; at < folded.size();) {
      const auto end = folded.find("\r\n", at);
      CHECK(end - at <= 75);
      const auto piece = folded.substr(at, end - at);
      CHECK((static_cast<unsigned char>(piece.empty() ? 'x' : piece.back()) & 0xC0U) != 0xC0U);
      unfolded += at == 0 ? piece : piece.substr(1);
      at = end + 2;
    }
    CHECK(unfolded == "SUMMARY:" + value);
  }
}

TEST_CASE("a calendar's text is escaped, and its line breaks are its own") {
  CHECK(ics_text("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne");
  CHECK(ics_text("x\r\nBEGIN:VALARM") == "x\\\\u{d}\\nBEGIN:VALARM");
  CHECK(ics_text("").empty());
}

TEST_CASE("no name of a trunk leaves its place in a calendar") {
  const auto forecast = forecast_of(k_hostile, 3);
  const auto calendar = forecast_ics({forecast, {"org", k_hostile, true}});
  CHECK(count(calendar, "\r\nBEGIN:VEVENT\r\n") == 6);
  CHECK(count(calendar, "\r\nEND:VEVENT\r\n") == 6);
  CHECK(calendar.find('\x1b') == std::string::npos);
  CHECK(count(calendar, "\n") == count(calendar, "\r\n"));
}

TEST_CASE("the same forecast a day later has the same UIDs") {
  auto forecast = forecast_of("East", 3);
  const auto uids = [&] {
    std::vector<std::string> found;
    const auto calendar = forecast_ics({forecast, {"org", "Example", true}});
    for (auto at = calendar.find("\r\nUID:"); at != std::string::npos; at = calendar.find("\r\nUID:", at + 1))
      found.push_back(calendar.substr(at, calendar.find("\r\n", at + 2) - at));
    return found;
  };
  const auto today = uids();
  REQUIRE(today.size() == 6);
  forecast.start += 24h;
  CHECK(uids() == today);
}

TEST_CASE("no name of a trunk becomes markup") {
  const auto forecast = forecast_of(k_hostile, 3);
  const auto page = forecast_html({forecast, {"org", k_hostile, true}});
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(html_text("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

TEST_CASE("many alike trunks are one row of the page, not thousands") {
  const auto forecast = forecast_of("East", 5000);
  const auto page = forecast_html({forecast, {"org", "Example", true}});
  CHECK(page.find("5000× a") != std::string::npos);
  CHECK(page.size() < 200000);
}

TEST_CASE("a forecast for people says lapses first") {
  const auto forecast = forecast_of("East", 30);
  const auto text = forecast_text({forecast, {"org", "Example", true}}, TextStyle());
  CHECK(text.find("WITHOUT A VALID CERTIFICATE, even if sources renew in time: 30 trunks") < text.find("week of"));
  CHECK(text.find("from 2027-01-26T12:00:00Z (in 60 days) for good") != std::string::npos);
  CHECK(text.find("trunkform forecast -json names every trunk") != std::string::npos);
}

TEST_CASE("many lapses of one source do not hide the lapse of another") {
  auto forecast = forecast_of("East", 1000);
  forecast.subjects.back().trunk_name = "Lonely";
  forecast.subjects.back().certificate = "certificate.pem_files.b";
  const auto text = forecast_text({forecast, {"org", "Example", true}}, TextStyle());
  CHECK(text.find("! 999 trunks  certificate.pem_files.a") != std::string::npos);
  CHECK(text.find("! 1 trunk  certificate.pem_files.b") != std::string::npos);
  CHECK(text.find("      Lonely\n") != std::string::npos);
  CHECK(forecast_html({forecast, {"org", "Example", true}}).find("<br>Lonely</td>") != std::string::npos);
}
