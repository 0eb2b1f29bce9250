// Facts as JSON, from a case or a command line: refused in words, or decided and explained.
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/explain.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_edition.hpp"

namespace crossline::fuzz::procedure_facts {

std::vector<std::string> seeds() {
  return {R"json({"category":"resident_a","direction":"entry","age":15,"lists":{"hold":"unknown"}})json",
          R"json({"accompanied_by":["parent"],"quotas":{"patients":12},
                  "stays_on_a":[["2026-10-01T00:00:00Z","present"]],"notice":"none",
                  "crossings":{"today":1,"this_week":4,"this_month":9},
                  "convoy":{"vehicles":3,"persons":12,"escorted":true},
                  "overrides":[{"article":"4(3)","granted_at":"2026-10-02T00:00:00Z",
                                "signers":["A.supervisor","B.supervisor"]}]})json"};
}

bool takes(std::string_view input) {
  static const auto edition = procedure::Edition::load(as_bytes(testing::sealed_edition())).value();
  const auto sheet = procedure::FactSheet::parse(input, edition);
  if (!sheet) {
    CROSSLINE_ASSERT(!sheet.error().message.empty());
    return false;
  }
  const procedure::Facts facts = sheet->facts();
  const procedure::Decision decision = edition.decide(facts, sheet->instant().value_or(testing::kSampleFrom));
  CROSSLINE_ASSERT(!procedure::explain(edition, decision, "en").to_text().empty());
  return true;
}

}  // namespace crossline::fuzz::procedure_facts
