#include "providers/x509/path/revocation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <set>
#include <string>

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreePoint {
  void operator()(ISSUING_DIST_POINT* point) const noexcept { ISSUING_DIST_POINT_free(point); }
  void operator()(CRL_DIST_POINTS* points) const noexcept { CRL_DIST_POINTS_free(points); }
};

bool is_critical_and_unknown(X509_EXTENSION* extension) {
  static constexpr std::array k_known{NID_authority_key_identifier, NID_crl_number, NID_issuing_distribution_point,
                                      NID_delta_crl};
  const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
  return X509_EXTENSION_get_critical(extension) == 1 && std::find(k_known.begin(), k_known.end(), nid) == k_known.end();
}

/// RFC 5280 §6.3.3 (f), (g): from this issuer, allowed to sign lists, and without what nobody understands.
bool is_usable(X509_CRL* list, const Step& issuer) {
  if (issuer.reading().key_usage && !issuer.reading().key_usage->crl_sign) return false;
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i)
    if (is_critical_and_unknown(X509_CRL_get_ext(list, i))) return false;
  return issuer.parsed->signed_list(list);
}

bool is_fresh(const X509_CRL* list, Instant at) {
  auto now =
      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::system_clock::duration>(at));
  const auto* next = X509_CRL_get0_nextUpdate(list);
  return X509_cmp_time(X509_CRL_get0_lastUpdate(list), &now) <= 0 && next != nullptr && X509_cmp_time(next, &now) >= 0;
}

void add_uris(const DIST_POINT_NAME* point, std::set<std::string>& uris) {
  if (point == nullptr || point->type != 0) return;
  for (int i = 0; i < sk_GENERAL_NAME_num(point->name.fullname); ++i) {
    const auto* name = sk_GENERAL_NAME_value(point->name.fullname, i);
    if (name->type != GEN_URI) continue;
    const auto* uri = name->d.uniformResourceIdentifier;
    uris.emplace(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                 static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
}

std::set<std::string> places_of(const Step& step) {
  const std::unique_ptr<CRL_DIST_POINTS, FreePoint> points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(step.parsed->handle(), NID_crl_distribution_points, nullptr, nullptr)));
  std::set<std::string> uris;
  for (int i = 0; i < sk_DIST_POINT_num(points.get()); ++i)
    add_uris(sk_DIST_POINT_value(points.get(), i)->distpoint, uris);
  return uris;
}

/// Whether the list would name this certificate, were it revoked for any reason (RFC 5280 §6.3.3 (b)). One that only
/// says what is new since another would not.
bool is_for(const X509_CRL* list, const Step& step) {
  if (X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0) return false;
  const std::unique_ptr<ISSUING_DIST_POINT, FreePoint> point(
      static_cast<ISSUING_DIST_POINT*>(X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, nullptr, nullptr)));
  if (!point) return X509_CRL_get_ext_by_NID(list, NID_issuing_distribution_point, -1) < 0;
  const bool authority = step.reading().is_authority();
  if (point->onlyattr > 0 || point->indirectCRL > 0 || point->onlysomereasons != nullptr) return false;
  if ((point->onlyuser > 0 && authority) || (point->onlyCA > 0 && !authority)) return false;
  if (point->distpoint == nullptr) return true;
  std::set<std::string> of_list;
  add_uris(point->distpoint, of_list);
  const auto of_step = places_of(step);
  return std::any_of(of_list.begin(), of_list.end(), [&](const auto& uri) { return of_step.contains(uri); });
}

bool names(X509_CRL* list, const Step& step) {
  X509_REVOKED* entry = nullptr;
  return X509_CRL_get0_by_serial(list, &entry, X509_get_serialNumber(step.parsed->handle())) == 1;  // 2: put back
}

class Lists {
 public:
  Lists(const Steps& path, const std::vector<ListHandle>& lists, const Demands& demands)
      : m_path(path), m_lists(lists), m_at(demands.at), m_faults(demands) {}

  RevocationAnswer run() {
    for (std::size_t depth = 0; depth + 1 < m_path.size(); ++depth) look_at(depth);
    RevocationAnswer answer;
    if (m_good) answer.revocation = Revocation::good;
    if (m_revoked) answer.revocation = Revocation::revoked;
    answer.faults = std::move(m_faults).take();
    return answer;
  }

 private:
  void look_at(std::size_t depth) {
    const auto& step = *m_path[depth];
    const auto& issuer = *m_path[depth + 1];
    bool some = false;
    bool usable = false;
    for (const auto& list : m_lists) {
      if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), issuer.reading().subject.native()) != 0) continue;
      some = true;
      if (!is_by_issuer(list.get(), depth)) continue;
      usable = true;
      check_number(list.get(), depth);
      // Serial numbers are an issuer's own: whatever else a list is for, whom it names is revoked.
      m_revoked = m_revoked || names(list.get(), step);
      m_good = m_good || (depth == 0 && is_fresh(list.get(), m_at) && is_for(list.get(), step));
    }
    if (some && !usable) {
      m_faults.add(
          PathCheck::list_usable, issuer, place_in(m_path, depth + 1),
          "the revocation list in its name is not signed by it, it may sign none, or the list says what nobody "
          "understands");
    }
  }

  /// By any of the issuer's keys on the path: one that changes its key signs with the new one for certificates of the
  /// old, too.
  bool is_by_issuer(X509_CRL* list, std::size_t depth) const {
    const auto& name = m_path[depth + 1]->reading().subject;
    return std::any_of(m_path.begin() + static_cast<std::ptrdiff_t>(depth) + 1, m_path.end(),
                       [&](const Step* above) { return above->reading().subject == name && is_usable(list, *above); });
  }

  void check_number(const X509_CRL* list, std::size_t depth) {
    const int at = X509_CRL_get_ext_by_NID(list, NID_crl_number, -1);
    const bool critical = at >= 0 && X509_EXTENSION_get_critical(X509_CRL_get_ext(list, at)) == 1;
    if (at >= 0 && !critical) return;
    m_faults.add(PathCheck::list_number, *m_path[depth + 1], place_in(m_path, depth + 1),
                 critical ? "the number of its revocation list is critical" : "its revocation list has no number");
  }

  const Steps& m_path;
  const std::vector<ListHandle>& m_lists;
  Instant m_at;
  Faults m_faults;
  bool m_revoked = false;
  bool m_good = false;
};

}  // namespace

RevocationAnswer revocation_of(const Steps& path, const std::vector<ListHandle>& lists, const Demands& demands) {
  return Lists(path, lists, demands).run();
}

}  // namespace trunkform::x509::detail
