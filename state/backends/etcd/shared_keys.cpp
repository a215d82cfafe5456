#include "state/backends/etcd/shared_keys.hpp"

#include <charconv>

#include "state/backends/etcd/head.hpp"
#include "state/backends/etcd/keys.hpp"

namespace trunkform::state::etcd {
namespace {

/// etcd takes 1.5 MiB in one step.
constexpr std::size_t k_most_of_a_key = 900'000;
constexpr int k_rounds = 10;

Error another() { return Error(ErrorCode::conflict, "another wrote it meanwhile"); }

/// `trunkform-etcd 1 ID` and a newline, then the text's beginning.
struct Beginning {
  std::string id;
  std::string text;
};

Result<Beginning> beginning_of(const std::string& value, const std::string& key) {
  const auto rest = TRY(behind_mark(value, key));
  const auto end = rest.find('\n');
  if (end == std::string_view::npos)
    return Error(ErrorCode::corrupt, key + " in etcd is damaged", "its first line has no end")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  return Beginning{std::string(rest.substr(0, end)), std::string(rest.substr(end + 1))};
}

std::string parts_of(const Layout& layout, Shared what, const std::string& id) {
  return layout.shared_parts(what) + id + "/";
}

}  // namespace

Result<std::optional<SharedText>> read_shared_text(const Context& context, KeyValueStore& store, const Layout& layout,
                                                   Shared what) {
  const auto key = layout.shared(what);
  for (int round = 0; round < k_rounds; ++round) {
    const auto found = TRY(read_key(context, store, key));
    if (!found) return std::optional<SharedText>();
    auto [id, text] = TRY(beginning_of(found->value, key));
    if (text.size() < k_most_of_a_key)
      return std::optional(SharedText{std::move(text), std::to_string(found->changed)});
    const auto beginning = text;
    TRY(each_key(
        context, store, keys_beneath(parts_of(layout, what, id)), [&] { text = beginning; },
        [&](const KeyValue& part) { text += part.value; }));
    // Where it was written over meanwhile its parts are gone.
    const auto still = TRY(read_key(context, store, key));
    if (still && still->changed == found->changed)
      return std::optional(SharedText{std::move(text), std::to_string(found->changed)});
  }
  return another();
}

Result<> write_shared_text(const Context& context, KeyValueStore& store, const Layout& layout, Shared what,
                           const std::optional<std::string>& revision, const std::string& text, const std::string& id) {
  const auto parts = parts_of(layout, what, id);
  std::size_t part = 0;
  for (auto from = k_most_of_a_key; from < text.size(); from += k_most_of_a_key)
    TRY(store.transact(context, {{}, {put_key(parts + Layout::padded(part++), text.substr(from, k_most_of_a_key))}}));
  const auto key = layout.shared(what);
  KeyCondition unchanged{key, KeyCondition::Of::changed, 0};
  if (revision) std::from_chars(revision->data(), revision->data() + revision->size(), unchanged.is);
  // Whoever has put parts and comes after us finds another revision, and is refused: none of them are needed.
  const auto all = keys_beneath(layout.shared_parts(what));
  const auto done =
      store.transact(context, {{unchanged},
                               {put_key(key, mark() + id + "\n" + text.substr(0, k_most_of_a_key)),
                                remove_keys({all.first, parts}), remove_keys({keys_beneath(parts).end, all.end})}});
  if (!done) return done.error();
  if (*done) return {};
  if (part > 0) (void)store.transact(context, {{}, {remove_keys(keys_beneath(parts))}});
  return another();
}

}  // namespace trunkform::state::etcd
