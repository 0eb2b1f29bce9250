#include "convert.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/movement/record_limits.hpp"

#include <algorithm>

#include <google/protobuf/stubs/logging.h>

namespace crossline::wire {

Result<void> parse_strict(ByteView bytes, google::protobuf::Message& message, const MessageShape& shape,
                          std::string_view what) {
  // protobuf would write to stderr what it dislikes; we say it ourselves, to whoever sent it.
  [[maybe_unused]] static const auto silenced = google::protobuf::SetLogHandler(nullptr);
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::kMalformed, "{}: {} bytes that are not a {}", what, bytes.size(),
                message.GetDescriptor()->name());
  }
  if (!shape.knows(bytes))
    return fail(ErrorCode::kMalformed, "{}: holds a field this version does not know", what);
  return {};
}

std::string serialise(const google::protobuf::Message& message) {
  std::string bytes;
  CROSSLINE_ASSERT(message.SerializeToString(&bytes));
  return bytes;
}

bool is_clean_text(std::string_view text) {
  const auto is_printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (std::ranges::all_of(text, is_printable)) return true;  // ASCII, as nearly every name is
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return is_utf8(text) && std::ranges::none_of(text, is_control);
}

Result<std::string> bounded_text(const std::string& text, std::size_t max, std::string_view field) {
  if (text.size() > max)
    return fail(ErrorCode::kMalformed, "{}: {} bytes, at most {} are allowed", field, text.size(), max);
  if (is_clean_text(text)) return text;
  return fail(ErrorCode::kMalformed, "{}: {}", field,
              is_utf8(text) ? "holds a control character" : "not UTF-8");
}

Result<std::string> bounded_name(const std::string& text, std::string_view field) {
  if (text.empty()) return fail(ErrorCode::kMalformed, "{}: missing", field);
  return bounded_text(text, movement::kMaxNameBytes, field);
}

pb::Sex sex_to(movement::Sex sex) {
  switch (sex) {
    case movement::Sex::kFemale:
      return pb::SEX_FEMALE;
    case movement::Sex::kMale:
      return pb::SEX_MALE;
    case movement::Sex::kUnspecified:
      break;
  }
  return pb::SEX_UNSPECIFIED;
}

Result<movement::Sex> sex_from(int value) {
  switch (value) {
    case pb::SEX_UNSPECIFIED:
      return movement::Sex::kUnspecified;
    case pb::SEX_FEMALE:
      return movement::Sex::kFemale;
    case pb::SEX_MALE:
      return movement::Sex::kMale;
    default:
      return fail(ErrorCode::kMalformed, "sex: {} is not a known value", value);
  }
}

Result<movement::Status> status_from(int value, std::string_view field) {
  if (value < 0 || value >= kStatuses)
    return fail(ErrorCode::kMalformed, "{}: {} is not a known value", field, value);
  return static_cast<movement::Status>(value);
}

Result<std::vector<std::string>> articles_from(const google::protobuf::RepeatedPtrField<std::string>& in) {
  if (static_cast<std::size_t>(in.size()) > limits::kMaxArticlesPerVerdict) {
    return fail(ErrorCode::kMalformed, "articles: {}, at most {} are allowed", in.size(),
                limits::kMaxArticlesPerVerdict);
  }
  std::vector<std::string> articles;
  articles.reserve(static_cast<std::size_t>(in.size()));
  for (const std::string& article : in) {
    CROSSLINE_TRY(auto name, bounded_name(article, "articles"));
    articles.push_back(std::move(name));
  }
  return articles;
}

void to_proto(const movement::DeclaredGoods& goods, pb::Goods& out) {
  out.set_kind(goods.kind);
  out.set_unit(goods.unit);
  out.set_amount(static_cast<std::uint64_t>(goods.amount));
}

namespace {

Result<void> too_many(std::string_view field, int count, std::size_t most) {
  if (static_cast<std::size_t>(count) <= most) return {};
  return fail(ErrorCode::kMalformed, "{}: {}, at most {} are allowed", field, count, most);
}

}  // namespace

Result<std::vector<movement::DeclaredGoods>> goods_from(
    const google::protobuf::RepeatedPtrField<pb::Goods>& in) {
  CROSSLINE_CHECK_OK(too_many("goods", in.size(), limits::kMaxGoods));
  std::vector<movement::DeclaredGoods> all;
  for (const pb::Goods& goods : in) {
    movement::DeclaredGoods read;
    CROSSLINE_TRY(read.kind, bounded_name(goods.kind(), "goods.kind"));
    CROSSLINE_TRY(read.unit, bounded_text(goods.unit(), movement::kMaxNameBytes, "goods.unit"));
    if (goods.amount() > static_cast<std::uint64_t>(movement::kMaxGoodsAmount)) {
      return fail(ErrorCode::kMalformed, "goods.amount: {}, at most {} is allowed", goods.amount(),
                  movement::kMaxGoodsAmount);
    }
    read.amount = static_cast<std::int64_t>(goods.amount());
    all.push_back(std::move(read));
  }
  return all;
}

namespace {

void declared_to(const movement::Declaration& declared, pb::Movement& out) {
  if (declared.mode) out.set_mode(to_wire<procedure::Mode, pb::Mode>(*declared.mode));
  if (declared.convoy) {
    out.mutable_convoy()->set_vehicles(declared.convoy->vehicles);
    out.mutable_convoy()->set_persons(declared.convoy->persons);
    out.mutable_convoy()->set_escorted(declared.convoy->escorted);
  }
  if (declared.goods) {
    out.set_goods_declared(true);
    for (const movement::DeclaredGoods& goods : *declared.goods) to_proto(goods, *out.add_goods());
  }
  if (declared.weapons) out.set_weapons(*declared.weapons);
  if (declared.arms_handed_over) out.set_arms_handed_over(*declared.arms_handed_over);
  for (const movement::DeclaredFact& fact : declared.facts) {
    auto& added = *out.add_declared();
    added.set_name(fact.name);
    added.set_number(fact.number);
    added.set_word(fact.word);
  }
}

Result<movement::Declaration> declaration_from(const pb::Movement& in) {
  movement::Declaration declared;
  if (in.mode() != pb::MODE_UNSPECIFIED) {
    CROSSLINE_TRY(declared.mode, from_wire<procedure::Mode>(in.mode(), kModes, "mode"));
  }
  if (in.has_convoy())
    declared.convoy = {in.convoy().vehicles(), in.convoy().persons(), in.convoy().escorted()};
  if (in.goods_declared()) {
    CROSSLINE_TRY(declared.goods, goods_from(in.goods()));
  } else if (in.goods_size() > 0) {
    return fail(ErrorCode::kMalformed, "goods: named without goods_declared");
  }
  if (in.has_weapons()) declared.weapons = in.weapons();
  if (in.has_arms_handed_over()) declared.arms_handed_over = in.arms_handed_over();
  CROSSLINE_CHECK_OK(too_many("declared", in.declared_size(), limits::kMaxDeclaredFacts));
  for (const pb::DeclaredFact& fact : in.declared()) {
    movement::DeclaredFact read;
    CROSSLINE_TRY(read.name, bounded_name(fact.name(), "declared.name"));
    read.number = fact.number();
    CROSSLINE_TRY(read.word, bounded_text(fact.word(), movement::kMaxNameBytes, "declared.word"));
    declared.facts.push_back(std::move(read));
  }
  return declared;
}

}  // namespace

void to_proto(const movement::Movement& movement, pb::Movement& out) {
  out.set_subject(to_string_bytes(movement.subject.bytes));
  out.set_direction(to_wire<movement::Direction, pb::Direction>(movement.direction));
  out.set_outcome(to_wire<movement::Outcome, pb::Outcome>(movement.outcome));
  out.set_category(movement.category);
  out.set_sex(sex_to(movement.sex));
  if (movement.age_years) out.set_age_years(*movement.age_years);
  out.set_document_kind(movement.document_kind);
  out.set_document_issuer(movement.document_issuer);
  if (movement.document_valid_days) out.set_document_valid_days(*movement.document_valid_days);
  out.set_document_repaired(movement.document_repaired);
  for (const movement::Companion& companion : movement.companions) {
    auto* added = out.add_companions();
    added->set_subject(to_string_bytes(companion.subject.bytes));
    added->set_relation(to_wire<movement::Relation, pb::Relation>(companion.relation));
  }
  if (movement.commitment) out.set_commitment(to_string_bytes(movement.commitment->bytes));
  if (movement.group) out.set_group(to_string_bytes(*movement.group));
  declared_to(movement.declared, out);
  out.set_verdict(to_wire<movement::Verdict, pb::Verdict>(movement.verdict));
  for (const std::string& article : movement.articles) out.add_articles(article);
  if (movement.local_verdict)
    out.set_local_verdict(to_wire<movement::Verdict, pb::Verdict>(*movement.local_verdict));
  out.set_decided_offline(movement.decided_offline);
  out.set_edition(movement.edition);
}

Result<movement::Movement> movement_from(const pb::Movement& in, bool consult) {
  movement::Movement movement;
  CROSSLINE_TRY(movement.subject.bytes, fixed_bytes<16>(in.subject(), "subject"));
  CROSSLINE_TRY(movement.direction, from_wire<movement::Direction>(in.direction(), kDirections, "direction"));
  CROSSLINE_TRY(movement.category, bounded_text(in.category(), movement::kMaxNameBytes, "category"));
  CROSSLINE_TRY(movement.sex, sex_from(in.sex()));
  if (in.has_age_years()) {
    if (in.age_years() > kMaxAgeYears)
      return fail(ErrorCode::kMalformed, "age_years: {}, at most {} is allowed", in.age_years(),
                  kMaxAgeYears);
    movement.age_years = static_cast<std::uint16_t>(in.age_years());
  }
  CROSSLINE_TRY(movement.document_kind,
                bounded_text(in.document_kind(), movement::kMaxNameBytes, "document_kind"));
  CROSSLINE_TRY(movement.document_issuer,
                bounded_text(in.document_issuer(), movement::kMaxNameBytes, "document_issuer"));
  if (in.has_document_valid_days()) movement.document_valid_days = in.document_valid_days();
  movement.document_repaired = in.document_repaired();
  if (static_cast<std::size_t>(in.companions_size()) > limits::kMaxCompanions) {
    return fail(ErrorCode::kMalformed, "companions: {}, at most {} are allowed", in.companions_size(),
                limits::kMaxCompanions);
  }
  for (const pb::Companion& companion : in.companions()) {
    movement::Companion read;
    CROSSLINE_TRY(read.subject.bytes, fixed_bytes<16>(companion.subject(), "companions.subject"));
    CROSSLINE_TRY(read.relation,
                  from_wire<movement::Relation>(companion.relation(), kRelations, "companions.relation"));
    movement.companions.push_back(read);
  }
  if (!in.group().empty()) {
    CROSSLINE_TRY(movement.group, fixed_bytes<8>(in.group(), "group"));
  }
  CROSSLINE_TRY(movement.declared, declaration_from(in));
  movement.edition = in.edition();
  if (consult) return movement;

  CROSSLINE_TRY(movement.outcome, from_wire<movement::Outcome>(in.outcome(), kOutcomes, "outcome"));
  if (!in.commitment().empty()) {
    crypto::Hash commitment;
    CROSSLINE_TRY(commitment.bytes, fixed_bytes<32>(in.commitment(), "commitment"));
    movement.commitment = commitment;
  }
  CROSSLINE_TRY(movement.verdict, from_wire<movement::Verdict>(in.verdict(), kVerdicts, "verdict"));
  CROSSLINE_TRY(movement.articles, articles_from(in.articles()));
  if (in.local_verdict() != pb::VERDICT_UNSPECIFIED) {
    CROSSLINE_TRY(movement.local_verdict,
                  from_wire<movement::Verdict>(in.local_verdict(), kVerdicts, "local_verdict"));
  }
  movement.decided_offline = in.decided_offline();
  return movement;
}

void to_proto(const movement::QuotaLease& lease, pb::QuotaLease& out) {
  out.set_quota(lease.quota);
  out.set_agent(lease.agent);
  out.set_day(lease.day);
  out.set_amount(static_cast<std::uint64_t>(lease.amount));
  out.set_party(lease.party);
  out.set_reason(lease.reason);
  out.set_spent(static_cast<std::uint64_t>(lease.spent));
}

Result<movement::QuotaLease> quota_lease_from(const pb::QuotaLease& in) {
  movement::QuotaLease lease;
  CROSSLINE_TRY(lease.quota, bounded_name(in.quota(), "quota_lease.quota"));
  CROSSLINE_TRY(lease.agent, bounded_name(in.agent(), "quota_lease.agent"));
  lease.day = in.day();
  if (lease.day < 0 || lease.day > movement::kMaxLocalDay)
    return fail(ErrorCode::kMalformed, "quota_lease.day: {} is out of range", in.day());
  if (in.amount() < 1 || in.amount() > static_cast<std::uint64_t>(movement::kMaxLease)) {
    return fail(ErrorCode::kMalformed, "quota_lease.amount: {}, 1 to {} are allowed", in.amount(),
                movement::kMaxLease);
  }
  lease.amount = static_cast<std::int64_t>(in.amount());
  if (in.spent() > static_cast<std::uint64_t>(movement::kMaxLease)) {
    return fail(ErrorCode::kMalformed, "quota_lease.spent: {}, at most {} are allowed", in.spent(),
                movement::kMaxLease);
  }
  lease.spent = static_cast<std::int64_t>(in.spent());
  CROSSLINE_TRY(lease.party, bounded_name(in.party(), "quota_lease.party"));
  CROSSLINE_TRY(lease.reason, bounded_text(in.reason(), movement::kMaxReasonBytes, "quota_lease.reason"));
  return lease;
}

void to_proto(const movement::Closure& closure, pb::Closure& out) {
  out.set_checkpoint(closure.checkpoint);
  out.set_lifted(closure.lifted);
  out.set_from_ms(closure.from.ms);
  out.set_until_ms(closure.until.ms);
  out.set_reason(closure.reason);
  out.set_party(closure.party);
}

Result<movement::Closure> closure_from(const pb::Closure& in) {
  movement::Closure closure;
  CROSSLINE_TRY(closure.checkpoint, bounded_name(in.checkpoint(), "closure.checkpoint"));
  closure.lifted = in.lifted();
  closure.from.ms = in.from_ms();
  closure.until.ms = in.until_ms();
  if (!closure.lifted && closure.until <= closure.from)
    return fail(ErrorCode::kMalformed, "closure: ends before it begins");
  CROSSLINE_TRY(closure.reason, bounded_text(in.reason(), movement::kMaxReasonBytes, "closure.reason"));
  CROSSLINE_TRY(closure.party, bounded_name(in.party(), "closure.party"));
  return closure;
}

void to_proto(const movement::Beacon& beacon, pb::Beacon& out) {
  out.set_size(beacon.size.value());
  if (beacon.size.value() > 0) out.set_root(to_string_bytes(beacon.root.bytes));
}

Result<movement::Beacon> beacon_from(const pb::Beacon& in) {
  movement::Beacon beacon;
  beacon.size = TreeSize(in.size());
  if (in.size() == 0) {
    if (!in.root().empty()) return fail(ErrorCode::kMalformed, "beacon: a root without a size");
    return beacon;
  }
  CROSSLINE_TRY(beacon.root.bytes, fixed_bytes<32>(in.root(), "beacon.root"));
  return beacon;
}

void to_proto(const SignedHead& head, pb::SignedHead& out) {
  out.set_size(head.head.size.value());
  out.set_root(to_string_bytes(head.head.root.bytes));
  out.set_signature(to_string_bytes(head.signature.bytes));
}

Result<SignedHead> signed_head_from(const pb::SignedHead& in, std::string_view field) {
  SignedHead head;
  if (in.size() == 0) return fail(ErrorCode::kMalformed, "{}: a signed head of size 0", field);
  head.head.size = TreeSize(in.size());
  CROSSLINE_TRY(head.head.root.bytes, fixed_bytes<32>(in.root(), field));
  CROSSLINE_TRY(head.signature.bytes, fixed_bytes<64>(in.signature(), field));
  return head;
}

void to_proto(const LedgerQuestion& question, pb::LedgerQuestion& out) {
  out.set_seen(question.seen.value());
  out.set_proven(question.proven.value());
}

Result<LedgerQuestion> ledger_question_from(const pb::LedgerQuestion& in, std::string_view field) {
  if (in.proven() > in.seen()) {
    return fail(ErrorCode::kMalformed, "{}: a proven head of {}, larger than the one seen of {}", field,
                in.proven(), in.seen());
  }
  return LedgerQuestion{TreeSize(in.seen()), TreeSize(in.proven())};
}

}  // namespace crossline::wire
