#pragma once
// The service's answers as JSON text. Listings are put together from literals that were escaped once, because a
// benchmark of a client must not measure its simulator.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/genesys_sim/service/trunk_store.hpp"

namespace trunkform::sim {

/// A JSON string literal; what is not UTF-8 is replaced.
std::string quote(std::string_view text);

/// The chain that a GET gives back, where it is not the one sent.
enum class GiveBack { as_sent, without_root, leaf_only, reversed, crlf };

enum class ShowCertificate { yes, no };

struct RenderRules {
  GiveBack give_back = GiveBack::as_sent;
  ShowCertificate show = ShowCertificate::yes;
};

std::string render_trunk(const Trunk& trunk, const TrunkView& view, const RenderRules& rules);

struct Page {
  std::uint64_t size = 25;
  std::uint64_t number = 1;
};
std::string render_page(const TrunkStore& store, const Page& page, const RenderRules& rules, Instant now, Duration lag);

/// ErrorBody. `details`: one detail's fieldName, empty for none.
struct ErrorText {
  int status = 400;
  std::string code;
  std::string message;
  std::string field;
};
std::string render_error(const ErrorText& error, const std::string& context_id);

struct OrganisationText {
  std::string id;
  std::string name;
  int status = 200;  ///< 403 or 404: hidden
};
std::string render_organisation(const OrganisationText& organisation);
std::string render_products();

/// The chain's PEM changed as the rule says; text only.
std::string given_back(const BoundPair& pair, GiveBack rule);

}  // namespace trunkform::sim
