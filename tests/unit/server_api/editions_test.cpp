// The pages and the act about editions: what was adopted, what each post enforces, what is refused.
#include "tests/support/server/office_desk.hpp"
#include "tests/support/signing_parties.hpp"

#include <gtest/gtest.h>

namespace crossline::api {
namespace {

using accounts::Role;
using nlohmann::json;
using testing::OfficeDesk;

// A server with the parties' keys; the negotiators of side A are at the desk.
class EditionsTest : public ::testing::Test {
 protected:
  EditionsTest() {
    desk_.caller = testing::person(Role::kNegotiator);
    EXPECT_EQ(OfficeDesk::problem_of(submit(testing::signed_edition(1))), "");
  }
  Answer<json> submit(const std::string& envelope) {
    return desk_.answer("POST /procedure/editions", {}, envelope);
  }
  json editions() { return OfficeDesk::body_of(desk_.get("/procedure/editions")).at("editions"); }
  json post() { return OfficeDesk::body_of(desk_.get("/procedure/posts")).at("posts").at(0); }
  static crypto::Hash hash_of(int number) {
    return crypto::sha256(as_bytes(testing::chained_edition(number)));
  }

  OfficeDesk desk_{testing::party_keys()};
};

TEST_F(EditionsTest, ASubmittedEditionIsInShadowUntilItBegins) {
  const json receipt = OfficeDesk::body_of(submit(testing::signed_edition(2)));
  EXPECT_EQ(receipt.at("edition").at("number"), 2);
  EXPECT_EQ(receipt.at("edition").at("state"), "shadow");
  EXPECT_EQ(receipt.at("ledger_index"), 1);
  EXPECT_EQ(OfficeDesk::problem_of(submit(testing::signed_edition(3))), "");
  json rows = editions();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("state"), "in_force");
  EXPECT_EQ(rows[2].at("state"), "waiting");
  EXPECT_EQ(rows[2].at("hash"), hash_of(3).hex());
  desk_.line.core.clock.set_wall(testing::kSampleUntil);
  rows = editions();
  EXPECT_EQ(rows[0].at("state"), "superseded");
  EXPECT_EQ(rows[1].at("state"), "in_force");
  EXPECT_EQ(rows[2].at("state"), "shadow");
}

TEST_F(EditionsTest, TheLastEditionEndsWhenNoneFollows) {
  desk_.line.core.clock.set_wall(testing::kSampleUntil);
  EXPECT_EQ(editions()[0].at("state"), "ended");
  EXPECT_EQ(editions()[0].at("in_force"), false);
}

TEST_F(EditionsTest, ARefusalNamesItsReasonAndChangesNothing) {
  const std::string few =
      testing::signed_envelope(testing::chained_edition(2), {{"A", 3}, {"B", 1}, {"G", 1}});
  EXPECT_EQ(OfficeDesk::problem_of(submit(few)), "422 too_few_signatures");
  EXPECT_EQ(OfficeDesk::problem_of(submit(testing::signed_edition(1))), "422 already_adopted");
  EXPECT_EQ(OfficeDesk::problem_of(submit(testing::signed_edition(3))), "422 skipped_edition");
  EXPECT_EQ(OfficeDesk::problem_of(submit("{}")), "422 malformed_envelope");
  EXPECT_EQ(editions().size(), 1u);
}

TEST_F(EditionsTest, OnlySomeRolesHandThemIn) {
  for (const Role role : accounts::kRoles) {
    desk_.caller = testing::person(role);
    const bool allowed = role == Role::kNegotiator || role == Role::kAdministrator;
    EXPECT_EQ(OfficeDesk::problem_of(submit("{}")), allowed ? "422 malformed_envelope" : "403 forbidden")
        << accounts::name_of(role);
  }
}

TEST_F(EditionsTest, EachPostShowsWhatItEnforces) {
  EXPECT_TRUE(post().at("enforced").is_null()) << "it has not said anything yet";
  EXPECT_TRUE(post().at("agrees").is_null());
  PostNow& at = desk_.line.posts.front();
  at.enforced = hash_of(1);
  at.editions = wire::EditionReport{hash_of(1), hash_of(2), std::nullopt};
  at.editions_reported = UtcMillis{1'790'841'600'000};
  EXPECT_EQ(post().at("enforced").at("number"), 1);
  EXPECT_TRUE(post().at("newest").at("number").is_null()) << "not adopted here";
  EXPECT_EQ(post().at("newest").at("hash"), hash_of(2).hex());
  EXPECT_EQ(post().at("agrees"), true);
  EXPECT_EQ(post().at("reported_at"), "2026-10-01T08:00:00.000Z");
  EXPECT_EQ(OfficeDesk::problem_of(submit(testing::signed_edition(2))), "");
  desk_.line.core.clock.set_wall(testing::kSampleUntil);
  EXPECT_EQ(post().at("agrees"), false) << "the edition changed and the post has not said so";
}

// A line whose next edition refers whoever leaves, without signatures.
class ShadowTest : public ::testing::Test {
 protected:
  ShadowTest() {
    desk_.line.core.clock.set_wall(testing::kSecondFrom.plus(-60'000));
    desk_.line.core.adopt(testing::second_edition());
    for (std::uint32_t number = 0; number < 12; ++number)
      desk_.line.record(desk_.line.at_a,
                        testing::passing(testing::traveller(number), movement::Direction::kExit));
  }
  json shadow_for(Role role) {
    desk_.caller = testing::person(role);
    return OfficeDesk::body_of(desk_.get("/procedure/shadow"));
  }

  OfficeDesk desk_;
};

TEST_F(ShadowTest, ListsTheDifferencesByArticle) {
  const json shadow = shadow_for(Role::kSupervisor);
  EXPECT_EQ(shadow.at("edition").at("number"), 2);
  EXPECT_EQ(shadow.at("movements"), 12);
  EXPECT_EQ(shadow.at("total").at("newly_referred"), 12);
  ASSERT_EQ(shadow.at("articles").size(), 1u);
  EXPECT_EQ(shadow.at("articles")[0].at("id"), "9(1)");
  EXPECT_EQ(shadow.at("cases").size(), 12u);
  EXPECT_EQ(shadow.at("cases")[0].at("next").at("verdict"), "refer");
}

TEST_F(ShadowTest, TheDifferenceBringsTheWordsOfTheArticlesThatItNames) {
  const json difference =
      OfficeDesk::body_of(desk_.get("/procedure/differences", {{"from", "1"}, {"to", "2"}}));
  EXPECT_EQ(difference.at("added"), json::array({"9(1)"}));
  ASSERT_EQ(difference.at("changes").size(), 1u);
  const json& decisions = difference.at("changes")[0].at("decisions");
  EXPECT_EQ(decisions[0].at("because"), json::array({"3(1)"}));
  EXPECT_EQ(decisions[1].at("because"), json::array({"9(1)"}));
  const auto ids = [&](const char* side) {
    json found = json::array();
    for (const json& article : difference.at(side).at("articles")) found.push_back(article.at("id"));
    return found;
  };
  EXPECT_EQ(ids("before"), json::array({"3(1)"})) << "9(1) is not in the edition before";
  EXPECT_EQ(ids("after"), json::array({"3(1)", "9(1)"}));
  EXPECT_EQ(difference.at("after").at("articles")[1].at("text").begin().value(),
            "Whoever leaves is referred.");
}

TEST_F(ShadowTest, ShowsNobodyToWhoMayNotSeeIndividuals) {
  const json shadow = shadow_for(Role::kNegotiator);
  EXPECT_TRUE(shadow.at("cases").is_null());
  EXPECT_EQ(shadow.at("total").at("newly_referred"), 12) << "more than ten";
  desk_.caller = testing::person(Role::kStaff);
  EXPECT_EQ(OfficeDesk::problem_of(desk_.get("/procedure/shadow")), "403 forbidden");
}

TEST_F(ShadowTest, IsEmptyWhenNothingIsToCome) {
  desk_.line.core.clock.set_wall(testing::kSecondFrom);
  const json shadow = shadow_for(Role::kAuditor);
  EXPECT_TRUE(shadow.at("edition").is_null());
  EXPECT_TRUE(shadow.at("since").is_null());
  EXPECT_EQ(shadow.at("movements"), 0);
}

TEST_F(EditionsTest, APostThatRefusedAnEditionSaysWhy) {
  PostNow& at = desk_.line.posts.front();
  at.enforced = hash_of(1);
  at.editions =
      wire::EditionReport{hash_of(1), hash_of(1), wire::RefusedEdition{hash_of(2), "too_few_signatures"}};
  EXPECT_EQ(post().at("refused").at("reason"), "too_few_signatures");
  EXPECT_EQ(post().at("refused").at("hash"), hash_of(2).hex());
}

}  // namespace
}  // namespace crossline::api
