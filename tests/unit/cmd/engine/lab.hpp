#pragma once
// A scene with an authority at hand that issues into a store of files.
#include <algorithm>

#include "tests/unit/cmd/engine/scene.hpp"

namespace trunkform::testing {

/// One step after another, so that a run is killed where its probe was.
inline const std::vector<std::string> k_apply = {"apply", "-auto-approve", "-parallelism=1"};

/// Which steps a run is killed at: each; a sanitizer, which takes eight times as long, sees every fifth.
#ifdef __SANITIZE_ADDRESS__
inline constexpr std::size_t k_kill_stride = 5;
#else
inline constexpr std::size_t k_kill_stride = 1;
#endif

/// One trunk that has `old`, and a certificate that an authority at hand issues into a store of files.
struct Lab : Scene {
  explicit Lab(const std::string& names = R"("sip.example.com")") {
    add_trunk("east", "old");
    write("ca.pem", family().intermediate.pem);
    write("ca.key", family().intermediate.key.text());
    environment.variables["HOME"] = "/ann";
    configure_issued(names);
    SUCCEEDS(run({"trust", "add", "write", "files", "/conf/sip"}));
    SUCCEEDS(run({"trust", "add", "secret", "file", "/conf/ca.key"}));
  }
  void configure_issued(const std::string& names, const std::string& more = "") {
    configure({"east"}, "old");
    auto text = files.read("/conf/main.trunk.json", 1 << 20).value();
    const auto instead = [&](const std::string& one, const std::string& other) {
      const auto at = text.find(one);
      REQUIRE(at != std::string::npos);
      text.replace(at, one.size(), other);
    };
    instead("${certificate.pem_files.c}", "${certificate.issued.sip}");
    instead(R"("when": "available")", R"("when": "due")");
    text.insert(text.find('{') + 1, R"("issuer": { "local_ca": { "lab": { "certificate": "ca.pem",
      "private_key": { "file": "ca.key" } } } }, "store": { "files": { "sip": { "path": "sip" } } },)");
    const std::string certificates = R"("certificate": {)";
    text.insert(text.find(certificates) + certificates.size(),
                R"("issued": { "sip": { "issuer": "lab", "store": "sip", "names": [)" + names + "]" + more + "} },");
    write("main.trunk.json", text);
  }
  /// In the configuration.
  void edit(const std::string& one, const std::string& other) {
    auto text = files.read("/conf/main.trunk.json", 1 << 20).value();
    const auto at = text.find(one);
    REQUIRE(at != std::string::npos);
    write("main.trunk.json", text.replace(at, one.size(), other));
  }
  /// Killed where it would make the folder of a new version: signed, and not promoted. `later`: how long after now.
  void die_with_a_staged_key(const std::vector<std::string>& arguments, Duration later = {}) {
    clock.advance(later);
    auto& faults = files.kernel().faults();
    const auto before = faults.sites().size();
    {
      Lab probe;
      probe.write("main.trunk.json", files.read("/conf/main.trunk.json", 1 << 20).value());
      if (!versions().empty()) SUCCEEDS(probe.run({"apply", "-auto-approve", "-parallelism=1"}));
      probe.clock.advance(later);
      const auto from = probe.files.kernel().faults().sites().size();
      SUCCEEDS(probe.run(arguments));
      const auto& sites = probe.files.kernel().faults().sites();
      const auto found =
          std::find_if(sites.begin() + static_cast<std::ptrdiff_t>(from), sites.end(), [](const auto& site) {
            return site.path.find("/sip/versions/0") != std::string::npos &&
                   site.step == platform::IoStep::make_directory;
          });
      REQUIRE(found != sites.end());
      faults.fail_at(before + static_cast<std::size_t>(found - sites.begin()) - from + 1, platform::Fault::kill);
    }
    REQUIRE(run(arguments).code == SimulatedProgram::killed);
    REQUIRE(has_staged_key());
  }
  std::vector<std::string> versions() {
    const auto names = files.list("/conf/sip/versions");
    return names ? *names : std::vector<std::string>();
  }
  std::string stored_leaf() {
    const auto chain = files.read("/conf/sip/live/chain.pem", 1 << 20);
    return chain ? to_short(facts.chain_of_pem(*chain).value()->identity.leaf) : std::string();
  }
  std::size_t count(std::string_view kind) {
    const auto all = events();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Event& event) { return kind_of(event.body) == kind; }));
  }
  bool has_staged_key() { return files.exists("/conf/sip/pending.pem").value(); }
};

}  // namespace trunkform::testing
