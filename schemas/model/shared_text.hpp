#pragma once
// A long text that many values hold alike, kept once: the roots of a carrier in the policies of ten thousand bindings.
// Immutable, cheap to copy, compared by content; thread-safe.
#include <memory>
#include <string>
#include <utility>

namespace trunkform {

class SharedText {
 public:
  SharedText() : SharedText(std::string()) {}
  // NOLINTNEXTLINE(google-explicit-constructor): a text is a text
  SharedText(std::string text) : m_text(std::make_shared<const std::string>(std::move(text))) {}
  const std::string& str() const { return *m_text; }
  // NOLINTNEXTLINE(google-explicit-constructor): the same, the other way
  operator const std::string&() const { return *m_text; }
  friend bool operator==(const SharedText& left, const SharedText& right) {
    return left.m_text == right.m_text || *left.m_text == *right.m_text;
  }

 private:
  std::shared_ptr<const std::string> m_text;
};

}  // namespace trunkform
