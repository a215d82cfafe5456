// Broken configurations and what people read about them: tests/golden/configuration/NAME. TRUNKFORM_UPDATE_GOLDEN=1
// writes the expectations anew; read the difference as the person would who made the mistake.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "cmd/trunkform/views/diagnostic_text.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> folders() {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator("tests/golden/configuration"))
    if (entry.is_directory()) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

std::string told_about(const fs::path& folder) {
  std::vector<SourceFile> files;
  std::vector<SourceFile> shown;
  VariableInputs inputs;
  Diagnostics diagnostics;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    SourceFile file{path.filename().string(), read(path)};
    const bool is_values = file.name.ends_with(".trunkvars.json");
    if (is_values)
      for (auto& input : parse_variable_file(file, diagnostics)) inputs.push_back(std::move(input));
    if (!is_values && file.name.find(".trunk") != std::string::npos) files.push_back(file);
    shown.push_back(std::move(file));
  }
  test::MemoryHost host;
  host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\n";
  auto loaded = load_configuration(files, inputs, host, {});
  CHECK(loaded.configuration.has_value() == !loaded.diagnostics.has_errors());
  diagnostics.append(std::move(loaded.diagnostics));
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    INFO(diagnostic.error.summary);
    // The person who made the mistake is told a way to mend it.
    CHECK((diagnostic.severity == Severity::warning || !diagnostic.error.hints.empty()));
    text += views::diagnostic_text(diagnostic, shown, views::TextStyle()) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("what people read about broken configurations is as recorded") {
  const bool update = std::getenv("TRUNKFORM_UPDATE_GOLDEN") != nullptr;
  const auto all = folders();
  CHECK(all.size() >= 40);
  for (const auto& folder : all) {
    INFO(folder.string());
    const auto told = told_about(folder);
    CHECK_FALSE(told.empty());
    for (const auto* secret : {"hunter2", "MIIEvQ", "user:pw"}) CHECK(told.find(secret) == std::string::npos);
    if (update) std::ofstream(folder / "expected.txt", std::ios::binary) << told;
    CHECK(told == read(folder / "expected.txt"));
  }
}
