// Look-ups and timelines: who may see whom, and what the ledger says about it.
#include "crossline/documents/mrz.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/wire/slip.hpp"
#include "tests/support/server/office_desk.hpp"

#include <gtest/gtest.h>

namespace crossline::api {
namespace {

using nlohmann::json;
using testing::OfficeDesk;

constexpr std::string_view kPassportZone =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

class PersonsTest : public ::testing::Test {
 protected:
  PersonsTest() {
    identity_.document_kind = "passport";
    identity_.document_issuer = "UTO";
    identity_.document_number = "L898902C3";
    identity_.primary_name = "ERIKSSON";
    identity_.secondary_name = "ANNA MARIA";
    identity_.birth_date = "740812";
    identity_.expiry_date = "120415";
    identity_.nationality = "UTO";
  }

  // She leaves side A at the bridge; her identity travels with the record.
  void she_leaves() {
    desk_.line.at_a.record_with_identity(testing::passing(she_, movement::Direction::kExit), identity_,
                                         desk_.line.core.clock.now());
    desk_.line.core.submit_new(desk_.line.at_a);
  }
  json look_up_request() const {
    return {{"document", {{"issuer", "UTO"}, {"number", "L898902C3"}, {"kind", "passport"}}},
            {"purpose", "stranded_person"},
            {"case_number", "2026-17"}};
  }
  json timeline(const json& request) { return OfficeDesk::body_of(desk_.post("/timelines", request)); }
  std::uint64_t look_her_up() {
    return OfficeDesk::body_of(desk_.post("/lookups", look_up_request())).at("ledger_index");
  }
  std::uint64_t ledger_size() { return desk_.line.core.views->as_of().position.value(); }

  OfficeDesk desk_;
  wire::Identity identity_;
  SubjectId she_ =
      desk_.line.subject_of(documents::document_key("UTO", documents::DocumentKind::kPassport, "L898902C3"));
};

TEST_F(PersonsTest, LookUpFindsAPersonByDocument) {
  she_leaves();
  const json found = OfficeDesk::body_of(desk_.post("/lookups", look_up_request()));
  EXPECT_EQ(found.at("found"), true);
  EXPECT_EQ(found.at("subject"), she_.hex());
  EXPECT_EQ(found.at("identity").at("primary_name"), "ERIKSSON");
  EXPECT_EQ(found.at("current").at("status"), "between");
  EXPECT_EQ(found.at("current").at("came_from"), "A");
}

TEST_F(PersonsTest, LookUpFindsAPersonByScanAndBySubject) {
  she_leaves();
  json request = look_up_request();
  request.erase("document");
  request["scan"] = kPassportZone;
  EXPECT_EQ(OfficeDesk::body_of(desk_.post("/lookups", request)).at("subject"), she_.hex());
  request.erase("scan");
  request["subject"] = she_.hex();
  EXPECT_EQ(OfficeDesk::body_of(desk_.post("/lookups", request)).at("subject"), she_.hex());
}

TEST_F(PersonsTest, LookUpFindsAPersonByTheReferenceOfASlip) {
  she_leaves();
  const auto record = desk_.line.record_of("bridge-a", JournalIndex(0)).value();
  json request = look_up_request();
  request.erase("document");
  request["reference"] =
      wire::slip_reference("bridge-a", JournalIndex(0), merkle::leaf_hash(as_bytes(record.entry.event)));
  EXPECT_EQ(OfficeDesk::body_of(desk_.post("/lookups", request)).at("subject"), she_.hex());
}

TEST_F(PersonsTest, LookUpByAReferenceThatDoesNotFitRecordsNothing) {
  she_leaves();
  const auto record = desk_.line.record_of("bridge-a", JournalIndex(0)).value();
  merkle::Hash leaf = merkle::leaf_hash(as_bytes(record.entry.event));
  leaf.bytes[0] ^= 1;
  json request = look_up_request();
  request.erase("document");
  const std::uint64_t before = ledger_size();
  for (const auto& [reference, problem] : std::initializer_list<std::pair<std::string, std::string>>{
           {wire::slip_reference("bridge-a", JournalIndex(0), leaf), "422 wrong_reference"},
           {"bridge-a/9/0000", "404 unknown_reference"},
           {"nobody/0/0000", "404 unknown_reference"},
           {"bridge-a/0", "400 invalid_argument"}}) {
    request["reference"] = reference;
    EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/lookups", request)), problem) << reference;
  }
  EXPECT_EQ(ledger_size(), before);
}

TEST_F(PersonsTest, LookUpStandsInTheLedgerFoundOrNot) {
  const json missed = OfficeDesk::body_of(desk_.post("/lookups", look_up_request()));
  EXPECT_EQ(missed.at("found"), false);
  EXPECT_TRUE(missed.at("subject").is_null());
  EXPECT_TRUE(missed.at("identity").is_null());
  const auto record = desk_.line.record(LedgerIndex(missed.at("ledger_index")));
  ASSERT_TRUE(record);
  const auto& lookup = std::get<movement::Lookup>(record->event.body);
  EXPECT_EQ(record->event.officer, "a.supervisor");
  EXPECT_EQ(lookup.subject, she_);
  EXPECT_EQ(lookup.purpose, "stranded_person");
  EXPECT_EQ(lookup.case_number, "2026-17");
  EXPECT_EQ(lookup.role, "supervisor");
  EXPECT_EQ(lookup.party, "A");
  EXPECT_FALSE(lookup.found);
}

TEST_F(PersonsTest, LookUpThatCannotBeRecordedTellsNothing) {
  she_leaves();
  desk_.line.disk_fails = true;
  const auto refused = desk_.post("/lookups", look_up_request());
  EXPECT_EQ(OfficeDesk::problem_of(refused), "500 storage_failed");
  EXPECT_EQ(refused.error().detail.find("/var"), std::string::npos);
}

TEST_F(PersonsTest, LookUpRefusesAScanWithAWrongCheckDigitAndRecordsNothing) {
  json request = look_up_request();
  request.erase("document");
  std::string zone(kPassportZone);
  zone[zone.find("C36") + 2] = '7';
  request["scan"] = zone;
  const std::uint64_t before = ledger_size();
  EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/lookups", request)), "422 unreadable_document");
  request["scan"] = "not a zone";
  EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/lookups", request)), "422 unreadable_document");
  EXPECT_EQ(ledger_size(), before);
}

TEST_F(PersonsTest, LookUpWantsExactlyOneWayToFindThePerson) {
  json none = look_up_request();
  none.erase("document");
  json two = look_up_request();
  two["subject"] = she_.hex();
  for (const json& request : {none, two}) {
    EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/lookups", request)), "400 invalid_argument");
  }
}

TEST_F(PersonsTest, LookUpNamesTheFieldThatIsWrong) {
  const auto field_of = [&](const char* pointer, json value) {
    json request = look_up_request();
    request[json::json_pointer(pointer)] = std::move(value);
    const auto refused = desk_.post("/lookups", request);
    return refused ? "" : refused.error().field;
  };
  EXPECT_EQ(field_of("/purpose", "curiosity"), "purpose");
  EXPECT_EQ(field_of("/case_number", ""), "case_number");
  EXPECT_EQ(field_of("/case_number", std::string(65, 'x')), "case_number");
  EXPECT_EQ(field_of("/document/kind", "library_card"), "document.kind");
  EXPECT_EQ(field_of("/document/issuer", "UTOPIA"), "document.issuer");
  EXPECT_EQ(field_of("/document/number", 7), "document.number");
  EXPECT_EQ(field_of("/document/colour", "red"), "document");
  EXPECT_EQ(field_of("/note", "hello"), "body");
}

TEST_F(PersonsTest, TimelineTellsEveryRecordNewestFirst) {
  she_leaves();
  desk_.line.core.clock.advance(60'000);
  const std::uint64_t lookup = look_her_up();
  desk_.line.record(desk_.line.at_b, testing::passing(she_, movement::Direction::kEntry));
  const json page = timeline({{"subject", she_.hex()}, {"lookup_index", lookup}});
  ASSERT_EQ(page.at("records").size(), 3u);
  EXPECT_EQ(page.at("records")[0].at("kind"), "movement");
  EXPECT_EQ(page.at("records")[0].at("movement").at("side"), "B");
  EXPECT_EQ(page.at("records")[0].at("status_after"), "side_b");
  EXPECT_EQ(page.at("records")[1].at("kind"), "lookup");
  EXPECT_EQ(page.at("records")[1].at("lookup").at("case_number"), "2026-17");
  EXPECT_EQ(page.at("records")[2].at("movement").at("direction"), "exit");
  EXPECT_EQ(page.at("records")[2].at("movement").at("post_judgement").at("articles")[0].at("id"), "3(1)");
  EXPECT_TRUE(page.at("next_cursor").is_null());
}

TEST_F(PersonsTest, TimelineNamesTheWordsThatWereInEffect) {
  const auto give_word = [this](accounts::Role role, accounts::Party party, const char* reason) {
    desk_.caller = testing::person(role, party);
    const json word = {{"subject", she_.hex()}, {"article", "4(3)"}, {"reason", reason}};
    EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/overrides", word)), "");
  };
  movement::Movement child = testing::passing(she_, movement::Direction::kExit);
  child.age_years = 12;
  give_word(accounts::Role::kSupervisor, accounts::Party::kA, "the aunt is known");
  desk_.line.record(desk_.line.at_a, child);  // one word of two
  give_word(accounts::Role::kShiftLead, accounts::Party::kB, "seen with her before");
  child.direction = movement::Direction::kEntry;
  desk_.line.record(desk_.line.at_b, child);
  desk_.line.core.clock.advance(61 * 60'000);
  child.direction = movement::Direction::kExit;
  desk_.line.record(desk_.line.at_b, child);  // they have ended
  desk_.caller = testing::person(accounts::Role::kSupervisor);
  const std::uint64_t lookup = look_her_up();
  json request = {{"subject", she_.hex()}, {"lookup_index", lookup}};
  const json records = timeline(request).at("records");
  ASSERT_EQ(records.size(), 6u);  // the look-up, and then, newest first, what was done above
  const auto judgement = [&records](std::size_t row) {
    return records[row].at("movement").at("server_judgement");
  };
  EXPECT_FALSE(judgement(1).contains("overridden"));
  EXPECT_FALSE(judgement(4).contains("overridden"));
  const json both = judgement(2).at("overridden");
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(both[0].at("id"), "4(3)");
  ASSERT_EQ(both[0].at("words").size(), 2u);
  EXPECT_EQ(both[0].at("words")[0].at("role"), "A.supervisor");
  EXPECT_EQ(both[0].at("words")[0].at("reason"), "the aunt is known");
  EXPECT_EQ(both[0].at("words")[1].at("role"), "B.shift_lead");
  EXPECT_EQ(both[0].at("words")[1].at("ledger_index"), records[3].at("ledger_index"));

  request["limit"] = 3;  // the page ends before the words
  EXPECT_EQ(timeline(request).at("records")[2].at("movement").at("server_judgement").at("overridden"), both);
}

TEST_F(PersonsTest, TimelineHasPagesThatJoinWithoutGapOrOverlap) {
  she_leaves();
  for (int i = 0; i < 4; ++i) (void)look_her_up();
  const std::uint64_t lookup = look_her_up();
  json request = {{"subject", she_.hex()}, {"lookup_index", lookup}, {"limit", 2}};
  std::vector<std::uint64_t> seen;
  for (;;) {
    const json page = timeline(request);
    for (const json& record : page.at("records")) seen.push_back(record.at("ledger_index"));
    if (page.at("next_cursor").is_null()) break;
    request["cursor"] = page.at("next_cursor");
  }
  ASSERT_EQ(seen.size(), 6u);
  EXPECT_TRUE(std::is_sorted(seen.rbegin(), seen.rend()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
}

TEST_F(PersonsTest, TimelineShowsACorrectedMovementAsSuchOnEveryPage) {
  she_leaves();
  movement::Correction correction;
  correction.journal_index = JournalIndex(0);
  correction.subject = she_;
  correction.reason = "wrong person";
  desk_.line.at_a.record(correction, desk_.line.core.clock.now());
  desk_.line.core.submit_new(desk_.line.at_a);
  const std::uint64_t lookup = look_her_up();
  json request = {{"subject", she_.hex()}, {"lookup_index", lookup}, {"limit", 2}};
  request["cursor"] = timeline(request).at("next_cursor");
  const json second = timeline(request);
  ASSERT_EQ(second.at("records").size(), 1u);
  EXPECT_EQ(second.at("records")[0].at("movement").at("corrected"), true);
}

TEST_F(PersonsTest, TimelineNeedsTheCallersOwnRecentLookUpOfThatPerson) {
  she_leaves();
  const std::uint64_t own = look_her_up();
  const auto problem_with = [&](const json& request) {
    return OfficeDesk::problem_of(desk_.post("/timelines", request));
  };
  const json good = {{"subject", she_.hex()}, {"lookup_index", own}};
  EXPECT_EQ(problem_with(good), "");
  EXPECT_EQ(problem_with({{"subject", testing::traveller(3).hex()}, {"lookup_index", own}}),
            "403 lookup_required");
  EXPECT_EQ(problem_with({{"subject", she_.hex()}, {"lookup_index", 0}}), "403 lookup_required");
  EXPECT_EQ(problem_with({{"subject", she_.hex()}, {"lookup_index", 1'000'000}}), "403 lookup_required");
  desk_.caller = testing::person(accounts::Role::kSupervisor, accounts::Party::kB);
  EXPECT_EQ(problem_with(good), "403 lookup_required");
  desk_.caller = testing::person(accounts::Role::kSupervisor);
  desk_.line.core.clock.advance(accounts::kSessionLimitMs);
  EXPECT_EQ(problem_with(good), "403 lookup_required");
}

TEST_F(PersonsTest, TimelineRefusesBadPages) {
  she_leaves();
  const std::uint64_t lookup = look_her_up();
  const json good = {{"subject", she_.hex()}, {"lookup_index", lookup}};
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, json>>{{"limit", 0},
                                                 {"limit", 201},
                                                 {"limit", "ten"},
                                                 {"limit", -1},
                                                 {"cursor", "99999"},
                                                 {"cursor", "x"},
                                                 {"cursor", ""},
                                                 {"lookup_index", -1},
                                                 {"subject", "ABCDEF"},
                                                 {"subject", std::string(32, 'A')}}) {
    json request = good;
    request[name] = value;
    EXPECT_EQ(OfficeDesk::problem_of(desk_.post("/timelines", request)), "400 invalid_argument")
        << name << " " << value;
  }
}

}  // namespace
}  // namespace crossline::api
