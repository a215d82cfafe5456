// The seal by itself: what it gives is opened by it, in its place, whole, and by nobody else.
#include "state/sealing/seal.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/sealed_codec.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/document/rows.hpp"
#include "state/sealing/passphrase_key.hpp"
#include "tests/support/test_key_wrap.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using state::Seal;

namespace {

std::shared_ptr<const state::StateKeys> keys_of(const std::string& name, std::vector<std::string> previous = {}) {
  state::StateKeys keys{std::make_shared<TestKeyWrap>(name)};
  for (const auto& before : previous) keys.previous.push_back(std::make_shared<TestKeyWrap>(before));
  return std::make_shared<const state::StateKeys>(std::move(keys));
}

struct SealBench {
  platform::SeededRandom random{1};
  Seal seal(const std::string& key = "one", const std::string& workspace = "default",
            std::vector<std::string> previous = {}) {
    return {keys_of(key, std::move(previous)), random, workspace};
  }
};

StateDocument document_with(const std::vector<std::string>& names, std::uint64_t serial = 3) {
  auto document = numbered_document(serial);
  for (const auto& name : names) document.resources.emplace(address_of(name), record_of(name, "one"));
  return document;
}

std::string line_of(Sequence sequence) { return encode_event(event_of(sequence, RunStarted{"apply", 1, ""})); }

/// What becomes of stored bytes on the way in: a document, or why there is none.
Result<StateDocument> opened(Seal& seal, const std::string& bytes) { return seal.open(TRY(decode_state(bytes))); }

}  // namespace

TEST_CASE("a document is opened as it was sealed, by another process that has the key") {
  SealBench bench;
  const auto document = document_with({"a", "b"});
  auto seal = bench.seal();
  const auto sealed = seal.seal(document).value();
  const auto bytes = encode_state(sealed);
  CHECK(bytes.find("\"lineage\":\"" + document.lineage) != std::string::npos);
  CHECK(bytes.find("\n\"serial\":3") != std::string::npos);
  for (const auto* word : {"resources", "trunk", "genesys"}) CHECK(bytes.find(word) == std::string::npos);
  auto other = bench.seal();
  const auto back = opened(other, bytes);
  INFO((back ? "" : to_line(back.error())));
  REQUIRE(back);
  CHECK(encode_state(*back) == encode_state(document));
  // In pieces too, as engines of rows keep it.
  auto third = bench.seal();
  const auto pieces = state::document_of(state::head_of(sealed), state::rows_of(sealed));
  REQUIRE(pieces);
  CHECK(encode_state(third.open(*pieces).value()) == encode_state(document));
}

TEST_CASE("what did not change keeps its box, so that a write in rows is as large as what changed") {
  SealBench bench;
  auto seal = bench.seal();
  const auto first = seal.seal(document_with({"a", "b", "c"})).value();
  auto changed = document_with({"a", "b", "c", "d"}, 4);
  changed.resources.at(address_of("b")) = record_of("b", "two");
  const auto second = seal.seal(changed).value();
  const auto changes = state::changes_between(&first, second);
  CHECK(changes.put.size() == 2);
  CHECK(changes.removed.empty());
  CHECK(first.sealed->head != second.sealed->head);
  // The same content sealed anew is another box: no two boxes are under one key.
  CHECK(seal.seal_line(line_of(7)).value() != seal.seal_line(line_of(7)).value());
}

TEST_CASE("one other bit anywhere in a sealed document, event or text, and it is refused") {
  SealBench bench;
  auto seal = bench.seal();
  const auto document = encode_state(seal.seal(document_with({"a"})).value());
  const auto line = seal.seal_line(line_of(7)).value();
  const auto text = seal.seal_text(state::k_owners_text, "{\"format\":1,\"claims\":[]}\n").value();
  auto kept = bench.seal();
  REQUIRE(opened(kept, document));
  REQUIRE(kept.open_line(line));
  REQUIRE(kept.open_text(state::k_owners_text, text));
  const auto with_bit = [](std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    return bytes;
  };
  std::size_t passed = 0;
  for (std::size_t at = 0; at < document.size(); ++at) {
    auto other = bench.seal();
    const auto result = opened(other, with_bit(document, at));
    // Of what is around the boxes, a version that is needed vouches for nothing.
    passed += result ? 1 : 0;
    INFO("bit of byte " << at << ": " << document.substr(at, 20));
    CHECK((!result || document.substr(0, at + 1).find("\"lineage\"") == std::string::npos));
  }
  CHECK(passed <= 5);
  for (std::size_t at = 0; at < line.size(); ++at) {
    auto other = bench.seal();
    (void)opened(other, document);
    const auto result = other.open_line(with_bit(line, at));
    const bool is_event = result && decode_event(*result);
    INFO("bit of byte " << at << ": " << line.substr(at, 20));
    CHECK((!is_event || line.substr(0, at + 1).find("\"key\"") == std::string::npos));
    if (is_event) CHECK(*result == line_of(7));
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto other = bench.seal();
    const auto result = other.open_text(state::k_owners_text, with_bit(text, at));
    if (result) CHECK(*result == "{\"format\":1,\"claims\":[]}\n");
  }
}

TEST_CASE("a sealed record that is cut off at whatever byte is refused") {
  SealBench bench;
  auto seal = bench.seal();
  const auto document = encode_state(seal.seal(document_with({"a"})).value());
  const auto line = seal.seal_line(line_of(7)).value();
  for (std::size_t length = 0; length + 1 < document.size(); ++length) {
    auto other = bench.seal();
    CHECK_FALSE(opened(other, document.substr(0, length)));
  }
  for (std::size_t length = 0; length < line.size(); ++length) {
    auto other = bench.seal();
    (void)opened(other, document);
    const auto result = other.open_line(line.substr(0, length));
    CHECK_FALSE((result && decode_event(*result)));
  }
}

TEST_CASE("a record in another place is refused: workspace, serial, lineage, row, number, kind") {
  SealBench bench;
  auto seal = bench.seal();
  const auto sealed = seal.seal(document_with({"a", "b"})).value();
  auto elsewhere = bench.seal("one", "west");
  CHECK(code_of(elsewhere.open(sealed)) == ErrorCode::corrupt);
  const auto refused = [&](auto change) {
    auto moved = sealed;
    auto inside = *sealed.sealed;
    change(moved, inside);
    moved.sealed = std::make_shared<const SealedDocument>(inside);
    auto other = bench.seal();
    CHECK(code_of(other.open(moved)) == ErrorCode::corrupt);
  };
  refused([](auto& document, auto&) { document.serial = 4; });
  refused([](auto& document, auto&) { document.lineage[0] = '6'; });
  refused([](auto&, auto& inside) { inside.clear_through = 9; });
  refused([](auto&, auto& inside) { inside.rows.erase(inside.rows.begin()); });
  refused([](auto&, auto& inside) { std::swap(inside.rows.begin()->second, inside.rows.rbegin()->second); });
  refused([](auto&, auto& inside) { inside.keys.emplace("another", "test:"); });
  // A row of an earlier moment, which is whole in itself.
  auto later = document_with({"a", "b"}, 4);
  later.resources.at(address_of("a")) = record_of("a", "two");
  auto mixed = seal.seal(later).value();
  auto inside = *mixed.sealed;
  inside.rows = sealed.sealed->rows;
  mixed.sealed = std::make_shared<const SealedDocument>(inside);
  auto other = bench.seal();
  CHECK(code_of(other.open(mixed)) == ErrorCode::corrupt);

  auto line = decode_sealed_line(seal.seal_line(line_of(7)).value()).value();
  auto reader = bench.seal();
  REQUIRE(reader.open(sealed));
  CHECK(reader.open_line(encode_sealed_line(line)).value() == line_of(7));
  line.sequence = 8;
  CHECK(code_of(reader.open_line(encode_sealed_line(line))) == ErrorCode::corrupt);
  auto west = bench.seal("one", "west");
  line.sequence = 7;
  line.wrapped = sealed.sealed->keys.begin()->second;
  CHECK(code_of(west.open_line(encode_sealed_line(line))) == ErrorCode::corrupt);

  const auto pacing = seal.seal_text(state::k_pacing_text, "x").value();
  CHECK(west.open_text(state::k_pacing_text, pacing).value() == "x");  // of all workspaces
  CHECK(code_of(west.open_text(state::k_owners_text, pacing)) == ErrorCode::corrupt);
  const auto alerts = seal.seal_text(state::k_alerts_text, "x").value();
  CHECK(code_of(west.open_text(state::k_alerts_text, alerts)) == ErrorCode::corrupt);
}

TEST_CASE("another key, none, and what is in the clear are refused, each in its own words") {
  SealBench bench;
  auto seal = bench.seal();
  const auto document = document_with({"a"});
  const auto sealed = seal.seal(document).value();
  const auto line = seal.seal_line(line_of(7)).value();
  auto other = bench.seal("two");
  CHECK(code_of(other.open(sealed)) == ErrorCode::denied);
  CHECK(code_of(other.open(document)) == ErrorCode::untrusted);
  CHECK(code_of(other.open_line(line_of(7))) == ErrorCode::untrusted);
  CHECK(code_of(other.open_text(state::k_owners_text, "{}")) == ErrorCode::untrusted);
  Seal none(nullptr, bench.random, "default");
  CHECK(code_of(none.open(sealed)) == ErrorCode::denied);
  CHECK(code_of(none.open_line(line)) == ErrorCode::denied);
  CHECK(code_of(none.open_text(state::k_owners_text, seal.seal_text(state::k_owners_text, "x").value())) ==
        ErrorCode::denied);
  CHECK(encode_state(none.open(document).value()) == encode_state(document));
  CHECK(none.open_line(line_of(7)).value() == line_of(7));
}

TEST_CASE("after rekey the earlier key opens nothing, and the later one everything that was sealed before") {
  SealBench bench;
  const auto document = document_with({"a"});
  auto first = bench.seal("one");
  const auto line = first.seal_line(line_of(7)).value();
  const auto sealed = first.seal(document).value();
  const auto fresh = GENERATE(state::DataKeys::Fresh::no, state::DataKeys::Fresh::yes);
  auto between = bench.seal("two", "default", {"one"});
  REQUIRE(between.open(sealed));
  REQUIRE(between.rekey(fresh));
  const auto again = between.seal(document).value();
  CHECK(again.sealed->keys.size() == (fresh == state::DataKeys::Fresh::yes ? 2 : 1));
  CHECK((again.sealed->rows == sealed.sealed->rows) == (fresh == state::DataKeys::Fresh::no));
  auto late = bench.seal("one");
  CHECK(code_of(late.open(again)) == ErrorCode::denied);
  auto now = bench.seal("two");
  REQUIRE(now.open(again));
  // Its key was wrapped in the line by the earlier one; the document has it under the later one.
  CHECK(now.open_line(line).value() == line_of(7));
}

TEST_CASE("a passphrase wraps and unwraps, its salt is another each time, and a short one is refused") {
  platform::SeededRandom random(1);
  const auto passphrase = [&](const char* text) {
    return state::PassphraseKey(SecretBuffer::copy_of(text), "env:KEY", random);
  };
  auto key = passphrase("correct horse battery staple");
  const auto wrapped = key.wrap({}, SecretBuffer::copy_of("01234567890123456789012345678901"), "id-1").value();
  CHECK(wrapped.starts_with("scrypt:15:"));
  CHECK(key.may_open(wrapped));
  auto same = passphrase("correct horse battery staple");
  CHECK(same.unwrap({}, wrapped, "id-1").value().view() == "01234567890123456789012345678901");
  CHECK(code_of(same.unwrap({}, wrapped, "id-2")) == ErrorCode::denied);
  CHECK(same.wrap({}, SecretBuffer::copy_of("x"), "id-1").value().substr(0, 30) != wrapped.substr(0, 30));
  auto other = passphrase("correct horse battery stable");
  CHECK(code_of(other.unwrap({}, wrapped, "id-1")) == ErrorCode::denied);
  for (const auto* broken : {"scrypt:", "scrypt:15", "scrypt:15:", "scrypt:15::", "scrypt:9:AAAA:AAAA",
                             "scrypt:40:AAAA:AAAA", "scrypt:x:AAAA:AAAA", "scrypt:15:!:AAAA"})
    CHECK(code_of(same.unwrap({}, broken, "id-1")) == ErrorCode::denied);
  CHECK(code_of(state::check_passphrase(SecretBuffer::copy_of("fifteen letters"), "x")) == ErrorCode::invalid_input);
  CHECK(state::check_passphrase(SecretBuffer::copy_of("sixteen letters!"), "x"));
}

TEST_CASE("the examples of docs/formats/encryption.md are what is written, byte for byte") {
  platform::SeededRandom random(1);
  state::StateKeys keys{
      std::make_shared<state::PassphraseKey>(SecretBuffer::copy_of("correct horse battery staple"), "env:KEY", random)};
  Seal seal(std::make_shared<const state::StateKeys>(std::move(keys)), random, "default");
  const auto first =
      seal.seal_line(encode_event(event_of(1, EpochOpened{"1b2c3d4e-0000-4000-8000-000000000001", 1, 0}))).value();
  const auto document = encode_state(seal.seal(document_with({"a"}, 1)).value());
  const auto second = seal.seal_line(line_of(2)).value();
  CHECK(example_of("encryption.md", "json") == document);
  CHECK(example_of("encryption.md", "jsonl") == first + "\n" + second + "\n");
}

TEST_CASE("a new data key seals from then on, though the earlier document is read once more before it is written") {
  SealBench bench;
  const auto document = document_with({"a"});
  auto seal = bench.seal();
  const auto sealed = seal.seal(document).value();
  const auto text = seal.seal_text(state::k_owners_text, "x").value();
  REQUIRE(seal.rekey(state::DataKeys::Fresh::yes));
  REQUIRE(seal.open(sealed));
  REQUIRE(seal.open_text(state::k_owners_text, text));
  CHECK(seal.seal(document).value().sealed->key != sealed.sealed->key);
  CHECK(decode_sealed_text(seal.seal_text(state::k_owners_text, "x").value())->key != decode_sealed_text(text)->key);
}

TEST_CASE("a key that comes with what does not open is not kept") {
  SealBench bench;
  auto seal = bench.seal();
  auto line = decode_sealed_line(bench.seal().seal_line(line_of(7)).value()).value();
  line.sequence = 8;
  CHECK(code_of(seal.open_line(encode_sealed_line(line))) == ErrorCode::corrupt);
  CHECK_FALSE(seal.seal(document_with({"a"})).value().sealed->keys.contains(line.key));
}

TEST_CASE("where there is no document, the key of the latest event seals what comes next") {
  SealBench bench;
  std::vector<std::string> lines;
  std::vector<std::string> keys;
  // Eight runs that did not know of each other: by its id, any of their keys may come first.
  for (Sequence number = 1; number <= 8; ++number) {
    lines.push_back(bench.seal().seal_line(line_of(number)).value());
    keys.push_back(decode_sealed_line(lines.back())->key);
  }
  for (std::size_t last = 0; last < lines.size(); ++last) {
    auto seal = bench.seal();
    for (std::size_t i = 0; i <= last; ++i) REQUIRE(seal.open_line(lines[i]));
    CHECK(seal.seal(document_with({"a"})).value().sealed->key == keys[last]);
  }
}
