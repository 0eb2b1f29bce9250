#include "tools/travellers/travellers.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/documents/make_mrz.hpp"

#include <array>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

using documents::MrzFields;
using documents::MrzFormat;
using movement::Direction;
using movement::Side;

constexpr std::array<std::string_view, 9> kKindNames{"resident",    "family",     "visitor",
                                                     "round_trip",  "turns_back", "stays_between",
                                                     "child_alone", "expired",    "visa_only"};
// Out of every 50 travellers; what is left over are residents.
struct Share {
  TravellerKind kind;
  unsigned of_50;
};
constexpr std::array<Share, 8> kMixture{{{TravellerKind::kFamily, 7},
                                         {TravellerKind::kVisitor, 4},
                                         {TravellerKind::kRoundTrip, 5},
                                         {TravellerKind::kTurnsBack, 1},
                                         {TravellerKind::kStaysBetween, 1},
                                         {TravellerKind::kChildAlone, 1},
                                         {TravellerKind::kExpired, 2},
                                         {TravellerKind::kVisaOnly, 1}}};

// Trees for families, stars for persons: nobody's names.
constexpr std::array<std::string_view, 16> kPrimary{
    "ALDER",  "BEECH", "CEDAR",  "CYPRESS", "ELM",    "HAZEL", "JUNIPER", "LARCH",
    "LINDEN", "MAPLE", "POPLAR", "ROWAN",   "SPRUCE", "SUMAC", "WALNUT",  "WILLOW"};
constexpr std::array<std::string_view, 12> kSecondary{"ALTAIR", "ANTARES", "ARCTURUS", "CAPELLA",
                                                      "DENEB",  "MIRA",    "POLARIS",  "REGULUS",
                                                      "RIGEL",  "SIRIUS",  "SPICA",    "VEGA"};

std::string yymmdd(std::chrono::year_month_day day) {
  return fmt::format("{:02}{:02}{:02}", static_cast<int>(day.year()) % 100,
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

class Generator {
 public:
  Generator(std::uint64_t seed, std::chrono::year_month_day today) : random_(seed), today_(today) {}

  Traveller make(std::uint32_t number, TravellerKind kind, std::size_t checkpoint) {
    Traveller traveller{
        .number = number, .kind = kind, .checkpoint = checkpoint, .documents = {}, .steps = {}};
    home_ = pick(2) == 0 ? Side::kA : Side::kB;
    const std::string primary(kPrimary[pick(kPrimary.size())]);
    traveller.documents.push_back(document(number, 0, primary, kind));
    if (kind == TravellerKind::kFamily) {
      const std::uint32_t children = 1 + pick(3);
      for (std::uint32_t child = 1; child <= children; ++child)
        traveller.documents.push_back(document(number, child, primary, kind));
    }
    traveller.steps = steps(kind);
    return traveller;
  }

 private:
  std::uint32_t pick(std::size_t below) { return static_cast<std::uint32_t>(random_() % below); }

  // A birth date with which the holder is at least `from` and at most `to` years old today.
  std::string born(int from, int to) {
    const int age = from + static_cast<int>(pick(static_cast<std::size_t>(to - from) + 1));
    // A day after the birthday of this year would make the holder a year younger: stay before it.
    const std::chrono::year_month_day birthday{today_.year() - std::chrono::years(age + 1),
                                               std::chrono::month(1 + pick(12)),
                                               std::chrono::day(1 + pick(28))};
    const bool had_birthday =
        std::pair(birthday.month(), birthday.day()) <= std::pair(today_.month(), today_.day());
    return yymmdd(had_birthday ? birthday + std::chrono::years(1) : birthday);
  }

  TravellerDocument document(std::uint32_t number, std::uint32_t person, const std::string& primary,
                             TravellerKind kind) {
    const bool child = person > 0 || kind == TravellerKind::kChildAlone;
    const bool visitor = kind == TravellerKind::kVisitor;
    MrzFields fields;
    fields.format = kind == TravellerKind::kVisaOnly
                        ? MrzFormat::kMrvA
                        : (pick(3) == 0 && !visitor ? MrzFormat::kTd1 : MrzFormat::kTd3);
    fields.document_code = fields.format == MrzFormat::kTd1    ? "I"
                           : fields.format == MrzFormat::kMrvA ? "V"
                                                               : "P";
    fields.issuer = visitor ? "UTO" : (home_ == Side::kA ? "XAA" : "XBB");
    fields.nationality = fields.issuer;
    fields.number = fmt::format("{}{:05}{:02}", home_ == Side::kA ? "A" : "B", number % 100'000, person);
    fields.primary_names = primary;
    fields.secondary_names = std::string(kSecondary[pick(kSecondary.size())]);
    fields.sex = pick(2) == 0 ? documents::Sex::kFemale : documents::Sex::kMale;
    fields.birth_yymmdd = child ? born(2, 14) : born(18, 80);
    const int years_left =
        kind == TravellerKind::kExpired ? -1 - static_cast<int>(pick(3)) : 1 + static_cast<int>(pick(8));
    fields.expiry_yymmdd = yymmdd(
        {today_.year() + std::chrono::years(years_left), today_.month(), std::chrono::day(1 + pick(28))});
    const auto zone = documents::make_mrz(fields);
    CROSSLINE_ASSERT(zone.has_value());
    return {*zone, visitor ? "third_party" : (home_ == Side::kA ? "resident_a" : "resident_b")};
  }

  std::vector<TravellerStep> steps(TravellerKind kind) const {
    const Side away = movement::other(home_);
    const TravellerStep out{home_, Direction::kExit};
    const TravellerStep in{away, Direction::kEntry};
    switch (kind) {
      case TravellerKind::kRoundTrip:
        return {out, in, {away, Direction::kExit}, {home_, Direction::kEntry}};
      case TravellerKind::kTurnsBack:
        return {out, {home_, Direction::kEntry}};
      case TravellerKind::kStaysBetween:
        return {out};
      default:
        return {out, in};
    }
  }

  std::mt19937_64 random_;
  std::chrono::year_month_day today_;
  Side home_ = Side::kA;
};

TravellerKind kind_of(std::uint32_t number) {
  unsigned place = number % 50;
  for (const Share& share : kMixture) {
    if (place < share.of_50) return share.kind;
    place -= share.of_50;
  }
  return TravellerKind::kResident;
}

}  // namespace

std::string_view name_of(TravellerKind kind) {
  return kKindNames[std::to_underlying(kind)];
}

std::vector<Traveller> generate_travellers(std::uint32_t count, std::size_t checkpoints, std::uint64_t seed,
                                           std::chrono::year_month_day today) {
  CROSSLINE_ASSERT(checkpoints > 0);
  Generator generator(seed, today);
  std::vector<Traveller> travellers;
  travellers.reserve(count);
  // 7 is coprime to 50: kinds come mixed, not in blocks.
  for (std::uint32_t i = 0; i < count; ++i)
    travellers.push_back(generator.make(i, kind_of(i * 7), i % checkpoints));
  return travellers;
}

}  // namespace crossline::tools
