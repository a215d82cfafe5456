#include "providers/cloud/basic_authorization.hpp"

#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"

namespace trunkform::cloud {

SecretBuffer basic_authorization(std::string_view user, const SecretBuffer& password) {
  const auto plain = joined({user, ":", password.view()});
  return joined({"Basic ", secret_base64(plain.view()).view()});
}

}  // namespace trunkform::cloud
