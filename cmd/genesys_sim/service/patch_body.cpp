#include "cmd/genesys_sim/service/patch_body.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace trunkform::sim {
namespace {

/// Follows the only shape there is; the first deviation is kept, later ones add nothing.
class PatchBodyReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit PatchBodyReader(PatchBody& body) : m_body(body) {}

  bool null() override { return not_a_string("null"); }
  bool boolean(bool) override { return not_a_string("a boolean"); }
  bool number_integer(number_integer_t) override { return not_a_string("a number"); }
  bool number_unsigned(number_unsigned_t) override { return not_a_string("a number"); }
  bool number_float(number_float_t, const string_t&) override { return not_a_string("a number"); }
  bool binary(binary_t&) override { return not_a_string("binary"); }
  bool start_array(std::size_t) override { return not_a_string("an array"); }
  bool end_array() override { return true; }

  bool string(string_t& value) override {
    if (m_depth == 2 && m_key == "certificate")
      m_body.certificate = std::move(value);
    else if (m_depth == 2 && m_key == "privateKey")
      m_body.private_key = std::move(value);
    else if (m_depth < 2)
      complain("'tls' must be an object");
    return true;
  }
  bool start_object(std::size_t) override {
    ++m_depth;
    if (m_depth > 2) complain(fmt::format("'tls.{}' must be a string, not an object", m_key));
    return true;
  }
  bool end_object() override {
    --m_depth;
    return true;
  }
  bool key(string_t& name) override {
    m_key = name;
    if (m_depth == 1) once(name == "tls", m_has_tls, name);
    if (m_depth == 2 && name == "certificate")
      once(true, m_has_certificate, name);
    else if (m_depth == 2)
      once(name == "privateKey", m_has_key, name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    m_body.is_json = false;
    m_body.problem = "the body is not JSON";
    return false;
  }
  void finish() {
    if (m_body.is_json && !(m_has_tls && m_has_certificate && m_has_key))
      complain("'tls.certificate' and 'tls.privateKey' must both be there");
  }

 private:
  PatchBody& m_body;
  int m_depth = 0;
  std::string m_key;
  bool m_has_tls = false, m_has_certificate = false, m_has_key = false;

  void complain(std::string problem) {
    if (m_body.problem.empty()) m_body.problem = std::move(problem);
  }
  bool not_a_string(const char* what) {
    complain(m_depth == 0 ? fmt::format("the body is {}, not an object", what)
                          : fmt::format("'{}' is {}, not what it must be", m_key, what));
    return true;
  }
  void once(bool known, bool& seen, const std::string& name) {
    if (!known) return complain(fmt::format("'{}' does not belong in this PATCH: only 'tls' may be sent", name));
    if (seen) complain(fmt::format("'{}' occurs twice", name));
    seen = true;
  }
};

}  // namespace

PatchBody read_patch_body(std::string_view body) {
  PatchBody result;
  PatchBodyReader reader(result);
  nlohmann::json::sax_parse(body.begin(), body.end(), &reader);
  reader.finish();
  return result;
}

}  // namespace trunkform::sim
