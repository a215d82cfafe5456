#pragma once
// The `notify` and `metrics` blocks as the configuration means them: evaluated, defaults filled in. Secrets are
// references (`env:NAME`, `file:PATH`), never values. Whether a place may be written or sent to is cmd's to judge.
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/model/alert.hpp"
#include "schemas/model/source_range.hpp"

namespace trunkform {

/// An address, written out or kept as a secret: exactly one is set.
struct UrlSetting {
  std::string text;
  std::string secret;
};

struct WebhookSettings {
  UrlSetting url;
  std::string form = "json";  ///< `json, slack, teams, pagerduty, opsgenie`, or a file beneath the folder
  std::string secret;         ///< key of the HMAC, or the routing or API key; empty: none
  std::map<std::string, std::string> headers;
};

enum class StartTls { required, off };

struct EmailSettings {
  std::string host;
  int port = 587;
  std::string user;      ///< empty: no authentication
  std::string password;  ///< a reference
  StartTls starttls = StartTls::required;
  std::string from;
  std::vector<std::string> to;
};

struct CommandSettings {
  std::vector<std::string> command;  ///< program and arguments
};

struct NotifyBlock {
  std::string address;        ///< `notify.webhook.ops`
  std::vector<AlertKind> on;  ///< empty: all kinds
  std::variant<WebhookSettings, EmailSettings, CommandSettings> settings;
  SourceRange source;
};

struct MetricsSettings {
  struct Textfile {
    std::string path;
    SourceRange source;
  };
  struct Ping {
    UrlSetting url;
    SourceRange source;
  };
  std::optional<Textfile> textfile;
  std::optional<Ping> ping;
};

}  // namespace trunkform
