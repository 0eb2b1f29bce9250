#include "crossline/movement/record_change.hpp"

#include <concepts>
#include <utility>

namespace crossline::movement {
namespace {

using What = decltype(RecordChange::what);

struct Describe {
  const Event& event;
  const Post* post;
  std::int32_t day;

  std::optional<What> operator()(const Movement& body) const {
    const bool took_place =
        body.outcome == Outcome::kPassed && post != nullptr && direction_fits(post->side, body.direction);
    if (!took_place) return std::nullopt;
    Passage passage{*post, body.direction, day, {}};
    if (body.declared.goods) passage.goods = *body.declared.goods;
    return passage;
  }
  std::optional<What> operator()(const Correction& body) const {
    return TakenBack{movement_tie(agent_tag(event.agent), body.journal_index)};
  }
  std::optional<What> operator()(const ListChange& body) const { return Listing{body.list, body.removed}; }
  std::optional<What> operator()(const Resolution& body) const {
    return StatusWord{body.status, body.party, day};
  }
  std::optional<What> operator()(const PermitChange& body) const {
    return PermitWord{body.kind, body.party, body.withdrawn, body.valid_from, body.valid_until};
  }
  std::optional<What> operator()(const OverrideGrant& body) const {
    return OverrideWord{body.article, body.role, signer_tag(event.officer)};
  }
  std::optional<What> operator()(const NoticeAct& body) const { return NoticeWord{body.step, body.party}; }
  template <class Other>
  std::optional<What> operator()(const Other&) const {
    return std::nullopt;
  }
};

struct SubjectOf {
  template <class Body>
  SubjectId operator()(const Body& body) const {
    if constexpr (requires {
                    { body.subject } -> std::same_as<const SubjectId&>;
                  }) {
      return body.subject;
    } else {
      return {};
    }
  }
};

struct Fold {
  const RecordChange& change;
  SubjectState& state;
  Names& names;

  void operator()(const Passage& passage) const {
    state.pass({change.key, change.entry, names.intern(passage.post.checkpoint), passage.post.side,
                passage.direction, passage.day},
               passage.goods);
  }
  void operator()(const TakenBack& back) const { state.remove(back.tie); }
  void operator()(const Listing& listing) const {
    state.set_listed(names.intern(listing.list), change.key.occurred_at, !listing.removed);
  }
  void operator()(const StatusWord& word) const {
    state.resolve(word.party, word.status, change.key.occurred_at, word.day, change.entry);
  }
  void operator()(const PermitWord& word) const {
    if (word.withdrawn) {
      state.withdraw_permits(word.kind, word.party);
    } else {
      state.permit({word.kind, word.party, word.valid_from, word.valid_until}, change.key.occurred_at);
    }
  }
  void operator()(const OverrideWord& word) const {
    state.grant_override({word.article, word.role, word.signer, change.key.occurred_at});
  }
  void operator()(const NoticeWord& word) const {
    state.take_notice(word.step, word.party, change.key.occurred_at);
  }
};

}  // namespace

bool changes_record(const Event& event) {
  if (const auto* movement = std::get_if<Movement>(&event.body)) return movement->outcome == Outcome::kPassed;
  return std::holds_alternative<Correction>(event.body) || std::holds_alternative<ListChange>(event.body) ||
         std::holds_alternative<Resolution>(event.body) || std::holds_alternative<PermitChange>(event.body) ||
         std::holds_alternative<OverrideGrant>(event.body) || std::holds_alternative<NoticeAct>(event.body);
}

std::optional<RecordChange> change_of(const Event& event, const Post* post, UtcMillis at, std::int32_t day,
                                      LedgerIndex entry) {
  auto what = std::visit(Describe{event, post, day}, event.body);
  if (!what) return std::nullopt;
  return RecordChange{.subject = std::visit(SubjectOf{}, event.body),
                      .key = {at, movement_tie(agent_tag(event.agent), event.journal_index)},
                      .entry = entry,
                      .what = *std::move(what)};
}

void apply(const RecordChange& change, SubjectState& state, Names& names) {
  std::visit(Fold{change, state, names}, change.what);
}

}  // namespace crossline::movement
