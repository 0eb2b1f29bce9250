// Repair: only what classes of fields or arithmetic carry, always shown, never valid.
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

TEST(MrzRepair, LettersInDatesAndDigitsInNamesFollowTheirClass) {
  const Mrz mrz = read(
      "P<UT0ERIK55ON<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<\n"
      "L898902C36UTO740BIZZF12041S9ZE184226B<<<<<1O");
  EXPECT_FALSE(mrz.valid());
  EXPECT_TRUE(mrz.repaired());
  EXPECT_EQ(mrz.lines[0] + "\n" + mrz.lines[1], kTd3);
  EXPECT_EQ(mrz.repairs.size(), 10u);
  EXPECT_EQ(message_for(mrz, FieldName::kIssuer),
            "issuer: read UT0, taken for UTO: compare with the document (line 1, columns 3 to 5)");
  EXPECT_EQ(mrz.find(FieldName::kBirthDate)->raw, "740BIZ");
  EXPECT_EQ(mrz.find(FieldName::kBirthDate)->value, "740812");
}

TEST(MrzRepair, LeavesACodeThatNoRepairMakesKnown) {
  const Mrz mrz = read(with(kTd3, 1, 3, '7'));
  EXPECT_EQ(status_of(mrz, FieldName::kIssuer), FieldStatus::kUnreadable);
  EXPECT_EQ(mrz.issuer, "7TO");
  EXPECT_FALSE(mrz.repaired());
}

// A passport of nobody with this number and personal number.
std::string passport(const std::string& number, const std::string& personal_number) {
  const auto zone = make_mrz({.document_code = "P",
                              .issuer = "UTO",
                              .number = number,
                              .primary_names = "ERIKSSON",
                              .nationality = "UTO",
                              .birth_yymmdd = "740812",
                              .expiry_yymmdd = "300415",
                              .optional = personal_number});
  EXPECT_TRUE(zone.has_value());
  return zone.value_or("");
}

TEST(MrzRepair, TakesTheOneLookAlikeThatSatisfiesTheDigit) {
  const Mrz mrz = read(with(passport("L8K4M9T3C", ""), 2, 2, 'B'));
  EXPECT_FALSE(mrz.valid());
  EXPECT_TRUE(mrz.repaired());
  EXPECT_EQ(mrz.number, "L8K4M9T3C");
  EXPECT_EQ(mrz.find(FieldName::kNumber)->raw, "LBK4M9T3C");
  ASSERT_EQ(mrz.repairs.size(), 1u);
  EXPECT_EQ(mrz.repairs.front(), (Repair{FieldName::kNumber, 2, 2, 'B', '8'}));
}

TEST(MrzRepair, MendsNumberAndPersonalNumberTogether) {
  const Mrz mrz = read(with(with(passport("L8K4M9T3C", "7K3W9X5T"), 2, 2, 'B'), 2, 35, 'S'));
  EXPECT_TRUE(mrz.repaired());
  EXPECT_EQ(mrz.number, "L8K4M9T3C");
  EXPECT_EQ(mrz.optional, "7K3W9X5T");
}

TEST(MrzRepair, IsRefusedWhenTheCompositeIsWrongAllTheSame) {
  const Mrz mrz = read(with(with(passport("L8K4M9T3C", ""), 2, 2, 'B'), 2, 44, '9'));
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kWrongCheckDigit);
  EXPECT_TRUE(mrz.repairs.empty());
}

// 8 read as B in the specimen: B to 8, 8 to B and 2 to Z all give the printed digit. The composite cannot
// decide, for it weighs the number as the number's own digit does.
TEST(MrzRepair, AsksTheOfficerWhereSeveralLookAlikesFit) {
  const Mrz mrz = read(with(kTd3, 2, 2, 'B'));
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kAmbiguous);
  EXPECT_EQ(mrz.number, "LB98902C3");
  EXPECT_TRUE(mrz.repairs.empty());
  EXPECT_EQ(message_for(mrz, FieldName::kNumber),
            "document number: read LB98902C3, and several readings satisfy the check digits: type what the "
            "document "
            "says (line 2, columns 1 to 9)");
}

TEST(MrzRepair, NeverChangesWhatNoLookAlikeExplains) {
  const Mrz mrz = read(with(kTd3, 2, 2, '7'));
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kWrongCheckDigit);
  EXPECT_EQ(mrz.number, "L798902C3");
  EXPECT_TRUE(mrz.repairs.empty());
}

TEST(MrzRepair, NeverRepairsByTheCompositeAlone) {
  // The optional data of a card has no digit of its own.
  const Mrz mrz = read(with(kTd1, 1, 17, '8'));
  EXPECT_EQ(status_of(mrz, FieldName::kComposite), FieldStatus::kWrongCheckDigit);
  EXPECT_EQ(mrz.optional, "A8C");
  EXPECT_TRUE(mrz.repairs.empty());
}

TEST(MrzRepair, CanBeSwitchedOff) {
  const Mrz mrz = read_unrepaired(with(passport("L8K4M9T3C", ""), 2, 2, 'B'));
  EXPECT_EQ(mrz.number, "LBK4M9T3C");
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kWrongCheckDigit);
  EXPECT_TRUE(mrz.repairs.empty());
}

TEST(UnreadCharacter, InADateIsSolvedByItsDigit) {
  for (int column = 14; column <= 19; ++column) {
    const Mrz mrz = read(with(kTd3, 2, column, '?'));
    EXPECT_TRUE(mrz.repaired()) << column;
    EXPECT_EQ(mrz.birth.raw, "740812") << column;
  }
}

TEST(UnreadCharacter, InANumberStaysOpenBetweenMembersOfABlindClass) {
  const Mrz mrz = read(with(kTd3, 2, 2, '?'));
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kAmbiguous);
  EXPECT_EQ(mrz.number, "L?98902C3");
  EXPECT_EQ(mrz.birth.raw, "740812");
  EXPECT_FALSE(mrz.repaired());
}

TEST(UnreadCharacter, ThatIsACheckDigitIsSolvedOnlyUnderAComposite) {
  EXPECT_TRUE(read(with(kTd3, 2, 20, '*')).repaired());
  EXPECT_EQ(status_of(read(with(kMrvA, 2, 20, '*')), FieldName::kBirthDate), FieldStatus::kUnreadable);
  EXPECT_EQ(status_of(read(with(kTd3, 2, 44, '*')), FieldName::kComposite), FieldStatus::kUnreadable);
}

TEST(UnreadCharacter, InANameIsUnreadableAndTheRestIsUsed) {
  const Mrz mrz = read(with(kTd3, 1, 8, '*'));
  EXPECT_EQ(status_of(mrz, FieldName::kName), FieldStatus::kUnreadable);
  EXPECT_EQ(mrz.primary_names, "ER?KSSON");
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kOk);
}

TEST(UnreadCharacter, TwoInOneZoneAreSolvedAndThreeAreNot) {
  EXPECT_EQ(read(with(with(kTd3, 2, 14, '?'), 2, 22, '?')).birth.raw, "740812");
  EXPECT_TRUE(read(with(with(kTd3, 2, 14, '?'), 2, 22, '?')).repaired());
  const Mrz three = read(with(with(with(kTd3, 2, 14, '?'), 2, 15, '?'), 2, 22, '?'));
  EXPECT_EQ(status_of(three, FieldName::kBirthDate), FieldStatus::kUnreadable);
}

TEST(MissingCharacter, OfADateIsFoundByDigitCalendarAndComposite) {
  const Mrz mrz = read(without(kTd3, 2, 16));
  EXPECT_FALSE(mrz.valid());
  EXPECT_EQ(mrz.number, "L898902C3");
  EXPECT_EQ(mrz.nationality, "UTO");
  EXPECT_EQ(to_iso(mrz.expiry.date), "2012-04-15");
  if (status_of(mrz, FieldName::kBirthDate) == FieldStatus::kRepaired) {
    EXPECT_EQ(mrz.birth.raw, "740812");
    EXPECT_EQ(mrz.find(FieldName::kBirthDate)->raw.size(), 5u);
  } else {
    EXPECT_EQ(status_of(mrz, FieldName::kBirthDate), FieldStatus::kMissing);
  }
}

// Whatever character of a checked line is lost, no field is ever read wrong and called in order.
TEST(MissingCharacter, NeverMakesAWrongFieldLookRight) {
  for (const std::string_view zone : {kTd1, kTd2, kTd3, kMrvA, kMrvB}) {
    const Mrz truth = read(zone);
    for (int line = 1; line <= static_cast<int>(truth.lines.size()); ++line) {
      for (int column = 1; column <= static_cast<int>(truth.lines.front().size()); ++column) {
        const std::string damaged = without(zone, line, column);
        SCOPED_TRACE(damaged);
        const Mrz mrz = read(damaged);
        EXPECT_FALSE(mrz.valid());
        const FieldEvidence* composite = mrz.find(FieldName::kComposite);
        for (const FieldEvidence& field : mrz.fields) {
          if (field.status != FieldStatus::kOk && field.status != FieldStatus::kRepaired) continue;
          if (field.field == FieldName::kComposite) continue;
          // What only the composite covers is in doubt when the composite is.
          if (!field.digit_read && composite != nullptr && composite->status != FieldStatus::kOk) continue;
          EXPECT_EQ(field.value, truth.find(field.field)->value) << name_of(field.field);
        }
      }
    }
  }
}

TEST(MissingCharacter, OfANameLineLeavesTheOtherLineInOrder) {
  const Mrz mrz = read(without(kTd3, 1, 44));
  EXPECT_EQ(status_of(mrz, FieldName::kName), FieldStatus::kMissing);
  EXPECT_EQ(status_of(mrz, FieldName::kIssuer), FieldStatus::kOk);
  EXPECT_EQ(status_of(mrz, FieldName::kNumber), FieldStatus::kOk);
  EXPECT_EQ(status_of(mrz, FieldName::kComposite), FieldStatus::kOk);
  EXPECT_FALSE(mrz.valid());
}

TEST(MissingCharacter, ThreeAreNoZone) {
  EXPECT_FALSE(read_mrz(kTd3.substr(0, kTd3.size() - 3), {.today = kToday}).has_value());
}

TEST(MissingCharacter, OfAnUnbrokenRunIsFoundAsWell) {
  std::string run(kTd3);
  run.erase(44, 1);  // the line end
  run.erase(59, 1);  // a digit of the birth date
  const Mrz mrz = read(run);
  EXPECT_FALSE(mrz.valid());
  EXPECT_EQ(mrz.format, MrzFormat::kTd3);
}

}  // namespace
}  // namespace crossline::documents
