#include "plain.hpp"

#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/wire/event_codec.hpp"
#include "plain_reader.hpp"

#include <utility>

namespace crossline::wire {
namespace {

using movement::kMaxNameBytes;

// What a field with a length holds, read by `read`: a message of its own. False when the field is not there.
template <class Read>
bool read_message(PlainReader& in, int field, Read read) {
  const auto bytes = in.delimited(field);
  if (!bytes) return false;
  PlainReader inner(*bytes);
  read(inner);
  if (!inner.finished()) in.fail();
  return true;
}

void read_name(PlainReader& in, int field, std::string& out) {
  in.require(in.text(field, kMaxNameBytes, out) && !out.empty());
}

// At most `most`, each read by `read` into an element of its own.
template <class Element, class Read>
void read_each(std::vector<Element>& out, std::size_t most, PlainReader& in, Read read) {
  Element next;
  while (read(next)) {
    out.push_back(std::exchange(next, Element()));
    in.require(out.size() <= most);
  }
}

void read_articles(PlainReader& in, int field, std::vector<std::string>& out) {
  read_each(out, limits::kMaxArticlesPerVerdict, in, [&](std::string& article) {
    if (!in.text(field, kMaxNameBytes, article)) return false;
    in.require(!article.empty());
    return true;
  });
}

void read_beacon(PlainReader& in, movement::Beacon& out) {
  out.size = TreeSize(in.integer(pb::Beacon::kSizeFieldNumber).value_or(0));
  const bool has_root = in.fixed(pb::Beacon::kRootFieldNumber, out.root.bytes);
  in.require(has_root == (out.size.value() > 0));
}

void read_companions(PlainReader& in, std::vector<movement::Companion>& out) {
  read_each(out, limits::kMaxCompanions, in, [&in](movement::Companion& companion) {
    return read_message(in, pb::Movement::kCompanionsFieldNumber, [&companion](PlainReader& inner) {
      inner.require(inner.fixed(pb::Companion::kSubjectFieldNumber, companion.subject.bytes));
      inner.enumerator(pb::Companion::kRelationFieldNumber, kRelations, companion.relation);
    });
  });
}

void read_goods(PlainReader& in, std::vector<movement::DeclaredGoods>& out) {
  read_each(out, limits::kMaxGoods, in, [&in](movement::DeclaredGoods& goods) {
    return read_message(in, pb::Movement::kGoodsFieldNumber, [&goods](PlainReader& inner) {
      read_name(inner, pb::Goods::kKindFieldNumber, goods.kind);
      inner.text(pb::Goods::kUnitFieldNumber, kMaxNameBytes, goods.unit);
      goods.amount = static_cast<std::int64_t>(
          inner.integer(pb::Goods::kAmountFieldNumber, movement::kMaxGoodsAmount).value_or(0));
    });
  });
}

void read_declared_facts(PlainReader& in, std::vector<movement::DeclaredFact>& out) {
  read_each(out, limits::kMaxDeclaredFacts, in, [&in](movement::DeclaredFact& fact) {
    return read_message(in, pb::Movement::kDeclaredFieldNumber, [&fact](PlainReader& inner) {
      read_name(inner, pb::DeclaredFact::kNameFieldNumber, fact.name);
      fact.number = inner.signed_integer(pb::DeclaredFact::kNumberFieldNumber, INT64_MAX).value_or(0);
      inner.text(pb::DeclaredFact::kWordFieldNumber, kMaxNameBytes, fact.word);
    });
  });
}

void read_declaration(PlainReader& in, movement::Declaration& out) {
  out.mode = in.enumerator<procedure::Mode>(pb::Movement::kModeFieldNumber, kModes);
  read_message(in, pb::Movement::kConvoyFieldNumber, [&out](PlainReader& inner) {
    const auto count = [&inner](int field) {
      return static_cast<std::uint32_t>(inner.integer(field, UINT32_MAX).value_or(0));
    };
    movement::DeclaredConvoy& convoy = out.convoy.emplace();
    convoy.vehicles = count(pb::Convoy::kVehiclesFieldNumber);
    convoy.persons = count(pb::Convoy::kPersonsFieldNumber);
    convoy.escorted = inner.flag(pb::Convoy::kEscortedFieldNumber);
  });
  if (in.flag(pb::Movement::kGoodsDeclaredFieldNumber)) read_goods(in, out.goods.emplace());
  out.weapons = in.answer(pb::Movement::kWeaponsFieldNumber);
  out.arms_handed_over = in.answer(pb::Movement::kArmsHandedOverFieldNumber);
  read_declared_facts(in, out.facts);
}

// Who moved, and what the document says.
void read_person(PlainReader& in, movement::Movement& out) {
  in.require(in.fixed(pb::Movement::kSubjectFieldNumber, out.subject.bytes));
  in.enumerator(pb::Movement::kDirectionFieldNumber, kDirections, out.direction);
  in.enumerator(pb::Movement::kOutcomeFieldNumber, kOutcomes, out.outcome);
  in.text(pb::Movement::kCategoryFieldNumber, kMaxNameBytes, out.category);
  if (const auto sex = in.integer(pb::Movement::kSexFieldNumber, kSexes))
    out.sex = sex_from(static_cast<int>(*sex)).value();
  if (const auto years = in.integer(pb::Movement::kAgeYearsFieldNumber, kMaxAgeYears))
    out.age_years = static_cast<std::uint16_t>(*years);
  in.text(pb::Movement::kDocumentKindFieldNumber, kMaxNameBytes, out.document_kind);
  in.text(pb::Movement::kDocumentIssuerFieldNumber, kMaxNameBytes, out.document_issuer);
  if (const auto days = in.signed_integer(pb::Movement::kDocumentValidDaysFieldNumber, UINT32_MAX))
    out.document_valid_days = static_cast<std::int32_t>(*days);
  read_companions(in, out.companions);
  if (crypto::Hash commitment; in.fixed(pb::Movement::kCommitmentFieldNumber, commitment.bytes))
    out.commitment = commitment;
}

void read_movement(PlainReader& in, movement::Movement& out) {
  read_person(in, out);
  in.enumerator(pb::Movement::kVerdictFieldNumber, kVerdicts, out.verdict);
  read_articles(in, pb::Movement::kArticlesFieldNumber, out.articles);
  out.decided_offline = in.flag(pb::Movement::kDecidedOfflineFieldNumber);
  out.edition =
      static_cast<std::uint32_t>(in.integer(pb::Movement::kEditionFieldNumber, UINT32_MAX).value_or(0));
  if (movement::GroupId group{}; in.fixed(pb::Movement::kGroupFieldNumber, group)) out.group = group;
  out.local_verdict = in.enumerator<movement::Verdict>(pb::Movement::kLocalVerdictFieldNumber, kVerdicts);
  out.document_repaired = in.flag(pb::Movement::kDocumentRepairedFieldNumber);
  read_declaration(in, out.declared);
}

std::int64_t read_ms(PlainReader& in, int field) {
  return static_cast<std::int64_t>(in.integer(field).value_or(0));
}

void read_state(PlainReader& in, StateAfter& out) {
  out.status = static_cast<movement::Status>(
      in.integer(pb::StateAfter::kStatusFieldNumber, kStatuses - 1).value_or(0));
  out.since.ms = read_ms(in, pb::StateAfter::kSinceMsFieldNumber);
  out.since_index = LedgerIndex(in.integer(pb::StateAfter::kSinceIndexFieldNumber).value_or(0));
  in.text(pb::StateAfter::kSinceCheckpointFieldNumber, kMaxNameBytes, out.since_checkpoint);
  if (out.status == movement::Status::kBetween) {
    const auto side = in.integer(pb::StateAfter::kCameFromFieldNumber, pb::STATUS_SIDE_B);
    in.require(side.value_or(0) != 0);
    out.came_from = side == pb::STATUS_SIDE_B ? movement::Side::kB : movement::Side::kA;
  }
  out.unmatched = in.flag(pb::StateAfter::kUnmatchedFieldNumber);
}

}  // namespace

bool read_plain_event(ByteView bytes, movement::Event& out) {
  if (bytes.size() > limits::kMaxEventBytes) return false;
  PlainReader in(bytes);
  in.require(in.integer(pb::Event::kSchemaFieldNumber) == kEventSchema);
  read_name(in, pb::Event::kAgentFieldNumber, out.agent);
  out.journal_index = JournalIndex(in.integer(pb::Event::kJournalIndexFieldNumber).value_or(0));
  out.recorded_at.ms = read_ms(in, pb::Event::kRecordedAtMsFieldNumber);
  out.steady_ms = in.integer(pb::Event::kSteadyMsFieldNumber).value_or(0);
  out.boot_id = in.fixed64(pb::Event::kBootIdFieldNumber);
  read_message(in, pb::Event::kBeaconFieldNumber,
               [&](PlainReader& inner) { read_beacon(inner, out.beacon); });
  in.text(pb::Event::kOfficerFieldNumber, kMaxNameBytes, out.officer);
  auto& body = out.body.emplace<movement::Movement>();
  in.require(read_message(in, pb::Event::kMovementFieldNumber,
                          [&](PlainReader& inner) { read_movement(inner, body); }));
  return in.finished();
}

bool read_plain_entry(ByteView bytes, LedgerEntry& out) {
  if (bytes.size() > limits::kMaxLedgerEntryBytes) return false;
  PlainReader in(bytes);
  const auto event = in.delimited(pb::LedgerEntry::kEventFieldNumber);
  in.require(event && !event->empty());
  if (event) out.event = as_text(*event);
  read_name(in, pb::LedgerEntry::kAgentFieldNumber, out.agent);
  out.received_at.ms = read_ms(in, pb::LedgerEntry::kReceivedAtMsFieldNumber);
  out.verdict = in.enumerator<movement::Verdict>(pb::LedgerEntry::kVerdictFieldNumber, kVerdicts);
  if (out.verdict) {
    read_articles(in, pb::LedgerEntry::kArticlesFieldNumber, out.articles);
    in.require(in.fixed(pb::LedgerEntry::kEditionFieldNumber, out.edition.bytes));
  }
  read_message(in, pb::LedgerEntry::kStateFieldNumber,
               [&](PlainReader& inner) { read_state(inner, out.state.emplace()); });
  if (const auto previous = in.integer(pb::LedgerEntry::kPreviousFieldNumber))
    out.previous = LedgerIndex(*previous);
  if (crypto::Signature head; in.fixed(pb::LedgerEntry::kHeadSignatureFieldNumber, head.bytes))
    out.head_signature = head;
  out.conflict = in.flag(pb::LedgerEntry::kConflictFieldNumber);
  out.occurred_at.ms = read_ms(in, pb::LedgerEntry::kOccurredAtMsFieldNumber);
  return in.finished();
}

}  // namespace crossline::wire
