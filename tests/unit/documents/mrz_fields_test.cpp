// What each field of a zone that is well read comes to, and what is said of one that is not.
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

std::string made(const MrzFields& fields) {
  const auto zone = make_mrz(fields);
  EXPECT_TRUE(zone.has_value()) << (zone ? "" : zone.error().to_string());
  return zone.value_or("");
}

MrzFields passport() {
  return {.document_code = "P",
          .issuer = "UTO",
          .number = "L898902C3",
          .primary_names = "ERIKSSON",
          .secondary_names = "ANNA MARIA",
          .nationality = "UTO",
          .sex = Sex::kFemale,
          .birth_yymmdd = "740812",
          .expiry_yymmdd = "300415"};
}

TEST(MrzFields, OfThePassportSpecimen) {
  const Mrz mrz = read(kTd3);
  EXPECT_TRUE(mrz.valid());
  EXPECT_FALSE(mrz.repaired());
  EXPECT_EQ(mrz.format, MrzFormat::kTd3);
  EXPECT_EQ(mrz.kind, DocumentKind::kPassport);
  EXPECT_EQ(mrz.document_code, "P");
  EXPECT_EQ(mrz.issuer, "UTO");
  EXPECT_EQ(mrz.number, "L898902C3");
  EXPECT_EQ(mrz.number_spelling, NumberSpelling::kPlain);
  EXPECT_EQ(mrz.primary_names, "ERIKSSON");
  EXPECT_EQ(mrz.secondary_names, "ANNA MARIA");
  EXPECT_FALSE(mrz.names_truncated);
  EXPECT_EQ(mrz.sex, Sex::kFemale);
  EXPECT_EQ(to_iso(mrz.birth.date), "1974-08-12");
  EXPECT_EQ(to_iso(mrz.expiry.date), "2012-04-15");
  EXPECT_EQ(mrz.optional, "ZE184226B");
  EXPECT_TRUE(mrz.warnings.empty());
  EXPECT_EQ(mrz.fields.size(), 10u);
  EXPECT_EQ(mrz.fields.back().field, FieldName::kComposite);
}

TEST(MrzFields, StandWhereTheStandardPrintsThem) {
  const Mrz passport_mrz = read(kTd3);
  EXPECT_EQ(passport_mrz.find(FieldName::kName)->position, (Position{1, 6, 44}));
  EXPECT_EQ(passport_mrz.find(FieldName::kNumber)->position, (Position{2, 1, 9}));
  EXPECT_EQ(passport_mrz.find(FieldName::kExpiryDate)->position, (Position{2, 22, 27}));
  EXPECT_EQ(passport_mrz.find(FieldName::kComposite)->position, (Position{2, 44, 44}));
  const Mrz card = read(kTd1);
  EXPECT_EQ(card.find(FieldName::kNumber)->position, (Position{1, 6, 14}));
  EXPECT_EQ(card.find(FieldName::kNationality)->position, (Position{2, 16, 18}));
  EXPECT_EQ(card.find(FieldName::kOptional2)->position, (Position{2, 19, 29}));
  EXPECT_EQ(card.find(FieldName::kName)->position, (Position{3, 1, 30}));
  EXPECT_EQ(read(kTd2).find(FieldName::kOptional2), nullptr);
}

TEST(MrzFields, WrongDigitIsReportedWithWhatWasReadAndComputed) {
  const Mrz mrz = read(with(kTd3, 2, 10, '7'));
  EXPECT_FALSE(mrz.valid());
  EXPECT_FALSE(mrz.repaired());
  const FieldEvidence& number = *mrz.find(FieldName::kNumber);
  EXPECT_EQ(number.status, FieldStatus::kWrongCheckDigit);
  EXPECT_EQ(number.raw, "L898902C3");
  EXPECT_EQ(number.digit_read, '7');
  EXPECT_EQ(number.digit_computed, '6');
  EXPECT_EQ(message_of(number), "check digit of the document number: read 7, computed 6");
  EXPECT_EQ(message_for(mrz, FieldName::kComposite), "composite check digit: read 0, computed 7");
  EXPECT_EQ(status_of(mrz, FieldName::kBirthDate), FieldStatus::kOk);
}

TEST(MrzFields, LongNumberIsReadInBothSpellings) {
  const Mrz either = read(kLongNumber);
  EXPECT_TRUE(either.valid());
  EXPECT_EQ(either.number, "D23145890734");
  EXPECT_EQ(either.number_spelling, NumberSpelling::kLongEither);
  EXPECT_EQ(either.optional, "");
  EXPECT_EQ(either.find(FieldName::kNumber)->raw, "D23145890<734");
  EXPECT_EQ(either.find(FieldName::kNumber)->position, (Position{1, 6, 18}));

  MrzFields fields = passport();
  fields.format = MrzFormat::kTd1;
  fields.document_code = "ID";
  fields.number = "600001795015";
  fields.optional = "XY";
  const Mrz standard = read(made(fields));
  EXPECT_EQ(standard.number_spelling, NumberSpelling::kLong);
  EXPECT_EQ(standard.optional, "XY");
  fields.number_spelling = NumberSpelling::kLongFillerCounted;
  const Mrz older = read(made(fields));
  EXPECT_TRUE(older.valid());
  EXPECT_EQ(older.number, "600001795015");
  EXPECT_EQ(older.number_spelling, NumberSpelling::kLongFillerCounted);
  EXPECT_TRUE(warns(older, WarningCode::kLongNumberFillerCounted));
}

TEST(MrzFields, LongNumberWithAWrongDigitIsNotTakenForAShortOne) {
  const Mrz mrz = read(with(kLongNumber, 1, 19, '8'));
  EXPECT_EQ(mrz.number, "D23145890734");
  EXPECT_EQ(message_for(mrz, FieldName::kNumber), "check digit of the document number: read 8, computed 9");
}

TEST(MrzFields, UnknownPartsOfABirthDateAreNoFault) {
  for (const auto& [raw, iso] : {std::pair{"74<<<<", "1974"}, {"7408<<", "1974-08"}, {"<<<<<<", ""}}) {
    MrzFields fields = passport();
    fields.birth_yymmdd = raw;
    const Mrz mrz = read(made(fields));
    EXPECT_TRUE(mrz.valid()) << raw;
    EXPECT_EQ(mrz.birth.raw, raw);
    EXPECT_EQ(to_iso(mrz.birth.date), iso);
  }
}

TEST(MrzFields, HalfAPartOfADateIsNoDate) {
  for (const char* raw : {"74081<", "7<0812", "741301", "740832", "740231", "000000"}) {
    MrzFields fields = passport();
    fields.birth_yymmdd = raw;
    const Mrz mrz = read(made(fields));
    EXPECT_EQ(status_of(mrz, FieldName::kBirthDate), FieldStatus::kImpossibleDate) << raw;
    EXPECT_EQ(mrz.birth.date, PartialDate{}) << raw;
  }
}

TEST(MrzFields, BlankExpiryMeansWithoutEndAndAPartialOneIsImpossible) {
  MrzFields fields = passport();
  fields.expiry_yymmdd = "";
  EXPECT_TRUE(read(made(fields)).valid());
  fields.expiry_yymmdd = "30<<<<";
  EXPECT_EQ(status_of(read(made(fields)), FieldName::kExpiryDate), FieldStatus::kImpossibleDate);
}

TEST(MrzFields, FillerMayStandForTheDigitOfABlankDateOnly) {
  MrzFields fields = passport();
  fields.expiry_yymmdd = "";
  const std::string blank = with(made(fields), 2, 28, '<');
  const Mrz mrz = read(blank);
  EXPECT_TRUE(mrz.valid());
  EXPECT_TRUE(warns(mrz, WarningCode::kFillerAsCheckDigit));
  EXPECT_EQ(status_of(read(with(kTd3, 2, 28, '<')), FieldName::kExpiryDate), FieldStatus::kWrongCheckDigit);
}

TEST(MrzFields, DigitOfABlankPersonalNumberIsZeroOrFiller) {
  const std::string zone = made(passport());
  EXPECT_TRUE(read(zone).valid());
  const Mrz filler = read(with(zone, 2, 43, '<'));
  EXPECT_TRUE(filler.valid());
  EXPECT_TRUE(filler.warnings.empty());
}

TEST(MrzFields, SexXOfTheVisualZoneIsTakenAsUnspecified) {
  const Mrz mrz = read(with(kTd3, 2, 21, 'X'));
  EXPECT_TRUE(mrz.valid());
  EXPECT_EQ(mrz.sex, Sex::kUnspecified);
  EXPECT_TRUE(warns(mrz, WarningCode::kSexNotInStandard));
  EXPECT_EQ(status_of(read(with(kTd3, 2, 21, 'Q')), FieldName::kSex), FieldStatus::kUnreadable);
}

TEST(MrzFields, NameThatFillsItsFieldIsTreatedAsTruncated) {
  MrzFields fields = passport();
  fields.primary_names = "NILAVADHANANANDA";
  fields.secondary_names = "CHAYAPA DEJTHAMRONG KRASUANG";
  const Mrz mrz = read(made(fields));
  EXPECT_TRUE(mrz.valid());
  EXPECT_TRUE(mrz.names_truncated);
  EXPECT_EQ(mrz.secondary_names, "CHAYAPA DEJTHAMRONG K");
}

TEST(MrzFields, OneNameAndNoPrimaryNameAreBothNames) {
  MrzFields fields = passport();
  fields.secondary_names = "";
  EXPECT_EQ(read(made(fields)).primary_names, "ERIKSSON");
  EXPECT_EQ(read(made(fields)).secondary_names, "");
  fields.primary_names = "";
  fields.secondary_names = "ANNA";
  EXPECT_TRUE(read(made(fields)).valid());
  EXPECT_EQ(read(made(fields)).primary_names, "");
  EXPECT_EQ(read(made(fields)).secondary_names, "ANNA");
}

TEST(MrzFields, BlankNumberIssuerOrNameIsMissing) {
  MrzFields fields = passport();
  fields.number = "";
  EXPECT_EQ(status_of(read(made(fields)), FieldName::kNumber), FieldStatus::kMissing);
  EXPECT_EQ(message_for(read(made(fields)), FieldName::kNumber),
            "document number: blank (line 2, columns 1 to 9)");
  fields = passport();
  fields.issuer = "";
  EXPECT_EQ(status_of(read(made(fields)), FieldName::kIssuer), FieldStatus::kMissing);
  fields = passport();
  fields.primary_names = fields.secondary_names = "";
  EXPECT_EQ(status_of(read(made(fields)), FieldName::kName), FieldStatus::kMissing);
}

TEST(MrzFields, UnknownAndPrivateCodesAreWarningsOnly) {
  MrzFields fields = passport();
  fields.issuer = "DEU";
  const Mrz unknown = read(made(fields));
  EXPECT_TRUE(unknown.valid());
  EXPECT_TRUE(warns(unknown, WarningCode::kUnknownCode));
  EXPECT_EQ(unknown.warnings.front().text, "issuer DEU is in no list of codes");
  fields.issuer = "XAA";
  EXPECT_TRUE(warns(read(made(fields)), WarningCode::kUserAssignedCode));
}

TEST(MrzFields, RussianInternalPassportSpellsCyrillicWithDigits) {
  MrzFields fields = passport();
  fields.document_code = "PN";
  fields.issuer = fields.nationality = "RUS";
  fields.primary_names = "ZDRIL7K";
  fields.secondary_names = "SERGEQ ANATOL9EVI3";
  fields.expiry_yymmdd = "";
  const Mrz mrz = read(made(fields));
  EXPECT_TRUE(mrz.valid());
  EXPECT_EQ(mrz.kind, DocumentKind::kIdCard);
  EXPECT_EQ(mrz.primary_names, "ZDRIL7K");
  EXPECT_EQ(mrz.primary_names_cyrillic, "ЗДРИЛЮК");
  EXPECT_EQ(mrz.secondary_names_cyrillic, "СЕРГЕЙ АНАТОЛЬЕВИЧ");
  EXPECT_TRUE(warns(mrz, WarningCode::kNamesCyrillicDigits));
}

TEST(MrzFields, KindFollowsTheDocumentCode) {
  struct Case {
    MrzFormat format;
    const char* code;
    const char* issuer;
    DocumentKind kind;
  };
  using enum DocumentKind;
  for (const auto& [format, code, issuer, kind] :
       {Case{MrzFormat::kTd3, "P", "UTO", kPassport}, Case{MrzFormat::kTd3, "PP", "UTO", kPassport},
        Case{MrzFormat::kTd3, "PD", "UTO", kDiplomaticPassport},
        Case{MrzFormat::kTd3, "PO", "UTO", kOfficialPassport},
        Case{MrzFormat::kTd3, "PR", "UTO", kRefugeeTravelDocument},
        Case{MrzFormat::kTd3, "PS", "UTO", kStatelessTravelDocument},
        Case{MrzFormat::kTd3, "PL", "UTO", kLaissezPasser}, Case{MrzFormat::kTd3, "P", "UNO", kLaissezPasser},
        Case{MrzFormat::kTd3, "PE", "UTO", kEmergencyTravelDocument},
        Case{MrzFormat::kTd2, "PU", "UTO", kEmergencyTravelDocument},
        Case{MrzFormat::kTd3, "PT", "UTO", kOther}, Case{MrzFormat::kTd1, "I", "UTO", kIdCard},
        Case{MrzFormat::kTd1, "ID", "UTO", kIdCard}, Case{MrzFormat::kTd1, "IR", "GBR", kResidencePermit},
        Case{MrzFormat::kTd2, "AT", "D", kResidencePermit},
        Case{MrzFormat::kTd1, "C1", "USA", kResidencePermit}, Case{MrzFormat::kTd1, "AC", "UTO", kOther},
        Case{MrzFormat::kMrvA, "V", "UTO", kVisa}, Case{MrzFormat::kMrvB, "VC", "UTO", kVisa}}) {
    MrzFields fields = passport();
    fields.format = format;
    fields.document_code = code;
    fields.issuer = issuer;
    const Mrz mrz = read(made(fields));
    EXPECT_EQ(name_of(mrz.kind), name_of(kind)) << code << issuer;
    EXPECT_EQ(name_of(mrz.format), name_of(format));
    EXPECT_FALSE(warns(mrz, WarningCode::kUnusualDocumentCode)) << code;
  }
}

TEST(MrzFields, UnusualDocumentCodeIsAWarning) {
  EXPECT_TRUE(warns(read(with(kTd3, 1, 2, 'Q')), WarningCode::kUnusualDocumentCode));
  EXPECT_TRUE(warns(read(with(kTd1, 1, 2, 'V')), WarningCode::kUnusualDocumentCode));
  EXPECT_TRUE(read(with(kTd3, 1, 2, 'Q')).valid());
}

TEST(MrzFields, LowerCaseIsReadAndSaid) {
  std::string lower(kTd3);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const Mrz mrz = read(lower);
  EXPECT_TRUE(mrz.valid());
  EXPECT_TRUE(warns(mrz, WarningCode::kLowerCase));
  EXPECT_EQ(mrz.primary_names, "ERIKSSON");
}

TEST(MrzFields, GarbledFillersAreALayoutError) {
  for (const char filler : {';', '?', '>', '|', '\\', ','}) {
    std::string garbled(kTd3);
    for (char& c : garbled) c = c == '<' ? filler : c;
    const Mrz mrz = read(garbled);
    EXPECT_FALSE(mrz.valid());
    EXPECT_EQ(mrz.number, "L898902C3");
    EXPECT_EQ(
        message_for(mrz, FieldName::kZone),
        fmt::format("every filler '<' arrives as '{}': set the layout of the keyboard or of the reader right",
                    filler));
  }
}

// K and the filler are of one blind class: every digit holds, and the name is nonsense.
TEST(MrzFields, FillersReadAsALetterAreALayoutErrorThoughEveryDigitHolds) {
  std::string all(kTd3);
  for (char& c : all) c = c == '<' ? 'K' : c;
  EXPECT_FALSE(read(all).valid());
  EXPECT_EQ(status_of(read(all), FieldName::kZone), FieldStatus::kLayoutError);

  std::string some(kTd3);
  some.replace(38, 6, "KKKKKK");
  const Mrz mrz = read(some);
  EXPECT_EQ(status_of(mrz, FieldName::kComposite), FieldStatus::kOk);
  EXPECT_EQ(status_of(mrz, FieldName::kName), FieldStatus::kLayoutError);
}

TEST(DocumentKey, IsTheSameFromTheZoneAndFromAnEntryByHand) {
  EXPECT_EQ(document_key(read(kTd3)), "UTO|P|L898902C3");
  EXPECT_EQ(document_key(read(kLongNumber)), "UTO|I|D23145890734");
  EXPECT_EQ(document_key(read(kMrvA)), "UTO|V|L898902C");
  EXPECT_EQ(document_key("uto", DocumentKind::kPassport, "l898902-c3 "), "UTO|P|L898902C3");
  EXPECT_EQ(document_key("DEU", DocumentKind::kPassport, "C01X0006H"),
            document_key("D", DocumentKind::kPassport, "C01X0006H"));
}

TEST(ReadMrz, RefusesWhatIsNoZoneWithoutRepeatingIt) {
  const std::string too_long(2000, '<');
  const std::string foreign =
      std::string(kTd3.substr(0, 45)) + "the quick brown fox jumps over the lazy dog!";
  for (const std::string& scan :
       {std::string(), std::string("\n"), std::string("SECRETNAME"), std::string(kTd3.substr(0, 44)),
        std::string(kTd3) + "\n" + std::string(kTd3), std::string(43, '#') + "\n" + std::string(44, '!'),
        std::string(too_long)}) {
    const auto mrz = read_mrz(scan, {.today = kToday});
    ASSERT_FALSE(mrz.has_value()) << scan;
    EXPECT_EQ(mrz.error().code, ErrorCode::kMalformed);
    EXPECT_EQ(mrz.error().message.find("SECRETNAME"), std::string::npos);
    EXPECT_EQ(mrz.error().message.find("ERIKSSON"), std::string::npos);
  }
  EXPECT_EQ(read_mrz(kTd3.substr(0, 44), {.today = kToday}).error().message,
            "not a machine readable zone: 1 line of 44 characters, expected 3 of 30, 2 of 36 or 2 of 44");
}

}  // namespace
}  // namespace crossline::documents
