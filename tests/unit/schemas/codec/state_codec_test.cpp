#include "schemas/codec/state_codec.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/schemas/codec/model_equality.hpp"
#include "tests/unit/schemas/codec/random_model.hpp"

using namespace trunkform;
using trunkform::testing::RandomModel;

namespace {

std::string with(std::string bytes, const std::string& from, const std::string& to) {
  const auto at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  return bytes.replace(at, from.size(), to);
}

Error refusal(const std::string& bytes) {
  const auto decoded = decode_state(bytes);
  REQUIRE_FALSE(decoded);
  return decoded.error();
}

}  // namespace

TEST_CASE("a random state document survives the way to bytes and back") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    RandomModel random(seed);
    const auto document = random.document(random.below(6));
    const auto bytes = encode_state(document);
    const auto decoded = decode_state(bytes);
    INFO("seed " << seed << "\n" << bytes);
    INFO((decoded ? "" : to_line(decoded.error())));
    REQUIRE(decoded);
    REQUIRE(testing::same(document, *decoded));
    REQUIRE(encode_state(*decoded) == bytes);
  }
}

TEST_CASE("a certificate that many resources bind is written once") {
  RandomModel random(1);
  StateDocument document;
  auto record = random.record();
  record.history.clear();
  for (int index = 0; index < 50; ++index) {
    record.address.key = std::int64_t{index};
    document.resources[record.address] = record;
  }
  const auto bytes = encode_state(document);
  const auto key = "\"" + to_hex(record.chain->leaf().fingerprint) + "\":{";
  CHECK(bytes.find(key) != std::string::npos);
  CHECK(bytes.find(key) == bytes.rfind(key));
  const auto decoded = decode_state(bytes);
  REQUIRE(decoded);
  CHECK(decoded->resources.begin()->second.chain == decoded->resources.rbegin()->second.chain);
}

TEST_CASE("a state document cut off at any byte is refused as damaged, with the place") {
  RandomModel random(7);
  const auto bytes = encode_state(random.document(2));
  for (std::size_t length = 0; length + 1 < bytes.size(); ++length) {
    const auto error = refusal(bytes.substr(0, length));
    REQUIRE(error.code == ErrorCode::corrupt);
    REQUIRE_FALSE(error.detail.empty());
  }
}

TEST_CASE("a newer format is unsupported and names the version that is needed") {
  const auto bytes = encode_state(StateDocument{});
  const auto error = refusal(with(bytes, "\"format\":1", "\"format\":2,\"needs\":\"0.7.0\",\"unheard\":[]"));
  CHECK(error.code == ErrorCode::unsupported);
  CHECK(error.summary == "the state document has format 2");
  REQUIRE(error.hints.size() == 1);
  CHECK(error.hints[0] == "use trunkform 0.7.0 or newer");
}

TEST_CASE("damage inside a document is found with its path") {
  RandomModel random(3);
  StateDocument document = random.document(2);
  const auto bytes = encode_state(document);
  CHECK(refusal(with(bytes, "\"trunk_id\":", "\"trunk_jd\":")).detail.find("`resources[0]`") != std::string::npos);
  CHECK(refusal(with(bytes, "\"folded_through\":", "\"folded_through\":-")).detail.find("`folded_through`") !=
        std::string::npos);
  CHECK(refusal(with(bytes, "\"lineage\":", "\"lineage\":5,\"lineage\":")).detail.find("`lineage`") !=
        std::string::npos);
  CHECK(refusal(with(bytes, "\"serial\":", "\"more\":1,\"serial\":")).detail.find("`more` is unknown") !=
        std::string::npos);
  CHECK(refusal(with(bytes, "\"serial\":", "\"serial\":1,\"serial\":")).detail.find("`serial`") != std::string::npos);
}

TEST_CASE("a chain that is in no table is damage, never a null pointer") {
  RandomModel random(5);
  const auto document = random.document(1);
  const auto chain = document.resources.begin()->second.chain;
  const auto bytes = encode_state(document);
  const auto reference = "\"chain\":\"" + to_hex(chain->identity.chain) + "\"";
  const auto other = "\"chain\":\"" + std::string(64, '0') + "\"";
  CHECK(refusal(with(bytes, reference, other)).detail.find("not in the table") != std::string::npos);
  CHECK(refusal(with(bytes, reference, "\"chain\":null")).code == ErrorCode::corrupt);
}

TEST_CASE("foreign bytes are never a state document") {
  for (const std::string bytes : {"", "null", "[]", "5", "\"text\"", "{}", "{\"format\":0}", "{\"format\":\"1\"}",
                                  "{\"format\":1}", "\xff\xfe", "{\"format\":1}{\"format\":1}"}) {
    CHECK(refusal(bytes).code == ErrorCode::corrupt);
  }
  CHECK(refusal(std::string(100000, '[')).code == ErrorCode::corrupt);
}

TEST_CASE("one flipped byte never crashes the reader and never passes as the same document") {
  RandomModel random(11);
  const auto bytes = encode_state(random.document(1));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x15);
    const auto decoded = decode_state(flipped);
    if (decoded) REQUIRE(encode_state(*decoded) != bytes);
  }
}
