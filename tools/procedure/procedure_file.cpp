#include "tools/procedure/procedure_file.hpp"

#include "crossline/adoption/envelope.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <optional>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

constexpr std::size_t kMaxInputBytes = 16u << 20;  // a procedure, facts, a file of the conformance kit

// The sealed procedure in an envelope; nothing when the text is no envelope of one.
std::optional<Bytes> unwrapped(const std::string& text) {
  auto envelope = adoption::Envelope::parse(text);
  if (!envelope || envelope->type != adoption::kEditionType) return std::nullopt;
  return std::move(envelope->payload);
}

}  // namespace

std::string read_whole(const std::string& path) {
  return read_input(path, kMaxInputBytes);
}

void refuse_procedure(const std::string& path, const std::vector<procedure::Problem>& problems, bool json) {
  if (json) {
    auto list = nlohmann::ordered_json::array();
    for (const procedure::Problem& problem : problems)
      list.push_back({{"line", problem.line},
                      {"column", problem.column},
                      {"article", problem.article},
                      {"message", problem.message}});
    const nlohmann::ordered_json out = {{"file", path}, {"valid", false}, {"problems", std::move(list)}};
    print(out.dump(2) + "\n");
  } else {
    for (const procedure::Problem& problem : problems) note(problem.to_string(path));
  }
  throw Exit{kExitInvalid};
}

LoadedProcedure seal_procedure(const std::string& path, const std::string& text, bool json) {
  auto authored = procedure::parse_toml(text);
  if (!authored) refuse_procedure(path, authored.error(), json);
  auto sealed = procedure::seal(*authored, zones::SystemZones());
  if (!sealed) refuse_procedure(path, sealed.error(), json);
  auto edition = value_or_exit(procedure::Edition::load(sealed->bytes));
  return {std::move(sealed->bytes), std::move(edition), std::move(authored->positions)};
}

LoadedProcedure load_procedure(const std::string& path, bool json) {
  const std::string text = read_whole(path);
  if (!text.starts_with('{') && !path.ends_with(".json")) return seal_procedure(path, text, json);
  Bytes bytes = to_bytes(as_bytes(text));
  auto edition = procedure::Edition::load(bytes);
  if (!edition) {
    if (auto payload = unwrapped(text)) {
      note(
          fmt::format("{}: an envelope; this looks at the edition in it and verifies no signature: crossline "
                      "procedure verify does",
                      path));
      bytes = *std::move(payload);
      edition = procedure::Edition::load(bytes);
    }
  }
  if (!edition)
    refuse_procedure(path, {{.line = 0, .column = 0, .article = {}, .message = edition.error().message}},
                     json);
  return {std::move(bytes), *std::move(edition), {}};
}

void refuse_unsound(const std::string& path, const procedure::Edition& edition, bool json) {
  const auto problems = procedure::check_edition(edition, zones::SystemZones());
  if (!problems.empty()) refuse_procedure(path, problems, json);
}

}  // namespace crossline::tools
