#pragma once
// Issuers, stores, and the certificates that are issued by the one and kept in the other. Private to the room.
#include <string>

#include "planner/language/configuration/registry.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::language {

/// Incomplete (see the reader) after a mistake.
IssuerDeclaration read_issuer(BodyReader& reader, const std::string& type);
StoreDeclaration read_store(BodyReader& reader, const std::string& type);
IssueRequest read_issued(BodyReader& reader, const Registry& registry);

/// What is issued, as a binding refers to it.
CertificateDeclaration declaration_of(const IssueRequest& request);

/// Two requests that are kept in one place would overwrite each other. `host` tells which folders are one.
void check_places(const std::vector<IssueRequest>& requests, const FunctionHost& host, Problems& problems);

/// What would be issued and could then not be bound is a mistake of the configuration.
void check_users(const std::vector<IssueRequest>& requests, const std::vector<Binding>& bindings, Problems& problems);

}  // namespace trunkform::language
