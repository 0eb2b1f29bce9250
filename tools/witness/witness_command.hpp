// `crossline witness`: a party's witness over the ledger.
#pragma once

namespace CLI {
class App;
}

namespace crossline::tools {

void add_witness_command(CLI::App& app);

}  // namespace crossline::tools
