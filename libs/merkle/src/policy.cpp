#include "crossline/merkle/policy.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>

namespace crossline::merkle {
namespace {

constexpr std::string_view kNone = "none";

// Items between runs of spaces and tabs.
std::vector<std::string_view> items_of(std::string_view line) {
  std::vector<std::string_view> items;
  for (std::size_t begin = line.find_first_not_of(" \t"); begin != std::string_view::npos;
       begin = line.find_first_not_of(" \t", begin)) {
    const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    items.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  return items;
}

bool is_allowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7f);
}

Result<NoteVerifierKey> parse_key(std::string_view text, NoteKeyType type) {
  CROSSLINE_TRY(NoteVerifierKey key, NoteVerifierKey::parse(text));
  if (key.type != type)
    return fail(ErrorCode::kMalformed, "the key {} has type {}, not {}", key.name, static_cast<int>(key.type),
                static_cast<int>(type));
  return key;
}

template <class Listed>
bool lists(const std::vector<Listed>& listed, const NoteVerifierKey& key) {
  return std::ranges::any_of(listed, [&key](const Listed& one) { return one.key.key == key.key; });
}

}  // namespace

// Reads a policy line by line.
class PolicyReader {
 public:
  Result<Policy> read(std::string_view text) {
    if (text.size() > Policy::kMaxBytes)
      return fail(ErrorCode::kMalformed, "a policy of {} bytes", text.size());
    if (!std::ranges::all_of(text, is_allowed))
      return fail(ErrorCode::kMalformed, "a policy with control characters");
    if (!text.ends_with('\n')) return fail(ErrorCode::kMalformed, "a policy ends in a line feed");
    text.remove_suffix(1);
    std::size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
      ++number;
      if (Result<void> read = read_line(items_of(line)); !read)
        return std::unexpected(std::move(read).error().at(fmt::format("policy line {}", number)));
    }
    if (!quorum_seen_) return fail(ErrorCode::kMalformed, "a policy without a quorum");
    return std::move(policy_);
  }

 private:
  using Items = std::vector<std::string_view>;

  Result<void> read_line(const Items& items) {
    if (items.empty() || items[0].starts_with('#')) return {};
    if (items[0] == "log") return read_log(items);
    if (items[0] == "witness") return read_witness(items);
    if (items[0] == "group") return read_group(items);
    if (items[0] == "quorum") return read_quorum(items);
    return fail(ErrorCode::kMalformed, "expected log, witness, group or quorum");
  }

  Result<void> read_log(const Items& items) {
    if (items.size() < 2 || items.size() > 3)
      return fail(ErrorCode::kMalformed, "expected log <key> [<url>]");
    CROSSLINE_TRY(NoteVerifierKey key, parse_key(items[1], NoteKeyType::kEd25519));
    if (lists(policy_.logs_, key))
      return fail(ErrorCode::kMalformed, "the key of log {} is listed twice", key.name);
    if (policy_.logs_.size() == Policy::kMaxLogs)
      return fail(ErrorCode::kMalformed, "more than {} logs", Policy::kMaxLogs);
    policy_.logs_.push_back({.key = std::move(key), .url = std::string(items.size() == 3 ? items[2] : "")});
    return {};
  }

  Result<void> read_witness(const Items& items) {
    if (items.size() < 3 || items.size() > 4)
      return fail(ErrorCode::kMalformed, "expected witness <name> <key> [<url>]");
    CROSSLINE_CHECK_OK(check_new(items[1]));
    CROSSLINE_TRY(NoteVerifierKey key, parse_key(items[2], NoteKeyType::kCosignatureV1));
    if (lists(policy_.witnesses_, key))
      return fail(ErrorCode::kMalformed, "the key of witness {} is listed twice", items[1]);
    policy_.nodes_.push_back(
        {.name = std::string(items[1]), .witness = policy_.witnesses_.size(), .members = {}});
    policy_.witnesses_.push_back({.name = std::string(items[1]),
                                  .key = std::move(key),
                                  .url = std::string(items.size() == 4 ? items[3] : "")});
    return {};
  }

  Result<void> read_group(const Items& items) {
    if (items.size() < 4)
      return fail(ErrorCode::kMalformed, "expected group <name> all|any|<number> <member>...");
    CROSSLINE_CHECK_OK(check_new(items[1]));
    const std::size_t members = items.size() - 3;
    CROSSLINE_TRY(const std::size_t threshold, parse_threshold(items[2], members));
    Policy::Node group{.name = std::string(items[1]), .witness = {}, .threshold = threshold, .members = {}};
    for (std::size_t i = 3; i < items.size(); ++i) {
      CROSSLINE_TRY(const std::size_t member, find(items[i]));
      if (policy_.nodes_[member].grouped)
        return fail(ErrorCode::kMalformed, "{} is a member twice", items[i]);
      policy_.nodes_[member].grouped = true;
      group.members.push_back(member);
    }
    policy_.nodes_.push_back(std::move(group));
    return {};
  }

  Result<void> read_quorum(const Items& items) {
    if (items.size() != 2) return fail(ErrorCode::kMalformed, "expected quorum <name>");
    if (quorum_seen_) return fail(ErrorCode::kMalformed, "a second quorum");
    quorum_seen_ = true;
    if (items[1] == kNone) return {};
    CROSSLINE_TRY(policy_.quorum_, find(items[1]));
    return {};
  }

  static Result<std::size_t> parse_threshold(std::string_view text, std::size_t members) {
    if (text == "any") return std::size_t{1};
    if (text == "all") return members;
    const std::optional<std::uint64_t> threshold = parse_u64(text);
    if (!threshold || *threshold == 0 || *threshold > members)
      return fail(ErrorCode::kMalformed, "a threshold is all, any, or 1 to {}", members);
    return static_cast<std::size_t>(*threshold);
  }

  [[nodiscard]] Result<std::size_t> find(std::string_view name) const {
    const auto node = std::ranges::find(policy_.nodes_, name, &Policy::Node::name);
    if (node == policy_.nodes_.end())
      return fail(ErrorCode::kMalformed, "{} is not defined on a line before", name);
    return static_cast<std::size_t>(node - policy_.nodes_.begin());
  }

  [[nodiscard]] Result<void> check_new(std::string_view name) const {
    if (name == kNone) return fail(ErrorCode::kMalformed, "the name none is taken");
    if (find(name)) return fail(ErrorCode::kMalformed, "{} is defined twice", name);
    if (policy_.nodes_.size() == Policy::kMaxNames)
      return fail(ErrorCode::kMalformed, "more than {} witnesses and groups", Policy::kMaxNames);
    return {};
  }

  Policy policy_;
  bool quorum_seen_ = false;
};

Result<Policy> Policy::parse(std::string_view text) {
  return PolicyReader().read(text);
}

std::string Policy::to_string() const {
  std::string text;
  for (const Log& log : logs_) text += fmt::format("log {}\n", log.key.to_string());
  for (const Node& node : nodes_) {
    if (node.witness) {
      text += fmt::format("witness {} {}\n", node.name, witnesses_[*node.witness].key.to_string());
      continue;
    }
    text += fmt::format("group {} {}", node.name, node.threshold);
    for (const std::size_t member : node.members) text.append(" ").append(nodes_[member].name);
    text += '\n';
  }
  text.append("quorum ").append(quorum_ ? std::string_view(nodes_[*quorum_].name) : kNone).append("\n");
  return text;
}

Result<PolicyFinding> Policy::evaluate(const SignedNote& note) const {
  PolicyFinding finding;
  CROSSLINE_TRY(finding.head, parse_tree_head(note.text));
  std::vector<NoteVerifierKey> known;
  for (const Log& log : logs_) {
    if (log.key.name == finding.head.origin) known.push_back(log.key);
  }
  for (const Witness& witness : witnesses_) known.push_back(witness.key);
  CROSSLINE_TRY(const NoteVouchers verified, verify_note(note, known));
  bool log_signed = false;
  for (const NoteVouchers::Voucher& voucher : verified.vouchers) {
    if (voucher.key.type == NoteKeyType::kCosignatureV1) {
      finding.cosigners.push_back(voucher);
    } else if (!log_signed) {
      finding.log = voucher.key;
      log_signed = true;
    }
  }
  if (!log_signed)
    return fail(ErrorCode::kBadSignature, "no listed log signed this tree head of {}", finding.head.origin);
  finding.quorum_met = quorum_met_by(finding.cosigners);
  return finding;
}

bool Policy::quorum_met_by(std::span<const NoteVouchers::Voucher> cosigners) const {
  if (!quorum_) return true;
  std::vector<bool> met;
  for (const Node& node : nodes_) {
    if (node.witness) {
      const NoteVerifierKey& key = witnesses_[*node.witness].key;
      met.push_back(std::ranges::any_of(
          cosigners, [&key](const NoteVouchers::Voucher& voucher) { return voucher.key.key == key.key; }));
    } else {
      const auto count =
          std::ranges::count_if(node.members, [&met](std::size_t member) { return met[member]; });
      met.push_back(static_cast<std::size_t>(count) >= node.threshold);
    }
  }
  return met[*quorum_];
}

}  // namespace crossline::merkle
