#include "cmd/genesys_sim/options.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include <CLI/CLI.hpp>

namespace trunkform::sim {
namespace options_detail {

/// CLI11 knows long flags by two dashes only.
std::string normalised(std::string argument) {
  const bool single =
      argument.size() > 2 && argument[0] == '-' && std::isalpha(static_cast<unsigned char>(argument[1]));
  return single ? "-" + argument : argument;
}

void declare(CLI::App& app, Options& options, int& exit_usage) {
  exit_usage = 64;
  app.add_option("--listen", options.listen, "127.0.0.1:PORT, 0 for any; the port is printed")->capture_default_str();
  app.add_option("--ready-file", options.ready_file,
                 "JSON with base_url, ports, pid and credentials, written (0600) when ready");
  app.add_option("--client-id", options.client_id, "OAuth client; random when not given");
  app.add_option("--client-secret-file", options.client_secret_file, "its secret; random when not given");
  app.add_option("--token-file", options.token_file, "static access tokens, one a line");
  app.add_option("--seed", options.seed, "of ids and tokens")->capture_default_str();
  app.add_option("--tls-cert", options.tls_certificate, "serve HTTPS with this chain")->check(CLI::ExistingFile);
  app.add_option("--tls-key", options.tls_key, "and this key")->check(CLI::ExistingFile);
  app.add_option("--trust-store", options.trust_store, "roots that a complete chain must lead to")
      ->check(CLI::ExistingFile);
  app.add_option("--trunks", options.trunks, "how many trunks to make")->check(CLI::Range(0, 1'000'000));
  app.add_option("--distinct", options.distinct, "how many certificates they share")->check(CLI::Range(1, 100'000));
  app.add_option("--carriers", options.carriers, "names for {carrier}, in turn")->delimiter(',')->capture_default_str();
  app.add_option("--name-pattern", options.name_pattern, "of trunks: {carrier}, {number}, {index}")
      ->capture_default_str();
  app.add_option("--days-left", options.days_left, "of the certificates made, in turn; negative: expired")
      ->delimiter(',');
  app.add_option("--domain", options.domain, "in the certificates made")->capture_default_str();
  app.add_option("--initial", options.initial, "folder of TRUNKNAME.pem (and .key): a trunk each")
      ->check(CLI::ExistingDirectory);
  app.add_option("--seed-file", options.seed_file, "JSON list of {id,name,status,carrier,certificate,key}")
      ->check(CLI::ExistingFile);
  app.add_option("--write-minted", options.write_minted, "folder for root.pem, chain-N.pem and chain-N.key");
  app.add_flag("--listing-cache", options.listing_cache, "render listing pages beforehand, for benchmarks");
  app.add_option("--knobs", options.knobs, "JSON as for POST /_sim/knobs, or @FILE; may be repeated");
  app.add_flag("--sip", options.sip, "open SIP TLS ports, any free ones");
  app.add_option("--sip-ports", options.sip_ports, "open SIP TLS ports from this one on")->check(CLI::Range(1, 65'000));
  app.add_option("--sip-trunks", options.sip_trunks, "for these trunks (names or ids) instead of the first 64")
      ->delimiter(',');
  app.add_option("--on-bind", options.on_bind, "shell command after each bind: $1 trunk id, $2 leaf fingerprint");
}

}  // namespace options_detail

std::variant<Options, EarlyExit> parse_options(std::vector<std::string> arguments) {
  Options options;
  int usage = 64;
  CLI::App app("A simulated Genesys Cloud service for trunk certificates (docs/simulator.md)", "genesys-sim");
  options_detail::declare(app, options, usage);
  std::transform(arguments.begin(), arguments.end(), arguments.begin(), options_detail::normalised);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes a stack
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{0, app.help()};
  } catch (const CLI::ParseError& error) {
    return EarlyExit{usage, std::string("genesys-sim: ") + error.what() + "\nsee genesys-sim -help\n"};
  }
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return EarlyExit{usage, "genesys-sim: -tls-cert and -tls-key belong together\n"};
  return options;
}

}  // namespace trunkform::sim
