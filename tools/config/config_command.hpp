// `crossline config`: checks the configuration of any of the programs.
#pragma once

namespace CLI {
class App;
}

namespace crossline::tools {

// `crossline config check FILE`: recognises whose file it is and lets that program check it, for only it
// knows its keys. The server and the agents are looked for beside `crossline` itself. Exit codes are the
// program's own: 0 in order, 2 not.
void add_config_command(CLI::App& app);

}  // namespace crossline::tools
