#include "crossline/procedure/authoring.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "local_time.hpp"
#include "reader.hpp"
#include "sealing_checks.hpp"
#include "time_units.hpp"
#include "toml_tree.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace crossline::procedure {
namespace {

// How far before its beginning an edition knows the offsets of its clock: its windows look back.
constexpr std::int64_t kOffsetsBefore_s = 2 * 366 * kDay_s;

Problem whole_file(std::string message) {
  return {.line = 0, .column = 0, .article = {}, .message = std::move(message)};
}

// The local spans of a season that touch [first_day, last_day]; one that ends before it begins reaches over
// New Year.
LocalSpans spans_of(const Season& season, std::int64_t first_day, std::int64_t last_day) {
  const auto year_of = [](std::int64_t day) { return std::stoi(format_date(day).substr(0, 4)); };
  LocalSpans spans;
  for (int year = year_of(first_day) - 1; year <= year_of(last_day); ++year) {
    const auto from = parse_date(fmt::format("{:04}-{}", year, season.from));
    const auto until =
        parse_date(fmt::format("{:04}-{}", season.until > season.from ? year : year + 1, season.until));
    if (from && until) spans.emplace_back(*from * kDay_s, *until * kDay_s);
  }
  return spans;
}

// Sets what hours and seasons mean over the time in force.
void expand_times(Procedure& procedure) {
  const std::int64_t first_day = procedure.offsets.local_day(procedure.from);
  const std::int64_t last_day = procedure.offsets.local_day(procedure.until);
  const std::int64_t from_s = procedure.from.ms / 1000;
  const std::int64_t until_s = procedure.until.ms / 1000;
  for (Hours& hours : procedure.hours)
    for (std::size_t i = 0; i < hours.pattern.size(); ++i)
      hours.open[i] =
          expand(hours.pattern[i].on_days(first_day, last_day), procedure.offsets, from_s, until_s);
  for (Season& season : procedure.seasons)
    season.when = expand(spans_of(season, first_day, last_day), procedure.offsets, from_s, until_s);
}

// The procedure with its instants and timelines set.
Result<Procedure> expanded(const Authored& authored, const ZoneRules& zones) {
  Procedure out = authored.procedure;
  // A local time is within a day of the same digits in UTC, whatever the zone.
  CROSSLINE_TRY(out.offsets, zones.offsets(out.clock, authored.from.seconds - kDay_s - kOffsetsBefore_s,
                                           authored.until.seconds + kDay_s));
  const std::int64_t from_s = out.offsets.to_utc(authored.from.seconds);
  const std::int64_t until_s = out.offsets.to_utc(authored.until.seconds);
  out.from = {from_s * 1000};
  out.until = {until_s * 1000};
  expand_times(out);
  for (Predicate& predicate : out.predicates)
    if (predicate.kind == PredicateKind::kDateBetween)
      for (auto& [key, value] : std::get<Table>(predicate.operand).values)
        std::get<Number>(value).value = out.offsets.to_utc(std::get<Number>(value).value);
  return out;
}

// The other way round: a sealed procedure with its times local again, as they were written.
Authored as_written(const Procedure& sealed) {
  const auto local = [&](std::int64_t utc_s) { return utc_s + sealed.offsets.at(utc_s); };
  Authored out{.procedure = sealed,
               .from = {local(sealed.from.ms / 1000)},
               .until = {local(sealed.until.ms / 1000)},
               .positions = {}};
  for (Predicate& predicate : out.procedure.predicates)
    if (predicate.kind == PredicateKind::kDateBetween)
      for (auto& [key, value] : std::get<Table>(predicate.operand).values)
        std::get<Number>(value).value = local(std::get<Number>(value).value);
  return out;
}

// Where the first of them begins says nothing: it also counts before.
bool same_offsets(const ZoneOffsets& some, const ZoneOffsets& others) {
  return std::ranges::equal(some.changes(), others.changes(), {}, &ZoneOffset::offset_s,
                            &ZoneOffset::offset_s) &&
         std::ranges::equal(some.changes() | std::views::drop(1), others.changes() | std::views::drop(1));
}

bool same_times(const Timeline& some, const Timeline& others) {
  return some.boundaries_s() == others.boundaries_s();
}

// Where the instants of a sealed procedure are not those that its local times and the zone's rules give.
std::vector<Problem> check_times(const Procedure& sealed, const ZoneRules& zones) {
  auto again = expanded(as_written(sealed), zones);
  if (!again) return {whole_file(again.error().message)};
  if (!same_offsets(sealed.offsets, again->offsets))
    return {whole_file(fmt::format(
        "'offsets' are not those of {} in the time-zone database of this machine: where the database is "
        "current, seal the procedure again",
        sealed.clock))};
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < sealed.hours.size(); ++i)
    if (!std::ranges::equal(sealed.hours[i].open, again->hours[i].open, same_times))
      problems.push_back(whole_file(fmt::format(
          "hours '{}': 'open' is not what 'entry' and 'exit' say in local time", sealed.hours[i].name)));
  for (std::size_t i = 0; i < sealed.seasons.size(); ++i)
    if (!same_times(sealed.seasons[i].when, again->seasons[i].when))
      problems.push_back(whole_file(
          fmt::format("season '{}': 'when' is not what 'from' and 'until' say", sealed.seasons[i].name)));
  again->offsets = sealed.offsets;
  if (problems.empty() && sealed_form(*again) != sealed_form(sealed))
    problems.push_back(
        whole_file("'in_force' or a 'date_between' holds an instant that is not the first at which the clock "
                   "shows its time"));
  return problems;
}

}  // namespace

std::string Problem::to_string(std::string_view file_name) const {
  std::string out(file_name);
  if (line > 0) out += fmt::format(":{}:{}", line, column);
  if (!out.empty()) out += ": ";
  if (!article.empty()) out += fmt::format("article {}: ", article);
  return out + message;
}

Checked<Authored> parse_toml(std::string_view text) {
  auto tree = parse_toml_tree(text);
  if (!tree) return std::unexpected(std::move(tree.error()));
  auto read = read_procedure(tree->root, Form::kAuthored, tree->positions);
  if (read) read->positions = std::move(tree->positions);
  return read;
}

Checked<SealedProcedure> seal(const Authored& authored, const ZoneRules& zones) {
  const auto procedure = expanded(authored, zones);
  if (!procedure) return std::unexpected(std::vector{whole_file(procedure.error().message)});
  SealedProcedure sealed;
  sealed.bytes = to_bytes(as_bytes(sealed_form(*procedure)));
  const auto edition = Edition::load(sealed.bytes);
  if (!edition) return std::unexpected(std::vector{whole_file(edition.error().message)});
  sealed.hash = edition->hash();
  auto problems = check_sealed(*edition, authored.positions);
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return sealed;
}

std::vector<Problem> check_edition(const Edition& edition, const ZoneRules& zones) {
  std::vector<Problem> problems = check_sealed(edition, {});
  std::ranges::move(check_times(edition.procedure(), zones), std::back_inserter(problems));
  return problems;
}

std::string sealed_form(const Procedure& procedure) {
  return canonical(write_procedure(procedure));
}

Result<Edition> as_if_in_force(const Edition& edition, const Edition& during) {
  Procedure out = edition.procedure();
  if (out.clock != during.procedure().clock)
    return fail(ErrorCode::kUnsupported, "the clock is {} in one edition and {} in the other", out.clock,
                during.procedure().clock);
  out.from = during.from();
  out.until = during.until();
  out.offsets = during.procedure().offsets;
  expand_times(out);
  return Edition::load(as_bytes(sealed_form(out)));
}

}  // namespace crossline::procedure
