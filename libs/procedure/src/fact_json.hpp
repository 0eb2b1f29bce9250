// How one fact is written in JSON: "unknown", a plain value, or a table of value, source and age. Every
// failure is kMalformed and names what was read.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/procedure/facts.hpp"
#include "strict_json.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure::fact_json {

inline constexpr std::string_view kUnknown = "unknown";

Result<std::string> text(const Json& value);
Result<std::int64_t> integer(const Json& value);
Result<bool> flag(const Json& value);
// "nobody", one relation, or an array of them.
Result<RelationSet> relations(const Json& value);

// A slip of the pen must not pass as a name that nothing refers to. `known` are those that the procedure
// declares, or that the language has.
Result<void> check_known(NameSpace space, std::string_view name, const std::vector<std::string_view>& known);

template <class Declared>
std::vector<std::string_view> declared_names(const std::vector<Declared>& declared) {
  std::vector<std::string_view> names;
  for (const Declared& one : declared) names.push_back(one.name);
  return names;
}

template <class Enum>
constexpr Enum last_of();
template <>
constexpr Side last_of<Side>() {
  return Side::kB;
}
template <>
constexpr PostSide last_of<PostSide>() {
  return PostSide::kJoint;
}
template <>
constexpr Direction last_of<Direction>() {
  return Direction::kExit;
}
template <>
constexpr Sex last_of<Sex>() {
  return Sex::kUnspecified;
}
template <>
constexpr Mode last_of<Mode>() {
  return Mode::kVehicle;
}
template <>
constexpr Source last_of<Source>() {
  return Source::kAgent;
}
template <>
constexpr Relation last_of<Relation>() {
  return Relation::kEscort;
}

template <class Enum>
Result<Enum> enumerator(const Json& value) {
  std::string known;
  for (int i = 0; i <= static_cast<int>(last_of<Enum>()); ++i) {
    const std::string_view name = name_of(static_cast<Enum>(i));
    if (value.is_string() && value.get_ref<const std::string&>() == name) return static_cast<Enum>(i);
    known += fmt::format("{}'{}'", i == 0 ? "" : ", ", name);
  }
  return fail(ErrorCode::kMalformed, "{} is not one of {}", value.dump(), known);
}

// Calls `read(key, member)` for each member of an object and refuses a key that is not one of `keys`.
template <class Read>
Result<void> members(const Json& value, std::initializer_list<std::string_view> keys, Read read) {
  if (!value.is_object()) return fail(ErrorCode::kMalformed, "{} is not a table", value.dump());
  for (const auto& [key, member] : value.items()) {
    if (std::ranges::find(keys, key) == keys.end())
      return fail(ErrorCode::kMalformed, "unknown key '{}'; known: {}", key, fmt::join(keys, ", "));
    CROSSLINE_CHECK_OK(read(key, member));
  }
  return {};
}

// Calls `read(element)` for each element of an array; false, and no call, for "unknown".
template <class Read>
Result<bool> elements(const Json& value, Read read) {
  if (value == kUnknown) return false;
  if (!value.is_array()) return fail(ErrorCode::kMalformed, "{} is not an array", value.dump());
  for (const Json& element : value) CROSSLINE_CHECK_OK(read(element));
  return true;
}

// `convert` makes the plain value a T; `source` is whose fact it is where the value does not say.
template <class T, class Convert>
Result<void> fact(const Json& value, Fact<T>& out, Source source, Convert convert) {
  out = {};
  if (value == kUnknown) return {};
  if (!value.is_object()) {
    CROSSLINE_TRY(const T plain, convert(value));
    out = Fact<T>(plain, source);
    return {};
  }
  std::int64_t age_s = 0;
  for (auto item = value.begin(); item != value.end(); ++item) {
    const std::string& key = item.key();
    const Json& member = *item;
    if (key == "source") {
      CROSSLINE_TRY(source, enumerator<Source>(member));
    } else if (key == "age_s" && member.is_number_integer()) {
      age_s = member.get<std::int64_t>();
    } else if (key != "value") {
      return fail(ErrorCode::kMalformed, "'{}' is not one of 'value', 'source', 'age_s'", key);
    }
  }
  if (!value.contains("value")) return fail(ErrorCode::kMalformed, "'value' is missing");
  if (value["value"] == kUnknown) return {};
  CROSSLINE_TRY(const T plain, convert(value["value"]));
  out = Fact<T>(plain, source, age_s * 1000);
  return {};
}

template <class Enum>
Result<void> enumerated(const Json& value, Fact<Enum>& out, Source source) {
  return fact(value, out, source, enumerator<Enum>);
}
inline Result<void> whole(const Json& value, std::int64_t& out) {
  CROSSLINE_TRY(out, integer(value));
  return {};
}
inline Result<void> integer(const Json& value, Fact<std::int64_t>& out, Source source) {
  return fact(value, out, source, [](const Json& plain) { return integer(plain); });
}
inline Result<void> flag(const Json& value, Fact<bool>& out, Source source) {
  return fact(value, out, source, [](const Json& plain) { return flag(plain); });
}

}  // namespace crossline::procedure::fact_json
