#include "crossline/merkle/note.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/crypto/random.hpp"

#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

constexpr std::string_view kText = "river-line/ledger\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

class Note : public testing::Test {
 protected:
  Note()
      : log_key_(NoteVerifierKey::make("river-line/ledger", NoteKeyType::kEd25519, log_.public_key())),
        witness_key_(NoteVerifierKey::make("witness.a", NoteKeyType::kCosignatureV1, witness_.public_key())) {
    note_.text = kText;
    note_.signatures = {sign_note(kText, log_key_.name, log_),
                        cosign_note(kText, witness_key_.name, witness_, 1700)};
  }

  // A line of a key that nobody knows, under a known name: readers have to ignore it.
  static NoteSignature grease(std::string_view name) {
    return {.name = std::string(name), .key_id = 0x01020304, .signature = Bytes(77, 0x47)};
  }

  crypto::SystemRandom random_;
  crypto::Signer log_ = crypto::Signer::generate(random_);
  crypto::Signer witness_ = crypto::Signer::generate(random_);
  NoteVerifierKey log_key_;
  NoteVerifierKey witness_key_;
  SignedNote note_;
};

TEST_F(Note, ReadsBackWhatItWrites) {
  const Result<SignedNote> read = SignedNote::parse(note_.to_string());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->text, kText);
  EXPECT_EQ(read->to_string(), note_.to_string());
}

TEST_F(Note, NamesEveryKeyThatVouches) {
  const Result<NoteVouchers> verified = verify_note(note_, std::vector{witness_key_, log_key_});
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  ASSERT_EQ(verified->vouchers.size(), 2u);
  EXPECT_EQ(verified->vouchers[0].key.name, "river-line/ledger");
  EXPECT_EQ(verified->vouchers[0].time_s, 0u);
  EXPECT_EQ(verified->vouchers[1].key.name, "witness.a");
  EXPECT_EQ(verified->vouchers[1].time_s, 1700u);
}

TEST_F(Note, IgnoresSignaturesOfUnknownKeys) {
  note_.signatures.insert(note_.signatures.begin(), grease("river-line/ledger"));
  note_.signatures.push_back(grease("stranger"));
  const SignedNote read = SignedNote::parse(note_.to_string()).value();
  EXPECT_EQ(verify_note(read, std::vector{log_key_})->vouchers.size(), 1u);
}

TEST_F(Note, WithoutAKnownKeyIsRejected) {
  EXPECT_EQ(verify_note(note_, {}).error().code, ErrorCode::kBadSignature);
  const auto stranger = NoteVerifierKey::make("stranger", NoteKeyType::kEd25519, log_.public_key());
  EXPECT_EQ(verify_note(note_, std::vector{stranger}).error().code, ErrorCode::kBadSignature);
}

TEST_F(Note, WithAKnownKeyThatFailsIsRejectedThoughAnotherHolds) {
  note_.signatures[1].signature.back() ^= 1;
  EXPECT_EQ(verify_note(note_, std::vector{log_key_, witness_key_}).error().code, ErrorCode::kBadSignature);
  EXPECT_TRUE(verify_note(note_, std::vector{log_key_}).has_value());
}

TEST_F(Note, CountsARepeatedLineOnce) {
  note_.signatures.push_back(note_.signatures[0]);
  EXPECT_EQ(verify_note(note_, std::vector{log_key_})->vouchers.size(), 1u);
}

TEST_F(Note, CosignatureBindsItsTime) {
  note_.signatures[1].signature[7] ^= 1;
  EXPECT_FALSE(verify_note(note_, std::vector{witness_key_}).has_value());
}

TEST_F(Note, CosignatureCarriesTheLargestTime) {
  constexpr std::uint64_t kLatest = std::numeric_limits<std::uint64_t>::max();
  note_.signatures[1] = cosign_note(kText, witness_key_.name, witness_, kLatest);
  EXPECT_EQ(verify_note(note_, std::vector{witness_key_})->vouchers[0].time_s, kLatest);
}

TEST_F(Note, CosignatureKeyDoesNotVouchAsPlainSignature) {
  const auto same_key_other_type =
      NoteVerifierKey::make("witness.a", NoteKeyType::kEd25519, witness_.public_key());
  EXPECT_FALSE(verify_note(note_, std::vector{same_key_other_type}).has_value());
}

TEST_F(Note, SignatureOfAnyOtherLengthFails) {
  for (const std::size_t size : {1u, 8u, 63u, 65u, 71u, 73u}) {
    for (NoteSignature& line : note_.signatures) line.signature.assign(size, 0);
    EXPECT_FALSE(verify_note(note_, std::vector{log_key_}).has_value()) << size;
    EXPECT_FALSE(verify_note(note_, std::vector{witness_key_}).has_value()) << size;
  }
}

TEST_F(Note, TextMayHoldBlankLines) {
  const std::string text = "first\n\nsecond\n";
  const SignedNote written{.text = text, .signatures = {sign_note(text, "n", log_)}};
  EXPECT_EQ(SignedNote::parse(written.to_string())->text, text);
}

TEST_F(Note, EveryTruncationIsRefused) {
  const std::string whole = note_.to_string();
  const std::size_t first_line_end = whole.find('\n', whole.find("\n\n") + 2) + 1;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Result<SignedNote> read = SignedNote::parse(whole.substr(0, length));
    // What is left at the end of the first signature line is a whole note again.
    EXPECT_EQ(read.has_value(), length == first_line_end) << length;
  }
}

TEST_F(Note, EveryFlippedBitIsRefusedOrVouchesForLess) {
  const std::string whole = note_.to_string();
  const std::vector keys = {log_key_, witness_key_};
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const Result<SignedNote> read = SignedNote::parse(changed);
    if (!read) continue;
    const Result<NoteVouchers> verified = verify_note(*read, keys);
    if (!verified) continue;
    // A changed name or key id only makes its line unknown: the text is what was signed all the same.
    EXPECT_EQ(read->text, kText) << bit;
    EXPECT_LT(verified->vouchers.size(), keys.size()) << bit;
  }
}

TEST_F(Note, MalformedFramingIsRefused) {
  const std::string line = note_.to_string().substr(kText.size() + 1);
  const std::string text(kText);
  const std::string refused[] = {
      "",
      "\n",
      text,
      text + "\n",                                    // no signature
      text + line,                                    // no blank line
      text + "\n" + line + "\n",                      // an empty line at the end
      text + "\n" + line.substr(0, line.size() - 1),  // no line feed at the end
      text + "\n- n AAAAAAA=\n",                      // a hyphen
      text + "\n\u2014n AAAAAAA=\n",                  // no space after the dash
      text + "\n\u2014 n\n",                          // no signature
      text + "\n\u2014 n \n",                         // an empty signature
      text + "\n\u2014 n AAAAAA==\n",                 // a key id alone
      text + "\n\u2014 n AAAAAAA\n",                  // no padding
      text + "\n\u2014  AAAAAAA=\n",                  // no name
      text + "\n\u2014 a+b AAAAAAA=\n",               // a plus in the name
      text + "\n\u2014 n AAAAAAA= AAAAAAA=\n",        // two signatures
      "tab\t\n\n" + line,
      "nul" + std::string(1, '\0') + "\n\n" + line,
      "return\r\n\n" + line,
      "not UTF-8 \xff\n\n" + line,
  };
  for (const std::string& note : refused) {
    const Result<SignedNote> read = SignedNote::parse(note);
    ASSERT_FALSE(read.has_value()) << testing::PrintToString(note);
    EXPECT_EQ(read.error().code, ErrorCode::kMalformed);
  }
}

TEST_F(Note, HoldsAsManySignaturesAsTheLimitAndNoMore) {
  note_.signatures.resize(1);
  while (note_.signatures.size() < limits::kMaxNoteSignatures) note_.signatures.push_back(grease("g"));
  EXPECT_TRUE(SignedNote::parse(note_.to_string()).has_value());
  note_.signatures.push_back(grease("g"));
  EXPECT_FALSE(SignedNote::parse(note_.to_string()).has_value());
}

TEST_F(Note, LargerThanTheLimitIsRefused) {
  const std::string line = note_.to_string().substr(kText.size() + 1);
  const std::string text(limits::kMaxNoteBytes, 'x');
  EXPECT_FALSE(SignedNote::parse(fmt::format("{}\n\n{}", text, line)).has_value());
}

TEST(NoteKeyName, HasNoSpacePlusOrControl) {
  for (const std::string_view name :
       {"a", "example.com/foo", "ArmoredWitness-small-breeze", "линия", "a\u200b"}) {
    EXPECT_TRUE(is_note_key_name(name)) << name;
  }
  for (const std::string_view name : {"", " ", "a b", "a+b", "a\nb", "a\tb", "a\u00a0b", "a\u0085",
                                      "a\u2003b", "a\u2028b", "a\u3000b", "\xff", "\x01"}) {
    EXPECT_FALSE(is_note_key_name(name)) << testing::PrintToString(std::string(name));
  }
}

TEST_F(Note, VerifierKeyReadsBackWhatItWrites) {
  for (const NoteVerifierKey& key : {log_key_, witness_key_}) {
    const Result<NoteVerifierKey> read = NoteVerifierKey::parse(key.to_string());
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->name, key.name);
    EXPECT_EQ(read->key_id, key.key_id);
    EXPECT_EQ(read->type, key.type);
    EXPECT_EQ(read->key, key.key);
  }
}

TEST_F(Note, VerifierKeyRefusesEveryTruncationAndFlippedBit) {
  const std::string whole = log_key_.to_string();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(NoteVerifierKey::parse(whole.substr(0, length)).has_value()) << length;
  }
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string changed = whole;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const Result<NoteVerifierKey> read = NoteVerifierKey::parse(changed);
    // The case of a hex digit is the one thing that does not matter.
    EXPECT_TRUE(!read.has_value() || read->to_string() == whole) << changed;
  }
}

TEST_F(Note, VerifierKeySaysWhatIsWrong) {
  const auto refusal = [](std::string_view text) { return NoteVerifierKey::parse(text).error().code; };
  const std::string key = to_base64(Bytes(33, 1));
  EXPECT_EQ(refusal("name"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("name+00000000"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("+00000000+" + key), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("name+0000000+" + key), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("name+00000000+"), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("name+00000000+" + to_base64(Bytes(32, 1))), ErrorCode::kMalformed);
  EXPECT_EQ(refusal("name+00000000+" + key), ErrorCode::kBadSignature);  // the id of another key
  Bytes low_order(33);
  low_order[0] = 0x01;
  EXPECT_EQ(refusal("name+00000000+" + to_base64(low_order)), ErrorCode::kBadSignature);
  EXPECT_EQ(refusal("name+00000000+" + to_base64(Bytes(33, 6))), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace crossline::merkle
