// What is DER, element by element.
#include <string>
#include <vector>

#include "providers/x509/path/encoding.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using trunkform::x509::detail::is_distinguished;

namespace {

std::string octets(const std::string& hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return text;
}

}  // namespace

TEST_CASE("DER has one form for each value") {
  struct Row {
    std::string hex;
    bool good;
  };
  const std::string long_string(0x80, 'a');
  const std::vector<Row> rows{
      {"", true},
      {"0500", true},     // null
      {"050100", false},  // null with content
      {"0101FF", true},   // truth
      {"010100", true},
      {"010101", false},
      {"0102FFFF", false},
      {"020100", true},  // numbers
      {"020180", true},
      {"02020080", true},
      {"0202FF7F", true},
      {"0200", false},
      {"0202007F", false},
      {"0202FF80", false},
      {"0A0101", true},
      {"0A020001", false},
      {"03020106", true},  // bit strings
      {"030100", true},
      {"030101", false},
      {"03020107", false},  // a bit of the padding is set
      {"03020800", false},
      {"0300", false},
      {"040161", true},       // strings
      {"2403040161", false},  // in pieces
      {"3003020105", true},
      {"30800000", false},      // its length is not stated
      {"3081030201FF", false},  // its length has an octet too many
      {"3082000302017F", false},
      {"30050201050201", false},  // what is in it does not end with it
      {"3003020105020105", true},
      {"30030201", false},
      {"30", false},
      {"3085", false},
      {"A003020105", true},  // tagged
      {"A00402020005", false},
      {"8001FF", true},
      {"9F7F01FF", false},  // a tag above 30
  };
  for (const auto& row : rows) {
    INFO(row.hex);
    CHECK(is_distinguished(octets(row.hex)) == row.good);
  }
  CHECK(is_distinguished("\x04\x81\x80" + long_string));
  CHECK_FALSE(is_distinguished(std::string("\x04\x82\x00\x80", 4) + long_string));
}

TEST_CASE("elements within elements have an end") {
  std::string deep = "\x30";
  deep += '\0';
  for (int i = 0; i < 60; ++i) deep.insert(0, std::string{'\x30', static_cast<char>(deep.size())});
  CHECK_FALSE(is_distinguished(deep));
}
