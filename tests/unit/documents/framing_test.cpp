#include "crossline/documents/framing.hpp"

#include "tests/unit/documents/specimens.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

const std::vector<std::string> kPassport{"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                         "L898902C36UTO7408122F1204159ZE184226B<<<<<10"};

std::string joined(std::string_view zone, std::string_view separator) {
  std::string out;
  for (const char c : zone) {
    if (c == '\n') {
      out += separator;
    } else {
      out += c;
    }
  }
  return out;
}

// SOH, length, "OU", STX, flag, three lines that end in CR, ETX, and the exclusive or of all after SOH.
std::string serial_frame(const std::string& first, const std::string& second, const std::string& third) {
  std::string frame =
      std::string("\x01\x5f\x00OU\x02", 6) + "0" + first + "\r" + second + "\r" + third + "\r\x03";
  char check = 0;
  for (const char c : frame.substr(1)) check = static_cast<char>(check ^ c);
  return frame + check;
}

TEST(Framing, EveryLineEndGivesTheSameLines) {
  for (const char* end : {"\r", "\n", "\r\n", "\f", "\r\n\r\n"}) {
    EXPECT_EQ(unframe(joined(kTd3, end), {}).lines, kPassport);
    EXPECT_EQ(unframe(joined(kTd3, end) + end, {}).lines, kPassport);
    EXPECT_EQ(unframe(end + joined(kTd3, end), {}).lines, kPassport);
  }
}

TEST(Framing, UnbrokenRunsAreReadByTheirLength) {
  for (const std::string_view zone : {kTd1, kTd2, kTd3, kMrvA, kMrvB, kFrenchId}) {
    const Mrz mrz = read(joined(zone, ""));
    EXPECT_TRUE(mrz.valid()) << zone;
    EXPECT_EQ(mrz.number, read(zone).number);
  }
}

TEST(Framing, OneSeparatorOfAnyKindBetweenLinesIsTakenOut) {
  for (const std::string_view zone : {kTd1, kTd2, kTd3}) {
    for (const char* separator : {" ", "|", "\t", ";"})
      EXPECT_TRUE(read(joined(zone, separator)).valid()) << zone;
  }
}

TEST(Framing, PrefixAndSuffixOfTheReaderAreRemoved) {
  const ReadOptions options{.today = kToday, .prefix = "]L0", .suffix = "#"};
  EXPECT_TRUE(read("]L0" + std::string(kTd3) + "#", options).valid());
  EXPECT_TRUE(read("]L0" + std::string(kTd3) + "#\r\n", options).valid());
  EXPECT_TRUE(read(kTd3, options).valid());
}

TEST(Framing, StxAndEtxAreTakenOff) {
  EXPECT_EQ(unframe("\x02" + joined(kTd3, "\r") + "\r\x03", {}).lines, kPassport);
  EXPECT_EQ(unframe("\x02" + joined(kTd3, "\r"), {}).lines, kPassport);
}

TEST(Framing, SerialFrameHasItsBottomLineLast) {
  const Delivery delivery = unframe(serial_frame("", kPassport[0], kPassport[1]), {});
  EXPECT_EQ(delivery.lines, kPassport);
  EXPECT_FALSE(delivery.frame_checksum_wrong);
}

TEST(Framing, SerialFramePaddingIsRemoved) {
  const std::string padding(8, '_');
  const auto zone = unframe(kTd2, {}).lines;
  EXPECT_EQ(unframe(serial_frame("", zone[0] + padding, zone[1] + padding), {}).lines, zone);
}

TEST(Framing, SerialFrameWithAFlippedBitIsNeverValid) {
  const std::string frame = serial_frame("", kPassport[0], kPassport[1]);
  ASSERT_TRUE(read(frame).valid());
  for (std::size_t i = 7; i < frame.size(); ++i) {  // the flag is not ours to judge, the header not fixed
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = frame;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto mrz = read_mrz(damaged, {.today = kToday});
      EXPECT_FALSE(mrz && mrz->valid()) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Framing, SerialFrameCutAnywhereIsNeverValid) {
  const std::string frame = serial_frame("", kPassport[0], kPassport[1]);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const auto mrz = read_mrz(frame.substr(0, size), {.today = kToday});
    EXPECT_FALSE(mrz && mrz->valid()) << size;
  }
}

TEST(Framing, WrongCheckByteIsNamed) {
  std::string frame = serial_frame("", kPassport[0], kPassport[1]);
  frame.back() = static_cast<char>(frame.back() ^ 0x10);
  const Mrz mrz = read(frame);
  EXPECT_FALSE(mrz.valid());
  EXPECT_EQ(message_for(mrz, FieldName::kZone), "the reader's frame contradicts its check byte, scan again");
}

}  // namespace
}  // namespace crossline::documents
