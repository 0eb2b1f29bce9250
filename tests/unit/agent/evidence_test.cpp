#include "evidence.hpp"

#include "crossline/crypto/ed25519.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_server.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/timeout.hpp"
#include "tests/support/net.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

namespace fs = std::filesystem;
using runtime::Task;

merkle::SignedNote head_of(std::uint64_t size, std::uint8_t root) {
  const crypto::Signer signer = crypto::Signer::from_seed(Bytes(32, 2)).value();
  const auto key =
      merkle::NoteVerifierKey::make("river-line/ledger", merkle::NoteKeyType::kEd25519, signer.public_key());
  merkle::TreeHead head{TreeSize(size), {}};
  head.root.bytes.fill(root);
  return merkle::note_of(head, merkle::sign_tree_head("river-line/ledger", head, signer), key);
}

merkle::Misbehaviour shown(std::uint64_t seen, std::uint64_t shown, std::uint8_t root) {
  return {.heads = {head_of(seen, 1), head_of(shown, root)}, .index = std::nullopt, .claims = {}};
}

class EvidenceTest : public ::testing::Test {
 protected:
  Evidence open(WitnessOptions witness = {}) {
    return {io_.executor(), folder_ / "evidence", std::move(witness), [this](std::string_view line) {
              const std::lock_guard lock(mutex_);
              lines_.emplace_back(line);
            }};
  }
  [[nodiscard]] std::vector<fs::path> kept(const std::string& extension = ".misbehaviour") const {
    std::vector<fs::path> files;
    if (!fs::exists(folder_ / "evidence")) return files;
    for (const auto& entry : fs::directory_iterator(folder_ / "evidence"))
      if (entry.path().extension() == extension) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
  }
  [[nodiscard]] std::string said() {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& line : lines_) all += line + "\n";
    return all;
  }

  testing::TemporaryFolder folder_;
  runtime::IoThreads io_{1};
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

TEST_F(EvidenceTest, KeepsWhatItIsGivenOnceForItsOwnerAlone) {
  Evidence evidence = open();
  evidence.keep(shown(5, 9, 2));
  evidence.keep(shown(5, 9, 2));
  evidence.keep(shown(5, 5, 2));
  const auto files = kept();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_TRUE(files[0].filename().string().starts_with("claim-5-9-")) << files[0];
  EXPECT_TRUE(files[1].filename().string().starts_with("proof-5-5-")) << files[1];
  EXPECT_EQ(fs::status(files[0]).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(folder_ / "evidence").permissions(), fs::perms::owner_all);
  const auto text = runtime::read_text_file(files[0], merkle::Misbehaviour::kMaxBytes);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, shown(5, 9, 2).to_string());
}

TEST_F(EvidenceTest, KeepsSoManyClaimsAndStillAProof) {
  Evidence evidence = open();
  for (std::uint64_t size = 0; size <= Evidence::kMaxFilesOfAKind; ++size)
    evidence.keep(shown(5, 6 + size, 2));
  EXPECT_EQ(kept().size(), Evidence::kMaxFilesOfAKind);
  EXPECT_NE(said().find("no more are kept"), std::string::npos);
  evidence.keep(shown(5, 5, 2));
  EXPECT_EQ(kept().size(), Evidence::kMaxFilesOfAKind + 1);
}

TEST_F(EvidenceTest, SaysSoWhenTheDiskRefuses) {
  Evidence evidence = open();
  fs::create_directories(folder_.path());
  ASSERT_TRUE(runtime::write_file_atomic(folder_ / "evidence", as_bytes("a file in the folder's place")));
  evidence.keep(shown(5, 9, 2));
  EXPECT_NE(said().find("is not kept"), std::string::npos) << said();
}

// The other party's witness, which takes reports from the second on.
class EvidenceReportTest : public EvidenceTest {
 protected:
  Task<runtime::HttpResponse> answer(std::shared_ptr<const runtime::HttpRequest> request) {
    const int count = ++asked_;
    {
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request->method + " " + request->path + "\n" + request->body);
    }
    co_return runtime::text_response(count > refusals_ ? 200 : 403, "text/plain", "heard\n");
  }
  void SetUp() override {
    auto handler = [this](std::shared_ptr<const runtime::HttpRequest> request) {
      return answer(std::move(request));
    };
    server_ = std::make_unique<runtime::HttpServer>(io_.executor(), runtime::HttpServerOptions(), handler,
                                                    [](std::string_view) {});
    ASSERT_TRUE(server_->listen());
    ASSERT_TRUE(group_.spawn(io_.new_strand(), "witness", server_->run()));
  }
  void TearDown() override {
    server_->stop();
    io_.run(group_.join());
  }
  [[nodiscard]] WitnessOptions witness() const {
    return {.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/b", .root_pem = ""};
  }
  // Runs report() until `done`, or for so long that only a broken test waits for it.
  template <class Done>
  bool report_until(Evidence& evidence, const Done& done) {
    runtime::TaskGroup tasks(1, [](std::string_view) {});
    EXPECT_TRUE(tasks.spawn(io_.executor(), "report", evidence.report()));
    bool is_done = false;
    io_.run(watch(done, &is_done));
    io_.run(tasks.shutdown());
    return is_done;
  }
  template <class Done>
  static Task<> watch(Done done, bool* is_done) {
    constexpr std::uint64_t kPollMs = 10;
    for (std::uint64_t waited = 0; waited < testing::kSoonMs; waited += kPollMs) {
      *is_done = done();
      if (*is_done) co_return;
      co_await runtime::sleep_for(kPollMs);
    }
  }

  std::atomic<int> asked_ = 0;
  int refusals_ = 0;
  std::vector<std::string> bodies_;
  runtime::TaskGroup group_{4, [](std::string_view) {}};
  std::unique_ptr<runtime::HttpServer> server_;
};

TEST_F(EvidenceReportTest, ReportsWhatAnEarlierRunKeptAndNotesItOnce) {
  open().keep(shown(5, 9, 2));
  Evidence evidence = open(witness());
  const auto is_noted = [this] { return kept(".reported").size() == 1; };
  ASSERT_TRUE(report_until(evidence, is_noted));
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(bodies_.front(), "POST /b/misbehaviour\n" + shown(5, 9, 2).to_string());
  Evidence later = open(witness());
  const auto is_asked_again = [this] { return asked_ > 1 || kept(".reported").size() > 1; };
  later.keep(shown(5, 5, 3));
  ASSERT_TRUE(report_until(later, is_asked_again));
  EXPECT_EQ(bodies_.back(), "POST /b/misbehaviour\n" + shown(5, 5, 3).to_string())
      << "the first is not told again";
}

TEST_F(EvidenceReportTest, TellsAWitnessAgainThatRefused) {
  refusals_ = 1;
  Evidence evidence = open(witness());
  evidence.keep(shown(5, 9, 2));
  const auto is_noted = [this] { return kept(".reported").size() == 1; };
  ASSERT_TRUE(report_until(evidence, is_noted)) << said();
  EXPECT_EQ(asked_, 2);
  EXPECT_NE(said().find("status 403: heard"), std::string::npos) << said();
}

TEST_F(EvidenceReportTest, EndsAtOnceWithoutAWitness) {
  Evidence evidence = open();
  io_.run(evidence.report());
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace crossline::agent
