#include "crossline/agent/scan_splitter.hpp"

#include "crossline/base/limits.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using Deliveries = std::vector<std::string>;

const std::string kLong(44, 'L');
const std::string kMiddle(36, 'M');
const std::string kShort(30, 'S');

Deliveries deliver(const std::string& text) {
  ScanSplitter splitter;
  return splitter.push(text);
}

TEST(ScanSplitter, EndsADeliveryWithTheLastLineOfItsZone) {
  EXPECT_EQ(deliver(kLong + "\n" + kLong + "\n"), Deliveries{kLong + "\n" + kLong + "\n"});
  EXPECT_EQ(deliver(kMiddle + "\n" + kMiddle + "\n"), Deliveries{kMiddle + "\n" + kMiddle + "\n"});
  EXPECT_EQ(deliver(kShort + "\n" + kShort + "\n" + kShort + "\n").size(), 1u);
  EXPECT_EQ(deliver(kLong + kLong + "\n").size(), 1u);
}

TEST(ScanSplitter, KeepsDocumentsApart) {
  const std::string passport = kLong + "\n" + kLong + "\n";
  const std::string card = kShort + "\n" + kShort + "\n" + kShort + "\n";
  EXPECT_EQ(deliver(passport + card + passport).size(), 3u);
  EXPECT_EQ(deliver(passport + "\n\n" + card).size(), 2u);
}

TEST(ScanSplitter, TakesEveryLineEnd) {
  for (const std::string end : {"\n", "\r", "\r\n"}) EXPECT_EQ(deliver(kLong + end + kLong + end).size(), 1u);
  EXPECT_EQ(deliver(kLong + "\n" + kLong + "\f").size(), 1u);
}

TEST(ScanSplitter, GivesTheSameWhateverThePiecesItComesIn) {
  const std::string text =
      kLong + "\r\n" + kLong + "\r\n" + kShort + "\n" + kShort + "\n" + kShort + "\nnonsense\n";
  const Deliveries whole = deliver(text);
  ASSERT_EQ(whole.size(), 3u);
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    ScanSplitter splitter;
    Deliveries pieces;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      for (std::string& one : splitter.push(std::string_view(text).substr(at, piece)))
        pieces.push_back(std::move(one));
    }
    EXPECT_EQ(pieces, whole) << "in pieces of " << piece;
  }
}

TEST(ScanSplitter, DeliversWhatIsNoZoneLineByLine) {
  EXPECT_EQ(deliver("hello\nworld\n"), (Deliveries{"hello\n", "world\n"}));
}

TEST(ScanSplitter, LetsALineBeShortByACharacter) {
  EXPECT_EQ(deliver(std::string(43, 'L') + "\n" + kLong + "\n").size(), 1u);
}

TEST(ScanSplitter, EndsASerialFrameWithItsLastCharacter) {
  const std::string frame = "\x02" + kLong + "\r" + kLong + "\r\x03";
  EXPECT_EQ(deliver(frame), Deliveries{frame});
}

TEST(ScanSplitter, GivesWhatIsLeftWhenNothingMoreComes) {
  ScanSplitter splitter;
  EXPECT_TRUE(splitter.is_empty());
  EXPECT_TRUE(splitter.push(kLong + "\n" + kLong).empty());
  EXPECT_FALSE(splitter.is_empty());
  EXPECT_EQ(splitter.flush(), kLong + "\n" + kLong);
  EXPECT_EQ(splitter.flush(), std::nullopt);
  EXPECT_TRUE(splitter.is_empty());
}

TEST(ScanSplitter, HoldsNoMoreThanOneScanMayHave) {
  const Deliveries all = deliver(std::string(5 * limits::kMaxScanBytes, 'x'));
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(deliver("\x02" + std::string(3 * limits::kMaxScanBytes, 'x')).size(), 3u);
}

}  // namespace
}  // namespace crossline::agent
