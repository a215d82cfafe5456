#pragma once
// A run that ended before its soaks did, and what more the tests of its heirs share.
#include <fmt/format.h>

#include "tests/unit/cmd/engine/scene.hpp"

namespace trunkform::testing {

/// Writes when each trunk is bound, by the clock, and can tell the run to end there.
struct Timed : Scene {
  std::vector<std::pair<std::string, Instant>> bound;
  std::size_t stop_after = 0;

  Timed() {
    taps.after_bind = [this](const TrunkId& id) {
      bound.emplace_back(name_of(id), clock.now());
      if (bound.size() == stop_after) stop.request_stop();
    };
  }
  std::string name_of(const TrunkId& id) {
    for (const auto& [address, record] : state().resources)
      if (record.trunk_id == id) return address.name;
    return id.value;
  }
  Instant bound_at(const std::string& name) const {
    for (const auto& [trunk, at] : bound)
      if (trunk == name) return at;
    FAIL(name + " was not bound");
    return {};
  }
  /// The first `text` in the block of a binding of the configuration.
  void edit(const std::string& binding, const std::string& text, const std::string& by) {
    auto all = files.read("/conf/main.trunk.json", 1 << 20).value();
    const auto block = all.find("\"" + binding + "\": {");
    REQUIRE(block != std::string::npos);
    all.replace(all.find(text, block), text.size(), by);
    write("main.trunk.json", all);
  }
  /// `names` are to get another pair than the others.
  void offer_to(const std::vector<std::string>& names, const std::string& pair) {
    auto all = files.read("/conf/main.trunk.json", 1 << 20).value();
    const std::string pairs = R"("pem_files": { )";
    all.insert(all.find(pairs) + pairs.size(),
               fmt::format(R"("d": {{ "chain": "{0}.chain", "private_key": "{0}.key" }}, )", pair));
    write("main.trunk.json", all);
    for (const auto& name : names) edit(name, "certificate.pem_files.c", "certificate.pem_files.d");
  }
  /// A second carrier, like the first one.
  void move_to_carrier_b(const std::vector<std::string>& names) {
    auto all = files.read("/conf/main.trunk.json", 1 << 20).value();
    const std::string carriers = R"("carrier": { )";
    all.insert(all.find(carriers) + carriers.size(), R"("b": { "trust_store": "${file(\"root.pem\")}" }, )");
    write("main.trunk.json", all);
    for (const auto& name : names) edit(name, R"("carrier": "a")", R"("carrier": "b")");
  }
  bool settled(const std::string& name) {
    for (const auto& event : events())
      if (const auto* probed = std::get_if<Probed>(&event.body))
        if (probed->address == address(name) && probed->verification.settled.verdict == CheckVerdict::pass) return true;
    return false;
  }
};

/// Ports that serve `new`, and from the end of the first trunk's soak on `old`.
struct TurnsBad : Timed {
  TurnsBad() : m_old(served("old")) {
    tls.answer = [this, ours = served("new")](const TlsProbePolicy& policy) {
      return is_soak_over() ? m_old(policy) : ours(policy);
    };
  }
  bool is_soak_over() const { return !bound.empty() && clock.now() >= bound[0].second + std::chrono::minutes(10); }
  /// Killed at its next system call, once.
  void die_at_first_read_after_soak() {
    taps.before_get = [this, died = false, looked = std::size_t{0}](const TrunkId&) mutable {
      // The first read is the look at the trunk; the next comes when what the port serves was seen to be wrong.
      if (died || !is_soak_over() || looked++ < 1) return;
      died = true;
      auto& faults = files.kernel().faults();
      const auto next = faults.sites().size() + 1;
      for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
    };
  }
  void revive() {
    files.kernel().faults().clear();
    taps.before_get = {};
  }

 private:
  using Port = std::function<Result<std::vector<ServedChain>>(const TlsProbePolicy&)>;
  Port m_old;

  Port served(const std::string& pair) {
    serve(pair);
    return tls.answer;
  }
};

/// An apply that was told to end once `stop` trunks were bound.
struct Soaking : Timed {
  static constexpr const char* k_canary = R"("canary": 1, "stagger": "0s", "soak": "10m")";
  static constexpr const char* k_no_canary = R"("canary": 0, "stagger": "0s", "soak": "10m")";

  Soaking(const std::string& more, const std::string& rollout, std::size_t stop) {
    record_old(more, rollout);
    serve("new");
    run_until_bound(stop);
  }
  void run_until_bound(std::size_t stop) {
    stop_after = stop;
    REQUIRE(run({"apply", "-auto-approve"}).code == 130);
    REQUIRE(bound.size() == stop);
    stop_after = 0;
  }
};

}  // namespace trunkform::testing
