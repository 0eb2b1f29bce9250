// The words of the language: which predicates there are, what their operands look like, and the closed sets
// of names. The reader, the writer, the checker and the words for people are all driven by these tables.
#pragma once

#include "crossline/procedure/model.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace crossline::procedure {

inline constexpr std::int64_t kMaxWindowDays = 732;  // over which days of presence are counted

inline constexpr int kVocabularyVersion = 1;

// Where the names of an operand come from: a closed set of the language, or declarations of the procedure.
enum class NameSpace : std::uint8_t {
  kNone,
  kDirection,
  kSide,
  kDocumentKind,
  kIssuer,  // one to three capital letters, as in a machine readable zone
  kSex,
  kRelation,
  kCategory,
  kCheckpoint,
  kHours,  // a declared name, or "checkpoint": the hours of the checkpoint of the movement
  kList,
  kMode,
  kPeriod,
  kSeason,
  kPermit,
  kGoods,
  kQuota,
  kDuty,
  kFact,
  kRole,  // of a party: "A.shift_lead"
};

enum class Shape : std::uint8_t {
  kNames,    // a name or an array of names: any of them
  kName,     // one name
  kNumber,   // an integer
  kFlag,     // true or false
  kInstant,  // a local date or time; UTC seconds once sealed
  kTable,    // several of the above by key
  kKeyed,    // a table of such tables, each under a declared name: all of them have to hold
  kFact,     // a table of declared facts, each by its own type
};

// A member of a table.
struct Field {
  std::string_view key;
  Shape shape = Shape::kNumber;
  bool required = true;
  NameSpace names = NameSpace::kNone;
  std::int64_t least = 0;
  std::int64_t most = 0;
};

struct Word {
  PredicateKind kind;
  std::string_view key;
  Shape shape;
  NameSpace names = NameSpace::kNone;  // of the names; of the keys of a keyed table
  std::int64_t least = 0;              // of a number
  std::int64_t most = 0;
  std::span<const Field> fields = {};  // of a table or a keyed table
};

// All predicates, in the order of PredicateKind.
[[nodiscard]] std::span<const Word> words();
[[nodiscard]] const Word& word_of(PredicateKind kind);
// The word written `key`; nothing when there is none.
[[nodiscard]] const Word* find_word(std::string_view key);

// The names of a closed name space; empty for an open one.
[[nodiscard]] std::span<const std::string_view> closed_names(NameSpace space);
// What a name of it is called in a message: "category".
[[nodiscard]] std::string_view noun_of(NameSpace space);
// Whether `code` is written as a machine readable zone writes an issuer.
[[nodiscard]] bool is_issuer(std::string_view code);

inline constexpr std::size_t kMaxLists = 64;    // that an edition may declare: a set of lists is one word
inline constexpr std::size_t kMaxPermits = 64;  // likewise
inline constexpr std::string_view kCheckpointHours = "checkpoint";  // see NameSpace::kHours
inline constexpr std::string_view kNobody = "nobody";               // accompanied_by nobody

// The value that `name_of` gives that name, for an enumeration whose last value is `last`.
template <class Enum>
[[nodiscard]] std::optional<Enum> enum_from(std::string_view name, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace crossline::procedure
