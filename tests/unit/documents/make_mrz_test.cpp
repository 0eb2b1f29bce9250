#include "crossline/documents/make_mrz.hpp"

#include "crossline/documents/check_digit.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace crossline::documents {
namespace {

rc::Gen<std::string> text_of(const std::string& alphabet, std::size_t least, std::size_t most) {
  return rc::gen::mapcat(rc::gen::inRange(least, most + 1), [alphabet](std::size_t size) {
    return rc::gen::container<std::string>(size, rc::gen::elementOf(alphabet));
  });
}

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

std::string some_date() {
  return two_digits(*rc::gen::inRange(0, 100)) + two_digits(*rc::gen::inRange(1, 13)) +
         two_digits(*rc::gen::inRange(1, 29));
}

MrzFields some_fields() {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string both = letters + "0123456789";
  MrzFields fields;
  fields.format = *rc::gen::element(MrzFormat::kTd1, MrzFormat::kTd2, MrzFormat::kTd3, MrzFormat::kMrvA,
                                    MrzFormat::kMrvB, MrzFormat::kFrenchId);
  const bool french = fields.format == MrzFormat::kFrenchId;
  const bool visa = fields.format == MrzFormat::kMrvA || fields.format == MrzFormat::kMrvB;
  fields.document_code = french ? "ID" : visa ? "V" : fields.format == MrzFormat::kTd3 ? "P" : "I";
  fields.issuer = french ? "FRA" : *rc::gen::element<std::string>("UTO", "D", "XXA", "FRA", "RKS");
  fields.nationality = french ? "" : *rc::gen::element<std::string>("UTO", "D", "XXB", "GEO");
  const std::size_t longest = fields.format == MrzFormat::kTd1   ? 22
                              : fields.format == MrzFormat::kTd2 ? 14
                                                                 : 9;
  fields.number = *text_of(both, 1, french ? 12 : longest);
  if (fields.number.size() > 9 && !french) {
    fields.number_spelling = *rc::gen::element(NumberSpelling::kLong, NumberSpelling::kLongFillerCounted);
  }
  fields.primary_names = *text_of(letters, 1, 10);
  fields.secondary_names = *text_of(letters, 1, 9);
  fields.sex = *rc::gen::element(Sex::kFemale, Sex::kMale, Sex::kUnspecified);
  fields.birth_yymmdd = some_date();
  if (!french) fields.expiry_yymmdd = some_date();
  if (fields.number.size() <= 9) fields.optional = *text_of(both, 0, 6);
  if (fields.format == MrzFormat::kTd1) fields.optional2 = *text_of(both, 0, 11);
  return fields;
}

bool repeats_a_letter(const std::string& name) {
  for (std::size_t i = 0; i + 3 < name.size(); ++i) {
    if (name.find_first_not_of(name[i], i) >= i + 4) return true;
  }
  return false;
}

TEST(MakeMrz, IsReadBackFieldByField) {
  EXPECT_TRUE(rc::check("make, then read", [] {
    const MrzFields fields = some_fields();
    RC_PRE(!repeats_a_letter(fields.primary_names) && !repeats_a_letter(fields.secondary_names));
    const auto zone = make_mrz(fields);
    RC_ASSERT(zone.has_value());
    const auto mrz = read_mrz(*zone, {.today = kToday});
    RC_ASSERT(mrz.has_value());
    RC_ASSERT(mrz->valid());
    RC_ASSERT(mrz->format == fields.format);
    RC_ASSERT(mrz->document_code == fields.document_code);
    RC_ASSERT(mrz->issuer == fields.issuer);
    RC_ASSERT(mrz->number == fields.number);
    RC_ASSERT(mrz->primary_names == fields.primary_names);
    RC_ASSERT(mrz->secondary_names == fields.secondary_names);
    RC_ASSERT(mrz->sex == fields.sex);
    RC_ASSERT(mrz->birth.raw == fields.birth_yymmdd);
    RC_ASSERT(mrz->expiry.raw == fields.expiry_yymmdd);
    RC_ASSERT(mrz->optional == fields.optional);
    RC_ASSERT(mrz->optional2 == fields.optional2);
  }));
}

TEST(MakeMrz, WritesTheSpecimensOfTheStandard) {
  MrzFields fields{.document_code = "P",
                   .issuer = "UTO",
                   .number = "L898902C3",
                   .primary_names = "ERIKSSON",
                   .secondary_names = "ANNA MARIA",
                   .nationality = "UTO",
                   .sex = Sex::kFemale,
                   .birth_yymmdd = "740812",
                   .expiry_yymmdd = "120415",
                   .optional = "ZE184226B"};
  EXPECT_EQ(make_mrz(fields).value_or(""), kTd3);
  fields.format = MrzFormat::kTd1;
  fields.document_code = "I";
  fields.number = "D23145890";
  fields.optional = "7ABC";
  EXPECT_FALSE(make_mrz(fields)->empty());
  fields.optional = "";
  fields.format = MrzFormat::kTd2;
  EXPECT_EQ(make_mrz(fields).value_or(""), kTd2);
  fields = {.format = MrzFormat::kTd1,
            .document_code = "I",
            .issuer = "UTO",
            .number = "D23145890734",
            .primary_names = "STEVENSON",
            .secondary_names = "PETER JOHN",
            .nationality = "UTO",
            .sex = Sex::kMale,
            .birth_yymmdd = "340712",
            .expiry_yymmdd = "950712"};
  EXPECT_EQ(make_mrz(fields).value_or(""), kLongNumber);
}

TEST(MakeMrz, RefusesWhatDoesNotFitOrIsNotOfTheZone) {
  const MrzFields good{.issuer = "UTO",
                       .number = "L898902C3",
                       .primary_names = "ERIKSSON",
                       .nationality = "UTO",
                       .birth_yymmdd = "740812"};
  ASSERT_TRUE(make_mrz(good).has_value());
  const auto refused = [&](auto change) {
    MrzFields fields = good;
    change(fields);
    const auto zone = make_mrz(fields);
    return !zone && zone.error().code == ErrorCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.number = "L898902C34"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.number = "l898902c3"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.issuer = "UTOP"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.primary_names = "O'CONNOR"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.birth_yymmdd = "1974812"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) { fields.optional2 = "X"; }));
  EXPECT_TRUE(refused([](MrzFields& fields) {
    fields.format = MrzFormat::kTd1;
    fields.number = "ABCDEFGHIJKLMNOPQRSTUVW";
  }));
}

}  // namespace
}  // namespace crossline::documents
