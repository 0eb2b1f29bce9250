// Changes of persons' records, as replicas are told of them.
#include "convert.hpp"

namespace crossline::wire {
namespace {

constexpr int kPostSideCount = 3;

pb::Status side_to(movement::Side side) {
  return static_cast<pb::Status>(movement::status_on(side));
}

Result<movement::Side> side_from(int value, std::string_view field) {
  if (value == pb::STATUS_SIDE_A) return movement::Side::kA;
  if (value == pb::STATUS_SIDE_B) return movement::Side::kB;
  return fail(ErrorCode::kMalformed, "{}: {} is not a side", field, value);
}

struct SetWhat {
  pb::RecordChange& out;

  void operator()(const movement::Passage& passage) const {
    auto& body = *out.mutable_passage();
    body.set_checkpoint(passage.post.checkpoint);
    body.set_post(to_wire<movement::PostSide, pb::PostSide>(passage.post.side));
    body.set_direction(to_wire<movement::Direction, pb::Direction>(passage.direction));
    body.set_day(passage.day);
    for (const movement::DeclaredGoods& goods : passage.goods) to_proto(goods, *body.add_goods());
  }
  void operator()(const movement::TakenBack& back) const { out.set_taken_back(back.tie); }
  void operator()(const movement::Listing& listing) const {
    out.mutable_listing()->set_list(listing.list);
    out.mutable_listing()->set_removed(listing.removed);
  }
  void operator()(const movement::StatusWord& word) const {
    auto& body = *out.mutable_status_word();
    body.set_status(side_to(word.status));
    body.set_party(side_to(word.party));
    body.set_day(word.day);
  }
  void operator()(const movement::PermitWord& word) const {
    auto& body = *out.mutable_permit();
    body.set_kind(word.kind);
    body.set_party(word.party);
    body.set_withdrawn(word.withdrawn);
    body.set_valid_from_ms(word.valid_from.ms);
    body.set_valid_until_ms(word.valid_until.ms);
  }
  void operator()(const movement::OverrideWord& word) const {
    auto& body = *out.mutable_override_word();
    body.set_article(word.article);
    body.set_role(word.role);
    body.set_signer(word.signer);
  }
  void operator()(const movement::NoticeWord& word) const {
    out.mutable_notice()->set_step(to_wire<movement::NoticeStep, pb::NoticeStep>(word.step));
    out.mutable_notice()->set_party(word.party);
  }
};

Result<movement::Passage> passage_from(const pb::Passage& in) {
  movement::Passage passage;
  CROSSLINE_TRY(passage.post.checkpoint, bounded_name(in.checkpoint(), "replica.checkpoint"));
  CROSSLINE_TRY(passage.post.side, from_wire<movement::PostSide>(in.post(), kPostSideCount, "replica.post"));
  CROSSLINE_TRY(passage.direction,
                from_wire<movement::Direction>(in.direction(), kDirections, "replica.direction"));
  if (!movement::direction_fits(passage.post.side, passage.direction))
    return fail(ErrorCode::kMalformed, "replica.direction: none of this post");
  passage.day = in.day();
  CROSSLINE_TRY(passage.goods, goods_from(in.goods()));
  return passage;
}

Result<movement::StatusWord> status_word_from(const pb::StatusWord& in) {
  movement::StatusWord word;
  CROSSLINE_TRY(word.status, side_from(in.status(), "replica.status_word.status"));
  CROSSLINE_TRY(word.party, side_from(in.party(), "replica.status_word.party"));
  word.day = in.day();
  return word;
}

Result<movement::PermitWord> permit_from(const pb::PermitWord& in) {
  movement::PermitWord word;
  CROSSLINE_TRY(word.kind, bounded_name(in.kind(), "replica.permit.kind"));
  CROSSLINE_TRY(word.party, bounded_name(in.party(), "replica.permit.party"));
  word.withdrawn = in.withdrawn();
  word.valid_from.ms = in.valid_from_ms();
  word.valid_until.ms = in.valid_until_ms();
  return word;
}

Result<movement::OverrideWord> override_word_from(const pb::OverrideWord& in) {
  movement::OverrideWord word;
  CROSSLINE_TRY(word.article, bounded_name(in.article(), "replica.override.article"));
  CROSSLINE_TRY(word.role, bounded_name(in.role(), "replica.override.role"));
  word.signer = in.signer();
  return word;
}

Result<movement::NoticeWord> notice_from(const pb::NoticeWord& in) {
  movement::NoticeWord word;
  CROSSLINE_TRY(word.step, from_wire<movement::NoticeStep>(in.step(), kNoticeSteps, "replica.notice.step"));
  CROSSLINE_TRY(word.party, bounded_name(in.party(), "replica.notice.party"));
  return word;
}

}  // namespace

void to_proto(const movement::RecordChange& change, pb::RecordChange& out) {
  out.set_subject(to_string_bytes(change.subject.bytes));
  out.set_at_ms(change.key.occurred_at.ms);
  out.set_tie(change.key.tie);
  out.set_entry(change.entry.value());
  std::visit(SetWhat{out}, change.what);
}

Result<movement::RecordChange> record_change_from(const pb::RecordChange& in) {
  movement::RecordChange change;
  CROSSLINE_TRY(change.subject.bytes, fixed_bytes<16>(in.subject(), "replica.subject"));
  change.key = {{in.at_ms()}, in.tie()};
  change.entry = LedgerIndex(in.entry());
  switch (in.what_case()) {
    case pb::RecordChange::kPassage: {
      CROSSLINE_TRY(change.what, passage_from(in.passage()));
      return change;
    }
    case pb::RecordChange::kTakenBack:
      change.what = movement::TakenBack{in.taken_back()};
      return change;
    case pb::RecordChange::kListing: {
      movement::Listing listing{{}, in.listing().removed()};
      CROSSLINE_TRY(listing.list, bounded_name(in.listing().list(), "replica.list"));
      change.what = std::move(listing);
      return change;
    }
    case pb::RecordChange::kStatusWord: {
      CROSSLINE_TRY(change.what, status_word_from(in.status_word()));
      return change;
    }
    case pb::RecordChange::kPermit: {
      CROSSLINE_TRY(change.what, permit_from(in.permit()));
      return change;
    }
    case pb::RecordChange::kOverrideWord: {
      CROSSLINE_TRY(change.what, override_word_from(in.override_word()));
      return change;
    }
    case pb::RecordChange::kNotice: {
      CROSSLINE_TRY(change.what, notice_from(in.notice()));
      return change;
    }
    case pb::RecordChange::WHAT_NOT_SET:
      break;
  }
  return fail(ErrorCode::kMalformed, "replica: a change of nothing");
}

}  // namespace crossline::wire
