#include "crossline/movement/event.hpp"

#include <array>
#include <utility>

namespace crossline::movement {
namespace {

// Names in the order of the enumerators, starting at 0.
template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 2> kSides{"A", "B"};
constexpr std::array<std::string_view, 3> kPostSides{"A", "B", "joint"};
constexpr std::array<std::string_view, 4> kDirections{"exit", "entry", "a_to_b", "b_to_a"};
constexpr std::array<std::string_view, 5> kOutcomes{"passed", "referred", "refused", "turned_back", "abandoned"};
constexpr std::array<std::string_view, 3> kSexes{"unspecified", "female", "male"};
constexpr std::array<std::string_view, 6> kRelations{"parent", "guardian", "spouse", "child", "carer", "other"};

}  // namespace

std::string_view name_of(Side side) { return kSides[std::to_underlying(side)]; }
std::string_view name_of(PostSide side) { return kPostSides[std::to_underlying(side)]; }
std::string_view name_of(Direction direction) { return kDirections[std::to_underlying(direction)]; }
std::string_view name_of(Outcome outcome) { return kOutcomes[std::to_underlying(outcome)]; }
std::string_view name_of(Sex sex) { return kSexes[std::to_underlying(sex)]; }
std::string_view name_of(Relation relation) { return kRelations[std::to_underlying(relation)]; }

std::optional<PostSide> post_side_from(std::string_view name) { return find_name<PostSide>(kPostSides, name); }
std::optional<Direction> direction_from(std::string_view name) { return find_name<Direction>(kDirections, name); }
std::optional<Relation> relation_from(std::string_view name) { return find_name<Relation>(kRelations, name); }

bool direction_fits(PostSide post, Direction direction) {
  const bool crossing = direction == Direction::kAToB || direction == Direction::kBToA;
  return crossing == (post == PostSide::kJoint);
}

}  // namespace crossline::movement
