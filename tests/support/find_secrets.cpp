// find-secrets: looks for secrets in files, or in the memory of a running process, in every shape that they may have
// taken. It knows secrets by all their stretches of 16 bytes, so half a key is found too. Usage: see k_usage.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

namespace {

constexpr const char* k_usage =
    "usage: find-secrets [-key NAME=PEM] [-text NAME=FILE] [-where] (-pid PID | FILE ...)\n"
    "\n"
    "  -key NAME=PEM     the private numbers of a key; -text: the bytes of a file without its last line break\n"
    "  -pid PID          look in every readable mapping of a process (as root), else in the files\n"
    "  -where            say on standard error at which address or offset\n"
    "\n"
    "Prints one line for each place, secret and shape: PLACE NAME SHAPE. PLACE is a file's name, or of a mapping\n"
    "\"locked\" (locked in memory and left out of core dumps: a SecretBuffer), or what /proc calls it. Nothing found\n"
    "is no line, and also exit 0; 2 where something could not be read.\n";

using Window = std::array<std::uint64_t, 2>;
constexpr std::size_t k_window = sizeof(Window);

Window window_at(const char* bytes) {
  Window window{};
  std::memcpy(window.data(), bytes, k_window);
  return window;
}

struct Known {
  Window window;
  std::uint32_t label;  ///< of `Secrets::m_labels`
};

std::string in_base64(std::string_view bytes, std::size_t offset) {
  // A secret looks different at each of the three places where it may begin within a group of three bytes. The first
  // and the last group also hold bits of its neighbours.
  const auto padded = std::string(offset, 'x') + std::string(bytes);
  std::string text(4 * ((padded.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(padded.data()),
                  static_cast<int>(padded.size()));
  text.pop_back();
  return text.substr(4, text.size() - 8);
}

std::string in_hex(std::string_view bytes, std::string_view digits, std::string_view between) {
  std::string text;
  for (const unsigned char byte : bytes) {
    if (!text.empty()) text += between;
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

class Secrets {
 public:
  void add(const std::string& name, std::string bytes) {
    while (bytes.size() > k_window && bytes.back() == '\n') bytes.pop_back();
    add_shape(name, "raw", bytes);
    add_shape(name, "json", replaced(replaced(replaced(bytes, "\\", "\\\\"), "\"", "\\\""), "\n", "\\n"));
    add_shape(name, "reversed", {bytes.rbegin(), bytes.rend()});  // as OpenSSL keeps large numbers
    for (std::size_t offset = 0; offset < 3; ++offset) {
      const auto text = in_base64(bytes, offset);
      add_shape(name, "base64", text);
      add_shape(name, "base64", replaced(text, "/", "\\/"));
      add_shape(name, "base64", replaced(replaced(text, "/", "_"), "+", "-"));
    }
    for (const char* digits : {"0123456789abcdef", "0123456789ABCDEF"})
      for (const char* between : {"", ":"}) add_shape(name, "hex", in_hex(bytes, digits, between));
  }

  void freeze() {
    std::stable_sort(m_known.begin(), m_known.end(),
                     [](const Known& a, const Known& b) { return a.window < b.window; });
    for (const auto& known : m_known) m_filter.at(slot(known.window[0])) = true;
  }

  /// Calls found(label, offset) for each secret at each place; a stretch is told once.
  template <class Found>
  void find_in(std::string_view bytes, Found found) const {
    std::map<std::uint32_t, std::size_t> last;
    for (std::size_t at = 0; at + k_window <= bytes.size(); ++at) {
      std::uint64_t head = 0;
      std::memcpy(&head, bytes.data() + at, sizeof head);
      if (!m_filter[slot(head)]) continue;
      const auto window = window_at(bytes.data() + at);
      auto known = std::lower_bound(m_known.begin(), m_known.end(), window,
                                    [](const Known& a, const Window& b) { return a.window < b; });
      if (known == m_known.end() || known->window != window) continue;
      const auto seen = last.find(known->label);
      if (seen == last.end() || seen->second + 1 != at) found(m_labels[known->label], at);
      last[known->label] = at;
    }
  }

 private:
  static constexpr unsigned k_filter_bits = 20;
  std::vector<std::string> m_labels;
  std::vector<Known> m_known;
  std::vector<bool> m_filter = std::vector<bool>(std::size_t{1} << k_filter_bits);

  static std::size_t slot(std::uint64_t head) { return (head * 0x9E3779B97F4A7C15ULL) >> (64U - k_filter_bits); }

  void add_shape(const std::string& name, const std::string& shape, const std::string& text) {
    if (text.size() < k_window) throw std::runtime_error(name + " is too short to be looked for: " + shape);
    const auto label = name + ' ' + shape;
    if (m_labels.empty() || m_labels.back() != label) m_labels.push_back(label);
    for (std::size_t at = 0; at + k_window <= text.size(); ++at)
      m_known.push_back({window_at(text.data() + at), static_cast<std::uint32_t>(m_labels.size() - 1)});
  }
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_key(Secrets& secrets, const std::string& name, const std::string& path) {
  const auto pem = read_file(path);
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) throw std::runtime_error("no private key in " + path);
  bool any = false;
  for (const char* number :
       {OSSL_PKEY_PARAM_PRIV_KEY, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
        OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* value = nullptr;
    if (EVP_PKEY_get_bn_param(key.get(), number, &value) != 1) continue;
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_clear_free(value);
    secrets.add(name, bytes);
    any = true;
  }
  if (!any) throw std::runtime_error("no private number in " + path);
}

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string place;
};

/// Those that can be read; /proc/PID/smaps: proc(5).
std::vector<Mapping> mappings_of(const std::string& pid) {
  std::istringstream lines(read_file("/proc/" + pid + "/smaps"));
  std::vector<Mapping> mappings;
  bool wanted = false;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (const auto dash = first.find('-'); dash != std::string::npos && first.back() != ':') {
      std::string rights;
      std::string offset;
      std::string device;
      std::string inode;
      Mapping mapping{
          std::stoull(first.substr(0, dash), nullptr, 16), std::stoull(first.substr(dash + 1), nullptr, 16), {}};
      words >> rights >> offset >> device >> inode >> mapping.place;
      if (mapping.place.empty()) mapping.place = "anonymous";
      wanted = rights.front() == 'r' && mapping.place != "[vvar]" && mapping.place != "[vvar_vclock]" &&
               mapping.place != "[vsyscall]";
      if (wanted) mappings.push_back(std::move(mapping));
    } else if (wanted && first == "VmFlags:") {
      bool locked = false;
      bool undumped = false;
      for (std::string flag; words >> flag;) {
        locked = locked || flag == "lo";
        undumped = undumped || flag == "dd";
      }
      if (locked && undumped) mappings.back().place = "locked";
    }
  }
  return mappings;
}

std::string read_memory(int memory, const Mapping& mapping) {
  std::string bytes(mapping.end - mapping.begin, '\0');
  for (std::size_t used = 0; used < bytes.size();) {
    const auto count =
        ::pread(memory, bytes.data() + used, bytes.size() - used, static_cast<off_t>(mapping.begin + used));
    if (count <= 0)
      throw std::runtime_error("cannot read the process's memory at " + mapping.place + ": are you root?");
    used += static_cast<std::size_t>(count);
  }
  return bytes;
}

struct Options {
  std::string pid;
  bool where = false;
  std::vector<std::string> files;
};

int search(const std::vector<std::string>& arguments) {
  Secrets secrets;
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    const bool takes_value = argument == "-key" || argument == "-text" || argument == "-pid";
    const auto value = takes_value ? arguments.at(++i) : std::string();
    const auto equals = value.find('=');
    if (argument == "-key")
      add_key(secrets, value.substr(0, equals), value.substr(equals + 1));
    else if (argument == "-text")
      secrets.add(value.substr(0, equals), read_file(value.substr(equals + 1)));
    else if (argument == "-pid")
      options.pid = value;
    else if (argument == "-where")
      options.where = true;
    else
      options.files.push_back(argument);
  }
  secrets.freeze();
  std::map<std::string, std::size_t> found;
  const auto look = [&](const std::string& place, std::string_view bytes, std::uint64_t base) {
    secrets.find_in(bytes, [&](const std::string& label, std::size_t at) {
      ++found[place + ' ' + label];
      if (options.where) std::cerr << place << ' ' << label << " at " << std::hex << base + at << std::dec << '\n';
    });
  };
  for (const auto& file : options.files) look(file, read_file(file), 0);
  if (!options.pid.empty()) {
    const int memory = ::open(("/proc/" + options.pid + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0) throw std::runtime_error("cannot open the memory of process " + options.pid + ": are you root?");
    for (const auto& mapping : mappings_of(options.pid))
      look(mapping.place, read_memory(memory, mapping), mapping.begin);
    ::close(memory);
  }
  for (const auto& [line, count] : found) std::cout << line << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc > 1) return search({argv + 1, argv + argc});
    std::cerr << k_usage;
    return 64;
  } catch (const std::exception& failure) {
    std::cerr << "find-secrets: " << failure.what() << '\n';
    return 2;
  }
}
