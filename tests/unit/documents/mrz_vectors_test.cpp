// Every row of mrz.tsv: zones from the tests of public readers and from Doc 9303, each with its fields and
// whether all check digits hold.
#include "crossline/base/text.hpp"
#include "crossline/documents/mrz.hpp"
#include "tests/support/vectors.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

using namespace std::chrono_literals;

constexpr CivilDate kVectorsToday = 2026y / 11 / 24;

struct Row {
  std::string format;
  std::string zone;  // lines separated by '\n'
  bool valid = false;
  std::string why;
  std::string number;
  std::string birth;
  std::string expiry;
  std::string nationality;
  std::string issuer;
  std::string primary_names;
  std::string secondary_names;
  std::string sex;
};

std::vector<Row> rows_of(const std::string& table) {
  std::vector<Row> rows;
  for (const std::string_view line : split(table, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() < 13 || cells[0] == "source") continue;
    const auto cell = [&](std::size_t i) { return std::string(cells[i]); };
    Row row{cell(1), cell(2), cell(3) == "yes", cell(4),  cell(5),  cell(6),
            cell(7), cell(8), cell(9),          cell(10), cell(11), cell(12)};
    std::ranges::replace(row.zone, '|', '\n');
    rows.push_back(std::move(row));
  }
  return rows;
}

class MrzVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    CROSSLINE_REQUIRE_VECTOR("documents/mrz.tsv");
    rows_ = rows_of(test::read_file(test::vector_path("documents/mrz.tsv")));
    ASSERT_GE(rows_.size(), 90u);
  }

  std::vector<Row> rows_;
};

// Formats that are none of ours: another width, another number of lines, the one-line driving licence.
bool is_foreign(const Row& row) {
  return row.format == "?" || row.format == "DL30";
}

// The table calls this row valid because no check digit covers the issuer; it is printed UT0, with a zero
// where only letters may stand, and we say so.
bool has_digit_in_issuer(const Row& row) {
  return row.issuer == "UT0" && row.valid;
}

MrzFormat format_named(const std::string& name) {
  static const std::map<std::string, MrzFormat> kNames{
      {"TD1", MrzFormat::kTd1},    {"TD2", MrzFormat::kTd2},    {"TD3", MrzFormat::kTd3},
      {"MRV-A", MrzFormat::kMrvA}, {"MRV-B", MrzFormat::kMrvB}, {"FRA-ID", MrzFormat::kFrenchId}};
  return kNames.at(name);
}

std::string sex_letter(Sex sex) {
  return sex == Sex::kFemale ? "F" : sex == Sex::kMale ? "M" : "";
}

TEST_F(MrzVectors, EveryFieldIsReadAsTheTableSays) {
  for (const Row& row : rows_) {
    if (is_foreign(row)) continue;
    SCOPED_TRACE(row.zone + "\n" + row.why);
    const auto mrz = read_mrz(row.zone, {.today = kVectorsToday, .repair = false});
    ASSERT_TRUE(mrz.has_value()) << mrz.error().to_string();
    EXPECT_EQ(name_of(mrz->format), name_of(format_named(row.format)));
    EXPECT_EQ(mrz->number, row.number);
    EXPECT_EQ(mrz->birth.raw, row.birth);
    EXPECT_EQ(mrz->expiry.raw, row.expiry);
    EXPECT_EQ(mrz->nationality, row.nationality);
    EXPECT_EQ(mrz->issuer, row.issuer);
    EXPECT_EQ(mrz->primary_names, row.primary_names);
    EXPECT_EQ(mrz->secondary_names, row.secondary_names);
    EXPECT_EQ(sex_letter(mrz->sex), row.sex);
    EXPECT_EQ(mrz->valid(), row.valid && !has_digit_in_issuer(row));
  }
}

TEST_F(MrzVectors, RepairNeverMakesAnInvalidZoneValid) {
  for (const Row& row : rows_) {
    if (is_foreign(row)) continue;
    SCOPED_TRACE(row.zone);
    const auto mrz = read_mrz(row.zone, {.today = kVectorsToday});
    ASSERT_TRUE(mrz.has_value());
    EXPECT_EQ(mrz->valid(), row.valid && !has_digit_in_issuer(row));
  }
}

TEST_F(MrzVectors, ZonesOfOtherFormatsAreRefusedWithTheirLengths) {
  for (const Row& row : rows_) {
    if (!is_foreign(row)) continue;
    const auto mrz = read_mrz(row.zone, {.today = kVectorsToday});
    ASSERT_FALSE(mrz.has_value()) << row.zone;
    EXPECT_EQ(mrz.error().code, ErrorCode::kMalformed);
    EXPECT_NE(mrz.error().message.find("characters"), std::string::npos);
  }
}

// What an optical reader made of three specimens, and the specimen each must come back to.
TEST_F(MrzVectors, OpticalConfusionsComeBackToTheirSpecimen) {
  std::size_t found = 0;
  for (const Row& row : rows_) {
    if (row.why.find("OCR confusions") == std::string::npos) continue;
    SCOPED_TRACE(row.zone);
    ++found;
    const auto mrz = read_mrz(row.zone, {.today = kVectorsToday});
    ASSERT_TRUE(mrz.has_value());
    EXPECT_FALSE(mrz->valid());
    EXPECT_TRUE(mrz->repaired());
    EXPECT_FALSE(mrz->repairs.empty());
    std::string restored;
    for (const std::string& line : mrz->lines) restored += (restored.empty() ? "" : "\n") + line;
    std::set<std::string> valid_zones;
    for (const Row& other : rows_) {
      if (other.valid) valid_zones.insert(other.zone);
    }
    EXPECT_TRUE(valid_zones.contains(restored)) << restored;
  }
  EXPECT_EQ(found, 3u);
}

}  // namespace
}  // namespace crossline::documents
