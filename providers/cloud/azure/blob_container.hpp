#pragma once
// A container of Azure Blob Storage ("Blob service REST API", 2023-11-03), as the port wants it, by a token of
// Microsoft Entra. What is in it is treated as the secrets of other services are: it stays in locked memory until it is
// read. Thread-safe.
#include <string>

#include "providers/cloud/azure/blob_place.hpp"
#include "providers/cloud/azure/identity.hpp"
#include "providers/cloud/azure/tokens.hpp"
#include "providers/cloud/caller.hpp"
#include "schemas/ports/blob_store.hpp"

namespace trunkform::cloud::azure {

struct BlobOptions {
  Identity identity;
  BlobPlace place;
  Duration timeout = std::chrono::seconds(60);  ///< of one request
  CallerOptions calls{};
};

class BlobContainer final : public BlobStore {
 public:
  /// The ports are borrowed.
  BlobContainer(BlobOptions options, HttpClient& http, Clock& clock, Random& random);

  std::string place() const override { return m_options.place.shown; }
  Result<std::optional<StoredBlob>> get(const Context& context, const std::string& name) override;
  Result<std::optional<std::string>> get_from(const Context& context, const std::string& name,
                                              std::uint64_t offset) override;
  Result<std::optional<BlobFacts>> look(const Context& context, const std::string& name,
                                        const std::string& lease) override;
  Result<std::string> put(const Context& context, const std::string& name, const std::string& bytes,
                          const BlobNotes& notes, const WriteCondition& condition, const std::string& lease) override;
  Result<> put_notes(const Context& context, const std::string& name, const BlobNotes& notes,
                     const std::string& lease) override;
  Result<> remove(const Context& context, const std::string& name, const WriteCondition& condition,
                  const std::string& lease) override;
  Result<BlobPage> list(const Context& context, const std::string& prefix, const std::string& next, int most) override;
  Result<> lease(const Context& context, const std::string& name, const std::string& id, Duration duration) override;
  Result<> renew_lease(const Context& context, const std::string& name, const std::string& id) override;
  Result<> release_lease(const Context& context, const std::string& name, const std::string& id) override;
  Result<> create_log(const Context& context, const std::string& name, const BlobNotes& notes) override;
  Result<std::uint64_t> append(const Context& context, const std::string& name, std::uint64_t offset,
                               const std::string& bytes) override;
  Result<Instant> now(const Context& context, const std::string& name) override;

 private:
  struct Ask;
  BlobOptions m_options;
  Caller m_caller;
  Tokens m_tokens;

  Result<HttpResponse> call(const Context& context, const Ask& ask);
  Result<> change_lease(const Context& context, const std::string& name, std::vector<HttpHeader> headers,
                        Repeat repeat);
};

}  // namespace trunkform::cloud::azure
