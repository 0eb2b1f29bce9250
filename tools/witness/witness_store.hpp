// What a witness remembers, in one SQLite file.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/witness/witness.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::tools {

struct KeptAlarm {
  std::int64_t id = 0;
  UtcMillis at;
  std::string origin;
  std::string what;
  std::string note;        // as it was submitted
  std::string remembered;  // the witness's own last head at that time; empty: none
};

// One thread at a time. Bounded: one head a log, and of each log kMaxProven alarms that prove something and
// kMaxClaims that prove nothing yet, the first ones. Anybody can make claims, from two heads that do fit:
// they take nobody's place but each other's.
class WitnessStore {
 public:
  static constexpr std::size_t kMaxProven = 900;
  static constexpr std::size_t kMaxClaims = 100;

  static Result<WitnessStore> open(const std::filesystem::path& path);
  ~WitnessStore();
  WitnessStore(WitnessStore&&) noexcept;
  WitnessStore& operator=(WitnessStore&&) = delete;

  // Reads what is remembered, decides, and keeps what is decided, in one transaction that is on the disk when
  // this returns: the answer may then be given, and a crash before that takes nothing back. On an error
  // nothing is kept and nothing may be answered but that.
  Result<witness::Answer> answer(const witness::Witness& witness, std::string_view body, UtcMillis now);

  // Keeps a report (docs/formats/misbehaviour.md) of a log that `witness` knows among the alarms, durably
  // before this returns; the same one once. Statuses: 200 kept, 400 no report, 403 its heads are not signed
  // by a log that is known, or they fit, or there are kMaxClaims already and this one proves nothing, 503
  // there are kMaxProven.
  Result<witness::Answer> take_report(const witness::Witness& witness, std::string_view body, UtcMillis now);

  // The note of the last head cosigned of the log whose origin has this SHA-256 in hexadecimal.
  Result<std::optional<std::string>> last_head(std::string_view origin_hash);
  // Oldest first.
  Result<std::vector<KeptAlarm>> alarms();
  // Removes a claim, somebody having found out that its heads fit. kNotFound: there is no such claim; what is
  // proven stays.
  Result<void> dismiss(std::int64_t id);

 private:
  struct State;
  explicit WitnessStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::tools
