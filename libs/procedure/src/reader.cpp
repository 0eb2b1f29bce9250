#include "reader.hpp"

#include "article_reader.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "declaration_reader.hpp"
#include "operand_reader.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <set>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kMaxOffset_s = 86'400;

class ProcedureReader {
 public:
  ProcedureReader(Form form, const Positions& positions)
      : form_(form), tree_(positions), operands_(form, tree_, out_.procedure) {}

  Checked<Authored> read(const Json& root) {
    const Node node{&root, ""};
    if (form_ == Form::kSealed) {
      tree_.allow_only(node, {"article", "case",    "category",   "checkpoint", "closure",   "duty",
                              "edition", "fact",    "goods",      "hours",      "in_force",  "keys",
                              "list",    "offsets", "parties",    "permit",     "procedure", "quota",
                              "season",  "sign",    "supersedes", "vocabulary"});
      if (const auto version = tree_.require(node, "vocabulary"))
        tree_.integer(*version, kVocabularyVersion, kVocabularyVersion);
    } else {
      tree_.allow_only(node,
                       {"article", "case",      "category", "checkpoint", "closure", "duty",      "edition",
                        "fact",    "goods",     "hours",    "in_force",   "keys",    "list",      "parties",
                        "permit",  "procedure", "quota",    "season",     "sign",    "supersedes"});
    }
    read_head(node);
    DeclarationReader(form_, tree_, operands_, procedure()).read_declarations(node);
    ArticleReader articles(tree_, operands_, procedure());
    articles.read_articles(node);
    articles.read_cases(node);
    check_bounds(node);
    auto problems = tree_.take_problems();
    if (!problems.empty()) return std::unexpected(std::move(problems));
    return std::move(out_);
  }

 private:
  Procedure& procedure() { return out_.procedure; }

  void read_head(const Node& root) {
    if (const auto name = tree_.require(root, "procedure")) procedure().name = tree_.identifier(*name);
    if (const auto edition = tree_.require(root, "edition"))
      procedure().edition = static_cast<std::uint64_t>(tree_.integer(*edition, 1, 1'000'000));
    if (const auto before = tree_.find(root, "supersedes")) {
      procedure().supersedes = tree_.text(*before);
      if (procedure().supersedes.size() != 71 || !procedure().supersedes.starts_with("sha256:") ||
          procedure().supersedes.find_first_not_of("0123456789abcdef", 7) != std::string::npos)
        tree_.report(*before, "expected 'sha256:' and the 64 hexadecimal digits of the edition before");
    }
    if (form_ == Form::kAuthored) check_predecessor(root);
    if (const auto parties = tree_.require(root, "parties")) {
      tree_.allow_only(*parties, {"A", "B", "G"});
      for (const auto& [party, name] : tree_.members(*parties)) procedure().parties[party] = tree_.text(name);
      for (const std::string_view side : {"A", "B"}) tree_.require(*parties, side);
    }
    if (const auto sign = tree_.find(root, "sign")) {
      tree_.allow_only(*sign, {"A", "B", "G"});
      for (const auto& [party, count] : tree_.members(*sign))
        procedure().sign[party] = tree_.integer(count, 1, 100);
    }
    if (const auto keys = tree_.find(root, "keys")) read_keys(*keys);
    if (const auto force = tree_.require(root, "in_force")) read_in_force(*force);
    if (form_ == Form::kSealed)
      if (const auto offsets = tree_.require(root, "offsets")) read_offsets(*offsets);
  }

  // What no server would adopt is not sealed. Of sealed ones the chain says so.
  void check_predecessor(const Node& root) {
    const auto number = tree_.find(root, "edition");
    const auto before = tree_.find(root, "supersedes");
    if (procedure().edition > 1 && !before)
      tree_.report(*number,
                   fmt::format("edition {0} needs supersedes = \"sha256:...\": the hash of edition {1}",
                               procedure().edition, procedure().edition - 1));
    if (procedure().edition == 1 && before)
      tree_.report(*before, "the first edition supersedes nothing; leave it out");
  }

  // Who may sign the edition after this one. A key that two parties share would let one of them count twice.
  void read_keys(const Node& node) {
    tree_.allow_only(node, {"A", "B", "G"});
    std::set<std::string> seen;
    for (const auto& [party, list] : tree_.members(node)) {
      auto& keys = procedure().keys[party] = tree_.texts(list);
      if (keys.size() > limits::kMaxPartyKeys)
        tree_.report(list, fmt::format("at most {} keys of a party", limits::kMaxPartyKeys));
      for (const std::string& key : keys) {
        const auto bytes = from_base64(key);
        if (!bytes || !crypto::public_key_from(*bytes))
          tree_.report(list, fmt::format("'{}' is not an Ed25519 public key in base64", key));
        if (!seen.insert(key).second) tree_.report(list, fmt::format("two parties share the key {}", key));
      }
    }
    for (const auto& [party, count] : procedure().sign) {
      const auto keys = procedure().keys.find(party);
      const std::size_t has = keys == procedure().keys.end() ? 0 : keys->second.size();
      if (has < static_cast<std::size_t>(count))
        tree_.report(node, fmt::format("party {} has {} keys and 'sign' asks for {}", party, has, count));
    }
  }

  void read_in_force(const Node& node) {
    tree_.allow_only(node, {"clock", "from", "until"});
    if (const auto clock = tree_.require(node, "clock")) procedure().clock = tree_.text(*clock);
    const auto from = tree_.require(node, "from");
    const auto until = tree_.require(node, "until");
    if (!from || !until) return;
    const std::int64_t from_s =
        form_ == Form::kSealed ? tree_.integer(*from, 0, kMaxSeconds) : operands_.local_time(*from);
    const std::int64_t until_s =
        form_ == Form::kSealed ? tree_.integer(*until, 0, kMaxSeconds) : operands_.local_time(*until);
    if (until_s <= from_s) tree_.report(*until, "'until' does not lie after 'from'");
    if (until_s - from_s > limits::kMaxEditionDays * 86'400)
      tree_.report(*until,
                   fmt::format("an edition is in force for at most {} days", limits::kMaxEditionDays));
    if (form_ == Form::kSealed) {
      procedure().from = {from_s * 1000};
      procedure().until = {until_s * 1000};
    } else {
      out_.from = {from_s};
      out_.until = {until_s};
    }
  }

  void read_offsets(const Node& node) {
    std::vector<ZoneOffset> changes;
    for (const Node& element : tree_.elements(node)) {
      const auto pair = tree_.elements(element);
      if (pair.size() != 2) {
        tree_.report(element, "expected a pair of instant and offset");
        continue;
      }
      const ZoneOffset change{tree_.integer(pair[0], -kMaxSeconds, kMaxSeconds),
                              tree_.integer(pair[1], -kMaxOffset_s, kMaxOffset_s)};
      if (!changes.empty() && change.since_s <= changes.back().since_s)
        tree_.report(element, "the instants do not rise");
      changes.push_back(change);
    }
    if (changes.empty()) tree_.report(node, "no offset of the clock");
    procedure().offsets = ZoneOffsets(std::move(changes));
  }

  // The evaluator keeps a truth for each predicate, a bit for each list and for each name of a set.
  void check_bounds(const Node& root) {
    if (procedure().lists.size() > kMaxLists)
      tree_.report(root, fmt::format("more than {} lists", kMaxLists));
    if (procedure().permits.size() > kMaxPermits)
      tree_.report(root, fmt::format("more than {} kinds of permit", kMaxPermits));
    if (procedure().predicates.size() > limits::kMaxPredicates)
      tree_.report(root, fmt::format("more than {} different predicates", limits::kMaxPredicates));
    std::set<std::string_view> names;
    for (const Predicate& predicate : procedure().predicates)
      if (const auto* set = std::get_if<Names>(&predicate.operand))
        names.insert(set->values.begin(), set->values.end());
    for (const Checkpoint& checkpoint : procedure().checkpoints) names.insert(checkpoint.name);
    if (names.size() > limits::kMaxProcedureNames)
      tree_.report(root, fmt::format("more than {} different names", limits::kMaxProcedureNames));
  }

  Form form_;
  TreeReader tree_;
  Authored out_;
  OperandReader operands_;
};

}  // namespace

Checked<Authored> read_procedure(const Json& root, Form form, const Positions& positions) {
  return ProcedureReader(form, positions).read(root);
}

}  // namespace crossline::procedure
