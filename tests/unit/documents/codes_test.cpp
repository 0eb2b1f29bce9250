#include "crossline/documents/codes.hpp"

#include "crossline/documents/kinds.hpp"

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

TEST(CodeStatus, KnowsTheCodesOfStates) {
  for (const char* code : {"ABW", "FRA", "UKR", "ZWE", "SSD", "CUW"}) {
    EXPECT_EQ(code_status(code), CodeStatus::kAssigned) << code;
  }
}

TEST(CodeStatus, KnowsTheCodesOnlyDocumentsUse) {
  for (const char* code : {"D",   "GBD", "GBN", "GBO", "GBP", "GBS", "RKS", "EUE", "UNO", "UNA",
                           "UNK", "XBA", "XIM", "XCC", "XCO", "XEC", "XPO", "XES", "XMP", "XOM",
                           "XDC", "XXA", "XXB", "XXC", "XXX", "ANT", "NTZ", "UTO", "IAO", "XCE"}) {
    EXPECT_EQ(code_status(code), CodeStatus::kIcaoSpecial) << code;
  }
}

TEST(CodeStatus, TellsPrivateRangesFromUnknownCodes) {
  for (const char* code : {"AAA", "AAZ", "QMA", "QZZ", "XAA", "XZZ", "ZZA", "ZZZ"}) {
    EXPECT_EQ(code_status(code), CodeStatus::kUserAssigned) << code;
  }
  for (const char* code : {"DEU", "COU", "ASU", "BOS", "QLZ", "ZYZ", "UT0", "F", "FR", "FRAN", "", "fra"}) {
    EXPECT_EQ(code_status(code), CodeStatus::kUnknown) << code;
  }
}

TEST(Names, OfKindsAndSexesReadBack) {
  for (int i = 0; i <= static_cast<int>(DocumentKind::kOther); ++i) {
    const auto kind = static_cast<DocumentKind>(i);
    EXPECT_EQ(document_kind_from(name_of(kind)), kind);
  }
  EXPECT_EQ(sex_from("female"), Sex::kFemale);
  EXPECT_EQ(sex_from("F"), std::nullopt);
  EXPECT_EQ(document_kind_from("Passport"), std::nullopt);
}

}  // namespace
}  // namespace crossline::documents
