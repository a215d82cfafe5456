#include "providers/x509/path/name_constraints.hpp"

#include <algorithm>

#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/host_name.hpp"

namespace trunkform::x509::detail {
namespace {

/// By labels: zero or more in front of `domain`. With a dot in front one or more: RFC 5280 has it for URIs only, and
/// peers read it so.
bool is_in_domain(std::string_view host, std::string_view domain) {
  if (domain.empty()) return true;
  if (domain.front() == '.') return host.size() > domain.size() && host.ends_with(domain);
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

/// As e-mail and URI constraints have it: a host is that host alone, a dot in front means all below. What is empty is
/// no host, as OpenSSL has it.
bool is_host_of(std::string_view host, std::string_view constraint) {
  if (constraint.empty()) return false;
  return constraint.front() == '.' ? host.ends_with(constraint) && host.size() > constraint.size() : host == constraint;
}

bool is_network(const std::string& octets) {
  if (octets.size() != 8 && octets.size() != 32) return false;
  bool ended = false;
  for (std::size_t i = octets.size() / 2; i < octets.size(); ++i) {
    for (unsigned bit = 0x80; bit != 0; bit >>= 1U) {
      const bool set = (static_cast<unsigned char>(octets[i]) & bit) != 0;
      if (set && ended) return false;
      ended = ended || !set;
    }
  }
  return true;
}

bool is_in_network(const std::string& address, const std::string& network) {
  if (address.size() * 2 != network.size()) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const auto mask = static_cast<unsigned char>(network[address.size() + i]);
    const auto differs = static_cast<unsigned char>(address[i]) ^ static_cast<unsigned char>(network[i]);
    if ((differs & mask) != 0) return false;
  }
  return true;
}

bool is_host_or_domain(std::string_view text) {
  return text.empty() || is_host_name(text.starts_with('.') ? text.substr(1) : text);
}

bool is_mailbox_in(const std::string& address, const std::string& constraint) {
  const auto mailbox = mailbox_of(address);
  if (!mailbox) return false;
  if (const auto one = mailbox_of(constraint)) return mailbox->local == one->local && mailbox->host == one->host;
  return is_host_of(mailbox->host, lower_case(constraint));
}

std::string address_or_none(std::string_view octets) { return address_text(octets).value_or("(no address)"); }

}  // namespace

bool is_well_formed(const GeneralForm& subtree) {
  switch (subtree.kind) {
    case FormKind::email:
      return is_host_or_domain(subtree.value) || mailbox_of(subtree.value).has_value();
    case FormKind::dns:
    case FormKind::uri:
      return is_host_or_domain(subtree.value);
    case FormKind::ip:
      return is_network(subtree.value);
    default:
      return true;
  }
}

bool is_comparable(FormKind kind) {
  return kind == FormKind::dns || kind == FormKind::email || kind == FormKind::uri || kind == FormKind::ip ||
         kind == FormKind::directory;
}

bool can_be_placed(const GeneralForm& name) {
  switch (name.kind) {
    case FormKind::dns: {
      // An underscore is no host name, and still stands in one place.
      auto spelled = name.value;
      std::replace(spelled.begin(), spelled.end(), '_', 'x');
      return is_host_name(spelled, Wildcard::as_first_label);
    }
    case FormKind::email:
      return mailbox_of(name.value).has_value();
    case FormKind::uri:
      return host_of_uri(name.value).has_value();
    case FormKind::ip:
      return name.value.size() == 4 || name.value.size() == 16;
    default:
      return true;
  }
}

bool is_inside(const GeneralForm& name, const GeneralForm& subtree) {
  switch (name.kind) {
    case FormKind::dns:
      return is_in_domain(lower_case(name.value), lower_case(subtree.value));
    case FormKind::email:
      return is_mailbox_in(name.value, subtree.value);
    case FormKind::uri: {
      const auto host = host_of_uri(name.value);
      return host && is_host_of(*host, lower_case(subtree.value));
    }
    case FormKind::ip:
      return is_in_network(name.value, subtree.value);
    case FormKind::directory:
      return name.directory->is_within(*subtree.directory);
    default:
      return false;
  }
}

bool touches(const GeneralForm& name, const GeneralForm& subtree) {
  if (is_inside(name, subtree)) return true;
  // Whether an empty one means none or all, nobody says.
  if (subtree.value.empty() && (name.kind == FormKind::email || name.kind == FormKind::uri)) return true;
  if (name.kind != FormKind::dns || !name.value.starts_with("*.")) return false;
  // The wildcard stands for one label: it reaches the subtree whose first label it may be.
  const auto tree = lower_case(subtree.value);
  const auto dot = tree.find('.');
  return dot != std::string::npos && tree.substr(dot) == lower_case(name.value).substr(1);
}

std::string_view word_of(FormKind kind) {
  switch (kind) {
    case FormKind::dns:
      return "DNS";
    case FormKind::email:
      return "e-mail";
    case FormKind::uri:
      return "URI";
    case FormKind::ip:
      return "IP";
    case FormKind::directory:
      return "directory";
    case FormKind::x400:
      return "X.400";
    case FormKind::edi_party:
      return "EDI party";
    case FormKind::registered_id:
      return "registered";
    case FormKind::other_name:
      break;
  }
  return "other";
}

std::string described(const GeneralForm& name) {
  auto text = std::string(word_of(name.kind)) + ":";
  if (name.kind == FormKind::ip) return text + address_or_none(name.value);
  return text + (name.directory ? name.directory->text() : name.value);
}

std::string described_tree(const GeneralForm& tree) {
  if (tree.kind != FormKind::ip) return described(tree);
  const std::string_view octets(tree.value);
  return "IP:" + address_or_none(octets.substr(0, octets.size() / 2)) + "/" +
         address_or_none(octets.substr(octets.size() / 2));
}

}  // namespace trunkform::x509::detail
