// Generated movements, encoded and signed before the clock starts: load as agents would send it after days
// offline (a backlog) or scan by scan (live). The same seed gives the same movements.
#pragma once

#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crossline::tools {

// How many people cross at one checkpoint, and how often their documents are new to the server.
struct Crowd {
  std::uint64_t seed = 1;
  std::uint32_t people = 50'000;  // of one pair of posts; they cross back and forth
  bool with_identities = false;   // each first movement at a post carries an identity
};

// The movements of one post, in journal order: every one of the crowd leaves through it and comes back
// through it, in turn, while the post on the other side (the same `pair`) sees the mirror image.
class SyntheticPost {
 public:
  struct Options {
    std::string line;
    std::string agent;
    movement::Side side = movement::Side::kA;
    std::uint32_t pair = 0;  // which checkpoint's crowd
    Crowd crowd;
    UtcMillis start;             // of the first movement
    std::int64_t step_ms = 100;  // between two movements
  };
  SyntheticPost(Options options, crypto::Signer signer);

  // The next `count` movements as one submission, its journal head signed.
  [[nodiscard]] wire::Submit next(std::size_t count);
  [[nodiscard]] TreeSize journal_size() const { return range_.size(); }
  [[nodiscard]] wire::SignedHead head() const;

 private:
  [[nodiscard]] movement::Event make_event() const;
  [[nodiscard]] wire::IdentityAttachment identity_of(std::uint64_t person, std::uint32_t offset) const;

  Options options_;
  std::string origin_;
  crypto::Signer signer_;
  merkle::CompactRange range_;
};

}  // namespace crossline::tools
