#include "state/backends/s3/conditions.hpp"

namespace trunkform::state::s3 {
namespace {

Error broken(const ObjectStore& store, const std::string& what) {
  return Error(ErrorCode::unsupported, "a state cannot live in " + store.place(),
               what + ": this server passes over the conditions of writes, so that two runs would overwrite each other")
      .hint("use a server that answers 412 (Amazon S3, versitygw), or another backend");
}

Result<> must_refuse(const Result<std::string>& tried, const ObjectStore& store, const std::string& what) {
  if (tried) return broken(store, what);
  return tried.error().code == ErrorCode::conflict ? Result<>() : Result<>(tried.error());
}

Result<> try_conditions(const Context& context, ObjectStore& store, const std::string& key) {
  const auto first = TRY(store.put(context, key, "trunkform init 1\n", WriteCondition::absent()));
  TRY(must_refuse(store.put(context, key, "trunkform init 2\n", WriteCondition::absent()), store,
                  "a second object was written with If-None-Match: * where there was one"));
  TRY(store.put(context, key, "trunkform init 3\n", WriteCondition::unchanged(first)));
  return must_refuse(store.put(context, key, "trunkform init 4\n", WriteCondition::unchanged(first)), store,
                     "an object was written with If-Match and the ETag of an earlier one");
}

}  // namespace

Result<> probe_conditions(const Context& context, ObjectStore& store, const std::string& key) {
  auto tried = try_conditions(context, store, key);
  auto removed = store.remove(context, key);
  return tried ? removed : tried;
}

}  // namespace trunkform::state::s3
