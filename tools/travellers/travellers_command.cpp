#include "tools/travellers/travellers_command.hpp"

#include "tools/support/output.hpp"
#include "tools/travellers/travellers.hpp"

#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

struct Options {
  std::uint32_t count = 300;
  std::uint64_t seed = 1;
  std::size_t checkpoints = 2;
};

nlohmann::json to_json(const Traveller& traveller) {
  nlohmann::json documents = nlohmann::json::array();
  for (const TravellerDocument& document : traveller.documents)
    documents.push_back({{"text", document.text}, {"category", document.category}});
  nlohmann::json steps = nlohmann::json::array();
  for (const TravellerStep& step : traveller.steps)
    steps.push_back(
        {{"side", movement::name_of(step.side)}, {"direction", movement::name_of(step.direction)}});
  return {{"number", traveller.number},
          {"kind", name_of(traveller.kind)},
          {"checkpoint", traveller.checkpoint},
          {"documents", documents},
          {"steps", steps}};
}

}  // namespace

void add_travellers_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "travellers",
      "Print generated travellers, one JSON object a line: documents that read correctly, of nobody.");
  command->add_option("--count", options->count, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1u, 10'000'000u));
  command->add_option("--seed", options->seed, "The same seed gives the same travellers on the same day")
      ->capture_default_str();
  command->add_option("--checkpoints", options->checkpoints, "Over how many checkpoints they are spread")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_flag("--json")->description("JSON, one object a line: what is printed anyway");
  command->footer("Exit codes: 0 all were printed, 1 stdout takes no more, 2 wrong usage.");
  command->callback([options] {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    for (const Traveller& traveller :
         generate_travellers(options->count, options->checkpoints, options->seed, today)) {
      print(to_json(traveller).dump() + "\n");
    }
  });
}

}  // namespace crossline::tools
