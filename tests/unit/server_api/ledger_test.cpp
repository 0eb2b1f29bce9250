// The ledger over HTTPS: heads, tiles and entries, who may read them, and proofs.
#include "crossline/crypto/authority.hpp"
#include "crossline/merkle/tlog_proof.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "web.hpp"

namespace crossline::api {
namespace {

using accounts::Role;
using nlohmann::json;

constexpr std::size_t kCrossings = 600;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() {
    for (std::uint8_t i = 0; i < 100; ++i) {
      for (std::size_t n = 0; n < kCrossings / 100; ++n)
        web_.line.at_a.record(
            testing::passing(testing::traveller(i),
                             n % 2 == 0 ? movement::Direction::kExit : movement::Direction::kEntry),
            web_.line.core.clock.now());
      web_.line.core.submit_new(web_.line.at_a);
    }
    web_.log.publish();
    size_ = web_.line.core.ledger.size();
  }

  runtime::HttpResponse get(const std::string& file) { return browser_.send("GET", "/tlog/" + file); }
  [[nodiscard]] merkle::TreeHead head() const { return web_.log.state().newest->head; }

  Web web_;
  Browser browser_{web_};
  std::uint64_t size_ = 0;
};

TEST_F(LedgerTest, HeadIsANoteThatTheLedgersKeySigned) {
  const auto response = get("checkpoint");
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(response.headers.find("Cache-Control"), "no-cache");
  const auto note = merkle::SignedNote::parse(response.body).value();
  const std::array known{testing::ledger_key()};
  ASSERT_TRUE(merkle::verify_note(note, known));
  EXPECT_EQ(merkle::parse_tree_head(note.text)->head.size.value(), size_);
}

TEST_F(LedgerTest, TilesLeadToTheRootOfTheHead) {
  merkle::MemoryTree tree;
  for (std::uint64_t index = 0; index * merkle::kTileWidth < size_; ++index) {
    const unsigned width = merkle::tile_width(0, index, TreeSize(size_));
    const auto response = get(merkle::tile_path({merkle::TileKind::kHashes, {0, index, width}}));
    ASSERT_EQ(response.status, 200) << index;
    EXPECT_EQ(response.headers.find("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(response.headers.find("Content-Type"), "application/octet-stream");
    const auto hashes = merkle::parse_tile(as_bytes(response.body), width);
    ASSERT_TRUE(hashes);
    for (const merkle::Hash& hash : *hashes) tree.append(hash);
    EXPECT_EQ(get(merkle::tile_path({merkle::TileKind::kHashes, {0, index, width}})).body, response.body);
  }
  EXPECT_EQ(tree.root(), head().root);
  const auto upper = get("tile/1/000.p/2");
  ASSERT_EQ(upper.status, 200);
  const auto roots = merkle::parse_tile(as_bytes(upper.body), 2).value();
  EXPECT_EQ(roots[1], tree.subtree(8, 1).value());
}

TEST_F(LedgerTest, EveryWidthUpToTheSizeIsServedAndNothingBeyondIt) {
  const unsigned rest = static_cast<unsigned>(size_ % merkle::kTileWidth);
  ASSERT_GT(rest, 1U);
  for (unsigned width = 1; width < merkle::kTileWidth; ++width) {
    const auto last = get(fmt::format("tile/0/002.p/{}", width));
    EXPECT_EQ(last.status, width <= rest ? 200 : 404) << width;
    const auto full = get(fmt::format("tile/0/000.p/{}", width));
    ASSERT_EQ(full.status, 200) << width;
    EXPECT_EQ(full.body.size(), 32 * width);
  }
  // Never a part at a full tile's path.
  for (const char* path :
       {"tile/0/002", "tile/0/003", "tile/0/003.p/1", "tile/1/000", "tile/1/000.p/3", "tile/2/000.p/1",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/0", "tile/0/x000/000", "tile/64/000", "tile/-1/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/entries", "tile/", "", "tile/0/000/", "other"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(browser_.send("POST", "/tlog/checkpoint", "{}").status, 405);
}

TEST_F(LedgerTest, EntriesAreForAuditors) {
  const std::string path = "tile/entries/000";
  EXPECT_EQ(get(path).status, 401);
  for (const Role role : accounts::kRoles) {
    Browser browser(web_);
    browser.sign_in("a." + std::string(accounts::name_of(role)));
    const bool may = role == Role::kAuditor;
    EXPECT_EQ(browser.send("GET", "/tlog/" + path).status, may ? 200 : 403) << accounts::name_of(role);
  }
}

TEST_F(LedgerTest, EntriesAreThoseThatTheTilesHash) {
  browser_.sign_in("a.auditor");
  const auto response = get("tile/entries/000");
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Cache-Control"), "private, max-age=31536000, immutable");
  const auto entries = merkle::parse_entry_bundle(as_bytes(response.body), merkle::kTileWidth).value();
  const auto tile_body = get("tile/0/000").body;
  const auto hashes = merkle::parse_tile(as_bytes(tile_body), merkle::kTileWidth).value();
  for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(merkle::leaf_hash(entries[i]), hashes[i]) << i;
  EXPECT_EQ(get("tile/entries/002").status, 404);
}

// Requests that show a certificate.
class CertificateTest : public LedgerTest {
 protected:
  int status_with(const crypto::Credential& credential, const std::string& party,
                  const std::string& target = "/tlog/tile/entries/000") {
    runtime::HttpRequest request;
    EXPECT_TRUE(runtime::parse_target(target, request));
    request.method = "GET";
    request.headers.set("Host", std::string(kHost));
    const auto certificate = crypto::Certificate::from_pem(credential.certificate_pem).value();
    request.tls = std::make_shared<const runtime::TlsPeer>(
        runtime::TlsPeer{certificate.der, party, "TLSv1.3", "TLS_AES_128_GCM_SHA256"});
    return web_.respond(std::make_shared<const runtime::HttpRequest>(std::move(request))).status;
  }
  const UtcMillis now_{1'790'000'000'000};
  const crypto::Authority root_ = crypto::Authority::create(testing::kLine, "A", now_).value();
  const std::string line_{testing::kLine};
};

TEST_F(CertificateTest, AnAuditorsOpensEntriesAndAPostsDoesNot) {
  EXPECT_EQ(status_with(root_.issue_auditor({line_, "audit-a"}, now_).value(), "A"), 200);
  EXPECT_EQ(status_with(root_.issue_auditor({"other-line", "audit-a"}, now_).value(), "A"), 403);
  EXPECT_EQ(status_with(root_.issue_auditor({line_, "audit-a"}, now_).value(), ""), 403);
  EXPECT_EQ(status_with(root_.issue_agent({line_, "bridge", "A", "bridge-a-1"}, now_).value(), "A"), 403);
}

TEST_F(CertificateTest, ARevokedAuditorsOpensNothingFromThatMomentOn) {
  const auto lost = root_.issue_auditor({line_, "audit-a"}, now_).value();
  const auto kept = root_.issue_auditor({line_, "audit-b"}, now_).value();
  ASSERT_EQ(status_with(lost, "A"), 200);
  web_.line.revoked_auditors.emplace("A", "audit-a");
  EXPECT_EQ(status_with(lost, "A"), 403);
  EXPECT_EQ(status_with(kept, "A"), 200);
}

TEST_F(CertificateTest, AnAuditorsOpensThePublishedFiguresAndNothingElseOfTheInterface) {
  const std::string figures = "/api/v1/statistics?from=2026-10-01&to=2026-10-01";
  const auto auditor = root_.issue_auditor({line_, "audit-a"}, now_).value();
  EXPECT_EQ(status_with(auditor, "A", figures), 200);
  EXPECT_EQ(status_with(auditor, "", figures), 403);
  EXPECT_EQ(status_with(root_.issue_agent({line_, "bridge", "A", "bridge-a-1"}, now_).value(), "A", figures),
            403);
  std::size_t others = 0;
  for (const Operation& operation : operations()) {
    if (operation.method != "GET" || operation.pattern == "/statistics") continue;
    if (operation.pattern.contains('{')) continue;
    EXPECT_EQ(status_with(auditor, "A", "/api/v1" + std::string(operation.pattern)), 401)
        << operation.pattern;
    ++others;
  }
  EXPECT_GT(others, 10u);
  web_.line.revoked_auditors.emplace("A", "audit-a");
  EXPECT_EQ(status_with(auditor, "A", figures), 403);
}

TEST_F(LedgerTest, ProofOfAnEntryVerifiesWithTheLedgersKeyAlone) {
  browser_.sign_in("a.auditor");
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, size_ - 1}) {
    const auto response =
        browser_.send("GET", fmt::format("/api/v1/ledger/proof/{}", index), "", {}, "/ledger/proof/{index}");
    ASSERT_EQ(response.status, 200) << index;
    const json proof = json::parse(response.body);
    EXPECT_EQ(proof.at("state"), "provisional");
    const std::string entry = web_.line.core.ledger.read(LedgerIndex(index), 1)->front();
    EXPECT_EQ(proof.at("entry"), to_base64(as_bytes(entry)));
    const auto parsed = merkle::TlogProof::parse(proof.at("proof").get<std::string>()).value();
    const auto policy =
        merkle::Policy::parse(fmt::format("log {}\nquorum none\n", testing::ledger_key().to_string()));
    EXPECT_TRUE(merkle::verify_tlog_proof(parsed, merkle::leaf_hash(as_bytes(entry)), *policy)) << index;
  }
  for (const std::string& index : {std::to_string(size_), std::string("18446744073709551615")}) {
    const auto response =
        browser_.send("GET", "/api/v1/ledger/proof/" + index, "", {}, "/ledger/proof/{index}");
    EXPECT_EQ(code_of(response), "404 not_found") << index;
  }
  EXPECT_EQ(code_of(browser_.send("GET", "/api/v1/ledger/proof/-1", "", {}, "/ledger/proof/{index}")),
            "400 invalid_argument");
}

// Live submissions and a backlog of several blocks; the office in between.
TEST_F(LedgerTest, ProofInTheJournalLeadsToAHeadThatTheAgentSigned) {
  for (std::uint32_t i = 0; i < 700; ++i)
    web_.line.at_b.record(testing::passing(testing::traveller(1'000 + i), movement::Direction::kEntry),
                          web_.line.core.clock.now());
  web_.line.core.submit_new(web_.line.at_b);
  web_.log.publish();
  browser_.sign_in("a.auditor");
  const json keys = json::parse(browser_.get("/ledger/keys").body);
  std::map<std::string, merkle::NoteVerifierKey> key_of;
  for (const json& agent : keys.at("agents"))
    key_of.emplace(agent.at("agent"),
                   merkle::NoteVerifierKey::parse(agent.at("key").get<std::string>()).value());
  key_of.emplace("office", merkle::NoteVerifierKey::parse(keys.at("office").get<std::string>()).value());

  for (const std::uint64_t index :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}, size_ - 1, size_, size_ + 257, size_ + 699}) {
    const auto response = browser_.send("GET", fmt::format("/api/v1/ledger/proof/{}/journal", index), "", {},
                                        "/ledger/proof/{index}/journal");
    ASSERT_EQ(response.status, 200) << index << response.body;
    const json proof = json::parse(response.body);
    const auto entry =
        wire::decode_ledger_entry(as_bytes(web_.line.core.ledger.read(LedgerIndex(index), 1)->front()))
            .value();
    EXPECT_EQ(proof.at("agent"), entry.agent);
    std::vector<merkle::Hash> hashes;
    for (const auto& hash : proof.at("hashes"))
      hashes.push_back(crypto::hash_from(from_base64(hash.get<std::string>()).value()).value());
    merkle::MemoryTree journal;
    for (std::uint64_t i = 0; i < size_ + 700; ++i) {
      const auto other =
          wire::decode_ledger_entry(as_bytes(web_.line.core.ledger.read(LedgerIndex(i), 1)->front())).value();
      if (other.agent == entry.agent) journal.append(merkle::leaf_hash(as_bytes(other.event)));
    }
    const TreeSize size(proof.at("size").get<std::uint64_t>());
    const merkle::TreeHead head{size, journal.root_at(size)};
    EXPECT_TRUE(merkle::verify_inclusion(merkle::LeafIndex(proof.at("journal_index").get<std::uint64_t>()),
                                         size, merkle::leaf_hash(as_bytes(entry.event)), hashes, head.root))
        << index;
    const merkle::NoteVerifierKey& key = key_of.at(entry.agent);
    EXPECT_EQ(key.name, proof.at("origin"));
    const auto signature = from_base64(proof.at("signature").get<std::string>()).value();
    EXPECT_TRUE(merkle::verify_tree_head(key.name, head, crypto::signature_from(signature).value(),
                                         crypto::Verifier::make(key.key).value()))
        << index;
  }
  const auto beyond = browser_.send("GET", fmt::format("/api/v1/ledger/proof/{}/journal", size_ + 700), "",
                                    {}, "/ledger/proof/{index}/journal");
  EXPECT_EQ(code_of(beyond), "404 not_found");
}

TEST_F(LedgerTest, ALongJournalIsHashedOverSeveralRequests) {
  server::JournalProofs proofs(web_.line.core.ledger, merkle::kTileWidth);
  const auto first = proofs.prove(LedgerIndex(size_ - 1));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(proofs.prove(LedgerIndex(size_ - 1)));
}

TEST_F(LedgerTest, KeysAreForEverybodyAndProofsInJournalsForAuditors) {
  for (const Role role : accounts::kRoles) {
    Browser browser(web_);
    browser.sign_in("a." + std::string(accounts::name_of(role)));
    const json keys = json::parse(browser.get("/ledger/keys").body);
    EXPECT_EQ(keys.at("ledger"), testing::ledger_key().to_string());
    EXPECT_TRUE(keys.at("policy").is_null());
    EXPECT_EQ(
        browser.send("GET", "/api/v1/ledger/proof/0/journal", "", {}, "/ledger/proof/{index}/journal").status,
        role == Role::kAuditor ? 200 : 403);
  }
}

TEST_F(LedgerTest, SupervisorsReadTheEntriesOfAPersonWhomTheyLookedUp) {
  browser_.sign_in("a.supervisor");
  const auto proof_of = [](Browser& browser, const std::string& index, const std::string& more = "") {
    const auto response =
        browser.send("GET", "/api/v1/ledger/proof/" + index + more, "", {}, "/ledger/proof/{index}" + more);
    return response.status == 200 ? "200" : code_of(response);
  };
  EXPECT_EQ(proof_of(browser_, "1"), "403 lookup_required");
  const json request = {
      {"subject", testing::traveller(0).hex()}, {"purpose", "other"}, {"case_number", "T-1"}};
  ASSERT_EQ(browser_.send("POST", "/api/v1/lookups", request.dump()).status, 201);
  web_.log.publish();
  EXPECT_EQ(proof_of(browser_, "0"), "403 lookup_required") << "of nobody: an edition was adopted";
  for (const char* index : {"1", "6"}) {
    EXPECT_EQ(proof_of(browser_, index), "200");
    EXPECT_EQ(proof_of(browser_, index, "/journal"), "200");
  }
  EXPECT_EQ(proof_of(browser_, "7"), "403 lookup_required") << "of somebody else";
  EXPECT_EQ(proof_of(browser_, "7", "/journal"), "403 lookup_required");
  EXPECT_EQ(proof_of(browser_, "99999999"), "404 not_found");
  Browser other(web_);
  other.sign_in("b.supervisor");
  EXPECT_EQ(proof_of(other, "1"), "403 lookup_required") << "somebody else's look-up";
  web_.line.core.clock.advance(9 * 3'600 * 1'000);
  Browser later(web_);
  later.sign_in("a.supervisor");
  EXPECT_EQ(proof_of(later, "1"), "403 lookup_required") << "too long ago";
}

TEST_F(LedgerTest, EditionsAreForAuditorsByTheirHash) {
  const std::string sealed = testing::sealed_edition();
  const std::string path = "edition/" + crypto::sha256(as_bytes(sealed)).hex();
  EXPECT_EQ(get(path).status, 401);
  browser_.sign_in("a.auditor");
  const auto response = get(path);
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.body, sealed);
  EXPECT_EQ(get("edition/" + std::string(64, '0')).status, 404);
  for (const char* other : {"edition/", "edition/00", "edition/zz"})
    EXPECT_EQ(get(other).status, 404) << other;
}

TEST_F(LedgerTest, EnvelopesAreForAuditorsByTheHashOfTheirEdition) {
  const std::string sealed = testing::sealed_edition();
  const std::string path = "envelope/" + crypto::sha256(as_bytes(sealed)).hex();
  EXPECT_EQ(get(path).status, 401);
  browser_.sign_in("a.auditor");
  EXPECT_EQ(get(path).status, 404) << "nobody signed it";
  ASSERT_TRUE(web_.line.core.ledger.put_edition(sealed, R"({"payload":""})"));
  const auto response = get(path);
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"payload":""})");
  EXPECT_EQ(get("envelope/" + std::string(64, '0')).status, 404);
  for (const char* other : {"envelope/", "envelope/00", "envelope/zz"})
    EXPECT_EQ(get(other).status, 404) << other;
}

TEST_F(LedgerTest, ConsistencyIsProvenFromEveryEarlierSize) {
  browser_.sign_in("a.staff");
  for (const std::uint64_t from : {std::uint64_t{1}, std::uint64_t{256}, size_ - 1, size_}) {
    const auto response = browser_.get(fmt::format("/ledger/consistency?from={}", from));
    ASSERT_EQ(response.status, 200) << from;
    std::vector<merkle::Hash> hashes;
    const json answer = json::parse(response.body);
    for (const auto& hash : answer.at("hashes"))
      hashes.push_back(crypto::hash_from(from_base64(hash.get<std::string>()).value()).value());
    merkle::CompactRange before;
    const auto entries = web_.line.core.ledger.read(LedgerIndex(0), from).value();
    for (const std::string& entry : entries) before.append(merkle::leaf_hash(as_bytes(entry)));
    EXPECT_TRUE(merkle::verify_consistency(TreeSize(from), head().size, before.root(), head().root, hashes));
  }
  EXPECT_EQ(code_of(browser_.get("/ledger/consistency?from=0")), "400 invalid_argument");
  EXPECT_EQ(code_of(browser_.get("/ledger/consistency")), "400 invalid_argument");
  EXPECT_EQ(code_of(browser_.get(fmt::format("/ledger/consistency?from={}", size_ + 1))), "404 not_found");
}

// Two heads that somebody has are proven against each other, not each against a newest one.
TEST_F(LedgerTest, ConsistencyIsProvenBetweenAnyTwoSizes) {
  browser_.sign_in("a.staff");
  const auto root_at = [this](std::uint64_t size) {
    merkle::CompactRange range;
    const auto entries = web_.line.core.ledger.read(LedgerIndex(0), size).value();
    for (const std::string& entry : entries) range.append(merkle::leaf_hash(as_bytes(entry)));
    return range.root();
  };
  for (const auto& [from, to] :
       {std::pair{std::uint64_t{1}, std::uint64_t{2}}, {3, 256}, {7, 7}, {256, size_ - 1}}) {
    const auto response = browser_.get(fmt::format("/ledger/consistency?from={}&to={}", from, to));
    ASSERT_EQ(response.status, 200) << from << " " << to;
    const json answer = json::parse(response.body);
    EXPECT_EQ(answer.at("to"), to);
    std::vector<merkle::Hash> hashes;
    for (const auto& hash : answer.at("hashes"))
      hashes.push_back(crypto::hash_from(from_base64(hash.get<std::string>()).value()).value());
    EXPECT_TRUE(merkle::verify_consistency(TreeSize(from), TreeSize(to), root_at(from), root_at(to), hashes));
  }
  for (const char* wrong : {"from=3&to=2", "from=3&to=x", "from=3&to="})
    EXPECT_EQ(code_of(browser_.get(fmt::format("/ledger/consistency?{}", wrong))), "400 invalid_argument")
        << wrong;
  EXPECT_EQ(code_of(browser_.get(fmt::format("/ledger/consistency?from=1&to={}", size_ + 1))),
            "404 not_found");
}

TEST_F(LedgerTest, FiguresAreProvisionalUntilWitnessesHaveCosigned) {
  browser_.sign_in("a.staff");
  const auto as_of = [this] { return json::parse(browser_.get("/overview").body).at("as_of"); };
  const auto state = [&as_of] { return as_of().at("state").get<std::string>(); };
  EXPECT_EQ(state(), "provisional");
  EXPECT_EQ(as_of().at("settled_size"), 0);
  EXPECT_TRUE(as_of().at("cosigners").empty());
  EXPECT_TRUE(json::parse(browser_.get("/ledger").body).at("settled").is_null());
  EXPECT_EQ(get("settled").status, 404);
  web_.log.publish(true);
  EXPECT_EQ(state(), "settled");
  EXPECT_EQ(as_of().at("settled_size"), size_);
  const json ledger = json::parse(browser_.get("/ledger").body);
  const json cosigners = ledger.at("settled").at("cosigners");
  ASSERT_EQ(cosigners.size(), 2U);
  EXPECT_EQ(as_of().at("cosigners"), json::array({cosigners.at(0).at("name"), cosigners.at(1).at("name")}));
  EXPECT_EQ(ledger.at("settled").at("head").at("size"), size_);
  EXPECT_EQ(get("settled").status, 200);
}

TEST(LedgerBeforeItsTiles, AsksToComeAgain) {
  Web web;
  Browser browser(web);
  const auto response = browser.send("GET", "/tlog/checkpoint");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.headers.find("Retry-After"), "1");
  EXPECT_EQ(browser.send("GET", "/tlog/tile/0/000.p/1").status, 503);
}

}  // namespace
}  // namespace crossline::api
