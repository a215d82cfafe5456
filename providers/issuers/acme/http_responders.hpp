#pragma once
// http-01 (RFC 8555 §8.3): by a listener of our own, or by files in the folder of a web server.
#include <functional>
#include <memory>
#include <string>

#include "providers/issuers/acme/listeners.hpp"
#include "providers/issuers/acme/responder.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::issuers::acme {

/// Listens while proofs stand, and at no other time. The clock is borrowed.
class ListeningResponder final : public Responder {
 public:
  ListeningResponder(std::string address, std::shared_ptr<Listeners> listeners, Clock& clock)
      : m_address(std::move(address)), m_listeners(std::move(listeners)), m_clock(clock) {}
  const char* challenge_type() const override { return "http-01"; }
  /// Errors: those of `PathServer::start`. Waits some seconds for another run that
  /// listens there.
  Result<> present(const Context& context, const std::vector<Proof>& proofs) override;
  void withdraw(const std::vector<Proof>& proofs) override;

 private:
  std::string m_address;
  std::shared_ptr<Listeners> m_listeners;  ///< of the run
  Clock& m_clock;
};

/// The files are readable by all. Borrows the file system.
class WebrootResponder final : public Responder {
 public:
  using MayWrite = std::function<Result<>(const Path& folder)>;
  WebrootResponder(Path webroot, FileSystem& files, MayWrite may_write)
      : m_webroot(std::move(webroot)), m_files(files), m_may_write(std::move(may_write)) {}
  const char* challenge_type() const override { return "http-01"; }
  /// Errors: untrusted, denied, io.
  Result<> present(const Context& context, const std::vector<Proof>& proofs) override;
  void withdraw(const std::vector<Proof>& proofs) override;

 private:
  Result<> may_write_there();
  Path folder() const { return m_webroot / ".well-known" / "acme-challenge"; }

  Path m_webroot;
  FileSystem& m_files;
  MayWrite m_may_write;
};

}  // namespace trunkform::issuers::acme
