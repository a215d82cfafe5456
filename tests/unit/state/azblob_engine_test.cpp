// A state in Azure Blob Storage over a container in memory: what the kit of backends cannot see from above.
#include <catch2/catch.hpp>

#include "state/backends/azblob/engine.hpp"
#include "tests/support/memory_container.hpp"
#include "tests/unit/state/state_fixture.hpp"
