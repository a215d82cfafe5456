#pragma once
// What an authority gave, held against the key that it was asked for. Pure and thread-safe.
#include <string>

#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers {

/// `certificates_pem` as the answer to `order`, where one of them has the order's key. Authorities drop names and cut
/// lifetimes without an error, and that is not judged here: what was signed has to be in the event log first, or each
/// run has another one signed (docs/decisions/0394). `who`: `the role "sip"`. Error: protocol (nothing in it is a
/// certificate of this key).
Result<OrderStatus> accepted(std::string certificates_pem, const IssueOrder& order, const std::string& who);

/// Whether this one certificate was signed for the order: by its key, which is made for one request. Where that is the
/// key of the certificate that it replaces (`reuses_key`), by its names too, and it is neither that one nor one before.
/// What was signed amiss is an answer as well: the engine judges it. False for what is no certificate; and under
/// `reuses_key` where the one that it replaces is not told, cannot be read, or has another key.
bool is_answer_to(const std::string& certificate_pem, const IssueOrder& order);

/// The names of one kind, joined by commas.
std::string names_of_kind(const IssueOrder& order, NameKind kind);

}  // namespace trunkform::issuers
