#include "providers/x509/other_form.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "providers/x509/der_certificates.hpp"

namespace trunkform::x509::detail {
namespace {

constexpr std::string_view k_begin = "-----BEGIN ";

/// What is written may be a key: nobody else is to read it.
Error mended_by(std::string summary, std::string why, std::string_view command) {
  return Error(ErrorCode::invalid_input, std::move(summary), std::move(why))
      .hint("make PEM of it: (umask 077; " + std::string(command) + ")");
}

std::optional<Error> utf_16(std::string_view text) {
  const auto told = [](std::string_view name) {
    return mended_by("no PEM yet: it is text in UTF-16", "as a Windows shell or editor writes it",
                     "iconv -f " + std::string(name) + " -t UTF-8 FILE >FILE.pem");
  };
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return told("UTF-16");
  if (text.size() < 2 || (text[0] == '\0') == (text[1] == '\0')) return std::nullopt;
  const auto nuls = std::count(text.begin(), text.end(), '\0');
  if (static_cast<std::size_t>(nuls) * 2 + 2 < text.size()) return std::nullopt;
  return told(text[0] == '\0' ? "UTF-16BE" : "UTF-16LE");
}

bool is_base64(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           std::string_view("+/=\r\n\t ").find(byte) != std::string_view::npos;
  });
}

std::optional<Error> base64(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || !is_base64(text)) return std::nullopt;
  text.remove_prefix(start);
  if (text.starts_with("LS0tLS1CRUdJTi"))  // -----BEGIN
    return mended_by("no PEM yet: it was encoded in base64 once more", "as Kubernetes and others keep it",
                     "base64 -d FILE >FILE.pem");
  if (text.starts_with("MI") && text.size() > 64)  // a SEQUENCE of more than 127 bytes
    return Error(ErrorCode::invalid_input, "no PEM yet: it is base64 without its lines BEGIN and END")
        .hint("put them back, or make DER of it, which is read too: (umask 077; base64 -d FILE >FILE.der)");
  return std::nullopt;
}

std::optional<Error> joined_lines(std::string_view text) {
  const auto begin = text.find(k_begin);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto first = text.substr(begin, text.substr(begin).find_first_of("\r\n"));
  if (first.find("\\n") != std::string_view::npos)
    return mended_by("no PEM yet: its lines are joined by \\n as two characters",
                     "as where a text was taken out of JSON as it is",
                     R"(sed -e 's/\\r//g' -e 's/\\n/\n/g' -e 's/"//g' FILE >FILE.pem)");
  if (first.find("-----END ") != std::string_view::npos || first.find("-----MI") != std::string_view::npos ||
      first.find("----- MI") != std::string_view::npos)
    return mended_by("no PEM yet: all of it stands in one line", "PEM has its BEGIN and its END in lines of their own",
                     "sed -E 's/ *-----(BEGIN|END) [A-Z0-9 ]+----- */\\n&\\n/g' FILE >FILE.pem");
  return std::nullopt;
}

}  // namespace

std::optional<Error> other_form(std::string_view text) {
  if (auto found = utf_16(text)) return found;
  if (auto found = joined_lines(text)) return found;
  return base64(text);
}

std::optional<Error> no_key_but(std::string_view text) {
  constexpr auto k_own = "give the file or field with the private key: the certificate was requested with it";
  const auto told = [](const char* what, const char* hint) {
    return Error(ErrorCode::invalid_input, what, "no private key is beside it").hint(hint);
  };
  const auto holds = [&](std::string_view words) { return text.find(words) != std::string_view::npos; };
  struct Known {
    std::string_view label;
    const char* what;
    const char* hint;
  };
  static constexpr std::array<Known, 5> k_known{
      Known{"-----BEGIN CERTIFICATE REQUEST-----", "a request for a certificate stands where the key should", k_own},
      Known{"-----BEGIN NEW CERTIFICATE REQUEST-----", "a request for a certificate stands where the key should",
            k_own},
      Known{"PUBLIC KEY-----", "a public key stands where the private key should", k_own},
      Known{"CERTIFICATE-----", "a certificate stands where the private key should",
            "give the file or field with its private key (are the two exchanged?)"},
      Known{"-----BEGIN PKCS", "PKCS #7 stands where the private key should", k_own},
  };
  for (const auto& known : k_known)
    if (holds(known.label)) return told(known.what, known.hint);
  if (text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-"))
    return told("a public key of OpenSSH stands where the private key should", k_own);
  if (looks_like_certificates(text))
    return told("a certificate stands where the private key should, in DER",
                "give the file or field with its private key (are the two exchanged?)");
  return std::nullopt;
}

}  // namespace trunkform::x509::detail
