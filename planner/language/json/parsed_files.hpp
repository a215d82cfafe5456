#pragma once
// The files of a configuration, each parsed once however often it is asked for. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "planner/language/json/parse.hpp"

namespace trunkform::language {

class ParsedFiles {
 public:
  /// What `parse_json` says of them; never null.
  std::shared_ptr<const ParsedJson> of(const std::string& file, const std::string& bytes);

 private:
  std::mutex m_mutex;
  std::map<std::string, std::shared_ptr<const ParsedJson>> m_parsed;  ///< by name, as last asked for
};

}  // namespace trunkform::language
