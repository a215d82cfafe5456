// docs/certificate-checks.md is made from the table of checks.
#include <fmt/format.h>

#include "schemas/model/path_check.hpp"
#include "tests/support/check_page.hpp"

using namespace trunkform;

namespace {

std::string_view word_of(CheckForce force) { return force == CheckForce::always ? "always" : "web"; }

std::string page() {
  std::string text =
      "# Checks of the path\n\n"
      "Made from the program's own table; a test holds this page against it.\n\n"
      "A chain must lead from the leaf to the carrier's trust store. The validator looks for a path on which none of "
      "these\n"
      "checks is broken, through all certificates at hand, in any order. `trunkform certificate check` shows each with "
      "its\n"
      "verdict (`-json`: `path.checks`); a plan shows those that are broken, as `path_refused` where they block and "
      "as\n"
      "`path_remarks` where they do not. The leaf's names, its validity, its key and what it may be used for are rules "
      "of\n"
      "their own.\n\n"
      "*always*: a broken check keeps the certificate from every trunk. *web*: it does where the carrier's peers judge "
      "as web\n"
      "clients do (`\"identity_rules\": \"rfc6125\"` on the carrier, `-identity-rules=rfc6125` here); elsewhere it is "
      "a "
      "remark.\n"
      "The first word is for the leaf and the intermediates, the second for the certificate of the trust store\n"
      "([why](decisions/0300-a-validator-of-our-own.md)).\n\n"
      "| check | clause | what is so when it is kept | below the anchor | anchor |\n"
      "|---|---|---|---|---|\n";
  for (const auto& check : path_checks()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", check.name, check.clause, check.good, word_of(check.below),
                        word_of(check.anchor));
  }
  return text;
}

}  // namespace

TEST_CASE("the page of checks says what the table says (TRUNKFORM_UPDATE_GOLDEN=1 writes it anew)") {
  testing::check_page("docs/certificate-checks.md", page());
}
