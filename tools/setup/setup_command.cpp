#include "tools/setup/setup_command.hpp"

#include "tools/setup/setup.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <memory>

#include <CLI/CLI.hpp>

namespace crossline::tools {

void add_setup_command(CLI::App& app) {
  auto options = std::make_shared<SetupOptions>();
  CLI::App* command = app.add_subcommand("setup",
                                         "Make a complete line in one folder, to try out: keys, "
                                         "configurations, accounts, officers; line.json says where.");
  command->add_option("--dir", options->folder, "The folder to make")->required();
  command->add_option("--line", options->line, "Name of the line")->capture_default_str();
  command->add_option("--checkpoint", options->checkpoints,
                      "A checkpoint of the procedure, with an A and a B post; may be given several times; "
                      "all of them when not given");
  options->procedure = "procedures/demo.toml";
  command->add_option("--procedure", options->procedure, "The procedure, TOML")
      ->capture_default_str()
      ->check(why_no_file, "FILE");
  options->console = std::filesystem::exists("console/dist/index.html") ? "console/dist" : "";
  command->add_option("--console", options->console, "Folder of the built pages")
      ->check(why_no_folder, "DIR");
  command->add_option("--https-port", options->https_port, "For people; 0: a free one")
      ->capture_default_str();
  command->add_option("--agents-port", options->agents_port, "For agents; 0: a free one")
      ->capture_default_str();
  command
      ->add_option("--station-port", options->station_port,
                   "Of the first station, the others follow; 0: free ones")
      ->capture_default_str();
  command
      ->add_option("--extra-agents", options->extra_agents, "Agents load-01 and so on, for `crossline load`")
      ->check(CLI::Range(0, 4'096));
  command->footer(
      "Everything lies in one place here. At a real line each party keeps its own root key; see "
      "certs/README.md.\nExit codes: 0 made, 1 could not be made, 2 wrong input.");
  command->callback([options] {
    // The one named by default lies in the project, where nobody may be.
    if (const std::string wrong = why_no_file(options->procedure); !wrong.empty())
      fail_with({ErrorCode::kInvalidArgument, wrong + "; name a procedure with --procedure"});
    value_or_exit(set_up_line(*options));
    note("made the line in " + options->folder.string() +
         "; passwords and PIN are in line.json, which only you may read");
  });
}

}  // namespace crossline::tools
