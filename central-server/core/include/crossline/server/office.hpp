// The server's own journal: what people at the server do stands in the ledger like everything else.
#pragma once

#include "crossline/movement/world.hpp"
#include "crossline/server/submission.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline::server {

inline constexpr std::string_view kOfficeAgent = "office";

// Signs the acts of the server's users with a key of its own. It has no post. Its journal is nowhere but in
// the ledger: an act is signed for the commit that records it. Belongs to the sequencer's thread.
class Office {
 public:
  // `boot_id` names this run of this machine (see movement::Event).
  Office(std::string_view line, crypto::Signer signer, std::uint64_t boot_id);

  // Goes on from what the ledger has.
  void restore(const JournalState& state) { range_ = state.range; }

  // Whether the act may be recorded now. kInvalidArgument: not an act of the office, or a name or reason out
  // of bounds. kConflict: a resolution of a status that is not disputed, one permit too many, a step of a
  // notice that is not the party's to take, a lease of another day than today or that the quota has no room
  // for. `edition` is the one that decides at `now`; null when there is none.
  [[nodiscard]] static Result<void> check(const movement::Body& body, std::string_view officer,
                                          const movement::World& world, const procedure::Edition* edition,
                                          UtcMillis now);
  // Adds what only the ledger's fold knows: what the post of a lease has spent by now.
  static void complete(movement::Body& body, const movement::World& world);

  // The act as the next event of the journal. Requires check() to have passed.
  [[nodiscard]] VerifiedSubmission draft(movement::Body body, std::string officer, const Clock& clock,
                                         const movement::Beacon& ledger);

  [[nodiscard]] const crypto::PublicKey& public_key() const { return signer_.public_key(); }

 private:
  std::string origin_;
  crypto::Signer signer_;
  std::uint64_t boot_id_;
  merkle::CompactRange range_;
};

}  // namespace crossline::server
