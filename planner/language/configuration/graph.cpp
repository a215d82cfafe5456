#include "planner/language/configuration/graph.hpp"

#include <algorithm>
#include <deque>
#include <limits>

namespace trunkform::language {
namespace {

constexpr auto k_none = std::numeric_limits<std::size_t>::max();

/// Tarjan's strongly connected components, with a stack of its own; components come out after what they need.
class Components {
 public:
  explicit Components(const std::vector<std::vector<std::size_t>>& needs)
      : m_needs(needs), m_number(needs.size(), k_none), m_low(needs.size()), m_is_open(needs.size()) {}

  std::vector<std::vector<std::size_t>> find() {
    for (std::size_t node = 0; node < m_needs.size(); ++node)
      if (m_number[node] == k_none) visit(node);
    return std::move(m_components);
  }

 private:
  struct Frame {
    std::size_t node;
    std::size_t next = 0;
  };
  const std::vector<std::vector<std::size_t>>& m_needs;
  std::vector<std::size_t> m_number, m_low, m_open;
  std::vector<bool> m_is_open;
  std::vector<Frame> m_frames;
  std::vector<std::vector<std::size_t>> m_components;
  std::size_t m_count = 0;

  void enter(std::size_t node) {
    m_number[node] = m_low[node] = m_count++;
    m_open.push_back(node);
    m_is_open[node] = true;
    m_frames.push_back({node});
  }

  void visit(std::size_t root) {
    enter(root);
    while (!m_frames.empty()) {
      auto& frame = m_frames.back();
      const auto node = frame.node;
      if (frame.next < m_needs[node].size()) {
        const auto other = m_needs[node][frame.next++];
        if (m_number[other] == k_none) {
          enter(other);
        } else if (m_is_open[other]) {
          m_low[node] = std::min(m_low[node], m_number[other]);
        }
        continue;
      }
      m_frames.pop_back();
      if (!m_frames.empty()) m_low[m_frames.back().node] = std::min(m_low[m_frames.back().node], m_low[node]);
      if (m_low[node] == m_number[node]) close(node);
    }
  }

  void close(std::size_t node) {
    auto& component = m_components.emplace_back();
    std::size_t member = k_none;
    do {
      member = m_open.back();
      m_open.pop_back();
      m_is_open[member] = false;
      component.push_back(member);
    } while (member != node);
  }
};

/// The shortest way from `start` around to itself within `component`; empty where there is none.
std::vector<std::size_t> way_around(const std::vector<std::vector<std::size_t>>& needs,
                                    const std::vector<std::size_t>& component, std::vector<std::size_t>& from,
                                    const std::vector<std::size_t>& component_of) {
  const auto start = *std::min_element(component.begin(), component.end());
  std::deque<std::size_t> queue{start};
  while (!queue.empty()) {
    const auto node = queue.front();
    queue.pop_front();
    for (const auto other : needs[node]) {
      if (component_of[other] != component_of[start]) continue;
      if (other == start) {
        std::vector<std::size_t> way{node};
        while (way.back() != start) way.push_back(from[way.back()]);
        std::reverse(way.begin(), way.end());
        return way;
      }
      if (from[other] != k_none) continue;
      from[other] = node;
      queue.push_back(other);
    }
  }
  return {};
}

}  // namespace

EvaluationOrder order_of(const std::vector<std::vector<std::size_t>>& needs) {
  EvaluationOrder order;
  const auto components = Components(needs).find();
  std::vector<std::size_t> component_of(needs.size()), from(needs.size(), k_none);
  for (std::size_t index = 0; index < components.size(); ++index)
    for (const auto node : components[index]) component_of[node] = index;
  for (const auto& component : components) {
    for (const auto node : component) order.sequence.push_back(node);
    auto way = way_around(needs, component, from, component_of);
    if (!way.empty()) order.cycles.push_back(std::move(way));
  }
  return order;
}

}  // namespace trunkform::language
