#pragma once
// Three trunks, a service whose door a test stands at, and a virtual clock: what the tests of the engine share.
#include <catch2/catch.hpp>

#include "tests/support/simulated_program.hpp"

#define SUCCEEDS(ENDED)             \
  do {                              \
    const auto& ended_ = (ENDED);   \
    INFO(ended_.out << ended_.err); \
    CHECK(ended_.code == 0);        \
  } while (false)

namespace trunkform::testing {

/// On either stream.
inline bool says(const Ended& ended, const std::string& text) {
  return (ended.out + ended.err).find(text) != std::string::npos;
}

/// Lets a test act at the service's door.
class TapApi final : public TrunkApi {
 public:
  struct Taps {
    std::function<void()> before_list;
    std::function<void(const TrunkId&)> before_get, before_bind, after_bind;
    std::function<std::optional<Error>(const TrunkId&)> refuse_bind;
  };
  TapApi(std::unique_ptr<TrunkApi> real, const Taps& taps) : m_real(std::move(real)), m_taps(taps) {}
  Result<Organisation> organisation(const Context& context) override { return m_real->organisation(context); }
  Result<std::vector<LiveTrunk>> list(const Context& context,
                                      const std::function<void(std::size_t, std::size_t)>& progress) override {
    if (m_taps.before_list) m_taps.before_list();
    return m_real->list(context, progress);
  }
  Result<LiveTrunk> get(const Context& context, const TrunkId& id) override {
    if (m_taps.before_get) m_taps.before_get(id);
    return m_real->get(context, id);
  }
  Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                           const std::optional<Identity>& from) override {
    if (m_taps.before_bind) m_taps.before_bind(id);
    if (m_taps.refuse_bind)
      if (auto error = m_taps.refuse_bind(id)) return *error;
    auto receipt = m_real->bind(context, id, pair, from);
    if (m_taps.after_bind) m_taps.after_bind(id);
    return receipt;
  }
  std::uint64_t requests() const override { return m_real->requests(); }
  Duration longest_call() const override { return m_real->longest_call(); }
  std::optional<Duration> clock_difference() const override { return m_real->clock_difference(); }

 private:
  std::unique_ptr<TrunkApi> m_real;
  const Taps& m_taps;
};

struct Scene : SimulatedProgram {
  TapApi::Taps taps;
  Scene() {
    decorators.trunk_api = [this](std::unique_ptr<TrunkApi> real) {
      return std::make_unique<TapApi>(std::move(real), taps);
    };
    make_pair("old");
    make_pair("new", std::chrono::hours(24 * 91));
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Three trunks that have and record `old`; the configuration wants `new`.
  void record_old(const std::string& more = "", const std::string& rollout = k_at_once) {
    for (const auto* name : {"east", "north", "west"}) add_trunk(name, "old");
    configure({"east", "north", "west"}, "old", more, rollout);
    const auto adopted = run({"apply", "-auto-approve"});
    INFO(adopted.out << adopted.err);
    REQUIRE(adopted.code == 0);
    REQUIRE(patches() == 0);
    configure({"east", "north", "west"}, "new", more, rollout);
  }
  std::string leaf(const std::string& name) {
    return to_short(state().resources.at(address(name)).chain->identity.leaf);
  }
  std::string leaf_of(const std::string& pair) {
    return to_short(facts.chain_of_pem(files.read("/conf/" + pair + ".chain", 1 << 20).value()).value()->identity.leaf);
  }
  static constexpr const char* k_at_once = R"("canary": 0, "stagger": "0s", "soak": "0s")";
  static constexpr const char* k_staggered = R"("canary": 0, "stagger": "3m", "soak": "0s")";
  static constexpr const char* k_probing =
      R"("verify": { "tls": { "address": "east.example.com:5061", "within": "10s" } })";

  /// What the ports serve: `pair`, whatever is bound.
  void serve(const std::string& pair) { serve_at({{"", pair}}); }
  /// The same by host; "" for all others.
  void serve_at(const std::map<std::string, std::string>& pairs) {
    std::map<std::string, ChainPtr> chains;
    for (const auto& [host, pair] : pairs)
      chains[host] = facts.chain_of_pem(files.read("/conf/" + pair + ".chain", 1 << 20).value()).value();
    tls.answer = [chains](const TlsProbePolicy& policy) -> Result<std::vector<ServedChain>> {
      ServedChain served;
      served.address = policy.host;
      served.chain = chains.at(chains.contains(policy.host) ? policy.host : "");
      return std::vector{served};
    };
  }
  void turn(const std::string& knobs) {
    const auto turned = service.turn(knobs, clock.now());
    INFO((turned ? "" : to_line(turned.error())));
    REQUIRE(turned);
  }
  std::string escaped(const std::string& file) {
    std::string text;
    const auto bytes = files.read("/conf/" + file, 1 << 20).value();
    for (const char c : bytes) text += c == '\n' ? std::string("\\n") : std::string(1, c);
    return text;
  }
  void bind_by_hand(const std::string& trunk, const std::string& pair) {
    turn(R"({"edits":[{"do":"bind","trunk":")" + trunk + R"(","certificate":")" + escaped(pair + ".chain") +
         R"(","private_key":")" + escaped(pair + ".key") + R"("}]})");
  }
  std::vector<OutcomeKind> outcomes(const std::string& name) {
    std::vector<OutcomeKind> kinds;
    for (const auto& event : events())
      if (const auto* outcome = std::get_if<Outcome>(&event.body);
          outcome != nullptr && outcome->address == address(name))
        kinds.push_back(outcome->kind);
    return kinds;
  }
};

}  // namespace trunkform::testing
