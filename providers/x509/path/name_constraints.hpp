#pragma once
// One name against one subtree of nameConstraints (RFC 5280 §4.2.1.10). Inside this room only. Pure.
#include <string>

#include "providers/x509/path/reading.hpp"

namespace trunkform::x509::detail {

/// Whether the subtree is one that RFC 5280 knows. DNS: a host name, no dot in front; e-mail and URI: a host, a domain
/// with a dot in front, e-mail also a mailbox; IP: address and mask of one network. Empty text covers every name.
bool is_well_formed(const GeneralForm& subtree);

/// Kinds whose names can be held against a subtree.
bool is_comparable(FormKind kind);

/// What a name says of itself is not enough to place it: a DNS name that is no host name, a URI without host.
bool can_be_placed(const GeneralForm& name);

/// Of one kind, both well-formed. A wildcard is inside where all that it stands for is.
bool is_inside(const GeneralForm& name, const GeneralForm& subtree);

/// The same for what is excluded: a wildcard touches the subtree where anything that it stands for is inside.
bool touches(const GeneralForm& name, const GeneralForm& subtree);

std::string_view word_of(FormKind kind);              ///< `DNS`
std::string described(const GeneralForm& name);       ///< `DNS:example.com`; foreign text
std::string described_tree(const GeneralForm& tree);  ///< `IP:192.0.2.0/255.255.255.0`; foreign text

}  // namespace trunkform::x509::detail
