// How many movements of a local day a quota has room for, and how much of that room is leased to posts, so
// that they can give it away without a link. Never more than the quota without a recorded difference: a
// movement that finds no room is decided otherwise by the fold.
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/history.hpp"
#include "crossline/procedure/model.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::movement {

// Whether the quota counts a movement of `category` at `post`: when one of its halves is in what it names. A
// category that the officer could not tell counts where the quota names none.
[[nodiscard]] bool counts(const procedure::Quota& quota, const Post& post, Direction direction,
                          std::string_view category);

// A set of ties (movement_tie). The next movement of an agent is added in the same time however many are
// there.
class TieSet {
 public:
  void insert(std::uint64_t tie);
  void erase(std::uint64_t tie);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size_of(std::uint32_t agent) const;
  [[nodiscard]] std::vector<std::uint64_t> of_agent(std::uint32_t agent) const;  // in order
  friend bool operator==(const TieSet&, const TieSet&) = default;

 private:
  using Indices = std::vector<std::uint32_t>;  // of one agent, in order: the low half of its ties
  std::map<std::uint32_t, Indices> by_agent_;  // none is empty
  std::size_t size_ = 0;
};

// A day's uses are kept in parts: what one agent let through, by every 64 events of its journal, in turn. A
// use changes one part, however many others there are on the day.
struct QuotaPart {
  std::uint32_t agent = 0;  // its tag
  std::uint32_t number = 0;
  friend auto operator<=>(const QuotaPart&, const QuotaPart&) = default;
};
[[nodiscard]] QuotaPart quota_part_of(std::uint64_t tie);

// One local day of one quota. Agents are told apart by their tag, as in movement_tie.
struct QuotaDay {
  struct Lease {
    std::uint32_t agent = 0;
    std::int64_t amount = 0;
    friend bool operator==(const Lease&, const Lease&) = default;
  };
  TieSet used;                // the movements that count
  std::vector<Lease> leases;  // in order of first lease

  void lease(std::uint32_t agent, std::int64_t amount);
  [[nodiscard]] std::int64_t leased_to(std::uint32_t agent) const;
  [[nodiscard]] std::int64_t used_by(std::uint32_t agent) const;
  // The ties of a part, in order.
  [[nodiscard]] std::vector<std::uint64_t> uses_of(const QuotaPart& part) const;
  // What `agent` used beyond what it holds: a new lease leaves its full amount when it covers that as well.
  [[nodiscard]] std::int64_t spent_beyond_leases(std::uint32_t agent) const;
  // What nobody holds and nobody used; negative when more was let through than there was room for.
  [[nodiscard]] std::int64_t unleased(std::int64_t per_day) const;
  // What `agent` may still let through: what is left of its lease, and what nobody holds. At least 0.
  [[nodiscard]] std::int64_t left_for(std::uint32_t agent, std::int64_t per_day) const;
  friend bool operator==(const QuotaDay&, const QuotaDay&) = default;
};

// The last days of every quota. A value.
class Quotas {
 public:
  // A movement that took place, counted by all quotas of `edition` that count it.
  void use(const std::vector<procedure::Quota>& quotas, const Movement& movement, const Post& post,
           std::uint64_t tie, std::int32_t day);
  // One that was taken back.
  void give_back(std::uint64_t tie);
  // Takes the lease when there is room for it and it says rightly what the post has spent; else false. Days
  // that are too old have none.
  bool lease(const QuotaLease& lease, std::int64_t per_day);
  // Takes a lease that a server's fold has taken, where nothing is counted.
  void follow(const QuotaLease& lease);
  // What a lease on `day` to `agent` has to say that the post has spent.
  [[nodiscard]] std::int64_t spent_beyond_leases(std::string_view quota, std::int32_t day,
                                                 std::uint32_t agent) const;

  // Null for a day of which nothing is on record.
  [[nodiscard]] const QuotaDay* find(std::string_view quota, std::int32_t day) const;
  // What is left on `day` for `agent`; nothing when the day is older than what is kept.
  [[nodiscard]] std::optional<std::int64_t> left(const procedure::Quota& quota, std::int32_t day,
                                                 std::uint32_t agent) const;

  // What is on record of `day`, by quota.
  [[nodiscard]] std::map<std::string, QuotaDay, std::less<>> of_day(std::int32_t day) const;

  using Days = std::map<std::int32_t, QuotaDay>;
  [[nodiscard]] const std::map<std::string, Days, std::less<>>& all() const { return quotas_; }
  // Puts a day back, without its uses.
  void restore(std::string_view quota, std::int32_t day, std::vector<QuotaDay::Lease> leases);
  // Makes `ties`, all of `part`, its uses of a day that was put back; those of another day are nobody's any
  // more.
  void restore_uses(std::string_view quota, std::int32_t day, const QuotaPart& part,
                    std::span<const std::uint64_t> ties);

 private:
  // Null when the day is older than what is kept.
  QuotaDay* open(std::string_view quota, std::int32_t day);

  std::map<std::string, Days, std::less<>> quotas_;
};

}  // namespace crossline::movement
