#include "crossline/procedure/notice_terms.hpp"

#include "tests/support/procedure_fixtures.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::edition_from;
using testing::toml_with;
using Objection = Notice::Objection;
using Ruling = Notice::Ruling;

constexpr std::int64_t kHour_ms = 3'600'000;
constexpr UtcMillis kGiven{1'780'000'000'000};  // 2026-05-28

std::string article(std::string_view id, std::string_view operand, std::string_view applies_to = "") {
  return fmt::format(
      "[[article]]\nid = \"{}\"\ntext = \"Announced.\"\n{}require = {{ notified = {{ {} }} }}\n"
      "otherwise = \"refuse\"\nif_unknown = \"refer\"\n",
      id, applies_to, operand);
}

Notice given(std::optional<std::int64_t> objected_after_ms = std::nullopt, Ruling ruling = Ruling::kPending) {
  return {.notified_at = kGiven,
          .objection = objected_after_ms ? Objection::kRaised : Objection::kNone,
          .objected_at = kGiven.plus(objected_after_ms.value_or(0)),
          .ruling = ruling,
          .ruled_at = kGiven.plus(kHour_ms)};
}

TEST(NoticeTerms, AreEachDifferentOneWithItsArticles) {
  const char* entry = "applies_to = { direction = \"entry\" }\n";
  const char* exit = "applies_to = { direction = \"exit\" }\n";
  const Edition edition =
      edition_from(toml_with(article("2", "hours_before = 48, objection_within = 24", entry) +
                             article("3", "hours_before = 72, decided = true") +
                             article("4", "hours_before = 48, objection_within = 24", exit)));
  const auto terms = notice_terms(edition);
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].articles, (std::vector<std::string>{"2", "4"}));
  EXPECT_EQ(terms[0].hours_before, 48);
  EXPECT_EQ(terms[0].objection_within, 24);
  EXPECT_FALSE(terms[0].decided);
  EXPECT_EQ(terms[1].articles, std::vector<std::string>{"3"});
  EXPECT_EQ(terms[1].objection_within, std::nullopt);
  EXPECT_TRUE(terms[1].decided);
}

TEST(NoticeTerms, AreNoneWhereNothingAsksForANotice) {
  EXPECT_TRUE(notice_terms(edition_from(toml_with(""))).empty());
}

TEST(NoticeOutlook, SaysUntilWhenAnObjectionCounts) {
  const NoticeTerms terms{.articles = {"2"}, .hours_before = 48, .objection_within = 24};
  const UtcMillis last = kGiven.plus(24 * kHour_ms);
  const NoticeOutlook open = outlook(terms, given(), last);
  EXPECT_EQ(open.stage, NoticeStage::kGiven);
  EXPECT_TRUE(open.may_object);
  EXPECT_EQ(open.object_by, last);
  EXPECT_EQ(open.counts_from, kGiven.plus(48 * kHour_ms));
  const NoticeOutlook over = outlook(terms, given(), last.plus(1));
  EXPECT_EQ(over.stage, NoticeStage::kLapsed);
  EXPECT_FALSE(over.may_object);
  EXPECT_FALSE(over.needs_ruling);
  EXPECT_EQ(outlook(terms, given(24 * kHour_ms + 1), last.plus(9)).stage, NoticeStage::kLapsed)
      << "an objection that came too late";
}

TEST(NoticeOutlook, SaysWhenARulingIsNeeded) {
  const NoticeTerms terms{.articles = {"2"}, .hours_before = 48, .objection_within = 24};
  const UtcMillis now = kGiven.plus(3 * kHour_ms);
  const NoticeOutlook objected = outlook(terms, given(kHour_ms), now);
  EXPECT_EQ(objected.stage, NoticeStage::kObjected);
  EXPECT_TRUE(objected.needs_ruling);
  EXPECT_EQ(objected.hours_end, kGiven.plus(48 * kHour_ms));
  EXPECT_EQ(objected.counts_from, std::nullopt);
  EXPECT_EQ(outlook(terms, given(kHour_ms, Ruling::kRejected), now).counts_from, std::nullopt);
  const NoticeOutlook approved = outlook(terms, given(kHour_ms, Ruling::kApproved), now);
  EXPECT_EQ(approved.stage, NoticeStage::kDecided);
  EXPECT_EQ(approved.counts_from, kGiven.plus(48 * kHour_ms));

  const NoticeTerms always{.articles = {"3"}, .hours_before = 72, .objection_within = {}, .decided = true};
  const NoticeOutlook waiting = outlook(always, given(), now);
  EXPECT_EQ(waiting.stage, NoticeStage::kGiven);
  EXPECT_TRUE(waiting.may_object);
  EXPECT_EQ(waiting.object_by, std::nullopt) << "at any time";
  EXPECT_TRUE(waiting.needs_ruling);
}

// Whatever happened to the notice: it counts, is refused or is unknown exactly when the evaluator says so.
TEST(NoticeOutlook, AgreesWithTheDecision) {
  for (const std::string operand :
       {"hours_before = 48", "hours_before = 48, objection_within = 24",
        "hours_before = 12, objection_within = 24", "hours_before = 0, decided = true",
        "hours_before = 72, objection_within = 24, decided = true"}) {
    const Edition edition = edition_from(toml_with(article("2", operand)));
    const NoticeTerms terms = notice_terms(edition).at(0);
    for (const std::optional<std::int64_t> objected :
         {std::optional<std::int64_t>(), {0}, {24}, {25}, {80}}) {
      for (const Ruling ruling : {Ruling::kPending, Ruling::kApproved, Ruling::kRejected}) {
        for (const std::int64_t after_h : {0, 11, 12, 24, 47, 48, 72, 90}) {
          if (objected && *objected > after_h) continue;
          const UtcMillis now = kGiven.plus(after_h * kHour_ms);
          const Notice notice = given(objected ? std::optional(*objected * kHour_ms) : std::nullopt, ruling);
          Facts facts;
          facts.direction = {Direction::kExit, Source::kAgent};
          facts.returning = {false, Source::kAgent};
          facts.notice = {notice, Source::kServer};
          const NoticeOutlook stands = outlook(terms, notice, now);
          const Verdict told = now < stands.hours_end                             ? Verdict::kRefuse
                               : stands.needs_ruling                              ? Verdict::kRefer
                               : stands.counts_from && *stands.counts_from <= now ? Verdict::kAllow
                                                                                  : Verdict::kRefuse;
          EXPECT_EQ(edition.decide(facts, now).verdict, told)
              << operand << ", objected after " << objected.value_or(-1) << " h, ruling "
              << static_cast<int>(ruling) << ", asked after " << after_h << " h";
        }
      }
    }
  }
}

}  // namespace
}  // namespace crossline::procedure
