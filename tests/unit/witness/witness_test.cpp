// Every answer of a witness, and what it keeps before it gives it.
#include "crossline/witness/witness.hpp"

#include <array>

#include <gtest/gtest.h>

namespace crossline::witness {
namespace {

using merkle::NoteKeyType;
using merkle::NoteVerifierKey;

constexpr UtcMillis kNow{1'790'000'000'000};
const std::string kOrigin = "river-line/ledger";

crypto::Signer signer_of(std::uint8_t seed) {
  return crypto::Signer::from_seed(Bytes(32, seed)).value();
}

NoteVerifierKey log_key() {
  return NoteVerifierKey::make(kOrigin, NoteKeyType::kEd25519, signer_of(1).public_key());
}

// A log that may tell two stories: leaves of `story` from leaf `fork` on.
class Log {
 public:
  explicit Log(std::uint64_t size, std::uint64_t fork = ~0ULL) {
    for (std::uint64_t i = 0; i < size; ++i)
      tree_.append(merkle::leaf_hash(as_bytes(fmt::format("{}{}", i >= fork ? "other " : "", i))));
  }
  [[nodiscard]] merkle::TreeHead head(std::uint64_t size) const {
    return {TreeSize(size), tree_.root_at(TreeSize(size))};
  }
  [[nodiscard]] AddRequest request(std::uint64_t old_size, std::uint64_t size) const {
    AddRequest request{TreeSize(old_size), {}, {merkle::tree_head_text(kOrigin, head(size)), {}}};
    if (old_size > 0 && old_size < size)
      request.proof = merkle::consistency_proof(tree_, TreeSize(old_size), TreeSize(size)).value();
    request.note.signatures.push_back(merkle::sign_note(request.note.text, kOrigin, signer_of(1)));
    return request;
  }

 private:
  merkle::MemoryTree tree_;
};

class WitnessTest : public ::testing::Test {
 protected:
  // Submits as bytes, keeps what is to be kept.
  Answer add(const AddRequest& request) {
    const auto parsed = AddRequest::parse(request.to_string());
    EXPECT_TRUE(parsed) << parsed.error().message;
    if (!parsed) return {};
    const auto origin = witness_.origin_of(*parsed);
    if (!origin) return origin.error();
    const auto remembered_before = remembered_;
    const Decision decision = witness_.decide(*parsed, remembered_, kNow);
    proven_ = decision.alarm && decision.alarm->proven;
    if (decision.alarm) shown_ = decision.alarm->note;
    if (decision.remember) remembered_ = decision.remember;
    alarmed_ = decision.alarm.has_value();
    const bool is_new = !remembered_before || remembered_before->head != remembered_->head;
    EXPECT_EQ(decision.answer.status == 200 && is_new, decision.remember.has_value());
    EXPECT_TRUE(alarmed_ || decision.answer.status != 422);
    return decision.answer;
  }

  const Witness witness_{"witness-a", signer_of(2), {log_key()}};
  const Log log_{20};
  std::optional<Remembered> remembered_;
  bool alarmed_ = false;
  bool proven_ = false;
  std::string shown_;  // of the last alarm
};

TEST_F(WitnessTest, CosignsTheFirstHeadAndWhatContinuesIt) {
  for (const auto& [old_size, size] : {std::pair{0, 3}, {3, 3}, {3, 4}, {4, 20}}) {
    const AddRequest request =
        log_.request(static_cast<std::uint64_t>(old_size), static_cast<std::uint64_t>(size));
    const Answer answer = add(request);
    ASSERT_EQ(answer.status, 200) << size;
    merkle::SignedNote note{request.note.text, parse_signature_lines(answer.body).value()};
    const std::array known{witness_.key()};
    const auto vouchers = merkle::verify_note(note, known);
    ASSERT_TRUE(vouchers);
    EXPECT_EQ(vouchers->vouchers.front().time_s, 1'790'000'000U);
    const std::array both{log_key(), witness_.key()};
    const auto kept = merkle::SignedNote::parse(remembered_->note).value();
    EXPECT_EQ(merkle::verify_note(kept, both)->vouchers.size(), 2U);
  }
}

TEST_F(WitnessTest, TellsItsSizeToWhoIsBehindOrAhead) {
  add(log_.request(0, 7));
  for (const std::uint64_t old_size : {0, 3, 8}) {
    const Answer answer = add(log_.request(old_size, 20));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.body, "7\n");
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
  }
  EXPECT_EQ(remembered_->head.size.value(), 7U);
}

TEST_F(WitnessTest, RaisesTheAlarmAtAnotherHistory) {
  add(log_.request(0, 7));
  EXPECT_EQ(add(Log(20, 6).request(7, 7)).status, 422) << "another root at the same size";
  EXPECT_TRUE(proven_);
  EXPECT_EQ(add(Log(20, 6).request(7, 12)).status, 422) << "a larger tree that begins otherwise";
  EXPECT_FALSE(proven_) << "somebody who cannot prove it may have a right head";
  AddRequest wrong = log_.request(7, 20);
  wrong.proof.pop_back();
  EXPECT_EQ(add(wrong).status, 422) << "a proof too short";
  wrong = log_.request(7, 20);
  wrong.proof.push_back(wrong.proof.front());
  EXPECT_EQ(add(wrong).status, 422) << "a proof too long";
  EXPECT_EQ(remembered_->head, log_.head(7));
  EXPECT_EQ(add(log_.request(7, 20)).status, 200) << "the true history goes on";
}

// Nobody gets rid of the evidence by a wrong request around it.
TEST_F(WitnessTest, KeepsAProofThatCameInARequestThatIsRefused) {
  add(log_.request(0, 7));
  const AddRequest right = Log(20, 6).request(7, 7);
  for (const auto& [old_size, status] : {std::pair{0, 409}, {3, 409}, {8, 400}}) {
    AddRequest request = right;
    request.old_size = TreeSize(static_cast<std::uint64_t>(old_size));
    EXPECT_EQ(add(request).status, status) << old_size;
    EXPECT_TRUE(alarmed_ && proven_) << old_size;
    EXPECT_EQ(shown_, right.note.to_string());
  }
  AddRequest with_proof = right;
  with_proof.proof.emplace_back();
  EXPECT_EQ(add(with_proof).status, 400);
  EXPECT_TRUE(alarmed_ && proven_);
  EXPECT_EQ(add(log_.request(0, 12)).status, 409);
  EXPECT_FALSE(alarmed_) << "a larger head with a wrong old size says nothing";
  AddRequest forged = right;
  forged.note.signatures.front().signature.back() ^= 1;
  EXPECT_EQ(add(forged).status, 403);
  EXPECT_FALSE(alarmed_) << "the log has not signed it";
  EXPECT_EQ(remembered_->head, log_.head(7));
}

TEST_F(WitnessTest, WritesNothingForAHeadThatItRemembers) {
  add(log_.request(0, 7));
  const Decision decision = witness_.decide(log_.request(7, 7), remembered_, kNow.plus(1'000));
  EXPECT_EQ(decision.answer.status, 200);
  EXPECT_FALSE(decision.remember);
}

// Somebody else's line must not come to stand in for the log's: whoever asks what is remembered would find no
// head.
TEST(WitnessOfTwoLogs, KeepsTheLineOfTheLogThatTheHeadIsOf) {
  const auto other =
      NoteVerifierKey::make("lake-line/ledger", NoteKeyType::kEd25519, signer_of(3).public_key());
  const Witness witness("witness-a", signer_of(2), {other, log_key()});
  AddRequest request = Log(20).request(0, 7);
  request.note.signatures.insert(request.note.signatures.begin(), {other.name, other.key_id, Bytes(64)});
  const Decision decision = witness.decide(request, std::nullopt, kNow);
  ASSERT_EQ(decision.answer.status, 200);
  const auto kept = merkle::SignedNote::parse(decision.remember->note).value();
  const std::array both{log_key(), witness.key()};
  EXPECT_EQ(merkle::verify_note(kept, both)->vouchers.size(), 2U);
}

TEST_F(WitnessTest, ShowsOneHeadInOneTextHoweverItWasSubmitted) {
  add(log_.request(0, 7));
  AddRequest fork = Log(20, 6).request(7, 7);
  EXPECT_EQ(add(fork).status, 422);
  const std::string plain = shown_;
  fork.note.signatures.push_back({"grease", 7, Bytes(9)});
  fork.note.signatures.insert(fork.note.signatures.begin(), {"grease", 8, Bytes(9)});
  EXPECT_EQ(add(fork).status, 422);
  EXPECT_EQ(shown_, plain);
}

TEST_F(WitnessTest, RefusesWhatTheLogDidNotSign) {
  AddRequest request = log_.request(0, 7);
  request.note.signatures = {merkle::sign_note(request.note.text, kOrigin, signer_of(9))};
  EXPECT_EQ(add(request).status, 403) << "another key under its name";
  request = log_.request(0, 7);
  request.note.signatures.front().signature.back() ^= 1;
  EXPECT_EQ(add(request).status, 403);
  request = log_.request(0, 7);
  request.note.signatures.push_back({"grease", 7, Bytes(9)});
  EXPECT_EQ(add(request).status, 200) << "unknown signatures are passed over";
  EXPECT_EQ(remembered_->note.find("grease"), std::string::npos);
}

// A request that is not exactly right is never cosigned, wherever it was cut or changed.
TEST_F(WitnessTest, CosignsNothingThatWasCutOrChangedOnItsWay) {
  ASSERT_EQ(add(log_.request(0, 7)).status, 200);
  const auto status_of = [this](std::string_view body) {
    const auto parsed = AddRequest::parse(body);
    if (!parsed) return 400;
    const auto origin = witness_.origin_of(*parsed);
    return origin ? witness_.decide(*parsed, remembered_, kNow).answer.status : origin.error().status;
  };
  const AddRequest right = log_.request(7, 13);
  const std::string body = right.to_string();
  ASSERT_EQ(status_of(body), 200);
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_NE(status_of(std::string_view(body).substr(0, size)), 200) << "cut at " << size;
  for (std::size_t at = 0; at < body.size(); ++at) {
    std::string flipped = body;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 7));
    EXPECT_NE(status_of(flipped), 200) << "byte " << at;
  }
  AddRequest longer = right;
  longer.proof.push_back(right.proof.back());
  EXPECT_EQ(status_of(longer.to_string()), 422);
  AddRequest shorter = right;
  shorter.proof.pop_back();
  EXPECT_EQ(status_of(shorter.to_string()), 422);
  AddRequest none = right;
  none.proof.clear();
  EXPECT_EQ(status_of(none.to_string()), 422);
  AddRequest elsewhere = right;
  elsewhere.proof = log_.request(6, 13).proof;
  EXPECT_EQ(status_of(elsewhere.to_string()), 422) << "a proof from another size";
  AddRequest too_many = right;
  too_many.proof.resize(64, right.proof.front());
  EXPECT_EQ(status_of(too_many.to_string()), 400);
}

// What no reader of the standard can count to, and what is only just a size.
TEST_F(WitnessTest, RefusesASizeThatNoTreeHas) {
  for (const std::uint64_t size : {std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    AddRequest request = log_.request(0, 7);
    request.note.text = merkle::tree_head_text(kOrigin, {TreeSize(size), log_.head(7).root});
    request.note.signatures = {merkle::sign_note(request.note.text, kOrigin, signer_of(1))};
    EXPECT_EQ(add(request).status, 400) << size;
  }
  EXPECT_FALSE(remembered_);
}

TEST_F(WitnessTest, RefusesALogItDoesNotKnowAndSizesThatMakeNoSense) {
  AddRequest request = log_.request(0, 7);
  request.note.text.replace(0, 5, "other");
  EXPECT_EQ(add(request).status, 404);
  request = log_.request(0, 7);
  request.old_size = TreeSize(8);
  EXPECT_EQ(add(request).status, 400);
  request = log_.request(0, 7);
  request.proof.push_back(merkle::empty_root());
  EXPECT_EQ(add(request).status, 400) << "nothing to prove";
  request.note.text = "no head\n";
  EXPECT_EQ(add(request).status, 400);
  EXPECT_FALSE(remembered_);
}

TEST(AddRequest, ReadsOnlyWhatItWrites) {
  const AddRequest request = Log(20).request(7, 20);
  const std::string body = request.to_string();
  ASSERT_EQ(AddRequest::parse(body)->to_string(), body);
  const std::size_t head = body.find("\n\n") + 2;
  for (std::size_t length = 0; length < head; ++length)
    EXPECT_FALSE(AddRequest::parse(body.substr(0, length))) << length;
  for (std::size_t at = 0; at < head; ++at) {
    std::string flipped = body;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x01);
    const auto parsed = AddRequest::parse(flipped);
    if (parsed) {
      EXPECT_EQ(parsed->to_string(), flipped) << at;
    }
  }
  for (const char* first : {"old 07", "old -1", "old", "old 7 ", "Old 7", "old 18446744073709551616"}) {
    EXPECT_FALSE(AddRequest::parse(first + body.substr(body.find('\n')))) << first;
  }
  AddRequest many = request;
  many.proof.assign(kMaxConsistencyHashes, merkle::empty_root());
  EXPECT_TRUE(AddRequest::parse(many.to_string()));
  many.proof.push_back(merkle::empty_root());
  EXPECT_FALSE(AddRequest::parse(many.to_string()));
}

TEST(SignatureLines, HoldSignaturesAndNothingElse) {
  const auto signature = merkle::cosign_note("x\n", "witness-a", signer_of(2), 7);
  const std::string lines = signature_lines(std::array{signature});
  EXPECT_EQ(parse_signature_lines(lines)->size(), 1U);
  for (const std::string& bad : {std::string(), std::string("\n"), "\n" + lines, lines + "\n" + lines,
                                 "hello\n" + lines, lines + "hello\n", lines.substr(0, lines.size() - 1)})
    EXPECT_FALSE(parse_signature_lines(bad)) << bad;
}

}  // namespace
}  // namespace crossline::witness
