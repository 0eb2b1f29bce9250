#include "tools/audit/report.hpp"

#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

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

std::string report_in_words(const audit::Report& report) {
  std::string text = fmt::format(
      "size        {}\nroot        {}\njournals    {}\nsignatures  {} verified\nverdicts    {} decided "
      "again\n",
      grouped(report.size.value()), to_base64(report.root.bytes), report.journals, grouped(report.signatures),
      grouped(report.verdicts));
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
