#include "crossline/base/bytes.hpp"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace crossline {
namespace {

std::string decoded(std::string_view base64) {
  const Result<Bytes> bytes = from_base64(base64);
  return bytes ? std::string(as_text(*bytes)) : "refused: " + bytes.error().message;
}

Bytes random_bytes(std::mt19937& engine, std::size_t size) {
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

TEST(Hex, WritesLowerCase) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
}

TEST(Hex, ReadsBothCases) {
  EXPECT_EQ(from_hex("00fFA5").value(), (Bytes{0x00, 0xff, 0xa5}));
}

TEST(Hex, RefusesOddLengthAndForeignCharacters) {
  for (const std::string_view text : {"0", "000", "0g", "g0", "0 ", "0x", "-1", "\xc3\xa9"}) {
    const Result<Bytes> bytes = from_hex(text);
    ASSERT_FALSE(bytes.has_value()) << text;
    EXPECT_EQ(bytes.error().code, ErrorCode::kMalformed) << text;
  }
}

TEST(Hex, NamesThePositionOfTheWrongDigit) {
  EXPECT_EQ(from_hex("00g0").error().message, "not a hexadecimal digit at position 2");
  EXPECT_EQ(from_hex("000g").error().message, "not a hexadecimal digit at position 3");
}

// RFC 4648 section 10.
TEST(Base64, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(decoded(encoded), plain);
  }
}

TEST(Base64, UsesTheStandardAlphabet) {
  EXPECT_EQ(to_base64(Bytes{0xfb, 0xff, 0xfe}), "+//+");
  EXPECT_EQ(from_base64("+//+").value(), (Bytes{0xfb, 0xff, 0xfe}));
}

TEST(Base64, RefusesWhatTheStrictRulesForbid) {
  const std::string_view refused[] = {
      "Z",     "Zg",   "Zg=",   "Zm9vY",             // length
      "=",     "====", "=Zg=",  "Zg==Zg==", "Zg=a",  // padding in the wrong place
      "Zh==",  "Zm9=",                               // unused bits set
      "Zm9\n", " Zm9", "Zm 9v", "Zm9v\n",   "-__-",  // white space, the URL alphabet
  };
  for (const std::string_view text : refused) {
    const Result<Bytes> bytes = from_base64(text);
    ASSERT_FALSE(bytes.has_value()) << text;
    EXPECT_EQ(bytes.error().code, ErrorCode::kMalformed) << text;
  }
}

TEST(Base64, ReadsBackEveryLength) {
  std::mt19937 engine(20260101);
  for (std::size_t size = 0; size < 100; ++size) {
    const Bytes bytes = random_bytes(engine, size);
    EXPECT_EQ(from_base64(to_base64(bytes)).value(), bytes);
    EXPECT_EQ(from_hex(to_hex(bytes)).value(), bytes);
  }
}

// One text per byte string: an accepted text is exactly what the encoder writes.
TEST(Base64, AcceptsNoSecondSpelling) {
  std::mt19937 engine(20260102);
  for (std::size_t size = 1; size < 10; ++size) {
    const std::string text = to_base64(random_bytes(engine, size));
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (int c = 0; c < 256; ++c) {
        std::string changed = text;
        changed[i] = static_cast<char>(c);
        const Result<Bytes> bytes = from_base64(changed);
        if (bytes) {
          EXPECT_EQ(to_base64(*bytes), changed);
        }
      }
    }
  }
}

TEST(BigEndian, StoresAndLoads) {
  std::uint8_t buffer[8];
  store_u32_be(0x01020304, buffer);
  EXPECT_EQ(to_hex({buffer, 4}), "01020304");
  EXPECT_EQ(load_u32_be(buffer), 0x01020304u);
  store_u64_be(0x0102030405060708, buffer);
  EXPECT_EQ(to_hex(buffer), "0102030405060708");
  EXPECT_EQ(load_u64_be(buffer), 0x0102030405060708u);
  store_u64_be(std::numeric_limits<std::uint64_t>::max(), buffer);
  EXPECT_EQ(load_u64_be(buffer), std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace crossline
