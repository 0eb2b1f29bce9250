// What the HTTPS side asks of the rest of the server. Adapters live in central-server/app, fakes in tests.
//
// Every call may block (on the sequencer, on SQL), is made on a blocking pool's thread, and may be made by
// several at once. What one call returns is of one moment: its `as_of` says which.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/statistics.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/history.hpp"
#include "crossline/server/sequencer.hpp"
#include "crossline/server/views.hpp"
#include "crossline/wire/event_codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::api {

using movement::SubjectId;
using server::AsOf;
using server::SubjectReport;

// One post's agent as the server knows it.
struct PostNow {
  std::string agent;
  movement::Post post;
  std::string party;  // "A", "B", "G": under whose root it is enrolled
  bool connected = false;
  std::optional<UtcMillis> since;      // connected or silent since
  std::optional<UtcMillis> last_seen;  // last frame received
  bool suspended = false;
  std::uint64_t journal_size = 0;                 // events admitted
  std::optional<std::uint64_t> unsent;            // as it last said
  std::optional<std::uint64_t> oldest_unsent_ms;  // age, as it last said
  std::optional<std::uint64_t> edition;  // number of the one it enforces; nothing when it is unknown here
  std::optional<crypto::Hash> enforced;  // the same by its hash
  std::optional<wire::EditionReport> editions;  // as it last said
  std::optional<UtcMillis> editions_reported;   // when it did
};

struct LineNow {
  AsOf as_of;
  std::vector<PostNow> posts;                   // every agent ever enrolled, by checkpoint, side, agent
  std::array<std::int64_t, 5> status_counts{};  // people by movement::Status
};

// One agent's journal and the key that its heads are signed with.
struct JournalKey {
  std::string agent;
  movement::Post post;
  std::string party;
  bool revoked = false;
  std::string key;  // as the registry has it (docs/formats/notes.md)
};

// What anybody needs to check signatures with, as the registry has it now.
struct LineKeysNow {
  std::string ledger;
  std::string office;
  std::vector<JournalKey> journals;  // of every agent ever enrolled, by agent
};

struct PersonsNow {
  AsOf as_of;
  std::vector<SubjectReport> reports;
};

struct BetweenNow {
  AsOf as_of;
  std::int64_t total = 0;
  std::vector<server::Standing> persons;
};

struct CasesNow {
  AsOf as_of;
  std::array<std::int64_t, server::kCaseKinds> counts{};  // of each kind, whatever was asked for
  std::vector<server::Case> cases;
};

struct ClosuresNow {
  AsOf as_of;
  std::vector<movement::Closure> closures;
};

// What is on record of one local day of every quota; nothing of one that nobody used or was leased any of.
struct QuotasNow {
  AsOf as_of;
  std::map<std::string, movement::QuotaDay, std::less<>> days;  // by quota
};

struct NoticesNow {
  AsOf as_of;
  std::size_t total = 0;  // that stand
  std::vector<server::StandingNotice> notices;
};

// The part of the statistics cube that was asked for.
struct FiguresNow {
  AsOf as_of;
  std::vector<movement::Crossings> crossings;
  std::vector<std::pair<movement::ArticleKey, std::int64_t>> articles;
};

// Every adopted edition.
struct EditionsNow {
  struct Adopted {
    server::AdoptedEdition adoption;
    std::optional<adoption::KeysOfParties> signers;  // as verified; nothing on a server without keys
  };
  AsOf as_of;
  procedure::EditionBook book;
  std::vector<Adopted> adoptions;  // in their order
};

// What the next edition would change.
struct ShadowNow {
  AsOf as_of;
  std::optional<procedure::Edition> next;  // the first to begin after now
  server::Shadow shadow;                   // of the edition that was next when something was last recorded
};

class Queries {
 public:
  virtual ~Queries() = default;
  [[nodiscard]] virtual Result<AsOf> as_of() = 0;
  // The edition that decides now, in force or ended; nothing before the first was adopted.
  [[nodiscard]] virtual std::optional<procedure::Edition> edition() = 0;
  // The edition of this number among all that were ever adopted.
  [[nodiscard]] virtual Result<std::optional<procedure::Edition>> edition_numbered(std::uint64_t number) = 0;
  [[nodiscard]] virtual Result<EditionsNow> editions() = 0;
  [[nodiscard]] virtual Result<ShadowNow> shadow() = 0;
  [[nodiscard]] virtual Result<LineNow> line_now() = 0;
  [[nodiscard]] virtual LineKeysNow keys() = 0;
  // As Registry::admit_auditor, by the registry as it is now.
  [[nodiscard]] virtual Result<void> admit_auditor(const crypto::Certificate& peer,
                                                   std::string_view root_party) = 0;
  // At most limits::kMaxPageRows persons; answered in their order.
  [[nodiscard]] virtual Result<PersonsNow> persons(std::span<const SubjectId> subjects) = 0;
  // Who is between the posts, longest first.
  [[nodiscard]] virtual Result<BetweenNow> between(std::optional<server::BetweenCursor> after,
                                                   std::size_t limit) = 0;
  // Newest first; of one kind, or of all.
  [[nodiscard]] virtual Result<CasesNow> cases(std::optional<server::CaseKind> kind,
                                               std::optional<server::CaseCursor> after,
                                               std::size_t limit) = 0;
  // Not lifted and not ended at `now`, soonest first.
  [[nodiscard]] virtual Result<ClosuresNow> closures(UtcMillis now) = 0;
  // Of this day of the procedure's clock.
  [[nodiscard]] virtual Result<QuotasNow> quotas(std::int32_t day) = 0;
  // The last given first; those given before the entry `before`, or all.
  [[nodiscard]] virtual Result<NoticesNow> notices(std::optional<LedgerIndex> before, std::size_t limit) = 0;
  // Days [from_day, until_day) of the procedure's clock. Of one category: its crossings and no articles.
  [[nodiscard]] virtual Result<FiguresNow> figures(std::int32_t from_day, std::int32_t until_day,
                                                   std::optional<std::string_view> category) = 0;
  // As server::read_record, server::find_record and server::history.
  [[nodiscard]] virtual Result<server::HistoryRecord> record(LedgerIndex index) = 0;
  [[nodiscard]] virtual Result<server::HistoryRecord> record_of(std::string_view agent,
                                                                JournalIndex index) = 0;
  [[nodiscard]] virtual Result<server::HistoryPage> history(const SubjectId& subject, LedgerIndex newest,
                                                            std::size_t limit) = 0;
  // The newest identity on file; nothing when none was sent or it was erased.
  [[nodiscard]] virtual Result<std::optional<wire::Identity>> identity(const SubjectId& subject) = 0;
  // The pseudonym of whoever holds the document with this key (documents::document_key).
  [[nodiscard]] virtual SubjectId subject_of(std::string_view document_key) = 0;
};

// The server's own journal: what its users do stands in the ledger, signed.
class OfficeJournal {
 public:
  virtual ~OfficeJournal() = default;
  // Once the act is durable and Queries count it. kInvalidArgument and kConflict: it is not recorded, and
  // why. kBusy: it is not recorded. kUnavailable: it may or may not be.
  [[nodiscard]] virtual Result<server::ActReceipt> record(std::string officer, movement::Body body) = 0;
  // Adopts the edition in a DSSE envelope, or says why it is refused; then everything stays as it is.
  // kConflict on a server without keys; otherwise as record().
  [[nodiscard]] virtual Result<adoption::Judged<server::ActReceipt>> adopt(std::string officer,
                                                                           std::string envelope) = 0;
};

}  // namespace crossline::api
