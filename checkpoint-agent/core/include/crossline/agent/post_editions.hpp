// The editions that this post works by. A machine with its own copy of the parties' keys takes none that it
// did not verify with them, whoever offers it.
#pragma once

#include "crossline/adoption/chain.hpp"
#include "crossline/agent/ports.hpp"
#include "crossline/procedure/edition_book.hpp"

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace crossline::agent {

// What the machine was set up with: beside keys, envelopes from edition 1 on, one a line; without, one sealed
// edition that nobody signed.
struct ConfiguredProcedure {
  std::string text;
  std::optional<adoption::KeySet> keys;
};

// One thread at a time. Movable. It only ever grows.
class PostEditions {
 public:
  // The configured editions, then those that were kept and still hold. The error is the configured text's or
  // the keys'; a kept edition that does not hold is left out.
  static Result<PostEditions> open(const ConfiguredProcedure& configured, std::span<const KeptEdition> kept);

  // What may be added. Only judge() makes one.
  class Acceptable {
   public:
    // As it has to be stored before take().
    [[nodiscard]] const KeptEdition& kept() const { return kept_; }

   private:
    friend class PostEditions;
    Acceptable(KeptEdition kept, std::variant<procedure::Edition, adoption::Verified> edition)
        : kept_(std::move(kept)), edition_(std::move(edition)) {}
    KeptEdition kept_;
    std::variant<procedure::Edition, adoption::Verified> edition_;
  };
  // Whether this post may work by what it is offered: with keys an envelope is needed, and its place in the
  // chain; without, a number above all others. Nothing when the edition is here already. Changes nothing.
  [[nodiscard]] adoption::Judged<std::optional<Acceptable>> judge(const OfferedEdition& offered) const;
  // Takes what judge() gave. Requires that nothing was taken since, and that it is stored durably.
  void take(Acceptable acceptable);

  [[nodiscard]] const procedure::EditionBook& book() const { return book_; }
  // Of a kept edition that open() left out; nothing when all hold.
  [[nodiscard]] const std::optional<adoption::Refused>& left_out() const { return left_out_; }

 private:
  explicit PostEditions(std::optional<adoption::Chain> chain) : chain_(std::move(chain)) {}
  [[nodiscard]] adoption::Judged<std::optional<Acceptable>> judge_signed(const std::string& envelope) const;
  [[nodiscard]] adoption::Judged<std::optional<Acceptable>> judge_sealed(const std::string& sealed) const;

  std::optional<adoption::Chain> chain_;  // with keys
  procedure::EditionBook book_;
  std::optional<adoption::Refused> left_out_;
};

// The hash by which an offer is known, whether or not it is any good.
[[nodiscard]] crypto::Hash hash_of(const OfferedEdition& offered);

}  // namespace crossline::agent
