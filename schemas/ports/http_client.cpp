#include "schemas/ports/http_client.hpp"

#include <algorithm>

namespace trunkform {

const std::string* HttpResponse::header(std::string_view name) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& candidate : headers)
    if (std::equal(candidate.name.begin(), candidate.name.end(), name.begin(), name.end(),
                   [&](char a, char b) { return lower(a) == lower(b); }))
      return &candidate.value;
  return nullptr;
}

}  // namespace trunkform
