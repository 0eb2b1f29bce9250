// Names in zone letters, proven on the tables and examples of Doc 9303 as the vectors have them.
#include "crossline/documents/transliteration.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "crossline/documents/name_match.hpp"
#include "tests/support/vectors.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

std::string utf8(char32_t c) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | (c >> 6)), byte(0x80 | (c & 0x3F))};
  return {byte(0xE0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3F)), byte(0x80 | (c & 0x3F))};
}

struct LetterRow {
  std::string table;
  std::string letter;  // UTF-8
  std::string spelling;
};

std::vector<LetterRow> section6() {
  std::vector<LetterRow> rows;
  const std::string text = test::read_file(test::vector_path("documents/doc9303_3_section6.tsv"));
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() < 5 || !cells[1].starts_with("U+")) continue;
    rows.push_back({std::string(cells[0]),
                    utf8(static_cast<char32_t>(std::stoul(std::string(cells[1].substr(2)), nullptr, 16))),
                    std::string(cells[4])});
  }
  return rows;
}

std::vector<std::string> split_by(std::string_view text, std::string_view separator) {
  std::vector<std::string> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + separator.size());
  }
}

std::string spelled(std::string_view name, Language language = Language::kOther) {
  const auto result = transliterate(name, language);
  EXPECT_TRUE(result.has_value()) << name << (result ? "" : ": " + result.error().to_string());
  return result.value_or("");
}

TEST(Transliteration, OfEveryLatinLetterIsTheTables) {
  CROSSLINE_REQUIRE_VECTOR("documents/doc9303_3_section6.tsv");
  std::size_t count = 0;
  for (const LetterRow& row : section6()) {
    if (row.table != "A") continue;
    ++count;
    const auto all = spellings(row.letter);
    ASSERT_TRUE(all.has_value()) << row.letter;
    EXPECT_EQ(*all, split_by(row.spelling, " or ")) << row.letter;
  }
  EXPECT_EQ(count, 95u);
}

// "ZH (except Serbian = Z)", "IE (except if Ukrainian first character, then =YE)".
TEST(Transliteration, OfEveryCyrillicLetterIsTheTablesInEachLanguage) {
  CROSSLINE_REQUIRE_VECTOR("documents/doc9303_3_section6.tsv");
  const std::map<std::string, Language> languages{{"Belorussian", Language::kBelarusian},
                                                  {"Bulgarian", Language::kBulgarian},
                                                  {"Macedonia", Language::kMacedonian},
                                                  {"Serbian", Language::kSerbian},
                                                  {"Ukrainian", Language::kUkrainian}};
  std::size_t count = 0;
  for (const LetterRow& row : section6()) {
    if (row.table != "B") continue;
    ++count;
    const std::string base = row.spelling.substr(0, row.spelling.find(' '));
    EXPECT_EQ(spelled(row.letter), base) << row.letter;
    for (const auto& [name, language] : languages) {
      const bool excepted = row.spelling.find(name) != std::string::npos;
      const bool first_only = row.spelling.find("first character") != std::string::npos;
      std::string special = base;
      if (excepted) special = row.spelling.substr(row.spelling.find('=') + 1);
      std::erase_if(special, [](char c) { return c == ')' || c == ' '; });
      EXPECT_EQ(spelled(row.letter, language), special) << row.letter << name;
      EXPECT_EQ(spelled("А" + row.letter, language), "A" + (first_only ? base : special))
          << row.letter << name;
    }
  }
  EXPECT_EQ(count, 48u);
}

TEST(Transliteration, OfEveryArabicLetterIsTheTables) {
  CROSSLINE_REQUIRE_VECTOR("documents/doc9303_3_section6.tsv");
  std::size_t count = 0;
  for (const LetterRow& row : section6()) {
    if (row.table != "C") continue;
    ++count;
    const bool special = row.spelling.starts_with("[DOUBLE]") || row.spelling.starts_with("XTA/");
    if (special) continue;
    EXPECT_EQ(spelled(row.letter), row.spelling == "(Not encoded)" ? "" : row.spelling) << row.letter;
  }
  EXPECT_EQ(count, 80u);
}

TEST(Transliteration, OfArabicDoublesAtAShaddaAndEndsTehMarbutaInXah) {
  EXPECT_EQ(spelled("محمد"), "MXHMD");
  EXPECT_EQ(spelled("محمّد"), "MXHMMD");
  EXPECT_EQ(spelled("فاطمة"), "FAXTTMXAH");
  EXPECT_EQ(spelled("فاطمة علي"), "FAXTTMXAH ELY");
}

TEST(Transliteration, ReadsLowerCaseAsUpperCase) {
  EXPECT_EQ(spelled("Müller"), "MUELLER");
  EXPECT_EQ(spelled("straße"), "STRASSE");
  EXPECT_EQ(spelled("ılıca"), "ILICA");
  EXPECT_EQ(spelled("čžšý"), "CZSY");
  EXPECT_EQ(spelled("Кузнецов Юрий"), "KUZNETSOV IURII");
  EXPECT_EQ(spelled("ёлкин"), "ELKIN");
}

TEST(Transliteration, FollowsTheLanguageOfTheName) {
  EXPECT_EQ(spelled("Юрій Їжак", Language::kUkrainian), "YURII YIZHAK");
  EXPECT_EQ(spelled("Живковић", Language::kSerbian), "ZIVKOVIC");
  EXPECT_EQ(spelled("Ѓорѓи", Language::kMacedonian), "GJORGJI");
  EXPECT_EQ(spelled("Ђорђе", Language::kSerbian), "DORDE");
  EXPECT_EQ(spelled("Ольга"), "OLGA");
}

TEST(Transliteration, GivesArmenianAndAzerbaijaniLettersAsProposals) {
  EXPECT_EQ(spelled("Երևան"), "YEREVAN");
  EXPECT_EQ(spelled("Ոսկանյան Հովհաննես"), "VOSKANYAN HOVHANNES");
  EXPECT_EQ(spelled("Ուլուբաբյան"), "ULUBABYAN");
  EXPECT_EQ(spelled("Əliyeva Gülşən"), "ALIYEVA GUELSAN");
}

TEST(Transliteration, FollowsTheRulesForPunctuation) {
  EXPECT_EQ(spelled("O'Connor"), "OCONNOR");
  EXPECT_EQ(spelled("O’Connor"), "OCONNOR");
  EXPECT_EQ(spelled("Smith-Jones"), "SMITH JONES");
  EXPECT_EQ(spelled("Smith,  Jones "), "SMITH JONES");
  EXPECT_EQ(spelled("J. R. (Bob)"), "J R BOB");
  EXPECT_EQ(spelled("A\u0308rzte"), "ARZTE");
}

TEST(Transliteration, RefusesWhatItCannotSpell) {
  const auto unknown = transliterate("王");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(unknown.error().message, "no spelling is known for the letter U+738B");
  EXPECT_EQ(transliterate("\xC3").error().code, ErrorCode::kMalformed);
}

TEST(Spellings, GiveEveryReadingOnceAndAreBounded) {
  EXPECT_EQ(spellings("Jürgen").value(), (std::vector<std::string>{"JUERGEN", "JUXXRGEN", "JURGEN"}));
  EXPECT_EQ(spellings("Ägäö")->size(), 8u);
  EXPECT_LE(spellings("ÄÖÜÄÖÜÄÖÜÄÖÜ")->size(), limits::kMaxSpellings);
  EXPECT_EQ(spellings("Erik").value(), std::vector<std::string>{"ERIK"});
}

struct Example {
  std::string part;
  std::string primary;
  std::string secondary;
  std::string field;  // the name field
};

std::vector<Example> examples() {
  std::vector<Example> found;
  const std::string text = test::read_file(test::vector_path("documents/doc9303_names.tsv"));
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() < 3 || cells[0] == "part") continue;
    const auto names = split_by(cells[1], ", ");
    const bool whole_line = cells[2].size() > 30;  // with code and issuer before the name
    found.push_back({std::string(cells[0]), names[0], names.size() > 1 ? names[1] : "",
                     std::string(whole_line ? cells[2].substr(5) : cells[2])});
  }
  return found;
}

ZoneName zone_name(const std::string& field) {
  const std::size_t split_at = std::min(field.find("<<"), field.size());
  const auto words = [](std::string text) {
    std::ranges::replace(text, '<', ' ');
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, text.find_first_not_of(' '));
    return text;
  };
  return {words(field.substr(0, split_at)), words(field.substr(split_at)), field.back() != '<'};
}

TEST(NameField, IsTheStandardsWhereTheNameFits) {
  CROSSLINE_REQUIRE_VECTOR("documents/doc9303_names.tsv");
  std::size_t exact = 0;
  for (const Example& example : examples()) {
    const std::string primary = spelled(example.primary);
    const std::string secondary = spelled(example.secondary);
    const std::string field = name_field(primary, secondary, example.field.size());
    SCOPED_TRACE(example.field);
    const bool fits = primary.size() + secondary.size() + (secondary.empty() ? 0 : 2) <= field.size();
    if (fits) {
      EXPECT_EQ(field, example.field);
      ++exact;
      continue;
    }
    // How to cut is the issuer's choice; whatever it chose, each part begins as the name's does.
    EXPECT_NE(field.back(), '<');
    EXPECT_EQ(match_names(zone_name(field), {primary, secondary, false}), NameMatch::kPossible);
    EXPECT_EQ(match_names(zone_name(example.field), {primary, secondary, false}), NameMatch::kPossible);
  }
  EXPECT_GE(exact, 20u);
}

TEST(NameField, KeepsTheBeginningOfEveryComponent) {
  EXPECT_EQ(name_field("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG", 30),
            "NILAVADHANANANDA<<CHAYAPA<DE<K");
  EXPECT_EQ(name_field("BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO", 31),
            "BENNELONG<WOOLOOMOOLOO<W<W<<D<P");
  EXPECT_EQ(name_field("", "ANNA", 30), "<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<");
  EXPECT_EQ(name_field("A B C D E F G H I J K L M N O P Q R S T", "", 30).size(), 30u);
}

TEST(MatchNames, TellsSamePossibleAndDifferentApart) {
  const ZoneName anna{"ERIKSSON", "ANNA MARIA", false};
  EXPECT_EQ(match_names(anna, anna), NameMatch::kSame);
  const auto possible = [&](const ZoneName& other) {
    return match_names(anna, other) == NameMatch::kPossible &&
           match_names(other, anna) == NameMatch::kPossible;
  };
  EXPECT_TRUE(possible({"ERIKSSON", "MARIA ANNA", false}));  // another order
  EXPECT_TRUE(possible({"ANNA MARIA", "ERIKSSON", false}));  // another role
  EXPECT_TRUE(possible({"ERIKSSON", "ANNA", false}));        // a part left out
  EXPECT_TRUE(possible({"ERIKSSON", "ANNA MAR", true}));     // cut
  EXPECT_TRUE(possible({"ERIKSON", "ANNA MARIA", false}));   // another spelling
  EXPECT_FALSE(possible({"ERIKSSON", "ANNA MAR", false}));   // as long, and not cut
  EXPECT_FALSE(possible({"ERIKSSON", "", false}));           // one part alone tells nothing
  EXPECT_FALSE(possible({"ERIKSSON", "BERTA", false}));
  EXPECT_EQ(match_names({"", "", false}, {"", "", false}), NameMatch::kDifferent);
}

TEST(MatchNames, KnowsTheSpellingsOfOneLetter) {
  for (const char* other : {"MUELLER", "MUXXLLER", "MULLER"}) {
    EXPECT_EQ(match_names({"MULLER", "JOHN", false}, {other, "JOHN", false}) == NameMatch::kDifferent, false)
        << other;
  }
  EXPECT_EQ(match_names({"MULLER", "JOHN", false}, {"MILLER", "JOHN", false}), NameMatch::kDifferent);
}

}  // namespace
}  // namespace crossline::documents
