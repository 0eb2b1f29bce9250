// Local time turned into instants: weekly patterns, zone offsets, and the timelines that sealing makes of
// them, so that nobody who enforces a procedure needs a time-zone database.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::procedure {

// The instants at which something is in effect: boundaries in UTC seconds, strictly rising; in effect from
// the first to before the second, from the third to before the fourth, and so on.
class Timeline {
 public:
  Timeline() = default;
  explicit Timeline(std::vector<std::int64_t> boundaries_s) : boundaries_s_(std::move(boundaries_s)) {}
  [[nodiscard]] bool contains(UtcMillis instant) const;
  [[nodiscard]] const std::vector<std::int64_t>& boundaries_s() const { return boundaries_s_; }

 private:
  std::vector<std::int64_t> boundaries_s_;
};

// From `since_s` (UTC seconds) on, local time is UTC plus `offset_s`.
struct ZoneOffset {
  std::int64_t since_s = 0;
  std::int64_t offset_s = 0;
  friend bool operator==(ZoneOffset, ZoneOffset) = default;
};

// The offsets of one zone over a stretch of time, rising; the first also counts before it began.
class ZoneOffsets {
 public:
  ZoneOffsets() = default;
  explicit ZoneOffsets(std::vector<ZoneOffset> changes) : changes_(std::move(changes)) {}
  [[nodiscard]] std::int64_t at(std::int64_t utc_s) const;
  // Days since 1970-01-01 on the zone's clock.
  [[nodiscard]] std::int64_t local_day(UtcMillis instant) const;
  // The first instant whose local time is `local_s` (seconds since 1970-01-01T00:00:00 on the zone's
  // clock); for a local time that a change of offset skips, the instant of that change.
  [[nodiscard]] std::int64_t to_utc(std::int64_t local_s) const;
  [[nodiscard]] const std::vector<ZoneOffset>& changes() const { return changes_; }

 private:
  std::vector<ZoneOffset> changes_;
};

// Where zone offsets come from when a procedure is sealed; nothing else needs them.
class ZoneRules {
 public:
  virtual ~ZoneRules() = default;
  // The offsets of `zone` ("Asia/Baku") over [from_s, until_s), UTC seconds. kNotFound for an unknown zone.
  [[nodiscard]] virtual Result<ZoneOffsets> offsets(std::string_view zone, std::int64_t from_s,
                                                    std::int64_t until_s) const = 0;
};

// Half-open spans of local time, in seconds since 1970-01-01T00:00:00 on some clock.
using LocalSpans = std::vector<std::pair<std::int64_t, std::int64_t>>;

// The opening hours of a week, as written: days ("mon-fri", "sun") to times ("07:00-18:30", several
// separated by a comma; "22:00-02:00" ends on the next day; "00:00-24:00" is the whole day).
class WeekPattern {
 public:
  // kMalformed, naming the part, for anything else and for a day that is named twice.
  static Result<WeekPattern> parse(std::map<std::string, std::string> written);
  [[nodiscard]] const std::map<std::string, std::string>& written() const { return written_; }
  // What it means on each of the days [first_day, last_day], days since 1970-01-01.
  [[nodiscard]] LocalSpans on_days(std::int64_t first_day, std::int64_t last_day) const;

 private:
  struct Span {
    int weekday = 0;  // 0 is Monday
    std::int64_t start_s = 0;
    std::int64_t end_s = 0;
  };
  std::map<std::string, std::string> written_;
  std::vector<Span> spans_;
};

// The instants in [from_s, until_s) whose local time lies in one of `spans`. This definition needs no rule
// for the nights of a clock change: an hour that comes twice counts twice, one that is skipped not at all.
[[nodiscard]] Timeline expand(const LocalSpans& spans, const ZoneOffsets& offsets, std::int64_t from_s,
                              std::int64_t until_s);

}  // namespace crossline::procedure
