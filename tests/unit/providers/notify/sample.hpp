#pragma once
// An alert with everything in it, and foreign text that would like to be more than text.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "schemas/model/alert.hpp"

namespace trunkform::notify::test {

inline Alert sample() {
  Alert alert;
  alert.kind = AlertKind::rolled_back;
  alert.problem = AlertProblem::change;
  alert.severity = AlertSeverity::error;
  alert.address = R"(genesys_trunk_certificate.a["Größe <East>"])";
  alert.trunk = R"(Größe "East" <!channel> *bold* [link](https://evil.example) & more)";
  alert.summary = "trunk \"" + alert.trunk + "\": the earlier certificate is bound again";
  alert.detail = "127.0.0.1:5061 serves 111111111111 without its intermediate";
  alert.hint = "offer another chain, then run: trunkform apply (-retry insists on this one)";
  alert.dedup_key = "org-1/default/" + alert.address + "/change";
  alert.organisation = "org-1";
  alert.run = "00000000-0000-4000-8000-00000000000a";
  alert.actor = "ann@host-1";
  alert.plan = std::string(64, 'b');
  alert.log_head = parse_fingerprint(std::string(64, 'c'));
  alert.time = parse_rfc3339("2026-11-24T12:00:00Z").value();
  return alert;
}

inline Alert mended() {
  auto alert = sample();
  alert.kind = AlertKind::recovered;
  alert.severity = AlertSeverity::info;
  alert.resolved = true;
  alert.summary = "trunk \"" + alert.trunk + "\": the new certificate is bound and verified";
  alert.detail.clear();
  alert.hint.clear();
  return alert;
}

/// TRUNKFORM_UPDATE_GOLDEN=1 writes it anew: review the difference.
inline void check_golden(const std::string& name, const std::string& text) {
  const auto path = "tests/golden/alerts/" + name;
  if (const auto* update = std::getenv("TRUNKFORM_UPDATE_GOLDEN"); update != nullptr && *update != '\0')
    std::ofstream(path) << text;
  std::ifstream golden(path);
  INFO(path);
  CHECK(std::string(std::istreambuf_iterator<char>(golden), {}) == text);
}

}  // namespace trunkform::notify::test
