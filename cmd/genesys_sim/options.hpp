#pragma once
// The command line of genesys-sim. `-flag` and `--flag` are the same.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace trunkform::sim {

struct Options {
  std::string listen = "127.0.0.1:0";
  std::string ready_file;
  std::string client_id;           ///< empty: made at random
  std::string client_secret_file;  ///< empty: made at random
  std::string token_file;          ///< a static token a line
  std::uint64_t seed = 1;
  std::string tls_certificate, tls_key;
  std::string trust_store;
  // What there is at the start.
  std::size_t trunks = 0;
  std::size_t distinct = 1;
  std::vector<std::string> carriers = {"A", "B", "C"};
  std::string name_pattern = "Carrier {carrier} {number}";
  std::vector<int> days_left = {60};
  std::string domain = "sip.example.com";
  std::string initial;  ///< folder of NAME.pem (+ NAME.key)
  std::string seed_file;
  std::string write_minted;  ///< folder for root.pem, chain-N.pem, chain-N.key
  bool listing_cache = false;
  // What goes wrong.
  std::vector<std::string> knobs;  ///< JSON, or @FILE
  // SIP.
  int sip_ports = 0;  ///< base port; 0 with `sip`: any
  bool sip = false;
  std::vector<std::string> sip_trunks;  ///< names or ids; empty: the first 64
  std::string on_bind;
};

/// Ends the program at once: help, or a mistake in the flags.
struct EarlyExit {
  int status = 0;
  std::string text;
};

std::variant<Options, EarlyExit> parse_options(std::vector<std::string> arguments);

}  // namespace trunkform::sim
