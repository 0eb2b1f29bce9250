#include "crossline/movement/event.hpp"

#include <array>
#include <utility>

namespace crossline::movement {
namespace {

// The enumerator whose name_of is `name`; enumerators run from 0 to count - 1.
template <class Enum>
std::optional<Enum> find_name(std::string_view name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> kDirections{"exit", "entry", "a_to_b", "b_to_a"};
constexpr std::array<std::string_view, 5> kOutcomes{"passed", "referred", "refused", "turned_back",
                                                    "abandoned"};
constexpr std::array<std::string_view, 5> kNoticeSteps{"given", "objected", "approved", "rejected",
                                                       "withdrawn"};
constexpr std::size_t kPostSideNames = 3;
constexpr std::size_t kModeNames = 2;

}  // namespace

std::string_view name_of(Direction direction) {
  return kDirections[std::to_underlying(direction)];
}
std::string_view name_of(Outcome outcome) {
  return kOutcomes[std::to_underlying(outcome)];
}

std::string_view name_of(NoticeStep step) {
  return kNoticeSteps[std::to_underlying(step)];
}
std::optional<NoticeStep> notice_step_from(std::string_view name) {
  return find_name<NoticeStep>(name, kNoticeSteps.size());
}

std::optional<PostSide> post_side_from(std::string_view name) {
  return find_name<PostSide>(name, kPostSideNames);
}
std::optional<Direction> direction_from(std::string_view name) {
  return find_name<Direction>(name, kDirections.size());
}
std::optional<Relation> relation_from(std::string_view name) {
  return find_name<Relation>(name, procedure::kRelations);
}

std::optional<procedure::Mode> mode_from(std::string_view name) {
  return find_name<procedure::Mode>(name, kModeNames);
}

bool direction_fits(PostSide post, Direction direction) {
  const bool crossing = direction == Direction::kAToB || direction == Direction::kBToA;
  return crossing == (post == PostSide::kJoint);
}

}  // namespace crossline::movement
