// crossline: the command line. Each command lives in its own folder; here they are only named.
#include "crossline/config/usage.hpp"
#include "tools/support/exit.hpp"

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#ifdef CROSSLINE_HAS_ACCOUNTS
#include "tools/accounts/accounts_command.hpp"
#endif
#ifdef CROSSLINE_HAS_AUDIT
#include "tools/audit/audit_command.hpp"
#endif
#ifdef CROSSLINE_HAS_CONFIG
#include "tools/config/config_command.hpp"
#endif
#ifdef CROSSLINE_HAS_LEDGER
#include "tools/ledger/ledger_command.hpp"
#endif
#ifdef CROSSLINE_HAS_LOAD
#include "tools/load/load_command.hpp"
#endif
#ifdef CROSSLINE_HAS_MRZ
#include "tools/mrz/mrz_command.hpp"
#endif
#ifdef CROSSLINE_HAS_PKI
#include "tools/pki/pki_command.hpp"
#endif
#ifdef CROSSLINE_HAS_PROCEDURE
#include "tools/procedure/procedure_command.hpp"
#endif
#ifdef CROSSLINE_HAS_PROOF
#include "tools/proof/proof_command.hpp"
#endif
#ifdef CROSSLINE_HAS_SETUP
#include "tools/setup/setup_command.hpp"
#endif
#ifdef CROSSLINE_HAS_TRAVELLERS
#include "tools/travellers/travellers_command.hpp"
#endif
#ifdef CROSSLINE_HAS_WITNESS
#include "tools/witness/witness_command.hpp"
#endif

int main(int argc, char** argv) {
  using namespace crossline::tools;
  CLI::App app{
      "Crossline: entry and exit control for crossing points between two sides that do not trust each other.",
      "crossline"};
  app.set_version_flag("--version", "crossline " CROSSLINE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 success, 1 the answer is no, 2 wrong input or usage. `crossline COMMAND --help` says "
      "more.");
#ifdef CROSSLINE_HAS_ACCOUNTS
  add_accounts_command(app);
#endif
#ifdef CROSSLINE_HAS_AUDIT
  add_audit_command(app);
#endif
#ifdef CROSSLINE_HAS_CONFIG
  add_config_command(app);
#endif
#ifdef CROSSLINE_HAS_LEDGER
  add_ledger_command(app);
#endif
#ifdef CROSSLINE_HAS_LOAD
  add_load_command(app);
#endif
#ifdef CROSSLINE_HAS_MRZ
  add_mrz_command(app);
#endif
#ifdef CROSSLINE_HAS_PKI
  add_pki_command(app);
#endif
#ifdef CROSSLINE_HAS_PROCEDURE
  add_procedure_command(app);
#endif
#ifdef CROSSLINE_HAS_PROOF
  add_proof_command(app);
#endif
#ifdef CROSSLINE_HAS_SETUP
  add_setup_command(app);
#endif
#ifdef CROSSLINE_HAS_TRAVELLERS
  add_travellers_command(app);
#endif
#ifdef CROSSLINE_HAS_WITNESS
  add_witness_command(app);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return crossline::config::explain_usage(app, error);
  } catch (const Exit& exit) {
    return exit.code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crossline: %s\n", error.what());
    return kExitFailed;
  }
  return kExitOk;
}
