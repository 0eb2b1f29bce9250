#include "crossline/procedure/edition.hpp"

#include "crossline/base/limits.hpp"
#include "tests/support/procedure_fixtures.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::procedure {
namespace {

using testing::edition_from;
using testing::sealed_from;
using testing::toml_with;

std::string sealed_text() {
  return std::string(as_text(sealed_from(toml_with(""))));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(EditionLoad, KeepsWhatWasWritten) {
  const Edition edition = edition_from(toml_with(""));
  EXPECT_EQ(edition.name(), "test-line");
  EXPECT_EQ(edition.number(), 1u);
  EXPECT_EQ(edition.from().ms, (1'767'225'600LL - 4 * 3600) * 1000);  // midnight at UTC+4
  EXPECT_EQ(edition.until().ms, (1'798'761'600LL - 4 * 3600) * 1000);
  ASSERT_EQ(edition.articles().size(), 1u);
  EXPECT_EQ(edition.articles()[0].text.in("ru"), "Everybody may cross.") << "falls back to English";
  EXPECT_EQ(edition.checkpoints()[0].name, "gate");
}

TEST(EditionLoad, HashesTheVeryBytes) {
  const Bytes sealed = sealed_from(toml_with(""));
  EXPECT_EQ(Edition::load(sealed)->hash(), crypto::sha256(sealed));
}

TEST(EditionLoad, RefusesEveryTruncation) {
  const std::string sealed = sealed_text();
  for (std::size_t size = 0; size < sealed.size(); size += size + 64 < sealed.size() ? 7 : 1)
    EXPECT_FALSE(Edition::load(as_bytes(std::string_view(sealed).substr(0, size)))) << size;
}

TEST(EditionLoad, NeverTakesAFlippedByteForTheSameProcedure) {
  const std::string sealed = sealed_text();
  const crypto::Hash hash = crypto::sha256(as_bytes(sealed));
  for (std::size_t i = 0; i < sealed.size(); i += 3)
    for (const char flip : {'\x01', '\x80'}) {
      std::string other = sealed;
      other[i] = static_cast<char>(other[i] ^ flip);
      const auto edition = Edition::load(as_bytes(other));
      EXPECT_TRUE(!edition || edition->hash() != hash) << i;
    }
}

TEST(EditionLoad, RefusesWhatIsNotCanonical) {
  const std::string sealed = sealed_text();
  for (const std::string& other :
       {sealed + "\n", " " + sealed, sealed + "{}", replaced(sealed, R"("edition":1)", R"("edition": 1)"),
        replaced(sealed, "Everybody", "\\u0045verybody"),
        replaced(sealed, R"("edition":1)", R"("edition":1.0)"),
        replaced(sealed, R"("edition":1)", R"("edition":1,"edition":1)"),
        replaced(sealed, R"("edition":1)", R"("edition":1,"extra":1)"),
        replaced(sealed, R"("kind":["passport"])", R"("kind":"passport")"),
        replaced(sealed, R"("vocabulary":1)", R"("vocabulary":2)"),
        replaced(sealed, R"("if_unknown":"refer",)", "")})
    EXPECT_FALSE(Edition::load(as_bytes(other))) << other.substr(0, 80);
}

std::string why_refused(std::string_view sealed) {
  const auto edition = Edition::load(as_bytes(sealed));
  return edition ? "it was loaded" : edition.error().message;
}

TEST(EditionLoad, RefusesTheSameKeyTwiceAtAnyDepth) {
  const std::string sealed = std::string(
      as_text(sealed_from(toml_with("[[case]]\nname='x'\ngiven={ age=30 }\nexpect={ verdict='allow' }\n"))));
  struct Twice {
    std::string_view what;
    std::string_view with;
    std::string_view key;
  };
  for (const Twice& twice :
       {Twice{R"("edition":1)", R"("edition":1,"edition":1)", "edition"},
        Twice{R"("edition":1)", R"("edition":1,"edition":2)", "edition"},
        Twice{R"("edition":1)", R"("edition":1,"\u0065dition":1)", "edition"},
        Twice{R"("id":"1")", R"("id":"1","id":"1")", "id"},
        Twice{R"("clock":"Test/Fixed")", R"("clock":"Test/Fixed","clock":"Test/Fixed")", "clock"},
        Twice{R"({"age":30})", R"({"age":30,"age":31})", "age"}}) {
    const std::string why = why_refused(replaced(sealed, twice.what, twice.with));
    EXPECT_NE(why.find(fmt::format("key '{}' appears twice", twice.key)), std::string::npos)
        << twice.with << ": " << why;
  }
}

TEST(EditionLoad, RefusesWhatDoesNotBeginAsAnObject) {
  for (const std::string_view other : {"", "[]", "null", "1", "\"edition\"", "\xef\xbb\xbf{}", "edition = 1"})
    EXPECT_FALSE(Edition::load(as_bytes(other))) << other;
  EXPECT_NE(why_refused("\xef\xbb\xbf" + sealed_text()), "it was loaded") << "behind a byte order mark";
}

TEST(EditionLoad, RefusesWhatIsTooDeepOrTooLarge) {
  const std::string deep(limits::kMaxNesting + 1, '[');
  EXPECT_NE(why_refused(deep + std::string(limits::kMaxNesting + 1, ']')).find("more than 16 levels"),
            std::string::npos);
  EXPECT_NE(why_refused(std::string(limits::kMaxProcedureBytes + 1, ' ')).find("1048577 bytes; at most"),
            std::string::npos);
}

TEST(Edition, ProposesTheCategoriesOfADocument) {
  const Edition edition = edition_from(toml_with(""));
  EXPECT_EQ(edition.categories_of("passport", "XAA"), (std::vector<std::string_view>{"local", "guest"}));
  EXPECT_EQ(edition.categories_of("passport", "XBB"), std::vector<std::string_view>{"guest"});
  EXPECT_EQ(edition.categories_of("visa", "XAA"), std::vector<std::string_view>{"guest"});
}

TEST(Edition, NamesTheCheckpointThatItDoesNotDeclare) {
  const Edition edition = edition_from(toml_with(""));
  EXPECT_EQ(undeclared_checkpoint(edition, "gate"), "");
  EXPECT_EQ(undeclared_checkpoint(edition, "gaet"),
            "edition 1 declares no checkpoint 'gaet'; did you mean 'gate'?");
  EXPECT_EQ(undeclared_checkpoint(edition, "nowhere"),
            "edition 1 declares no checkpoint 'nowhere'; it declares gate");
}

TEST(Edition, CountsDaysOnItsOwnClock) {
  const Edition edition = edition_from(toml_with(""));
  EXPECT_EQ(edition.local_day({(20 * 3600 - 1) * 1000LL}), 0);
  EXPECT_EQ(edition.local_day({20 * 3600 * 1000LL}), 1);
  EXPECT_EQ(edition.instant_of(86'400).ms, 20 * 3600 * 1000LL);
}

}  // namespace
}  // namespace crossline::procedure
