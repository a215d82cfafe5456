#pragma once
// Enumerations by their words (`to_string`), for codecs.
#include <initializer_list>

#include "schemas/codec/json_reader.hpp"

namespace trunkform::codec {

/// The enumerator of `all` whose word the value is; a flaw and the first one where it is none.
template <class E>
E read_enum(const JsonValue& value, std::initializer_list<E> all) {
  const auto word = value.view();
  for (const auto candidate : all)
    if (to_string(candidate) == word) return candidate;
  value.flaw("this word is not known");
  return *all.begin();
}

}  // namespace trunkform::codec
