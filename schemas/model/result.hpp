#pragma once
// `Result<T>`: a value or an Error; never ignored. `TRY(expr)` yields the value or returns the error.
#include <utility>

#include <tl/expected.hpp>

#include "schemas/model/error.hpp"

namespace trunkform {

template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  using Base = tl::expected<T, Error>;

 public:
  using Base::Base;
  Result(Error error) : Base(tl::unexpect, std::move(error)) {}  // NOLINT: a failure is returned as it is
};

namespace detail {
template <class T>
T unwrap(tl::expected<T, Error>&& result) {
  return std::move(*result);
}
inline void unwrap(tl::expected<void, Error>&&) {}
}  // namespace detail

}  // namespace trunkform

/// Evaluates an expression of type Result<T>; leaves the function with its error, or yields the T.
#define TRY(...) TRUNKFORM_TRY_NAMED(TRUNKFORM_TRY_JOIN(trunkform_try_, __COUNTER__), __VA_ARGS__)
// A name of its own for each use, so that one TRY may stand inside another.
#define TRUNKFORM_TRY_JOIN(left, right) TRUNKFORM_TRY_PASTE(left, right)
#define TRUNKFORM_TRY_PASTE(left, right) left##right
#define TRUNKFORM_TRY_NAMED(name, ...)                             \
  __extension__({                                                  \
    auto&& name = (__VA_ARGS__);                                   \
    if (!name) return ::trunkform::Error(std::move(name.error())); \
    ::trunkform::detail::unwrap(std::move(name));                  \
  })
