// Where a backend is encrypted, what it holds says nothing of what it is of; where it is not, it does, or this row
// could not fail.
#include "schemas/codec/sealed_codec.hpp"
#include "tests/support/backend_kit/kit_bench.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace trunkform::testing::kit;

TEST_CASE("kit: nothing of an encrypted state is found in what the backend holds") {
  Asked asked;
  INFO(asked.kind.name);
  Writer writer(*asked.bench);
  writer.lock();
  must(writer.record({intent_of("carrier_of_secrets", "secret_chain")}));
  must(writer.record({committed("carrier_of_secrets", "secret_chain")}));
  must(writer.bind("another_of_secrets", "secret_chain"));
  const auto trunk = record_of("carrier_of_secrets", "secret_chain").trunk_id;
  if (writer.backend.ownership)
    must(writer.backend.ownership->claim(writer.context, writer.lease.fence,
                                         std::vector<TrunkKey>{{"organisation-1", trunk}}));
  OpenAlert alert;
  alert.target = "notify.webhook.secret_target";
  must(writer.backend.alerts->remember(writer.context, alert));
  const auto held = asked.bench->holdings();
  if (held.empty()) return;
  const bool is_plain = !writer.backend.seal->encrypts();
  for (const auto* word :
       {"carrier_of_secrets", "another_of_secrets", "secret_chain", "epoch_opened", "secret_target"}) {
    INFO(word);
    CHECK((held.find(word) != std::string::npos) == is_plain);
  }
  if (writer.backend.ownership) CHECK((held.find("organisation-1") != std::string::npos) == is_plain);
  // Another process reads it all the same.
  Writer other(*asked.bench);
  CHECK(other.document().resources.size() == 2);
  CHECK(must(other.backend.log->read(other.context, 0)).events.size() == 3);
  CHECK(must(other.backend.alerts->open(other.context)).size() == 1);
}
