#include "tests/support/s3_bench.hpp"

#include <iostream>

#include "providers/cloud/aws/bucket.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "state/backends/s3/engine.hpp"
#include "state/backends/s3/layout.hpp"
#include "state/backends/s3/lock_object.hpp"
#include "tests/support/backend_machine.hpp"
#include "tests/support/cutting_proxy.hpp"

namespace trunkform::testing {
namespace {

namespace aws = cloud::aws;

std::uint16_t port_of_server() { return static_cast<std::uint16_t>(std::stoi(said("S3_PORT"))); }

/// A bucket with credentials and connections of its own.
class OwnBucket {
 public:
  OwnBucket(Machine& machine, std::uint16_t port)
      : m_http(platform::make_curl_client({}, machine.clock)),
        m_keeper(
            [](const Context&) -> Result<aws::Credentials> {
              aws::Credentials credentials;
              credentials.access_key_id = said("AWS_ACCESS_KEY_ID");
              credentials.secret_access_key = SecretBuffer::copy_of(said("AWS_SECRET_ACCESS_KEY"));
              return credentials;
            },
            machine.clock),
        store(options(port), m_keeper, *m_http, machine.clock, machine.random) {}

 private:
  std::unique_ptr<HttpClient> m_http;
  aws::CredentialKeeper m_keeper;

  static aws::BucketOptions options(std::uint16_t port) {
    aws::BucketOptions options;
    options.region = "eu-central-1";
    auto place = aws::bucket_place("http://" + said("S3_HOST") + ":" + std::to_string(port), said("S3_BUCKET"),
                                   aws::BucketStyle::path);
    if (!place) throw std::runtime_error(to_line(place.error()));
    options.place = std::move(*place);
    return options;
  }

 public:
  aws::Bucket store;  ///< borrows what is above
};

class S3Bench final : public BackendBench {
 public:
  S3Bench() : m_proxy(said("S3_HOST"), port_of_server()) { m_settings.prefix = place_of_a_case(); }

  state::Backend open(const std::string& workspace) override {
    const auto store = bucket(m_proxy.port());
    return m_machine.open(
        [this, store](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
          return state::s3::open_engine(m_settings, name, store, m_machine.clock, m_machine.random);
        },
        workspace);
  }
  bool lose_next(Lost lost) override {
    m_proxy.cut_next(
        lost == Lost::request ? CuttingProxy::Cut::before_the_request : CuttingProxy::Cut::before_the_answer,
        {"PUT /"});
    return true;
  }
  bool has_lost() override { return m_proxy.has_cut(); }
  bool take_lock_away(const std::string& workspace) override {
    using namespace state::s3;
    Objects objects(bucket(port_of_server()), m_machine.clock, m_machine.random);
    LockStore lock(objects, Layout(m_settings.prefix, workspace).lock());
    const auto freed = lock.change({}, [](const std::optional<SeenLock>& seen) -> Result<LockObject> {
      return LockObject{seen ? seen->lock.generation : "none"};
    });
    if (!freed) std::cerr << to_line(freed.error()) << '\n';
    return freed.has_value();
  }

 private:
  Machine m_machine;
  CuttingProxy m_proxy;
  state::s3::Settings m_settings;

  std::shared_ptr<ObjectStore> bucket(std::uint16_t port) {
    const auto own = std::make_shared<OwnBucket>(m_machine, port);
    return {own, &own->store};
  }
};

}  // namespace

std::unique_ptr<BackendBench> make_s3_bench() { return std::make_unique<S3Bench>(); }

}  // namespace trunkform::testing
