#pragma once
// The notifiers that this program has, by what their settings are: one line each in registry.cpp. Thread-safe.
#include <functional>
#include <memory>
#include <string>

#include "schemas/model/notify_block.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/mail_transport.hpp"
#include "schemas/ports/notifier.hpp"
#include "schemas/ports/program_runner.hpp"

namespace trunkform::notify {

/// What a notifier is made of. Borrowed things outlive every notifier; whether it may use them was judged before.
struct Surroundings {
  HttpClient& http;
  const Clock& clock;
  MailTransport* mail = nullptr;      ///< null: this program cannot send mail
  ProgramRunner* programs = nullptr;  ///< null: it cannot run programs
  SecretBuffer url;                   ///< of a webhook whose address is a secret; empty: it is in the settings
  SecretBuffer secret;                ///< key, routing key or password; empty: none
  ProgramRequest program;             ///< path, digest and environment that the operator allows
  /// A webhook's form that is a file: the body of an alert. Null for the built-in forms.
  std::function<Result<std::string>(const Alert&)> render;
};

/// Errors: invalid_input (settings that cannot work, with what to write instead). Sends nothing.
Result<std::unique_ptr<Notifier>> make_notifier(const NotifyBlock& block, Surroundings surroundings);

}  // namespace trunkform::notify
