// Holds the path validator and the rules against a published corpus, case by case, and prints each deviation and a
// table. To be run by hand:
//
//   corpora_limbo limbo.json tests/corpora/deliberate.txt
//
// limbo.json is x509-limbo's (github.com/C2SP/x509-limbo, the file of that name; it holds BetterTLS, too). It is no
// package of any registry, so it is in no CI. Other corpora can be put into the same form: pkits.py does.
//
//   -path         the path alone, without the rules about the leaf
//   -private      as a private authority's peers judge, not as web clients
//   -determined   with -path: revocation lists must say good
//   -v            the faults of what is rightly refused, too
//
// Ends with 1 where a case deviates that the second file does not name, or takes more than a second of
// processor time.
#include <algorithm>
#include <ctime>
#include <exception>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/corpora/answer.hpp"

namespace {

using namespace trunkform::corpora;

struct Options {
  std::vector<std::string> files;
  Manner manner;
  bool verbose = false;
};

struct Row {
  int cases = 0, agree = 0, accepted = 0, refused = 0, deliberate = 0;
  double slowest = 0;  ///< seconds of processor time

  void add(const Row& other) {
    cases += other.cases;
    agree += other.agree;
    accepted += other.accepted;
    refused += other.refused;
    deliberate += other.deliberate;
    slowest = std::max(slowest, other.slowest);
  }
};

Options options_of(int count, char** words) {
  Options options;
  const std::map<std::string, std::pair<bool*, bool>> flags{{"-path", {&options.manner.path_only, true}},
                                                            {"-private", {&options.manner.as_web, false}},
                                                            {"-determined", {&options.manner.determined, true}},
                                                            {"-v", {&options.verbose, true}}};
  for (int i = 1; i < count; ++i) {
    if (const auto flag = flags.find(words[i]); flag != flags.end())
      *flag->second.first = flag->second.second;
    else
      options.files.emplace_back(words[i]);
  }
  return options;
}

/// The first word of each line; the rest says why.
std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> names;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') names.insert(line.substr(0, line.find(' ')));
  return names;
}

Row judged(const Case& one, const Options& options, const std::set<std::string>& deliberate) {
  const auto begin = std::clock();
  const auto answer = answer_to(one, options.manner);
  Row row;
  row.cases = 1;
  row.slowest = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (answer.good == one.should_be_good) {
    row.agree = 1;
    if (options.verbose && !answer.good) fmt::print("refused {}\n{}", one.id, answer.why);
    return row;
  }
  const bool meant = deliberate.contains(one.id);
  (meant ? row.deliberate : answer.good ? row.accepted : row.refused) = 1;
  fmt::print("{}{} {}\n{}", answer.good ? "FALSE ACCEPT" : "false reject", meant ? " (deliberate)" : "", one.id,
             answer.why);
  if (options.verbose) fmt::print("{}\n", one.description);
  return row;
}

void print(const std::string& name, const Row& row) {
  fmt::print("{:32} {:6} {:6} {:14} {:14} {:11} {:9.3f}\n", name, row.cases, row.agree, row.accepted, row.refused,
             row.deliberate, row.slowest);
}

int run(const Options& options) {
  if (options.files.empty()) throw std::runtime_error("usage: corpora_limbo CORPUS.json [DELIBERATE.txt]");
  const auto deliberate = options.files.size() > 1 ? names_in(options.files[1]) : std::set<std::string>();
  std::map<std::string, Row> rows;
  Row all;
  for (const auto& one : read_cases(options.files.front())) {
    const auto row = judged(one, options, deliberate);
    rows[one.group()].add(row);
    all.add(row);
  }
  fmt::print("{:32} {:>6} {:>6} {:>14} {:>14} {:>11} {:>9}\n", "corpus", "cases", "agree", "false accepts",
             "false rejects", "deliberate", "slowest s");
  for (const auto& [name, row] : rows) print(name, row);
  print("all", all);
  return all.accepted + all.refused == 0 && all.slowest <= 1 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(options_of(count, words));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
