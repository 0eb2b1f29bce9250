// One connection of one agent.
#pragma once

#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/runtime/frame_stream.hpp"
#include "crossline/server_net/agent_server.hpp"
#include "crossline/wire/link.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace crossline::server {

inline constexpr std::uint64_t kWriteMs = 60'000;  // for an agent to take what is written

[[nodiscard]] inline Bytes encode(const wire::ServerFrame& frame) {
  return to_bytes(as_bytes(wire::encode_server_frame(frame)));
}

//   hello -> who is it, does its journal fit -> welcome -> submissions, consults and heartbeats one way;
//   answers and replica updates the other -> the end, with a reason when there is one
//
// One coroutine reads, one writes. The reader waits while the sequencer's queue is full, so that TCP pushes
// back on the agent; the writer takes one replica frame at a time, so that a slow link is never flooded and
// answers never wait behind more than one. Lives on the connection's strand, but for end() and replies.
class AgentSession final : public LiveSession, public std::enable_shared_from_this<AgentSession> {
 public:
  AgentSession(AgentServices services, std::unique_ptr<runtime::TlsStream> stream);

  // The whole life of the connection.
  [[nodiscard]] static runtime::Task<> run(std::shared_ptr<AgentSession> self);

  void end(Error why) override;

 private:
  using Outcome = Result<void>;
  // The line as the views count it.
  struct LineView {
    AsOf as_of;
    procedure::EditionBook editions;
  };

  [[nodiscard]] runtime::Task<Outcome> admit();
  [[nodiscard]] runtime::Task<Result<wire::Hello>> read_hello();
  [[nodiscard]] runtime::Task<Outcome> take_slot(std::shared_ptr<AgentSlot> slot, crypto::Certificate peer,
                                                 std::string party);
  [[nodiscard]] runtime::Task<Outcome> check_journal(wire::Hello hello);
  [[nodiscard]] runtime::Task<Outcome> check_ledger(movement::Beacon seen);
  [[nodiscard]] runtime::Task<Outcome> dispute(TreeSize seen, std::optional<wire::SignedHead> head);
  [[nodiscard]] runtime::Task<Result<LineView>> line_view(TreeSize seen);
  [[nodiscard]] runtime::Task<Outcome> hashed(TreeSize size);
  [[nodiscard]] runtime::Task<Result<wire::LedgerProofs>> prove_continued(wire::LedgerQuestion asked,
                                                                          TreeSize size);
  [[nodiscard]] runtime::Task<Result<merkle::PrefixClaim>> prove_beginning(TreeSize seen, TreeSize size);
  [[nodiscard]] runtime::Task<Outcome> welcome(wire::Hello hello);
  [[nodiscard]] runtime::Task<Outcome> write_with_editions(std::vector<Bytes> frames,
                                                           std::vector<crypto::Hash> editions);

  [[nodiscard]] static runtime::Task<> read_all(std::shared_ptr<AgentSession> self);
  [[nodiscard]] runtime::Task<Outcome> take(wire::AgentFrame frame);
  [[nodiscard]] runtime::Task<Outcome> take_submit(wire::Submit submit);
  [[nodiscard]] runtime::Task<Outcome> take_consult(wire::Consult consult);
  [[nodiscard]] runtime::Task<Error> report(Refusal refusal);
  void replied(Reply reply, std::size_t events, SequencerThread::Lane lane);

  [[nodiscard]] static runtime::Task<> write_all(std::shared_ptr<AgentSession> self);
  [[nodiscard]] std::vector<Bytes> outgoing();
  [[nodiscard]] runtime::Task<Bytes> heartbeat();
  [[nodiscard]] runtime::Task<std::optional<wire::LedgerReply>> reply_to(wire::LedgerQuestion asked);
  [[nodiscard]] runtime::Task<Result<std::optional<Bytes>>> next_replica();
  [[nodiscard]] runtime::Task<> say_goodbye();
  void note_end();

  AgentServices services_;
  std::string peer_;  // address, for the log
  std::shared_ptr<runtime::FrameStream> frames_;
  runtime::TlsPeer tls_peer_;
  std::string agent_;
  std::shared_ptr<AgentSlot> slot_;
  movement::Post post_;
  runtime::WakeUp wake_up_;  // there may be something to write
  LedgerIndex replica_position_;
  std::shared_ptr<ReplicaReader> reader_;  // while the agent is further behind than memory goes
  bool reader_ended_ = false;

  std::mutex mutex_;
  struct Replied {
    Reply reply;
    std::size_t events = 0;  // 0: to a question
  };
  std::deque<Replied> replies_;          // at most what is unanswered
  std::size_t unanswered_ = 0;           // events submitted whose answer is not being written yet
  std::size_t unanswered_consults_ = 0;  // the same of questions
  bool heartbeat_due_ = false;
  std::optional<wire::LedgerQuestion> ledger_question_;  // the last one, while it has no answer
  bool ending_ = false;
  std::optional<Error> why_;  // to be told to the agent; nothing when it closed the connection itself
};

}  // namespace crossline::server
