// Every bound of the system, by name. Nothing that comes from outside is unbounded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crossline::limits {

// Names
inline constexpr std::size_t kMaxNameBytes = 32;  // of a line, a checkpoint, an agent

// Registry
inline constexpr std::size_t kMaxEnrolledAgents = 16'384;  // of one line, revoked ones included
inline constexpr std::size_t kMaxRegistryBytes = 16u << 20;
inline constexpr std::size_t kMaxRevokedAuditors = 4'096;
inline constexpr std::size_t kMaxReasonBytes = 400;  // why an agent or an auditor was revoked

// Wire
inline constexpr std::size_t kMaxFrameBytes =
    1u << 20;  // one frame between agent and server, without its length
inline constexpr std::size_t kMaxEventBytes = 16 * 1024;       // one serialised event
inline constexpr std::size_t kMaxLedgerEntryBytes = 65'535;    // the u16 length of a tlog-tiles entry bundle
inline constexpr std::size_t kMaxIdentityBytes = 4 * 1024;     // one serialised identity
inline constexpr std::size_t kMaxEventsPerSubmission = 2'000;  // events in one submit message
inline constexpr std::size_t kMaxUnansweredEvents = 8'000;     // per agent, sent and not yet answered
inline constexpr std::size_t kMaxUnansweredConsults = 1'000;   // the same of questions
inline constexpr std::size_t kMaxReplicaDeltas = 4'000;        // status changes in one replica update
inline constexpr std::size_t kMaxArticlesPerVerdict = 64;      // articles cited by one verdict on the wire
inline constexpr std::size_t kMaxCompanions = 32;              // companions named by one movement

// Server
inline constexpr std::size_t kMaxQueuedLiveEvents = 16'384;     // verified, waiting for the sequencer
inline constexpr std::size_t kMaxQueuedBacklogEvents = 65'536;  // verified backlog, waiting for the sequencer
inline constexpr std::size_t kMaxBatchEvents = 8'192;           // events in one durable commit
inline constexpr std::size_t kLiveSubmissionEvents = 16;  // a submission of at most this many is live traffic
inline constexpr std::size_t kMaxClaimedHeads =
    8;  // heads an agent showed that its events have not reached yet
inline constexpr std::size_t kMaxReplicaBytes = 512 * 1024;  // of the changes in one replica update
inline constexpr std::size_t kMaxAgentConnections = 4'096;
inline constexpr std::size_t kMaxHttpConnections = 512;
inline constexpr std::size_t kMaxHttpBodyBytes = 1u << 20;
inline constexpr std::size_t kMaxHttpHeaderBytes = 16 * 1024;
inline constexpr std::size_t kMaxPageRows = 200;  // rows of one page of any listing

// Person
inline constexpr std::size_t kMaxTrackedMovements = 16;  // movements per subject kept open for late arrivals

// Merkle
inline constexpr std::size_t kMaxProofHashes = 64;      // a tree has at most 2^63 leaves
inline constexpr std::size_t kMinNoteSignatures = 16;   // a reader accepts at least this many
inline constexpr std::size_t kMaxNoteSignatures = 100;  // and refuses more than this
inline constexpr std::size_t kMaxNoteBytes = 1u << 20;

// Ledger: what others claim of its size is refused beyond these before anything is fetched for it
inline constexpr std::uint64_t kMaxLedgerEntries = std::uint64_t{1} << 40;  // 3,000/s for eleven years
inline constexpr std::uint64_t kMaxAuditedEntries = 1'000'000'000;  // unless --max-entries says otherwise

// Documents
inline constexpr std::size_t kMaxScanBytes = 1'024;  // one delivery of a reader
inline constexpr std::size_t kMaxSpellings = 64;     // alternative spellings of one name

// Procedure
inline constexpr std::size_t kMaxProcedureBytes = 1u << 20;
inline constexpr std::size_t kMaxArticles = 2'000;
inline constexpr std::size_t kMaxPredicates = 8'192;      // different ones in one edition
inline constexpr std::size_t kMaxProcedureNames = 4'096;  // different names in its predicates and checkpoints
inline constexpr std::int64_t kMaxEditionDays = 3'660;    // how long one may be in force
inline constexpr std::size_t kMaxNesting = 16;
inline constexpr std::size_t kMaxPartyKeys = 64;  // of one party, that may sign editions
inline constexpr std::size_t kMaxEditionsOfLine = 1'000;

// Envelope of an edition
inline constexpr std::size_t kMaxEnvelopeBytes = kMaxFrameBytes - 4'096;  // it travels to agents in one frame
inline constexpr std::size_t kMaxEnvelopeSignatures = 256;                // known and unknown ones
inline constexpr std::size_t kMaxKeySetBytes = 64 * 1024;

// Agent
inline constexpr std::size_t kMaxSlipScanBytes = 1'536;  // a scanned slip with what a reader puts round it
inline constexpr std::uint64_t kDefaultAnswerWaitMs = 1'000;  // then the local verdict stands

}  // namespace crossline::limits
