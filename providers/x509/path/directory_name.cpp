#include <new>

#include <openssl/bio.h>
#include <openssl/x509.h>

#include "providers/x509/path/reading.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeName {
  void operator()(X509_NAME* name) const noexcept { X509_NAME_free(name); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

/// The first `entries` attributes of `name`.
std::unique_ptr<X509_NAME, FreeName> first_of(const X509_NAME* name, int entries) {
  std::unique_ptr<X509_NAME, FreeName> prefix(X509_NAME_new());
  if (!prefix) throw std::bad_alloc();
  int set = -1;
  for (int i = 0; i < entries; ++i) {
    const auto* entry = X509_NAME_get_entry(name, i);
    const bool continues = X509_NAME_ENTRY_set(entry) == set;
    set = X509_NAME_ENTRY_set(entry);
    X509_NAME_add_entry(prefix.get(), entry, -1, continues ? -1 : 0);
  }
  return prefix;
}

}  // namespace

DirectoryName::DirectoryName(std::shared_ptr<const X509_name_st> name) : m_name(std::move(name)) {}

bool DirectoryName::empty() const { return X509_NAME_entry_count(m_name.get()) == 0; }

bool DirectoryName::equals(const DirectoryName& other) const {
  return X509_NAME_cmp(m_name.get(), other.m_name.get()) == 0;
}

std::string DirectoryName::text() const {
  const std::unique_ptr<BIO, FreeName> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), m_name.get(), 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return size <= 0 ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

bool DirectoryName::is_within(const DirectoryName& base) const {
  const int wanted = X509_NAME_entry_count(base.m_name.get());
  const int have = X509_NAME_entry_count(m_name.get());
  if (wanted > have) return false;
  if (wanted == have) return equals(base);
  const bool splits = wanted > 0 && X509_NAME_ENTRY_set(X509_NAME_get_entry(m_name.get(), wanted - 1)) ==
                                        X509_NAME_ENTRY_set(X509_NAME_get_entry(m_name.get(), wanted));
  return !splits && X509_NAME_cmp(first_of(m_name.get(), wanted).get(), base.m_name.get()) == 0;
}

std::vector<std::string> DirectoryName::values_of(int nid) const {
  std::vector<std::string> values;
  for (int at = X509_NAME_get_index_by_NID(m_name.get(), nid, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(m_name.get(), nid, at)) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(m_name.get(), at)));
    if (size < 0) continue;
    values.emplace_back(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
  }
  return values;
}

}  // namespace trunkform::x509::detail
