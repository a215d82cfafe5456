#include "providers/sources/kubernetes_secret/source.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::sources {

using cloud::SecretJson;
using cloud::kubernetes::Part;

/// The object as it came; its fields are still in base64.
struct KubernetesSecretSource::Seen {
  SecretJson json;
  VersionId version;
};

SecretFields KubernetesSecretSource::fields_in(SecretJson& json) const {
  SecretFields::Reading reading;
  reading.text = [this, &json](const std::string& name) -> Result<std::optional<SecretBuffer>> {
    const auto text = json.secret({"data", name});
    if (!text) return std::optional<SecretBuffer>();
    auto bytes = cloud::secret_from_base64(text->view());
    if (bytes) return bytes;
    return Error(ErrorCode::protocol, fmt::format("the field {} of {} is no base64", cloud::quoted(name), shown()));
  };
  reading.names = [&json] { return json.names({"data"}); };
  return {{m_place.certificate_field, {}, m_place.key_field},
          shown(),
          "name the fields with certificate_field and key_field",
          std::move(reading)};
}

std::string KubernetesSecretSource::shown() const {
  return cloud::quoted(fmt::format("{}/{}", m_place.name_space, m_place.secret));
}

Result<KubernetesSecretSource::Seen> KubernetesSecretSource::read(const Context& context, Part part) {
  const auto path = fmt::format("api/v1/namespaces/{}/secrets/{}", cloud::percent_encoded(m_place.name_space),
                                cloud::percent_encoded(m_place.secret));
  const auto answer = TRY(m_client.read(context, path, part));
  Seen seen{SecretJson(answer.secret_body), {}};
  seen.version = {seen.json.text({"metadata", "resourceVersion"}).value_or("")};
  if (seen.version.value.empty())
    return Error(ErrorCode::protocol, fmt::format("the answer for the secret {} has no resourceVersion", shown()));
  return seen;
}

Result<Described> KubernetesSecretSource::describe(const Context& context, const std::optional<VersionId>& pin,
                                                   const std::optional<VersionId>& known) {
  Described described;
  if (known && !pin && TRY(read(context, Part::metadata)).version == *known) {
    described.version = *known;
    described.unchanged = true;
    return described;
  }
  auto seen = TRY(read(context, Part::whole));
  described.version = seen.version;
  const auto fields = fields_in(seen.json);
  described.certificates_pem = TRY(fields.certificates());
  described.no_key = fields.no_key();
  return described;
}

Result<std::vector<SourceVersion>> KubernetesSecretSource::versions(const Context& context) {
  // The object's creationTimestamp is not this version's.
  return std::vector{SourceVersion{TRY(read(context, Part::metadata)).version, {}}};
}

Result<FetchedPair> KubernetesSecretSource::fetch(const Context& context, const VersionId& version) {
  auto seen = TRY(read(context, Part::whole));
  if (seen.version != version)
    return Error(ErrorCode::conflict,
                 fmt::format("the secret {} has another version than the one that was planned", shown()),
                 fmt::format("planned {}, there is {}; a cluster keeps no earlier ones",
                             cloud::quoted(version.value, 64), cloud::quoted(seen.version.value, 64)))
        .hint("review a new plan: trunkform plan -out=new.trunkplan");
  FetchedPair fetched;
  const auto fields = fields_in(seen.json);
  fetched.certificates_pem = TRY(fields.certificates());
  fetched.private_key = TRY(fields.key());
  return fetched;
}

}  // namespace trunkform::sources
