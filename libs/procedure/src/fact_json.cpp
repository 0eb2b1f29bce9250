#include "fact_json.hpp"

#include "crossline/base/text.hpp"

namespace crossline::procedure::fact_json {

Result<std::string> text(const Json& value) {
  if (!value.is_string()) return fail(ErrorCode::kMalformed, "{} is not a string", value.dump());
  return value.get<std::string>();
}

Result<std::int64_t> integer(const Json& value) {
  if (!value.is_number_integer()) return fail(ErrorCode::kMalformed, "{} is not an integer", value.dump());
  return value.get<std::int64_t>();
}

Result<bool> flag(const Json& value) {
  if (!value.is_boolean()) return fail(ErrorCode::kMalformed, "{} is not true or false", value.dump());
  return value.get<bool>();
}

Result<RelationSet> relations(const Json& value) {
  RelationSet set;
  if (value == kNobody) return set;
  for (const Json& one : value.is_array() ? value : Json::array({value})) {
    CROSSLINE_TRY(const Relation relation, enumerator<Relation>(one));
    set.add(relation);
  }
  return set;
}

Result<void> check_known(NameSpace space, std::string_view name, const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, name) != known.end()) return {};
  if (const auto nearest = nearest_name(name, known))
    return fail(ErrorCode::kMalformed, "unknown {} '{}'; did you mean '{}'?", noun_of(space), name, *nearest);
  if (!closed_names(space).empty())
    return fail(ErrorCode::kMalformed, "unknown {} '{}'; there are {}", noun_of(space), name,
                fmt::join(known, ", "));
  return fail(ErrorCode::kMalformed, "the procedure declares no {} '{}'", noun_of(space), name);
}

}  // namespace crossline::procedure::fact_json
