#include "providers/platform/posix/process_environment.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <pwd.h>
#include <unistd.h>

namespace trunkform::platform {
namespace {

/// The value of `name` in environ itself, writable; null where it is not set.
char* value_in_environ(std::string_view name) {
  if (name.empty() || name.find('=') != std::string_view::npos) return nullptr;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry)
    if (std::strncmp(*entry, name.data(), name.size()) == 0 && (*entry)[name.size()] == '=')
      return *entry + name.size() + 1;
  return nullptr;
}

std::string user_name() {
  std::array<char, 4096> space{};
  ::passwd entry{};
  ::passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, space.data(), space.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return std::to_string(::geteuid());  // containers often run as a number without a name
}

}  // namespace

std::optional<std::string> PosixProcessEnvironment::variable(const std::string& name) const {
  const std::scoped_lock lock(m_mutex);
  if (m_taken.contains(name)) return std::nullopt;
  const char* value = value_in_environ(name);
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

std::optional<SecretBuffer> PosixProcessEnvironment::take_secret(const std::string& name) {
  const std::scoped_lock lock(m_mutex);
  if (const auto taken = m_taken.find(name); taken != m_taken.end()) return taken->second.duplicate();
  char* value = value_in_environ(name);
  if (value == nullptr) return std::nullopt;
  const auto size = std::strlen(value);
  const auto position = m_taken.emplace(name, SecretBuffer::copy_of({value, size})).first;
  // The name stays, with an empty value: removing it would move the array under other readers of environ.
  wipe(value, size);
  return position->second.duplicate();
}

std::vector<std::string> PosixProcessEnvironment::names_with_prefix(const std::string& prefix) const {
  const std::scoped_lock lock(m_mutex);
  std::vector<std::string> names;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('='));
    if (name.size() < text.size() && name.substr(0, prefix.size()) == prefix) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Actor PosixProcessEnvironment::actor() const {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return {user_name(), host.data(), static_cast<int>(::getpid())};
}

}  // namespace trunkform::platform
