// Checks a ledger without believing whoever keeps it (docs/operating-auditor.md): every hash, every journal,
// every signature, and every verdict, status and figure by folding again.
#pragma once

#include "crossline/adoption/key_set.hpp"
#include "crossline/audit/finding.hpp"
#include "crossline/base/result.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/movement/statistics.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/wire/link.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::audit {

// Where the ledger comes from: a store file, a mirror. One thread at a time.
class LedgerSource {
 public:
  static constexpr std::size_t kBatch = 2'048;  // entries that a reader of the whole ledger asks for at once

  virtual ~LedgerSource() = default;
  // At most `count` entries from `first` on; fewer at the end, none beyond it.
  virtual Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) = 0;
  // The leaf hashes of the entries that read() gave last for `first` and as many as it gave, when the source
  // made them of these very bytes to compare them with a signed head; empty otherwise: the reader hashes.
  [[nodiscard]] virtual std::vector<crypto::Hash> leaves(LedgerIndex /*first*/, std::size_t /*count*/) const {
    return {};
  }
  // The sealed bytes of an edition; nothing when the source does not have it.
  virtual Result<std::optional<std::string>> edition(const crypto::Hash& hash) = 0;
  // The envelope with the signatures of an edition, as JSON and unverified; nothing when the source has none.
  virtual Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) = 0;
};

struct Options {
  // Verify every journal head, or only the last one of each journal: a head covers all events before it, so
  // an earlier signature proves nothing more about them.
  enum class Signatures : std::uint8_t { kAll, kLast };
  Signatures signatures = Signatures::kAll;
  // How far an agent's clock may lie behind the server's before its events count as dated back.
  std::int64_t clock_tolerance_ms = 5 * 60 * 1'000;
  // How long after a passage that a slip proves its agent may still be on the way to the server with it.
  std::int64_t withheld_after_ms = 24LL * 3'600 * 1'000;
  // Who may sign the line's first edition; each edition says who signs the next. Without them no edition's
  // signatures are verified, and the report counts those editions.
  std::optional<adoption::KeySet> procedure_keys = std::nullopt;
};

struct Report {
  TreeSize size;      // entries checked
  crypto::Hash root;  // recomputed
  std::uint64_t journals = 0;
  std::uint64_t signatures = 0;           // verified: journal heads and ledger heads
  std::uint64_t verdicts = 0;             // decided again
  std::uint64_t heads = 0;                // of the ledger, compared with the entries
  std::uint64_t editions = 0;             // adopted, whose signatures and place in the chain were verified
  std::uint64_t unverified_editions = 0;  // adopted, and not: refused, or no keys were given
  // The largest of the ledger's heads that a quorum of witnesses has cosigned, 0 while there is none; nothing
  // when whoever brought the ledger has no policy to tell.
  std::optional<TreeSize> settled = std::nullopt;
  std::vector<Finding> findings;  // in the order they were found; at most kMaxListed of one kind
  std::array<std::uint64_t, kFindingKinds> counts{};  // of each kind, the unlisted included

  static constexpr std::size_t kMaxListed = 50;
  [[nodiscard]] bool clean() const { return findings.empty(); }
  [[nodiscard]] std::uint64_t total() const;
  // One more, found by whoever brought the ledger.
  void add(Finding finding);
};

// One JSON object: clean, size, root, journals, signatures, verdicts, heads, editions, unverified_editions,
// settled (when it is known), counts (of kinds that occur) and findings.
[[nodiscard]] std::string to_json(const Report& report);

// Reads a ledger from its first entry on and keeps what it needs to go on when the ledger has grown: about 72
// bytes an entry and 250 a person. Not thread-safe. Movable.
class Auditor {
 public:
  // Borrows both, which must live as long. The registry gives the keys: of the ledger, the office and every
  // agent, the revoked ones included.
  Auditor(const enrolment::Registry& registry, LedgerSource& source, Options options = {});
  ~Auditor();
  Auditor(Auditor&&) noexcept;

  // A ledger head that somebody showed, in any order and of any size: its signature is verified now, its root
  // when the entries are there.
  void expect(const wire::SignedHead& head);

  // Checks the entries from size() up to `until`. The error is the source's: then nothing is known about the
  // entries that it did not give, and the call may be repeated. kCorruptData as well behind kMaxMalformed
  // entries that are none: somebody fills this auditor's memory at no cost. `progress` may be empty.
  static constexpr std::uint64_t kMaxMalformed = 10'000;
  Result<void> advance(TreeSize until,
                       const std::function<void(std::uint64_t done, std::uint64_t of)>& progress = {});

  [[nodiscard]] TreeSize size() const;
  // Of the first `size` entries; requires size <= size().
  [[nodiscard]] crypto::Hash root_at(TreeSize size) const;
  // The entries' own state and figures, as this auditor recomputed them.
  [[nodiscard]] const movement::World& world() const;
  [[nodiscard]] const movement::StatisticsCube& statistics() const;
  // The editions adopted so far.
  [[nodiscard]] const procedure::EditionBook& editions() const;

  // Everything found so far, with what only shows at the end: heads that cover entries which are not there,
  // events that no signature covers, and slips whose events did not come.
  [[nodiscard]] Report report() const;
  // The same without these, when the end was not reached.
  [[nodiscard]] Report found() const;

  // The proof of a head that is of other entries (kWrongRoot): a larger head, signed with the same key, that
  // is of these. Nothing for other findings (see proof_of), and when there is no such head: then the one
  // signed head beside the entries is all the evidence there is. The error is the source's.
  [[nodiscard]] Result<std::optional<merkle::Misbehaviour>> prove(const Finding& finding) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crossline::audit
