// A copy of a ledger in a folder: what is fetched, what is believed, and what a server cannot get away with.
#include "crossline/mirror/mirror.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/merkle/tiles.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>

namespace crossline::mirror {
namespace {

namespace fs = std::filesystem;

const std::string kOrigin = "river-line/ledger";

crypto::Signer signer() {
  return crypto::Signer::from_seed(Bytes(32, 7)).value();
}
merkle::NoteVerifierKey key() {
  return merkle::NoteVerifierKey::make(kOrigin, merkle::NoteKeyType::kEd25519, signer().public_key());
}

// A server that signs what it likes and shows every file of it; a test may change any file on its way.
class FakeLog final : public LogSource {
 public:
  explicit FakeLog(std::string history = "entry") : history_(std::move(history)) {}

  void grow_to(std::size_t size) {
    while (entries_.size() < size) append(history_ + " " + std::to_string(entries_.size()));
  }
  // Another history from here on.
  void branch(std::string history) { history_ = std::move(history); }
  void append(std::string entry) {
    tree_.append(merkle::leaf_hash(as_bytes(entry)));
    entries_.push_back(std::move(entry));
  }
  void show(std::size_t size) { shown_ = size; }
  [[nodiscard]] const std::vector<std::string>& entries() const { return entries_; }
  [[nodiscard]] std::size_t asked() const { return asked_; }
  [[nodiscard]] std::size_t bundles() const { return bundles_; }

  std::function<Result<std::string>(const std::string& path, std::string content)> alter;

  Result<std::vector<std::string>> fetch(std::span<const std::string> paths) override {
    std::vector<std::string> contents;
    for (const std::string& path : paths) {
      ++asked_;
      CROSSLINE_TRY(std::string content, content_of(path));
      if (alter) {
        CROSSLINE_TRY(content, alter(path, std::move(content)));
      }
      contents.push_back(std::move(content));
    }
    return contents;
  }

 private:
  Result<std::string> content_of(const std::string& path) {
    const TreeSize size(shown_.value_or(entries_.size()));
    if (path == "checkpoint") {
      const std::string text = merkle::tree_head_text(kOrigin, {size, tree_.root_at(size)});
      return merkle::SignedNote{text, {merkle::sign_note(text, kOrigin, signer())}}.to_string();
    }
    const auto tile = merkle::parse_tile_path(path).value();
    const auto& id = tile.id;
    if (merkle::tile_width(id.level, id.index, size) < id.width)
      return fail(ErrorCode::kNotFound, "{}", path);
    if (tile.kind == merkle::TileKind::kHashes)
      return std::string(as_text(merkle::tile_bytes(tree_, id).value()));
    ++bundles_;
    std::vector<ByteView> some;
    for (unsigned i = 0; i < id.width; ++i)
      some.push_back(as_bytes(entries_[id.index * merkle::kTileWidth + i]));
    return std::string(as_text(merkle::entry_bundle(some).value()));
  }

  std::string history_;
  std::vector<std::string> entries_;
  merkle::MemoryTree tree_;
  std::optional<std::size_t> shown_;
  std::size_t asked_ = 0;
  std::size_t bundles_ = 0;
};

// A server whose ledger says one thing as often as it likes: every tile of any size is made up at once and
// hashes to the head that it signs.
class EndlessLog final : public LogSource {
 public:
  static constexpr std::size_t kPatience = 400;  // requests; a reader that asks for more is led on

  explicit EndlessLog(std::uint64_t size) : size_(size), same_{merkle::leaf_hash(as_bytes(kEntry))} {
    while (same_.size() < 64) same_.push_back(merkle::node_hash(same_.back(), same_.back()));
  }
  [[nodiscard]] std::size_t asked() const { return asked_; }

  Result<std::vector<std::string>> fetch(std::span<const std::string> paths) override {
    std::vector<std::string> contents;
    for (const std::string& path : paths) {
      if (++asked_ > kPatience) return fail(ErrorCode::kUnavailable, "asked {} times", asked_);
      contents.push_back(content_of(path));
    }
    return contents;
  }

 private:
  static constexpr std::string_view kEntry = "one";

  [[nodiscard]] merkle::Hash root() const {
    std::vector<merkle::Hash> roots;
    for (unsigned level = 64; level-- > 0;)
      if (((size_ >> level) & 1) != 0) roots.push_back(same_[level]);
    return merkle::CompactRange::restore(TreeSize(size_), std::move(roots)).value().root();
  }
  [[nodiscard]] std::string content_of(const std::string& path) const {
    if (path == "checkpoint") {
      const std::string text = merkle::tree_head_text(kOrigin, {TreeSize(size_), root()});
      return merkle::SignedNote{text, {merkle::sign_note(text, kOrigin, signer())}}.to_string();
    }
    const auto tile = merkle::parse_tile_path(path).value();
    std::string content;
    for (unsigned i = 0; i < tile.id.width; ++i) {
      if (tile.kind == merkle::TileKind::kHashes)
        content += as_text(same_[tile.id.level * merkle::kTileHeight].view());
      else
        content += std::string("\0\3", 2) + std::string(kEntry);
    }
    return content;
  }

  std::uint64_t size_;
  std::vector<merkle::Hash> same_;  // the root of 2^level such entries
  std::size_t asked_ = 0;
};

class MirrorTest : public ::testing::Test {
 protected:
  std::unique_ptr<Mirror> open() { return Mirror::open(folder_.path() / "mirror", key()).value(); }
  static Result<void> catch_up(Mirror& mirror, LogSource* log) {
    while (mirror.verified() < mirror.head()->head.size) CROSSLINE_CHECK_OK(mirror.step(log));
    return {};
  }
  // A mirror of the whole log, closed again.
  void mirror_all() {
    const auto mirror = open();
    ASSERT_TRUE(mirror->renew(log_));
    ASSERT_TRUE(catch_up(*mirror, &log_));
  }
  static std::vector<std::string> all_of(Mirror& mirror) {
    return mirror.read(LedgerIndex(0), mirror.verified().value() + 1).value();
  }
  fs::path file(const std::string& path) const { return folder_.path() / "mirror" / path; }

  testing::TemporaryFolder folder_;
  FakeLog log_;
};

TEST_F(MirrorTest, HoldsTheEntriesOfEverySize) {
  for (const std::size_t size : {0, 1, 255, 256, 257, 511, 512, 700, 4'096, 5'000, 66'000}) {
    log_.grow_to(size);
    const auto mirror = open();
    ASSERT_TRUE(mirror->renew(log_)) << size;
    ASSERT_TRUE(catch_up(*mirror, &log_)) << size;
    EXPECT_EQ(all_of(*mirror), log_.entries()) << size;
    EXPECT_EQ(mirror->read(LedgerIndex(size), 1)->size(), 0U);
  }
}

TEST_F(MirrorTest, FollowsAGrowingLogInOneRun) {
  const auto mirror = open();
  for (const std::size_t size : {1, 2, 200, 255, 256, 300, 300, 600, 1'000}) {
    log_.grow_to(size);
    ASSERT_TRUE(mirror->renew(log_)) << size;
    EXPECT_EQ(all_of(*mirror).size(), mirror->verified().value());
    ASSERT_TRUE(catch_up(*mirror, &log_)) << size;
    EXPECT_EQ(all_of(*mirror), log_.entries()) << size;
  }
}

TEST_F(MirrorTest, FetchesNothingTwice) {
  log_.grow_to(1'000);
  mirror_all();
  const std::size_t before = log_.bundles();
  mirror_all();
  EXPECT_EQ(log_.bundles(), before);
  log_.grow_to(1'001);
  mirror_all();
  EXPECT_EQ(log_.bundles(), before + 1);
}

TEST_F(MirrorTest, GoesOnWithoutAServer) {
  log_.grow_to(700);
  mirror_all();
  const auto mirror = open();
  ASSERT_TRUE(mirror->reopen());
  ASSERT_TRUE(catch_up(*mirror, nullptr));
  EXPECT_EQ(all_of(*mirror), log_.entries());
}

TEST_F(MirrorTest, GoesOnAfterACutAtAnyFile) {
  log_.grow_to(2'600);
  std::size_t cut = 0;
  bool whole = false;
  for (; !whole; ++cut) {
    std::size_t left = cut;
    log_.alter = [&](const std::string&, std::string content) -> Result<std::string> {
      if (left-- == 0) return fail(ErrorCode::kUnavailable, "cut");
      return content;
    };
    const auto mirror = open();
    const auto renewed = mirror->renew(log_);
    whole = renewed && catch_up(*mirror, &log_).has_value();
    log_.alter = nullptr;
    if (cut % 3 == 0) fs::remove_all(file(""));
  }
  EXPECT_GT(cut, 5U);
  mirror_all();
  EXPECT_EQ(all_of(*[&] {
              auto m = open();
              EXPECT_TRUE(m->reopen());
              EXPECT_TRUE(catch_up(*m, nullptr));
              return m;
            }()),
            log_.entries());
}

TEST_F(MirrorTest, NeverBelievesWhatIsOnItsDisk) {
  log_.grow_to(700);
  mirror_all();
  const auto bundle = file("tile/entries/001");
  const auto size = fs::file_size(bundle);
  const auto flip = [&](std::uintmax_t at) {
    std::fstream stream(bundle, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(stream.get());
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(static_cast<char>(byte ^ 1));
  };
  const std::vector<std::function<void()>> damages{
      [&] { fs::resize_file(bundle, size - 1); },
      [&] { fs::resize_file(bundle, 0); },
      [&] { fs::resize_file(bundle, size + 1); },
      [&] { flip(0); },
      [&] { flip(size / 2); },
      [&] { flip(size - 1); },
      [&] { fs::remove(bundle); },
      [&] { fs::copy_file(file("tile/entries/000"), bundle, fs::copy_options::overwrite_existing); },
  };
  for (std::size_t i = 0; i < damages.size(); ++i) {
    damages[i]();
    {
      const auto alone = open();
      ASSERT_TRUE(alone->reopen());
      const auto stepped = alone->step(nullptr);
      ASSERT_FALSE(stepped) << i;
      EXPECT_EQ(stepped.error().code, ErrorCode::kNotFound);
      EXPECT_EQ(alone->verified().value(), 0U);
    }
    const std::size_t before = log_.bundles();
    mirror_all();
    EXPECT_EQ(log_.bundles(), before + 1) << i;
  }
  const auto mirror = open();
  ASSERT_TRUE(mirror->reopen());
  ASSERT_TRUE(catch_up(*mirror, nullptr));
  EXPECT_EQ(all_of(*mirror), log_.entries());
}

// The bytes that a step verified are those that are given, whatever becomes of the files.
TEST_F(MirrorTest, GivesTheVeryBytesThatItVerified) {
  log_.grow_to(Mirror::kStepEntries + 300);
  mirror_all();
  const auto mirror = open();
  ASSERT_TRUE(mirror->reopen());
  ASSERT_TRUE(mirror->step(nullptr));
  fs::remove_all(file("tile/entries"));
  const std::vector<std::string> expected(log_.entries().begin(),
                                          log_.entries().begin() + Mirror::kStepEntries);
  EXPECT_EQ(mirror->read(LedgerIndex(0), Mirror::kStepEntries), expected);
  EXPECT_EQ(mirror->read(LedgerIndex(Mirror::kStepEntries), 1)->size(), 0U) << "not verified yet";
}

TEST_F(MirrorTest, HashesOfTheLastStepAreThoseOfItsEntries) {
  log_.grow_to(Mirror::kStepEntries + 300);
  const auto mirror = open();
  ASSERT_TRUE(mirror->renew(log_));
  ASSERT_TRUE(mirror->step(&log_));
  const std::vector<std::pair<std::size_t, std::size_t>> ranges = {
      {0, 1}, {255, 2}, {100, 1'000}, {0, Mirror::kStepEntries}, {Mirror::kStepEntries - 1, 1}};
  for (const auto& [first, count] : ranges) {
    const auto leaves = mirror->leaves(LedgerIndex(first), count);
    ASSERT_EQ(leaves.size(), count) << first;
    for (std::size_t i = 0; i < count; ++i)
      EXPECT_EQ(leaves[i], merkle::leaf_hash(as_bytes(log_.entries()[first + i]))) << first + i;
  }
  EXPECT_TRUE(mirror->leaves(LedgerIndex(0), Mirror::kStepEntries + 1).empty()) << "not verified yet";
  EXPECT_TRUE(mirror->leaves(LedgerIndex(UINT64_MAX), 1).empty());
  ASSERT_TRUE(mirror->step(&log_));
  EXPECT_TRUE(mirror->leaves(LedgerIndex(0), 1).empty()) << "of the step before";
  EXPECT_EQ(mirror->leaves(LedgerIndex(Mirror::kStepEntries), 300).size(), 300U);
  log_.grow_to(Mirror::kStepEntries + 301);
  ASSERT_TRUE(mirror->renew(log_));
  EXPECT_EQ(mirror->leaves(LedgerIndex(Mirror::kStepEntries), 300).size(), 300U) << "as long as before";
}

TEST_F(MirrorTest, RefusesFilesThatDoNotHashToTheHead) {
  log_.grow_to(66'000);
  std::size_t refused = 0;
  for (const char* path : {"tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1",
                           "tile/entries/000", "tile/entries/003", "tile/entries/257.p/208"}) {
    for (const bool truncated : {false, true}) {
      bool seen = false;
      log_.alter = [&](const std::string& asked, std::string content) -> Result<std::string> {
        if (asked != path) return content;
        seen = true;
        truncated ? content.pop_back() : void(content[content.size() / 2] ^= 1);
        return content;
      };
      fs::remove_all(file(""));
      const auto mirror = open();
      auto outcome = mirror->renew(log_);
      if (outcome) outcome = catch_up(*mirror, &log_);
      ASSERT_FALSE(outcome) << path;
      EXPECT_EQ(outcome.error().code, ErrorCode::kCorruptData) << path << ": " << outcome.error().message;
      EXPECT_TRUE(seen) << path;
      ++refused;
    }
  }
  EXPECT_EQ(refused, 14U);
}

TEST_F(MirrorTest, KeepsTheNewerHeadWhenTheServerShowsAnOlderOne) {
  log_.grow_to(700);
  mirror_all();
  for (const std::size_t older : {699U, 512U, 300U, 1U}) {
    log_.show(older);
    const auto mirror = open();
    const auto renewed = mirror->renew(log_);
    ASSERT_FALSE(renewed);
    EXPECT_EQ(renewed.error().code, ErrorCode::kConflict);
    EXPECT_FALSE(mirror->evidence());
    EXPECT_EQ(mirror->head()->head.size.value(), 700U);
    ASSERT_TRUE(mirror->refused());
    EXPECT_EQ(mirror->refused()->head.size.value(), older);
  }
}

// The tree of the larger head alone proves it: a mirror that was cut off has not the hashes of its own.
TEST_F(MirrorTest, ProvesAnotherHistoryWhenItIsNotWhole) {
  for (const auto& [same, size] : {std::pair{599, 601}, {0, 900}, {300, 5'000}}) {
    fs::remove_all(file(""));
    log_ = FakeLog();
    log_.grow_to(600);
    ASSERT_TRUE(open()->renew(log_));  // the head, and no entry
    FakeLog other;
    other.grow_to(static_cast<std::size_t>(same));
    other.branch("another");
    other.grow_to(static_cast<std::size_t>(size));
    const auto mirror = open();
    const auto renewed = mirror->renew(other);
    ASSERT_FALSE(renewed) << size;
    EXPECT_EQ(renewed.error().code, ErrorCode::kForked) << renewed.error().message;
    ASSERT_TRUE(mirror->evidence());
    const std::array keys{key()};
    const auto read = merkle::Misbehaviour::parse(mirror->evidence()->to_string());
    ASSERT_TRUE(read) << read.error().message;
    const auto found = merkle::check_misbehaviour(*read, keys);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->proven) << same << " of " << size;
  }
}

TEST_F(MirrorTest, ProvesAnotherHistoryWithBothHeads) {
  log_.grow_to(600);
  mirror_all();
  for (const auto& [same, size] :
       {std::pair{599, 600}, {599, 601}, {0, 900}, {300, 5'000}, {512, 700}, {10, 400}}) {
    FakeLog other;
    other.grow_to(static_cast<std::size_t>(same));
    other.branch("another");
    other.grow_to(static_cast<std::size_t>(size));
    const auto mirror = open();
    const auto renewed = mirror->renew(other);
    ASSERT_FALSE(renewed) << size;
    EXPECT_EQ(renewed.error().code, ErrorCode::kForked) << renewed.error().message;
    ASSERT_TRUE(mirror->evidence());
    const std::array keys{key()};
    const auto found = merkle::check_misbehaviour(*mirror->evidence(), keys);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->proven) << same << " of " << size;
    EXPECT_EQ(mirror->head()->head.size.value(), 600U);
    EXPECT_TRUE(mirror->reopen());
  }
}

TEST_F(MirrorTest, NoticesAnotherHistoryWithinOneRun) {
  log_.grow_to(600);
  const auto mirror = open();
  ASSERT_TRUE(mirror->renew(log_));
  ASSERT_TRUE(catch_up(*mirror, &log_));
  FakeLog other("another");
  other.grow_to(1'000);
  const auto renewed = mirror->renew(other);
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().code, ErrorCode::kForked);
  log_.grow_to(700);
  ASSERT_TRUE(mirror->renew(log_));
  ASSERT_TRUE(catch_up(*mirror, &log_));
  EXPECT_EQ(all_of(*mirror), log_.entries());
}

TEST_F(MirrorTest, FetchesNothingForASizeThatNoLedgerHas) {
  for (const std::uint64_t size :
       {limits::kMaxLedgerEntries + 1, std::uint64_t{1} << 60, (std::uint64_t{1} << 63) - 1}) {
    EndlessLog endless(size);
    const auto mirror = open();
    const auto renewed = mirror->renew(endless);
    ASSERT_FALSE(renewed) << size;
    EXPECT_EQ(renewed.error().code, ErrorCode::kConflict) << renewed.error().message;
    EXPECT_NE(renewed.error().message.find(std::to_string(size)), std::string::npos);
    EXPECT_EQ(endless.asked(), 1U) << "more than the head";
    ASSERT_TRUE(mirror->refused()) << "the signed head is what there is against the server";
    EXPECT_EQ(mirror->refused()->head.size.value(), size);
    EXPECT_FALSE(mirror->head());
    EXPECT_FALSE(fs::exists(file("checkpoint")));
  }
}

TEST_F(MirrorTest, FetchesNothingForMoreEntriesThanItsCallerCanHold) {
  EndlessLog endless(1'001);
  const auto small = Mirror::open(folder_.path() / "mirror", key(), TreeSize(1'000)).value();
  const auto renewed = small->renew(endless);
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(renewed.error().message.find("--max-entries"), std::string::npos);
  EXPECT_EQ(endless.asked(), 1U);
  EXPECT_FALSE(small->refused()) << "a large ledger is nothing to hold against a server";
}

// Nothing is held or asked for in proportion to what the head claims: each step costs what it verifies.
TEST_F(MirrorTest, AHugeClaimCostsWhatIsVerified) {
  const std::uint64_t size = limits::kMaxLedgerEntries - 12'345;
  EndlessLog endless(size);
  const auto mirror =
      Mirror::open(folder_.path() / "mirror", key(), TreeSize(limits::kMaxLedgerEntries)).value();
  const auto renewed = mirror->renew(endless);
  ASSERT_TRUE(renewed) << renewed.error().message;
  EXPECT_LE(endless.asked(), 1 + merkle::kTileLevels);
  for (std::size_t steps = 1; steps <= 3; ++steps) {
    const auto stepped = mirror->step(&endless);
    ASSERT_TRUE(stepped) << stepped.error().message;
    EXPECT_EQ(mirror->verified().value(), steps * Mirror::kStepEntries);
    EXPECT_LE(endless.asked(),
              1 + 2 * merkle::kTileLevels + steps * Mirror::kStepEntries / merkle::kTileWidth);
  }
  EXPECT_EQ(mirror->read(LedgerIndex(5'000), 2)->size(), 2U);
}

TEST_F(MirrorTest, SaysWhoseHeadItWasShown) {
  log_.grow_to(3);
  const auto shown = [&](std::string note) {
    log_.alter = [note](const std::string&, std::string) -> Result<std::string> { return note; };
    return open()->renew(log_).error();
  };
  const auto signed_by = [](const std::string& origin, const crypto::Signer& by) {
    const std::string text = merkle::tree_head_text(origin, {TreeSize(3), merkle::empty_root()});
    return merkle::SignedNote{text, {merkle::sign_note(text, origin, by)}}.to_string();
  };
  const Error foreign = shown(signed_by("other-line/ledger", signer()));
  EXPECT_EQ(foreign.code, ErrorCode::kInvalidArgument);
  EXPECT_NE(foreign.message.find("other-line/ledger"), std::string::npos);
  EXPECT_EQ(shown(signed_by(kOrigin, crypto::Signer::from_seed(Bytes(32, 8)).value())).code,
            ErrorCode::kBadSignature);
  EXPECT_EQ(shown("<html>").code, ErrorCode::kMalformed);
  EXPECT_FALSE(fs::exists(file("checkpoint")));
}

TEST_F(MirrorTest, IsUsedByOneProcessAtATime) {
  const auto mirror = open();
  const auto second = Mirror::open(folder_.path() / "mirror", key());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
}

TEST_F(MirrorTest, IsOfOneLedger) {
  log_.grow_to(3);
  mirror_all();
  auto other = key();
  other = merkle::NoteVerifierKey::make("other-line/ledger", merkle::NoteKeyType::kEd25519,
                                        signer().public_key());
  const auto opened = Mirror::open(folder_.path() / "mirror", other);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crossline::mirror
