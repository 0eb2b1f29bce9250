// Which keys belong to which party, and how many of each party's have to sign.
#pragma once

#include "crossline/adoption/envelope.hpp"
#include "crossline/adoption/refusal.hpp"
#include "crossline/base/result.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/procedure/edition.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::adoption {

// By party: "A", "B", "G".
using KeysOfParties = std::map<std::string, std::vector<crypto::PublicKey>, std::less<>>;

// A value type, always consistent: both sides are there, every party has as many keys as its threshold asks
// for, no key is there twice. A threshold is per party and never pooled.
class KeySet {
 public:
  // The keys that sign the first edition of a line: what is enrolled with a machine
  // (docs/formats/edition-envelope.md). kMalformed with line and column.
  static Result<KeySet> parse(std::string_view toml);
  // kInvalidArgument unless it is consistent.
  static Result<KeySet> make(std::string procedure, KeysOfParties keys,
                             std::map<std::string, std::int64_t> thresholds);
  [[nodiscard]] std::string to_toml() const;

  // Those in force once `edition` is: its own keys, or these when it names none, with its own thresholds.
  // kBadKeys.
  [[nodiscard]] Judged<KeySet> after(const procedure::Edition& edition) const;

  [[nodiscard]] const std::string& procedure() const { return procedure_; }
  [[nodiscard]] const KeysOfParties& keys() const { return keys_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& thresholds() const { return thresholds_; }

 private:
  KeySet() = default;
  std::string procedure_;
  KeysOfParties keys_;
  std::map<std::string, std::int64_t> thresholds_;
};

// The distinct keys of each party that verifiably signed exactly these bytes. Unknown signatures are ignored;
// the key id only says which key to try first. kBadSignature when a signature names a known key and is no
// known key's.
Judged<KeysOfParties> tally(const Envelope& envelope, const KeySet& keys);

// kTooFewSignatures unless each party reaches its own threshold; the message counts them all.
Judged<void> check_thresholds(const KeysOfParties& signers, const KeySet& keys);

}  // namespace crossline::adoption
