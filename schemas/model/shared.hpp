#pragma once
// A value that many others hold alike, kept once: a carrier's policy in ten thousand bindings, its roots. Immutable but
// for `edit`, cheap to copy, compared by content. Thread-safe as an `int` is.
#include <memory>
#include <string>
#include <utility>

namespace trunkform {

template <class T>
class Shared {
 public:
  Shared() : m_value(the_default()) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a value is a value
  Shared(T value) : m_value(std::make_shared<T>(std::move(value))) {}

  const T& operator*() const { return *m_value; }
  const T* operator->() const { return m_value.get(); }
  // NOLINTNEXTLINE(google-explicit-constructor): the same, the other way
  operator const T&() const { return *m_value; }

  /// To be changed in place; the others that hold it keep what they have.
  T& edit() {
    if (m_value.use_count() != 1) m_value = std::make_shared<T>(*m_value);
    return *m_value;
  }

  friend bool operator==(const Shared& left, const Shared& right) {
    return left.m_value == right.m_value || *left.m_value == *right.m_value;
  }
  friend bool operator==(const Shared& left, const T& right) { return *left == right; }

 private:
  std::shared_ptr<T> m_value;

  static const std::shared_ptr<T>& the_default() {
    static const auto k_value = std::make_shared<T>();
    return k_value;
  }
};

using SharedText = Shared<std::string>;

}  // namespace trunkform
