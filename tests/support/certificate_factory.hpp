#pragma once
// Certificates, keys and revocation lists of any kind, made at run time: no test carries a key in the repository.
// Throws std::runtime_error on a request that OpenSSL refuses: a test with a wrong request is a bug.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/time.hpp"

namespace trunkform::testing {

enum class KeyType {
  ec_p256,
  ec_p384,
  ec_p521,
  ec_secp256k1,
  rsa_1024,
  rsa_2048,
  rsa_2052,
  rsa_3072,
  ed25519,
  dsa_2048
};
enum class KeyForm { pkcs8, traditional, encrypted_pkcs8, encrypted_traditional, der_pkcs8 };

/// A private key, shared by copies. RSA keys take long to make: pass one on where its freshness does not matter.
class Key {
 public:
  static Key make(KeyType type = KeyType::ec_p256);
  /// One key of each type per process: fast, and the same for everybody who asks.
  static Key shared(KeyType type = KeyType::ec_p256);
  /// The public half of an RSA key with another public exponent: nothing can be signed with it.
  static Key of_exponent(unsigned exponent);
  /// Unencrypted PEM.
  static Key read(const std::string& pem);
  /// `passphrase` for the encrypted forms.
  std::string text(KeyForm form = KeyForm::pkcs8, const std::string& passphrase = "") const;
  void* native() const { return m_key.get(); }  ///< EVP_PKEY*
  explicit Key(std::shared_ptr<void> key) : m_key(std::move(key)) {}

 private:
  std::shared_ptr<void> m_key;
};

enum class Role { leaf, authority };

struct Request {
  std::string common_name = "sip.example.com";  ///< empty: an empty subject
  std::string organisation;
  std::string email;  ///< of the subject
  /// `sip.example.com` or `dns:…`, `uri:sip:example.com`, `ip:192.0.2.1`, `email:…`
  std::vector<std::string> names = {"sip.example.com"};
  Instant not_before{};  ///< required
  Instant not_after{};
  Role role = Role::leaf;
  std::optional<int> path_length;                                ///< authority only
  std::vector<std::string> extended_key_usage = {"serverAuth"};  ///< names or dotted; empty: no extension. Leaf only
  std::string key_usage = "default";                             ///< OpenSSL's notation; "": no extension
  std::string basic_constraints = "default";                     ///< OpenSSL's notation; "": no extension
  std::string digest = "SHA256";                                 ///< `SHA1`, `MD5`
  std::optional<int> pss_salt;  ///< an RSA issuer signs by PSS, with so many octets of salt
  std::string serial;           ///< hex; empty: random
  int version = 3;              ///< 1: no extensions
  bool subject_key_id = true;
  bool authority_key_id = true;
  /// More, as openssl.cnf has them: `nameConstraints` → `permitted;DNS:…`, `1.2.3` → `critical,DER:0500`. One of the
  /// same name is added twice.
  std::vector<std::pair<std::string, std::string>> extensions;
};

/// The value of a nameConstraints for Request::extensions: subtrees as in Request::names, further `dir:CN=…`, `other:`,
/// and `net:` with the octets of address and mask in hex. Nothing is checked.
std::string name_constraints(const std::vector<std::string>& permitted, const std::vector<std::string>& excluded);

struct Issued {
  std::string der;
  std::string pem;  ///< one block
  Key key;

  static Issued read(const std::string& certificate_pem, const std::string& key_pem);
};

/// Self-signed.
Issued make_root(const Request& request, const Key& key = Key::make());
/// Signed by `issuer`.
Issued make(const Request& request, const Issued& issuer, const Key& key = Key::make());
/// The same certificate, which names another signature algorithm beside its signature.
Issued with_other_algorithm(const Issued& issued);
/// The same certificate with one bit of its signature changed.
Issued with_broken_signature(const Issued& issued);
/// The same certificate and signature; the length of what is signed has an octet more than it needs, so it is no DER.
Issued with_padded_length(const Issued& issued);

struct RevocationRequest {
  std::vector<Issued> revoked;
  Instant this_update{};
  Instant next_update{};
  std::string number = "1";  ///< empty: no cRLNumber
  bool number_critical = false;
  std::vector<std::pair<std::string, std::string>>
      extensions{};  ///< `issuingDistributionPoint` → `critical,onlyCA:TRUE`
};
/// A CRL of `issuer` as PEM.
std::string make_revocation_list(const RevocationRequest& request, const Issued& issuer);

/// Root, one intermediate and a leaf for `name`, good in every respect around `now`: 10 y, 5 y, and 90 days of which 10
/// are gone.
struct Family {
  Issued root;
  Issued intermediate;
  Issued leaf;
  std::string chain_pem() const { return leaf.pem + intermediate.pem; }
};
Family make_family(Instant now, const std::string& name = "sip.example.com",
                   Duration lifetime = std::chrono::hours(24 * 90));

Request root_request(Instant now);
Request intermediate_request(Instant now);
Request leaf_request(Instant now, const std::string& name = "sip.example.com");

}  // namespace trunkform::testing
