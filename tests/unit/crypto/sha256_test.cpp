#include "crossline/crypto/sha256.hpp"

#include "crossline/crypto/random.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(sha256({}).hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(as_bytes("abc")).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(Bytes(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, HashesTheSameInPieces) {
  const Bytes message(200, 0x5a);
  const ByteView view = message;
  Sha256 context;
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    context.update(view.first(cut)).update(view.subspan(cut));
    ASSERT_EQ(context.finish(), sha256(message)) << cut;
  }
}

TEST(Sha256, StartsAnewAfterFinish) {
  Sha256 context;
  (void)context.update(as_bytes("something else")).finish();
  EXPECT_EQ(context.finish(), sha256({}));
}

TEST(Sha256, MovesWithItsState) {
  Sha256 context;
  context.update(as_bytes("ab"));
  Sha256 moved = std::move(context);
  EXPECT_EQ(moved.update(as_bytes("c")).finish(), sha256(as_bytes("abc")));
}

TEST(Sha256, RunsOnManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 1'000; ++round) {
        ASSERT_EQ(sha256({}).hex().substr(0, 8), "e3b0c442");
        ASSERT_EQ(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).hex().substr(0, 8),
                  "5bdcc146");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// RFC 4231.
TEST(HmacSha256, AgreesWithRfc4231) {
  EXPECT_EQ(hmac_sha256(Bytes(20, 0x0b), as_bytes("Hi There")).hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(Bytes(20, 0xaa), Bytes(50, 0xdd)).hex(),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(
      hmac_sha256(Bytes(131, 0xaa), as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")).hex(),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAsEmptyAndNotAsTheLastOne) {
  (void)hmac_sha256(as_bytes("another key"), {});
  EXPECT_EQ(hmac_sha256({}, {}).hex(), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(HashFrom, TakesExactly32Bytes) {
  EXPECT_EQ(hash_from(sha256({}).bytes).value(), sha256({}));
  for (const std::size_t size : {0u, 31u, 33u}) {
    EXPECT_EQ(hash_from(Bytes(size)).error().code, ErrorCode::kMalformed);
  }
}

TEST(EqualConstantTime, ComparesLengthAndContent) {
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_TRUE(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
}

TEST(SystemRandom, FillsTheWholeBuffer) {
  SystemRandom random;
  Bytes first(64), second(64);
  random.fill(first);
  random.fill(second);
  EXPECT_NE(first, second);
  EXPECT_NE(Bytes(first.end() - 16, first.end()), Bytes(16, 0));
  random.fill({});
}

}  // namespace
}  // namespace crossline::crypto
