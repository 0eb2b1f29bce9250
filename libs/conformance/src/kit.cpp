#include "crossline/conformance/kit.hpp"

#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

namespace crossline::conformance {
namespace {

using Json = nlohmann::json;

// An article that admits everybody and one that requires the predicate: allow, refuse and refer tell whether
// it is true, false or unknown.
Json articles_about(const Json& predicate) {
  Json admits = {{"id", "1"}, {"text", {{"en", "x"}}}, {"otherwise", "refuse"}, {"if_unknown", "refer"}};
  Json requires_it = admits;
  admits["admit"] = Json::object();
  requires_it["id"] = "2";
  requires_it["require"] = predicate;
  Json articles = Json::array();
  articles.push_back(std::move(admits));
  articles.push_back(std::move(requires_it));
  return articles;
}

Json edition_of(const Json& base, const Json& example) {
  Json sealed = base;
  sealed["article"] =
      example.contains("predicate") ? articles_about(example.at("predicate")) : example.at("articles");
  return sealed;
}

// What a case expects, and what was decided, under the same keys; only what the case names.
Json expected_of(const Json& example) {
  Json expected = Json::object();
  if (example.contains("truth")) {
    const auto truth = example.at("truth").get<std::string>();
    expected["verdict"] = truth == "true" ? "allow" : truth == "false" ? "refuse" : "refer";
  }
  for (const char* key : {"verdict", "basis", "because", "duties"})
    if (example.contains(key)) expected[key] = example.at(key);
  return expected;
}

Json told(const procedure::Edition& edition, const procedure::Decision& decision) {
  Json because = Json::array();
  for (const auto article : decision.cited) because.push_back(edition.articles()[article].id);
  std::vector<std::string> duties;
  for (const auto duty : decision.duties) duties.push_back(edition.procedure().duties[duty].name);
  std::ranges::sort(duties);
  return {{"verdict", name_of(decision.verdict)},
          {"basis", name_of(decision.basis)},
          {"because", std::move(because)},
          {"duties", std::move(duties)}};
}

// What the line lacks to be a case; nothing when it is one. A case that expects nothing would always hold.
std::optional<std::string> lack_of(const Json& example) {
  if (!example.is_object()) return "it is not a table";
  for (const char* key : {"name", "given", "at"})
    if (!example.contains(key)) return fmt::format("it has no '{}'", key);
  if (!example.contains("predicate") && !example.contains("articles"))
    return "it has neither 'predicate' nor 'articles'";
  if (!example.contains("truth") && !example.contains("verdict"))
    return "it expects neither a 'truth' nor a 'verdict'";
  return std::nullopt;
}

// Why the case fails; empty when it holds.
Result<std::string> failure_of(const Json& base, const Json& example) {
  CROSSLINE_TRY(const procedure::Edition edition,
                procedure::Edition::load(as_bytes(edition_of(base, example).dump())));
  Json given = example.at("given");
  given["at"] = example.at("at");
  CROSSLINE_TRY(const auto sheet, procedure::FactSheet::parse(given.dump(), edition));
  const procedure::Facts facts = sheet.facts();
  const Json decided = told(edition, edition.decide(facts, sheet.instant().value_or(UtcMillis{})));
  const Json expected = expected_of(example);
  std::string message;
  for (const auto& [key, value] : expected.items())
    if (decided.at(key) != value)
      message += fmt::format("{}{}: {} expected, {} decided", message.empty() ? "" : "; ", key, value.dump(),
                             decided.at(key).dump());
  return message;
}

// Those that are not empty, with their numbers from 1.
std::vector<std::pair<std::size_t, std::string>> lines_of(const std::string& text) {
  std::vector<std::pair<std::size_t, std::string>> lines;
  std::istringstream in(text);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);)
    if (++number; !line.empty()) lines.emplace_back(number, std::move(line));
  return lines;
}

}  // namespace

std::string edition_of_case(std::string_view base, std::string_view example) {
  return edition_of(Json::parse(base), Json::parse(example)).dump();
}

Result<KitReport> run_kit(const std::string& base,
                          const std::vector<std::pair<std::string, std::string>>& files,
                          const std::function<void(std::size_t, std::size_t)>& progress) {
  KitReport report;
  struct Line {
    std::string file;
    std::size_t number = 0;
    std::string text;
  };
  std::vector<Line> lines;
  for (const auto& [file, text] : files)
    for (auto& [number, line] : lines_of(text)) lines.push_back({file, number, std::move(line)});
  const Json declarations = Json::parse(base, nullptr, false);
  if (!declarations.is_object()) return fail(ErrorCode::kMalformed, "the kit's declarations are not JSON");
  for (const auto& [file, number, line] : lines) {
    const std::string place = fmt::format("{}, line {}", file, number);
    try {
      const Json example = Json::parse(line);
      if (const auto lack = lack_of(example))
        return fail(ErrorCode::kMalformed, "{}: no case of the conformance kit: {}", place, *lack);
      auto failure = failure_of(declarations, example);
      if (!failure) return std::unexpected(std::move(failure.error()).at(place));
      if (!failure->empty())
        report.failures.push_back({file, example.at("name").get<std::string>(), *std::move(failure)});
    } catch (const Json::exception& error) {
      return fail(ErrorCode::kMalformed, "{}: {}", place, error.what());
    }
    progress(++report.cases, lines.size());
  }
  return report;
}

}  // namespace crossline::conformance
