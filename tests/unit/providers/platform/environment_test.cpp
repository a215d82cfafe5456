#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <stdlib.h>

#include "providers/platform/posix/process_environment.hpp"

using trunkform::platform::PosixProcessEnvironment;

TEST_CASE("a secret is taken once from environ, wiped there, and still given to a later caller") {
  ::setenv("TRUNKFORM_TEST_SECRET", "canary-0123456789", 1);
  PosixProcessEnvironment environment;
  CHECK(environment.take_secret("TRUNKFORM_TEST_SECRET").value().view() == "canary-0123456789");
  CHECK(std::string(::getenv("TRUNKFORM_TEST_SECRET")).empty());
  CHECK_FALSE(environment.variable("TRUNKFORM_TEST_SECRET").has_value());
  CHECK(environment.take_secret("TRUNKFORM_TEST_SECRET").value().view() == "canary-0123456789");
  CHECK_FALSE(environment.take_secret("TRUNKFORM_TEST_NONE").has_value());
}

TEST_CASE("a variable is found by its whole name and not by the beginning of another") {
  ::setenv("TRUNKFORM_TEST_LONGER", "value", 1);
  PosixProcessEnvironment environment;
  CHECK(environment.variable("TRUNKFORM_TEST_LONGER").value() == "value");
  CHECK_FALSE(environment.variable("TRUNKFORM_TEST_LONG").has_value());
  CHECK_FALSE(environment.variable("TRUNKFORM_TEST_LONGER=value").has_value());
  CHECK_FALSE(environment.variable("").has_value());
  CHECK(environment.names_with_prefix("TRUNKFORM_TEST_LONG") == std::vector<std::string>{"TRUNKFORM_TEST_LONGER"});
}

TEST_CASE("the actor is somebody on some host") {
  const auto actor = PosixProcessEnvironment().actor();
  CHECK_FALSE(actor.user.empty());
  CHECK_FALSE(actor.host.empty());
  CHECK(actor.process > 1);
}
