#pragma once
// What an authority gave, held against what it was asked: authorities drop names and cut lifetimes without an error.
// Pure and thread-safe.
#include <string>

#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers {

/// `certificates_pem` as the answer to `order`, where its leaf has the order's key and each of its names. More names
/// are no error, and neither is a shorter lifetime: what may be bound is for the rules to say. `who`: `the role "sip"`.
/// Errors: protocol (nothing in it is a certificate of this key), invalid_input (names were left out).
Result<OrderStatus> accepted(std::string certificates_pem, const IssueOrder& order, const std::string& who);

/// Whether this one certificate is what the order asks for: key and names, and neither the one that it replaces nor
/// one before that. False for what is no certificate, and where the one that it replaces cannot be read.
bool is_answer_to(const std::string& certificate_pem, const IssueOrder& order);

/// The names of one kind, joined by commas.
std::string names_of_kind(const IssueOrder& order, NameKind kind);

}  // namespace trunkform::issuers
