#include "crossline/conformance/kit.hpp"

#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"

#include <algorithm>
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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) lines.push_back(std::move(line));
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
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [file, text] : files)
    for (std::string& line : lines_of(text)) lines.emplace_back(file, std::move(line));
  const Json declarations = Json::parse(base, nullptr, false);
  if (!declarations.is_object()) return fail(ErrorCode::kMalformed, "the kit's declarations are not JSON");
  for (const auto& [file, line] : lines) {
    const std::string place = fmt::format("{}, case {}", file, report.cases + 1);
    try {
      const Json example = Json::parse(line);
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
