#pragma once
// Who we are for Microsoft Entra: one of four ways to a token, or a chain of them that is tried in the order of
// Microsoft's DefaultAzureCredential. Values; the secrets are read when they are needed.
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud::azure {

using ReadSecret = std::function<Result<SecretBuffer>()>;

/// An application of a tenant: what three of the ways have in common.
struct Application {
  std::string tenant;
  std::string client;
};

struct ClientSecret {
  Application application;
  ReadSecret secret;
};

/// Signs for itself (RFC 7523). The file is PEM with certificate and key, or PKCS #12.
struct ClientCertificate {
  Application application;
  ReadSecret file;
  ReadSecret passphrase;  ///< null: none
};

/// Another's signed token: Kubernetes', GitHub's.
struct WorkloadIdentity {
  Application application;
  ReadSecret token;  ///< read anew for each login: others rotate it
};

/// Of the machine itself.
struct ManagedIdentity {
  std::string client;    ///< of a user-assigned one; empty: the machine's own
  std::string endpoint;  ///< IDENTITY_ENDPOINT of App Service and Functions; empty: the metadata service of a VM
  ReadSecret header;     ///< IDENTITY_HEADER; null with the metadata service
};

struct Link {
  std::string name;  ///< for messages: `the environment's client secret`
  /// None (monostate): `missing` says why it has nothing to try.
  std::variant<std::monostate, ClientSecret, ClientCertificate, WorkloadIdentity, ManagedIdentity> how;
  std::string missing;
};

struct Identity {
  std::string authority;    ///< `https://login.microsoftonline.com`, without a slash at the end
  std::vector<Link> chain;  ///< the first that can answer does; never empty
};

/// Of a link with an application; null for others.
const Application* application_of(const Link& link);

}  // namespace trunkform::cloud::azure
