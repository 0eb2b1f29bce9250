// The letters of Doc 9303-3 section 6, tables A (Latin), B (Cyrillic) and C (Arabic), with the additions that
// letters.hpp names. Upper case only.
#include "letters.hpp"

#include <algorithm>
#include <array>

namespace crossline::documents {
namespace {

struct Letter {
  char32_t letter;
  std::string_view spellings;
};

struct Exception {
  char32_t letter;
  Language language;
  bool initial_only;
  std::string_view spelling;
};

constexpr auto kTranslated = std::to_array<Letter>(
    {{0x00C0, "A"},    {0x00C1, "A"},    {0x00C2, "A"},        {0x00C3, "A"},   {0x00C4, "AE|A"},
     {0x00C5, "AA|A"}, {0x00C6, "AE"},   {0x00C7, "C"},        {0x00C8, "E"},   {0x00C9, "E"},
     {0x00CA, "E"},    {0x00CB, "E"},    {0x00CC, "I"},        {0x00CD, "I"},   {0x00CE, "I"},
     {0x00CF, "I"},    {0x00D0, "D"},    {0x00D1, "N|NXX"},    {0x00D2, "O"},   {0x00D3, "O"},
     {0x00D4, "O"},    {0x00D5, "O"},    {0x00D6, "OE|O"},     {0x00D8, "OE"},  {0x00D9, "U"},
     {0x00DA, "U"},    {0x00DB, "U"},    {0x00DC, "UE|UXX|U"}, {0x00DD, "Y"},   {0x00DE, "TH"},
     {0x0100, "A"},    {0x0102, "A"},    {0x0104, "A"},        {0x0106, "C"},   {0x0108, "C"},
     {0x010A, "C"},    {0x010C, "C"},    {0x010E, "D"},        {0x0110, "D"},   {0x0112, "E"},
     {0x0114, "E"},    {0x0116, "E"},    {0x0118, "E"},        {0x011A, "E"},   {0x011C, "G"},
     {0x011E, "G"},    {0x0120, "G"},    {0x0122, "G"},        {0x0124, "H"},   {0x0126, "H"},
     {0x0128, "I"},    {0x012A, "I"},    {0x012C, "I"},        {0x012E, "I"},   {0x0130, "I"},
     {0x0131, "I"},    {0x0132, "IJ"},   {0x0134, "J"},        {0x0136, "K"},   {0x0139, "L"},
     {0x013B, "L"},    {0x013D, "L"},    {0x013F, "L"},        {0x0141, "L"},   {0x0143, "N"},
     {0x0145, "N"},    {0x0147, "N"},    {0x014A, "N"},        {0x014C, "O"},   {0x014E, "O"},
     {0x0150, "O"},    {0x0152, "OE"},   {0x0154, "R"},        {0x0156, "R"},   {0x0158, "R"},
     {0x015A, "S"},    {0x015C, "S"},    {0x015E, "S"},        {0x0160, "S"},   {0x0162, "T"},
     {0x0164, "T"},    {0x0166, "T"},    {0x0168, "U"},        {0x016A, "U"},   {0x016C, "U"},
     {0x016E, "U"},    {0x0170, "U"},    {0x0172, "U"},        {0x0174, "W"},   {0x0176, "Y"},
     {0x0178, "Y"},    {0x0179, "Z"},    {0x017B, "Z"},        {0x017D, "Z"},   {0x018F, "A|E"},
     {0x0218, "S"},    {0x021A, "T"},    {0x0401, "E"},        {0x0402, "D"},   {0x0403, "G"},
     {0x0404, "IE"},   {0x0405, "DZ"},   {0x0406, "I"},        {0x0407, "I"},   {0x0408, "J"},
     {0x0409, "LJ"},   {0x040A, "NJ"},   {0x040B, "C"},        {0x040C, "K"},   {0x040E, "U"},
     {0x040F, "DZ"},   {0x0410, "A"},    {0x0411, "B"},        {0x0412, "V"},   {0x0413, "G"},
     {0x0414, "D"},    {0x0415, "E"},    {0x0416, "ZH"},       {0x0417, "Z"},   {0x0418, "I"},
     {0x0419, "I"},    {0x041A, "K"},    {0x041B, "L"},        {0x041C, "M"},   {0x041D, "N"},
     {0x041E, "O"},    {0x041F, "P"},    {0x0420, "R"},        {0x0421, "S"},   {0x0422, "T"},
     {0x0423, "U"},    {0x0424, "F"},    {0x0425, "KH"},       {0x0426, "TS"},  {0x0427, "CH"},
     {0x0428, "SH"},   {0x0429, "SHCH"}, {0x042A, "IE"},       {0x042B, "Y"},   {0x042C, ""},
     {0x042D, "E"},    {0x042E, "IU"},   {0x042F, "IA"},       {0x046A, "U"},   {0x0474, "Y"},
     {0x0490, "G"},    {0x0492, "G"},    {0x04BA, "C"},        {0x0531, "A"},   {0x0532, "B"},
     {0x0533, "G"},    {0x0534, "D"},    {0x0535, "E"},        {0x0536, "Z"},   {0x0537, "E"},
     {0x0538, "Y|E"},  {0x0539, "T"},    {0x053A, "ZH"},       {0x053B, "I"},   {0x053C, "L"},
     {0x053D, "KH"},   {0x053E, "TS"},   {0x053F, "K"},        {0x0540, "H"},   {0x0541, "DZ"},
     {0x0542, "GH"},   {0x0543, "CH"},   {0x0544, "M"},        {0x0545, "Y|H"}, {0x0546, "N"},
     {0x0547, "SH"},   {0x0548, "O"},    {0x0549, "CH"},       {0x054A, "P"},   {0x054B, "J"},
     {0x054C, "RR|R"}, {0x054D, "S"},    {0x054E, "V"},        {0x054F, "T"},   {0x0550, "R"},
     {0x0551, "TS"},   {0x0552, "W"},    {0x0553, "P"},        {0x0554, "K"},   {0x0555, "O"},
     {0x0556, "F"},    {0x0621, "XE"},   {0x0622, "XAA"},      {0x0623, "XAE"}, {0x0624, "U"},
     {0x0625, "I"},    {0x0626, "XI"},   {0x0627, "A"},        {0x0628, "B"},   {0x0629, "XTA"},
     {0x062A, "T"},    {0x062B, "XTH"},  {0x062C, "J"},        {0x062D, "XH"},  {0x062E, "XKH"},
     {0x062F, "D"},    {0x0630, "XDH"},  {0x0631, "R"},        {0x0632, "Z"},   {0x0633, "S"},
     {0x0634, "XSH"},  {0x0635, "XSS"},  {0x0636, "XDZ"},      {0x0637, "XTT"}, {0x0638, "XZZ"},
     {0x0639, "E"},    {0x063A, "G"},    {0x0640, ""},         {0x0641, "F"},   {0x0642, "Q"},
     {0x0643, "K"},    {0x0644, "L"},    {0x0645, "M"},        {0x0646, "N"},   {0x0647, "H"},
     {0x0648, "W"},    {0x0649, "XAY"},  {0x064A, "Y"},        {0x064B, ""},    {0x064C, ""},
     {0x064D, ""},     {0x064E, ""},     {0x064F, ""},         {0x0650, ""},    {0x0652, ""},
     {0x0670, ""},     {0x0671, "XXA"},  {0x0679, "XXT"},      {0x067C, "XRT"}, {0x067E, "P"},
     {0x0681, "XKE"},  {0x0685, "XXH"},  {0x0686, "XC"},       {0x0688, "XXD"}, {0x0689, "XDR"},
     {0x0691, "XXR"},  {0x0693, "XRR"},  {0x0696, "XRX"},      {0x0698, "XJ"},  {0x069A, "XXS"},
     {0x069C, ""},     {0x06A2, ""},     {0x06A7, ""},         {0x06A8, ""},    {0x06A9, "XKK"},
     {0x06AB, "XXK"},  {0x06AD, "XNG"},  {0x06AF, "XGG"},      {0x06BA, "XNN"}, {0x06BC, "XXN"},
     {0x06BE, "XDO"},  {0x06C0, "XYH"},  {0x06C1, "XXG"},      {0x06C2, "XGE"}, {0x06C3, "XTG"},
     {0x06CC, "XYA"},  {0x06CD, "XXY"},  {0x06D0, "Y"},        {0x06D2, "XYB"}, {0x06D3, "XBE"},
     {0x1E9E, "SS"}});
static_assert(std::ranges::is_sorted(kTranslated, {}, &Letter::letter));

constexpr auto kExceptions = std::to_array<Exception>(
    {{0x0401, Language::kBelarusian, false, "IO"}, {0x0403, Language::kMacedonian, false, "GJ"},
     {0x0404, Language::kUkrainian, true, "YE"},   {0x0407, Language::kUkrainian, true, "YI"},
     {0x040C, Language::kMacedonian, false, "KJ"}, {0x040F, Language::kMacedonian, false, "DJ"},
     {0x0413, Language::kBelarusian, false, "H"},  {0x0413, Language::kSerbian, false, "H"},
     {0x0413, Language::kUkrainian, false, "H"},   {0x0416, Language::kSerbian, false, "Z"},
     {0x0418, Language::kUkrainian, false, "Y"},   {0x0419, Language::kUkrainian, true, "Y"},
     {0x0425, Language::kMacedonian, false, "H"},  {0x0425, Language::kSerbian, false, "H"},
     {0x0426, Language::kMacedonian, false, "C"},  {0x0426, Language::kSerbian, false, "C"},
     {0x0427, Language::kSerbian, false, "C"},     {0x0428, Language::kSerbian, false, "S"},
     {0x0429, Language::kBulgarian, false, "SHT"}, {0x042E, Language::kUkrainian, true, "YU"},
     {0x042F, Language::kUkrainian, true, "YA"},   {0x0492, Language::kMacedonian, false, "GJ"}});

}  // namespace

std::optional<std::string_view> spellings_of(char32_t letter, Language language, bool initial) {
  for (const Exception& exception : kExceptions) {
    if (exception.letter == letter && exception.language == language &&
        (initial || !exception.initial_only)) {
      return exception.spelling;
    }
  }
  const auto found = std::ranges::lower_bound(kTranslated, letter, {}, &Letter::letter);
  if (found == kTranslated.end() || found->letter != letter) return std::nullopt;
  return found->spellings;
}

char32_t to_upper(char32_t c) {
  const bool even_is_upper = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) ||
                             (c >= 0x218 && c <= 0x21B) || (c >= 0x460 && c <= 0x4BF);
  const bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
  if (c == 0x131) return c;  // dotless i has its own row
  if (even_is_upper) return c & ~char32_t{1};
  if (odd_is_upper) return c % 2 == 0 ? c - 1 : c;
  if (c >= 'a' && c <= 'z') return c - 0x20;
  if (c == 0xDF) return 0x1E9E;
  if (c == 0xFF) return 0x178;
  if (c == 0x259) return 0x18F;
  if (c >= 0xE0 && c <= 0xFE && c != 0xF7) return c - 0x20;
  if (c >= 0x430 && c <= 0x44F) return c - 0x20;
  if (c >= 0x450 && c <= 0x45F) return c - 0x50;
  if (c >= 0x561 && c <= 0x586) return c - 0x30;
  return c;
}

}  // namespace crossline::documents
