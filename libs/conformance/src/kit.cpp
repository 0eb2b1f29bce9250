#include "crossline/conformance/kit.hpp"

#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

namespace crossline::conformance {
namespace {

using SortedJson = nlohmann::json;

// An article that admits everybody and one that requires the predicate: allow, refuse and refer tell whether
// it is true, false or unknown.
SortedJson articles_about(const SortedJson& predicate) {
  SortedJson admits = {
      {"id", "1"}, {"text", {{"en", "x"}}}, {"otherwise", "refuse"}, {"if_unknown", "refer"}};
  SortedJson requires_it = admits;
  admits["admit"] = SortedJson::object();
  requires_it["id"] = "2";
  requires_it["require"] = predicate;
  SortedJson articles = SortedJson::array();
  articles.push_back(std::move(admits));
  articles.push_back(std::move(requires_it));
  return articles;
}

// What a case expects, and what was decided, under the same keys; only what the case names.
SortedJson expected_of(const SortedJson& example) {
  SortedJson expected = SortedJson::object();
  if (example.contains("truth")) {
    const auto truth = example.at("truth").get<std::string>();
    expected["verdict"] = truth == "true" ? "allow" : truth == "false" ? "refuse" : "refer";
  }
  for (const char* key : {"verdict", "basis", "because", "duties"})
    if (example.contains(key)) expected[key] = example.at(key);
  return expected;
}

SortedJson told(const procedure::Edition& edition, const procedure::Decision& decision) {
  SortedJson because = SortedJson::array();
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
Result<std::string> failure_of(const SortedJson& base, const SortedJson& example) {
  SortedJson sealed = base;
  sealed["article"] =
      example.contains("predicate") ? articles_about(example.at("predicate")) : example.at("articles");
  CROSSLINE_TRY(const procedure::Edition edition, procedure::Edition::load(as_bytes(sealed.dump())));
  SortedJson given = example.at("given");
  given["at"] = example.at("at");
  CROSSLINE_TRY(const auto sheet, procedure::FactSheet::parse(given.dump(), edition));
  const procedure::Facts facts = sheet.facts();
  const SortedJson decided = told(edition, edition.decide(facts, sheet.instant().value_or(UtcMillis{})));
  const SortedJson expected = expected_of(example);
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

Result<KitReport> run_kit(const std::string& base,
                          const std::vector<std::pair<std::string, std::string>>& files,
                          const std::function<void(std::size_t, std::size_t)>& progress) {
  KitReport report;
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [file, text] : files)
    for (std::string& line : lines_of(text)) lines.emplace_back(file, std::move(line));
  const SortedJson declarations = SortedJson::parse(base, nullptr, false);
  if (!declarations.is_object()) return fail(ErrorCode::kMalformed, "the kit's declarations are not JSON");
  for (const auto& [file, line] : lines) {
    const std::string place = fmt::format("{}, case {}", file, report.cases + 1);
    try {
      const SortedJson example = SortedJson::parse(line);
      auto failure = failure_of(declarations, example);
      if (!failure) return std::unexpected(std::move(failure.error()).at(place));
      if (!failure->empty())
        report.failures.push_back({file, example.at("name").get<std::string>(), *std::move(failure)});
    } catch (const SortedJson::exception& error) {
      return fail(ErrorCode::kMalformed, "{}: {}", place, error.what());
    }
    progress(++report.cases, lines.size());
  }
  return report;
}

}  // namespace crossline::conformance
