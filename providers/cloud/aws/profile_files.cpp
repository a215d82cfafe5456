#include "providers/cloud/aws/profile_files.hpp"

#include <algorithm>

#include "providers/cloud/secret_text.hpp"
#include "schemas/codec/ascii_case.hpp"

namespace trunkform::cloud::aws {
namespace {

constexpr std::uint64_t k_most_bytes = 1U << 20;

bool is_secret(std::string_view name) { return name == "aws_secret_access_key" || name == "aws_session_token"; }

/// `[profile sip] # why`: `sip`.
std::string name_in(std::string_view line) {
  auto inside = trimmed(line.substr(1, line.find(']') - 1));
  constexpr std::string_view k_profile = "profile";
  if (inside.starts_with(k_profile) && inside.size() > k_profile.size() &&
      (inside[k_profile.size()] == ' ' || inside[k_profile.size()] == '\t'))
    inside = trimmed(inside.substr(k_profile.size()));
  return std::string(inside);
}

Result<Sections> read_sections(FileSystem& files, const Path& path) {
  if (!TRY(files.exists(path))) return Sections();
  return sections_of(TRY(files.read_secret(path, k_most_bytes)));
}

Path place_of(const ProcessEnvironment& environment, const std::string& variable, const Path& otherwise) {
  const auto given = environment.variable(variable).value_or("");
  if (given.empty()) return otherwise;
  if (given.starts_with("~/")) return Path(environment.variable("HOME").value_or("/")) / given.substr(2);
  return given;
}

}  // namespace

std::string Section::text(const std::string& name) const {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string() : found->second;
}

const SecretBuffer* Section::secret(const std::string& name) const {
  const auto found = secrets.find(name);
  return found == secrets.end() || found->second.empty() ? nullptr : &found->second;
}

Sections sections_of(const SecretBuffer& text) {
  Sections sections;
  Section* section = nullptr;
  for (auto rest = text.view(); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      section = line.find(']') == std::string_view::npos ? nullptr : &sections[name_in(line)];
      continue;
    }
    const auto equals = line.find('=');
    const bool is_nested = line.front() == ' ' || line.front() == '\t';
    if (section == nullptr || is_nested || equals == std::string_view::npos) continue;
    const auto name = lower_case(trimmed(line.substr(0, equals)));
    const auto value = trimmed(line.substr(equals + 1));
    if (is_secret(name))
      section->secrets.insert_or_assign(name, SecretBuffer::copy_of(value));
    else
      section->texts.insert_or_assign(name, std::string(value));
  }
  return sections;
}

std::string Profiles::text(const std::string& profile, const std::string& name) const {
  for (const auto* sections : {&config, &credentials})
    if (const auto found = sections->find(profile); found != sections->end())
      if (auto value = found->second.text(name); !value.empty()) return value;
  return {};
}

Result<Profiles> Profiles::read(FileSystem& files, const ProcessEnvironment& environment) {
  Profiles profiles;
  profiles.home = Path(environment.variable("HOME").value_or("/")) / ".aws";
  profiles.config_path = place_of(environment, "AWS_CONFIG_FILE", profiles.home / "config");
  profiles.credentials_path = place_of(environment, "AWS_SHARED_CREDENTIALS_FILE", profiles.home / "credentials");
  profiles.config = TRY(read_sections(files, profiles.config_path));
  profiles.credentials = TRY(read_sections(files, profiles.credentials_path));
  return profiles;
}

std::string profile_of(const ProcessEnvironment& environment) {
  const auto named = environment.variable("AWS_PROFILE").value_or("");
  return named.empty() ? "default" : named;
}

}  // namespace trunkform::cloud::aws
