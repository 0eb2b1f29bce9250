#include "fact_reader.hpp"

#include "crossline/base/text.hpp"
#include "crossline/procedure/other_names.hpp"
#include "fact_json.hpp"
#include "local_time.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace crossline::procedure {

Result<void> FactSheet::Reader::read(std::string_view key, const Json& value) {
  struct Entry {
    std::string_view key;
    std::function<Result<void>(const Json&)> read;
  };
  const std::array entries{
      Entry{"at", [&](const Json& v) { return read_at(v); }},
      Entry{"direction",
            [&](const Json& v) { return fact_json::enumerated(v, facts_.direction, Source::kAgent); }},
      Entry{"checkpoint", [&](const Json& v) { return read_checkpoint(v); }},
      Entry{"post_side",
            [&](const Json& v) { return fact_json::enumerated(v, facts_.post_side, Source::kAgent); }},
      Entry{"toward_side",
            [&](const Json& v) { return fact_json::enumerated(v, facts_.toward, Source::kAgent); }},
      Entry{"side_of_residence",
            [&](const Json& v) {
              return fact_json::enumerated(v, facts_.side_of_residence, Source::kDocument);
            }},
      Entry{"category", [&](const Json& v) { return read_category(v); }},
      Entry{"sex", [&](const Json& v) { return fact_json::enumerated(v, facts_.sex, Source::kDocument); }},
      Entry{"document_kind",
            [&](const Json& v) {
              return fact_json::fact(v, facts_.document_kind, Source::kDocument, kind_of);
            }},
      Entry{"document_issuer",
            [&](const Json& v) {
              return fact_json::fact(v, facts_.document_issuer, Source::kDocument,
                                     [&](const Json& code) { return issuer_of(code); });
            }},
      Entry{
          "document_days_left",
          [&](const Json& v) { return fact_json::integer(v, facts_.document_days_left, Source::kDocument); }},
      Entry{"document_readable",
            [&](const Json& v) { return fact_json::flag(v, facts_.document_readable, Source::kDocument); }},
      Entry{"age", [&](const Json& v) { return fact_json::integer(v, facts_.age_years, Source::kDocument); }},
      Entry{"companions",
            [&](const Json& v) { return fact_json::integer(v, facts_.companions, Source::kOfficer); }},
      Entry{"accompanied_by",
            [&](const Json& v) {
              return fact_json::fact(v, facts_.accompanied_by, Source::kOfficer, fact_json::relations);
            }},
      Entry{"closed", [&](const Json& v) { return fact_json::flag(v, facts_.closed, Source::kReplica); }},
      Entry{"alternates",
            [&](const Json& v) { return fact_json::flag(v, facts_.alternates, Source::kReplica); }},
      Entry{"returning",
            [&](const Json& v) { return fact_json::flag(v, facts_.returning, Source::kReplica); }},
      Entry{"lists", [&](const Json& v) { return read_lists(v); }},
      Entry{"mode", [&](const Json& v) { return fact_json::enumerated(v, facts_.mode, Source::kOfficer); }},
      Entry{"weapons", [&](const Json& v) { return fact_json::flag(v, facts_.weapons, Source::kOfficer); }},
      Entry{"arms_handed_over",
            [&](const Json& v) { return fact_json::flag(v, facts_.arms_handed_over, Source::kOfficer); }},
      Entry{"permits", [&](const Json& v) { return read_permits(v); }},
      Entry{"stays_on_a",
            [&](const Json& v) { return read_stays(v, facts_.stays_on_a, sheet_.stays_on_a_); }},
      Entry{"stays_on_b",
            [&](const Json& v) { return read_stays(v, facts_.stays_on_b, sheet_.stays_on_b_); }},
      Entry{"crossings", [&](const Json& v) { return counts(v, facts_.crossings, Source::kReplica); }},
      Entry{"quotas", [&](const Json& v) { return read_quotas(v); }},
      Entry{"notice", [&](const Json& v) { return read_notice(v); }},
      Entry{"goods", [&](const Json& v) { return read_goods(v); }},
      Entry{"convoy", [&](const Json& v) { return read_convoy(v); }},
      Entry{"facts", [&](const Json& v) { return read_declared(v); }},
      Entry{"overrides", [&](const Json& v) { return read_overrides(v); }},
  };
  const auto found = std::ranges::find(entries, key, &Entry::key);
  if (found != entries.end()) return found->read(value);
  std::vector<std::string_view> known;
  for (const Entry& entry : entries) known.push_back(entry.key);
  const auto nearest = nearest_name(key, known);
  return nearest ? Result<void>(
                       fail(ErrorCode::kMalformed, "unknown fact '{}'; did you mean '{}'?", key, *nearest))
                 : Result<void>(fail(ErrorCode::kMalformed, "unknown fact '{}'", key));
}

Result<std::string_view> FactSheet::Reader::kind_of(const Json& value) {
  CROSSLINE_TRY(const std::string name, fact_json::text(value));
  const auto known = closed_names(NameSpace::kDocumentKind);
  CROSSLINE_CHECK_OK(fact_json::check_known(NameSpace::kDocumentKind, name, {known.begin(), known.end()}));
  return *std::ranges::find(known, name);
}

Result<std::string_view> FactSheet::Reader::issuer_of(const Json& value) {
  CROSSLINE_TRY(const std::string code, fact_json::text(value));
  if (!is_issuer(code))
    return fail(ErrorCode::kMalformed, "'{}' is not an issuer: one to three capital letters", code);
  return sheet_.keep(code);
}

Result<void> FactSheet::Reader::declared_or_other(const Json& value, Fact<std::string_view>& out,
                                                  Source source, NameSpace space,
                                                  std::vector<std::string_view> known,
                                                  std::string_view other) {
  known.push_back(other);
  return fact_json::fact(value, out, source, [&](const Json& v) -> Result<std::string_view> {
    CROSSLINE_TRY(const std::string name, fact_json::text(v));
    CROSSLINE_CHECK_OK(fact_json::check_known(space, name, known));
    return sheet_.keep(name);
  });
}

Result<void> FactSheet::Reader::read_category(const Json& value) {
  return declared_or_other(value, facts_.category, Source::kOfficer, NameSpace::kCategory,
                           fact_json::declared_names(edition_.categories()), other_category(edition_));
}

Result<void> FactSheet::Reader::read_checkpoint(const Json& value) {
  return declared_or_other(value, facts_.checkpoint, Source::kAgent, NameSpace::kCheckpoint,
                           fact_json::declared_names(edition_.checkpoints()), other_checkpoint(edition_));
}

Result<UtcMillis> FactSheet::Reader::time(const Json& value) {
  std::string text = value.is_string() ? value.get<std::string>() : std::string();
  const bool utc = text.ends_with('Z');
  if (utc) text.pop_back();
  const auto seconds = parse_local_time(text);
  if (!seconds)
    return fail(ErrorCode::kMalformed, "{} is not a time such as \"2026-10-01T12:00:00\"", value.dump());
  return utc ? UtcMillis{*seconds * 1000} : edition_.instant_of(*seconds);
}

Result<void> FactSheet::Reader::read_at(const Json& value) {
  CROSSLINE_TRY(sheet_.at_, time(value));
  return {};
}

Result<void> FactSheet::Reader::keep_text(const Json& value, std::string_view& out) {
  CROSSLINE_TRY(const std::string read, fact_json::text(value));
  out = sheet_.keep(read);
  return {};
}

Result<void> FactSheet::Reader::keep_time(const Json& value, UtcMillis& out) {
  CROSSLINE_TRY(out, time(value));
  return {};
}

}  // namespace crossline::procedure
