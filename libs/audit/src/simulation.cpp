#include "crossline/audit/simulation.hpp"

#include "crossline/procedure/authoring.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <unordered_map>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

namespace crossline::audit {
namespace {

using movement::name_of;

// An edition that was in force, and the candidate over its time.
struct Rivals {
  procedure::Edition edition;
  procedure::Edition candidate;
};

class Simulator {
 public:
  Simulator(const enrolment::Registry& registry, LedgerSource& source, const procedure::Edition& candidate)
      : registry_(registry), source_(source), candidate_(candidate) {}

  Result<void> take(const std::string& bytes) {
    const LedgerIndex at(out_.entries++);
    const auto entry = wire::decode_ledger_entry(as_bytes(bytes));
    const auto event = entry ? wire::decode_event(as_bytes(entry->event)) : std::unexpected(entry.error());
    if (!event) {
      ++out_.skipped;
      return {};
    }
    if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event->body))
      CROSSLINE_CHECK_OK(adopt(adopted->hash));
    const movement::Post* post = post_of(entry->agent);
    const auto* movement = std::get_if<movement::Movement>(&event->body);
    if (movement != nullptr) ++out_.movements;
    if (rivals_ == nullptr || (movement != nullptr && post == nullptr)) {
      out_.skipped += movement != nullptr ? 1 : 0;
      return {};
    }
    if (movement != nullptr)
      compare(at, event->agent, *movement, *post,
              world_.occurred_at(event->agent, event->recorded_at, entry->received_at));
    world_.apply(rivals_->edition, *event, post, entry->received_at, at);
    return {};
  }

  Simulation finish() { return std::move(out_); }

 private:
  Result<void> adopt(const crypto::Hash& hash) {
    if (const auto known = editions_.find(hash); known != editions_.end()) {
      rivals_ = &known->second;
      return {};
    }
    CROSSLINE_TRY(const auto sealed, source_.edition(hash));
    if (!sealed) return {};  // what follows is skipped, or decided with the edition before
    CROSSLINE_TRY(const auto edition, procedure::Edition::load(as_bytes(*sealed)));
    CROSSLINE_TRY(const auto candidate, procedure::as_if_in_force(candidate_, edition));
    rivals_ = &editions_.emplace(hash, Rivals{edition, candidate}).first->second;
    return {};
  }

  const movement::Post* post_of(const std::string& agent) {
    if (const auto known = posts_.find(agent); known != posts_.end())
      return known->second ? &*known->second : nullptr;
    std::optional<movement::Post> post;
    if (const enrolment::AgentRecord* record = registry_.find(agent))
      if (const auto side = movement::post_side_from(record->post.side))
        post = movement::Post{record->post.checkpoint, *side};
    const auto& kept = posts_.emplace(agent, std::move(post)).first->second;
    return kept ? &*kept : nullptr;
  }

  void compare(LedgerIndex at, const std::string& agent, const movement::Movement& movement,
               const movement::Post& post, UtcMillis occurred_at) {
    const auto before = world_.consult(rivals_->edition, agent, movement, post, occurred_at);
    const auto after = world_.consult(rivals_->candidate, agent, movement, post, occurred_at);
    ++out_.verdicts.at(std::to_underlying(before.verdict)).at(std::to_underlying(after.verdict));
    for (const std::string& article : before.articles) ++out_.articles[article].before;
    for (const std::string& article : after.articles) ++out_.articles[article].after;
    if (before.verdict != after.verdict && out_.otherwise.size() < Simulation::kMaxListed)
      out_.otherwise.push_back({at, movement.subject, occurred_at, before.verdict, after.verdict,
                                before.articles, after.articles});
  }

  const enrolment::Registry& registry_;
  LedgerSource& source_;
  const procedure::Edition& candidate_;
  movement::World world_;
  std::unordered_map<crypto::Hash, Rivals> editions_;
  std::unordered_map<std::string, std::optional<movement::Post>> posts_;
  const Rivals* rivals_ = nullptr;
  Simulation out_;
};

}  // namespace

std::uint64_t Simulation::decided_otherwise() const {
  std::uint64_t count = 0;
  for (std::size_t before = 0; before < verdicts.size(); ++before)
    for (std::size_t after = 0; after < verdicts.size(); ++after)
      if (before != after) count += verdicts[before][after];
  return count;
}

Result<Simulation> simulate(const enrolment::Registry& registry, LedgerSource& source, TreeSize size,
                            const procedure::Edition& candidate,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  Simulator simulator(registry, source, candidate);
  for (std::uint64_t next = 0; next < size.value();) {
    const std::size_t wanted = std::min<std::uint64_t>(LedgerSource::kBatch, size.value() - next);
    CROSSLINE_TRY(const auto entries, source.read(LedgerIndex(next), wanted));
    if (entries.empty()) return fail(ErrorCode::kNotFound, "the source gives no entry {}", next);
    for (const std::string& bytes : entries) CROSSLINE_CHECK_OK(simulator.take(bytes));
    next += entries.size();
    if (progress) progress(next, size.value());
  }
  return simulator.finish();
}

std::string to_json(const Simulation& simulation) {
  using Json = nlohmann::ordered_json;
  Json verdicts = Json::array();
  for (std::size_t before = 0; before < simulation.verdicts.size(); ++before)
    for (std::size_t after = 0; after < simulation.verdicts.size(); ++after)
      if (const auto count = simulation.verdicts[before][after]; count > 0)
        verdicts.push_back({{"before", name_of(static_cast<movement::Verdict>(before))},
                            {"after", name_of(static_cast<movement::Verdict>(after))},
                            {"movements", count}});
  Json articles = Json::array();
  for (const auto& [article, counts] : simulation.articles)
    articles.push_back({{"article", article}, {"before", counts.before}, {"after", counts.after}});
  Json otherwise = Json::array();
  for (const DecidedOtherwise& one : simulation.otherwise)
    otherwise.push_back({{"entry", one.entry.value()},
                         {"subject", one.subject.hex()},
                         {"at", format_utc(one.at)},
                         {"before", name_of(one.before)},
                         {"after", name_of(one.after)},
                         {"because_before", one.because_before},
                         {"because_after", one.because_after}});
  const Json out = {{"entries", simulation.entries},    {"movements", simulation.movements},
                    {"skipped", simulation.skipped},    {"decided_otherwise", simulation.decided_otherwise()},
                    {"verdicts", std::move(verdicts)},  {"articles", std::move(articles)},
                    {"otherwise", std::move(otherwise)}};
  return out.dump();
}

}  // namespace crossline::audit
