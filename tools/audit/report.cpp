#include "tools/audit/report.hpp"

#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

std::string finding_in_words(const audit::Finding& finding) {
  std::string text = fmt::format(
      "FINDING     {}, entry {}{}\n            {}\n", name_of(finding.kind), finding.entry.value(),
      finding.agent.empty() ? "" : fmt::format(", agent {}", finding.agent), finding.words);
  for (const auto& [name, value] : finding.evidence)
    text += fmt::format("            {} = {}\n", name, value);
  if (finding.repeats > 0) text += fmt::format("            and {} times more\n", finding.repeats);
  return text;
}

}  // namespace

// Of those adopted, whose signatures were verified.
std::string editions_in_words(const audit::Report& report) {
  if (report.unverified_editions == 0) return fmt::format("{} verified", report.editions);
  if (report.editions == 0 && report.clean())
    return fmt::format("{} adopted, signatures NOT verified: name --procedure-keys",
                       report.unverified_editions);
  return fmt::format("{} verified, {} not", report.editions, report.unverified_editions);
}

std::string report_in_words(const audit::Report& report) {
  std::string text = fmt::format(
      "size        {}\nroot        {}\njournals    {}\nsignatures  {} verified\nverdicts    {} decided "
      "again\neditions    {}\n",
      grouped(report.size.value()), to_base64(report.root.bytes), report.journals, grouped(report.signatures),
      grouped(report.verdicts), editions_in_words(report));
  if (report.settled) {
    const std::uint64_t settled = std::min(report.settled->value(), report.size.value());
    text += fmt::format("settled     {} entries, {} provisional\n", grouped(settled),
                        grouped(report.size.value() - settled));
  }
  for (const audit::Finding& finding : report.findings) text += finding_in_words(finding);
  if (report.total() > report.findings.size())
    text += fmt::format("            and {} more, not listed\n", report.total() - report.findings.size());
  return text + (report.clean() ? "clean\n" : "NOT CLEAN\n");
}

void print_report(const audit::Report& report, bool json) {
  print(json ? to_json(report) + "\n" : report_in_words(report));
  if (!report.clean()) throw Exit{kExitFailed};
}

}  // namespace crossline::tools
