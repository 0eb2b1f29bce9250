// The editions of a line, each signed by the keys of the one before it and by its own: the rules by which
// The Update Framework hands on its root.
#pragma once

#include "crossline/adoption/key_set.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::adoption {

// An edition whose signatures and place in the chain were verified. Only Chain::judge makes one.
class Verified {
 public:
  [[nodiscard]] const procedure::Edition& edition() const { return edition_; }
  // The very bytes that were verified.
  [[nodiscard]] const std::string& sealed() const { return sealed_; }
  [[nodiscard]] const std::string& envelope() const { return envelope_; }
  // By party: the distinct keys of the edition's own key set that signed.
  [[nodiscard]] const KeysOfParties& signers() const { return signers_; }

 private:
  friend class Chain;
  Verified(procedure::Edition edition, KeySet keys)
      : edition_(std::move(edition)), keys_after_(std::move(keys)) {}
  procedure::Edition edition_;
  std::string sealed_;
  std::string envelope_;
  KeysOfParties signers_;
  KeySet keys_after_;
};

// A value type; one thread at a time. It only ever grows: no edition leaves it.
class Chain {
 public:
  // `root` are the keys that may sign the first edition.
  explicit Chain(KeySet root) : keys_(std::move(root)) {}

  // Whether this envelope may follow what is here; changes nothing. Signatures are verified before anything
  // of the edition is read. Edition 1 needs the root's keys and its own; edition N+1 those of N and its own,
  // is exactly N+1, carries the hash of N and begins the instant that N ends.
  [[nodiscard]] Judged<Verified> judge(std::string_view envelope) const;
  // Takes what judge() gave. Requires that nothing was appended since, and that the envelope is stored
  // durably: an edition is stored before it is used.
  void append(Verified verified);

  // Judges and takes envelopes that stand one a line, as a file of them does. Stops at the first that is
  // refused; those before it stay. kMalformedEnvelope when there is none.
  Judged<void> extend(std::string_view lines);

  // In order, oldest first.
  [[nodiscard]] const std::vector<Verified>& editions() const { return editions_; }
  // The one to work by at `now`: in force, or else the last that began, or else the first. Null when empty.
  [[nodiscard]] const Verified* at(UtcMillis now) const;
  // Who may sign the next one.
  [[nodiscard]] const KeySet& keys() const { return keys_; }

 private:
  [[nodiscard]] Judged<void> check_place(const procedure::Edition& edition) const;

  KeySet keys_;
  std::vector<Verified> editions_;
};

// What a machine is configured with: the enrolled keys, and a file of envelopes from edition 1 on. The error
// says which of the two is wrong, a refusal under its own name.
Result<Chain> open_chain(std::string_view keys_toml, std::string_view envelopes);

}  // namespace crossline::adoption
