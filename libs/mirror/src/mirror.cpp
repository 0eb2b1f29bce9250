#include "crossline/mirror/mirror.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/tiles.hpp"
#include "crossline/runtime/file.hpp"
#include "folder_log.hpp"
#include "log_tree.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace crossline::mirror {
namespace {

namespace fs = std::filesystem;
using merkle::TileId;
using merkle::TileKind;

const std::string kHeadPath = "checkpoint";
constexpr std::uint64_t kStepBundles = Mirror::kStepEntries / merkle::kTileWidth;

// Held as long as the mirror is open.
class FolderLock {
 public:
  FolderLock() = default;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  Result<void> take(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
    const fs::path file = folder / "lock";
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) return fail(ErrorCode::kUnavailable, "{}: {}", file.string(), std::strerror(errno));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return {};
    return fail(ErrorCode::kBusy, "{}: another audit is using this mirror", folder.string());
  }

 private:
  int descriptor_ = -1;
};

// A bundle as it was compared with the head.
struct VerifiedBundle {
  std::string content;
  std::vector<merkle::Hash> leaves;  // of its entries
};

std::string bundle_path(std::uint64_t index, unsigned width) {
  return merkle::tile_path({TileKind::kEntries, {.level = 0, .index = index, .width = width}});
}

}  // namespace

Result<LedgerHead> LedgerHead::parse(std::string_view text, const merkle::NoteVerifierKey& key) {
  CROSSLINE_TRY(auto note, merkle::SignedNote::parse(text));
  CROSSLINE_TRY(const auto parsed, merkle::parse_tree_head(note.text));
  if (parsed.origin != key.name)
    return fail(ErrorCode::kInvalidArgument, "a head of {}, and the registry is that of {}", parsed.origin,
                key.name);
  const std::array known{key};
  if (auto verified = merkle::verify_note(note, known); !verified)
    return fail(verified.error().code,
                "a head of {} entries that is not signed with the registry's key of {}: {}",
                parsed.head.size.value(), key.name, verified.error().message);
  for (const merkle::NoteSignature& line : note.signatures) {
    if (line.name != key.name || line.key_id != key.key_id) continue;
    CROSSLINE_TRY(const auto signature, crypto::signature_from(line.signature));
    // What is signed may hold more lines than a head has here; then it is a note and no head of ours.
    if (merkle::tree_head_text(key.name, parsed.head) != note.text)
      return fail(ErrorCode::kMalformed, "a head with extension lines");
    return LedgerHead{parsed.head, signature, std::move(note)};
  }
  return fail(ErrorCode::kBadSignature, "a head without a signature of {}", key.name);
}

struct Mirror::State {
  State(fs::path folder_in, merkle::NoteVerifierKey key_in, TreeSize max_entries_in)
      : folder(std::move(folder_in)), files(folder), key(std::move(key_in)), max_entries(max_entries_in) {}

  [[nodiscard]] unsigned width_of(std::uint64_t bundle) const {
    return merkle::tile_width(0, bundle, tree.size());
  }
  [[nodiscard]] Result<bool> fits(std::uint64_t bundle, std::span<const merkle::Hash> leaves) const;
  Result<bool> verify(std::uint64_t bundle, std::string content);
  void forget_step();
  [[nodiscard]] const VerifiedBundle* kept_bundle(std::uint64_t bundle, unsigned width) const;
  Result<std::string_view> read_bundle(std::uint64_t bundle, unsigned width);
  [[nodiscard]] Result<void> check_size(TreeSize size) const;
  Result<void> take(LogSource& log, const LedgerHead& next);
  Result<void> check_continues(LogSource& log, LogTree& shown, const LedgerHead& next);
  Result<void> refuse(LogTree& shown, LogTree& kept, const LedgerHead& next);
  Result<void> keep(const LogTree& next_tree, const LedgerHead& next);
  Result<void> fetch(LogSource* log, std::vector<std::uint64_t>& missing);

  const fs::path folder;
  FolderLock lock;
  FolderLog files;
  const merkle::NoteVerifierKey key;
  const TreeSize max_entries;
  std::optional<LedgerHead> head;
  LogTree tree{files};  // of head, once renew() or reopen() has verified it
  std::uint64_t verified = 0;
  std::map<std::uint64_t, VerifiedBundle> of_last_step;
  std::size_t kept_bytes = 0;  // of their contents
  std::optional<LedgerHead> refused;
  std::optional<merkle::Misbehaviour> evidence;
  std::optional<std::pair<std::uint64_t, std::string>>
      last_read;  // a bundle: auditors read on where they were
};

Mirror::Mirror(std::unique_ptr<State> state) : state_(std::move(state)) {}
Mirror::~Mirror() = default;

Result<std::unique_ptr<Mirror>> Mirror::open(const fs::path& folder, merkle::NoteVerifierKey ledger_key,
                                             TreeSize max_entries) {
  auto state = std::make_unique<State>(folder, std::move(ledger_key), max_entries);
  CROSSLINE_CHECK_OK(state->lock.take(folder));
  CROSSLINE_TRY(const auto kept, state->files.find(kHeadPath));
  if (kept) {
    auto head = LedgerHead::parse(*kept, state->key);
    if (!head) return std::unexpected(std::move(head).error().at(folder.string()));
    state->head = *std::move(head);
  }
  return std::unique_ptr<Mirror>(new Mirror(std::move(state)));
}

const std::optional<LedgerHead>& Mirror::head() const {
  return state_->head;
}
TreeSize Mirror::verified() const {
  return TreeSize(state_->verified);
}
const std::optional<LedgerHead>& Mirror::refused() const {
  return state_->refused;
}
const std::optional<merkle::Misbehaviour>& Mirror::evidence() const {
  return state_->evidence;
}

Result<void> Mirror::renew(LogSource& log) {
  const std::array path{kHeadPath};
  CROSSLINE_TRY(const auto contents, log.fetch(path));
  auto next = LedgerHead::parse(contents.front(), state_->key);
  if (!next) return std::unexpected(std::move(next).error().at("the server shows"));
  const auto taken = state_->take(log, *next);
  const bool refused =
      !taken && (taken.error().code == ErrorCode::kConflict || taken.error().code == ErrorCode::kForked);
  if (refused) state_->refused = *std::move(next);
  return taken;
}

Result<void> Mirror::State::take(LogSource& log, const LedgerHead& next) {
  CROSSLINE_CHECK_OK(check_size(next.head.size));
  const bool known = head && head->head == next.head && tree.size() == next.head.size;
  if (known && head->note.to_string() == next.note.to_string()) return {};  // not a cosignature more
  if (known) return keep(tree, next);
  LogTree shown(files);
  CROSSLINE_CHECK_OK(shown.advance(&log, next.head));
  CROSSLINE_CHECK_OK(check_continues(log, shown, next));
  CROSSLINE_CHECK_OK(keep(shown, next));
  shown.keep();
  tree = std::move(shown);
  return {};
}

// Before anything is fetched for it.
Result<void> Mirror::State::check_size(TreeSize size) const {
  if (size.value() > limits::kMaxLedgerEntries)
    return fail(ErrorCode::kConflict,
                "the server signed a head of {} entries, and a ledger has at most {}: such a ledger does not "
                "exist. Keep this head, which proves that it was signed, and ask whoever runs the server; "
                "nothing of it was fetched",
                size.value(), limits::kMaxLedgerEntries);
  if (size > max_entries)
    return fail(
        ErrorCode::kUnsupported,
        "the signed head is of {} entries, and at most {} are taken here: nothing was fetched. If the "
        "ledger is that large, allow more with --max-entries where there is memory for them",
        size.value(), max_entries.value());
  return {};
}

Result<void> Mirror::State::check_continues(LogSource& log, LogTree& shown, const LedgerHead& next) {
  if (!head) return {};
  const TreeSize kept_size = head->head.size;
  LogTree kept(files);
  if (next.head.size < kept_size) {
    const auto advanced = kept.advance(nullptr, head->head);
    kept.ask(&log);  // what it shows there is verified by the head that is kept
    const auto root =
        advanced ? kept.root_at(next.head.size) : Result<merkle::Hash>(std::unexpected(advanced.error()));
    if (root && *root != next.head.root) return refuse(shown, kept, next);
    return fail(
        ErrorCode::kConflict,
        "the server shows a head of {} entries, and it signed one of {} before: it was put back to an older "
        "copy of its ledger, or withholds the newer entries{}. This mirror keeps the newer head",
        next.head.size.value(), kept_size.value(),
        root ? "" : "; the mirror is not whole enough to tell whether both are of one history");
  }
  CROSSLINE_TRY(const auto root, shown.root_at(kept_size));
  if (root == head->head.root) return {};
  (void)kept.advance(nullptr, head->head);
  return refuse(shown, kept, next);
}

// Both heads are signed and of two histories. The tree of the larger one proves it; both trees say, where
// they are whole enough, which entry differs first.
Result<void> Mirror::State::refuse(LogTree& shown, LogTree& kept, const LedgerHead& next) {
  const std::array notes{merkle::note_of(head->head, head->signature, key),
                         merkle::note_of(next.head, next.signature, key)};
  evidence = merkle::Misbehaviour{.heads = notes, .index = std::nullopt, .claims = {}};
  const std::array sizes{head->head.size, next.head.size};
  if (sizes[0] != sizes[1]) {
    const merkle::TileHashReader mine(kept, kept.size());
    const merkle::TileHashReader theirs(shown, next.head.size);
    auto proof = kept.size() == head->head.size
                     ? merkle::prove_misbehaviour(notes, sizes, {&mine, &theirs})
                     : Result<merkle::Misbehaviour>(fail(ErrorCode::kNotFound, "no tree of the head kept"));
    if (!proof) proof = merkle::prove_by_larger_tree(notes, sizes[0] < sizes[1] ? theirs : mine);
    if (proof) evidence = *std::move(proof);
  }
  return fail(
      ErrorCode::kForked,
      "the server shows a head of {} entries that does not continue the one of {} entries that it signed "
      "before: these are two histories of one ledger",
      next.head.size.value(), head->head.size.value());
}

// The hashes at its end first: they make a head of use. Then the head, for good.
Result<void> Mirror::State::keep(const LogTree& next_tree, const LedgerHead& next) {
  Result<void> written;
  std::vector<std::string> paths;
  next_tree.each_partial_tile([&](const TileId& id, ByteView bytes) {
    if (!written) return;
    const std::string path = merkle::tile_path({TileKind::kHashes, id});
    const auto there = files.find(path);
    if (there && *there == as_text(bytes)) return;
    written = files.put(path, as_text(bytes));
    paths.push_back(path);
  });
  CROSSLINE_CHECK_OK(written);
  CROSSLINE_CHECK_OK(runtime::write_file_atomic(folder / kHeadPath, as_bytes(next.note.to_string())));
  head = next;
  for (const std::string& path : paths) files.drop_other_parts(path);
  return {};
}

Result<void> Mirror::reopen() {
  State& state = *state_;
  if (!state.head) return fail(ErrorCode::kNotFound, "{}: the mirror is empty", state.folder.string());
  CROSSLINE_CHECK_OK(state.check_size(state.head->head.size));
  LogTree tree(state.files);
  CROSSLINE_CHECK_OK(tree.advance(nullptr, state.head->head));
  tree.keep();
  state.tree = std::move(tree);
  return {};
}

// The error is that of the tiles above the bundle, which nobody has.
Result<bool> Mirror::State::fits(std::uint64_t bundle, std::span<const merkle::Hash> leaves) const {
  if (leaves.size() == merkle::kTileWidth) {
    CROSSLINE_TRY(const merkle::Hash above, tree.hash_at(1, bundle));
    return merkle::perfect_root({leaves.begin(), leaves.end()}) == above;
  }
  for (unsigned i = 0; i < leaves.size(); ++i) {
    CROSSLINE_TRY(const merkle::Hash leaf, tree.hash_at(0, bundle * merkle::kTileWidth + i));
    if (leaves[i] != leaf) return false;
  }
  return true;
}

// Whether the content is the one of the head; keeps it for read() then, as far as there is room.
Result<bool> Mirror::State::verify(std::uint64_t bundle, std::string content) {
  const unsigned width = width_of(bundle);
  const auto entries = merkle::parse_entry_bundle(as_bytes(content), width);
  if (!entries) return false;
  std::vector<merkle::Hash> leaves;
  leaves.reserve(width);
  for (const ByteView entry : *entries) leaves.push_back(merkle::leaf_hash(entry));
  CROSSLINE_TRY(const bool right, fits(bundle, leaves));
  if (!right || content.size() > kMaxKeptBytes - kept_bytes) return right;
  kept_bytes += content.size();
  of_last_step.insert_or_assign(bundle, VerifiedBundle{std::move(content), std::move(leaves)});
  return true;
}

void Mirror::State::forget_step() {
  of_last_step.clear();
  kept_bytes = 0;
  last_read.reset();
}

// The same bundle may have been shorter when it was kept.
const VerifiedBundle* Mirror::State::kept_bundle(std::uint64_t bundle, unsigned width) const {
  const auto kept = of_last_step.find(bundle);
  return kept != of_last_step.end() && kept->second.leaves.size() == width ? &kept->second : nullptr;
}

Result<void> Mirror::step(LogSource* log) {
  State& state = *state_;
  const std::uint64_t size = state.tree.size().value();
  const std::uint64_t begin = state.verified / merkle::kTileWidth;
  const std::uint64_t end =
      std::min(begin + kStepBundles, (size + merkle::kTileWidth - 1) / merkle::kTileWidth);
  state.tree.ask(log);
  state.forget_step();
  std::vector<std::uint64_t> missing;
  for (std::uint64_t bundle = begin; bundle < end; ++bundle) {
    CROSSLINE_TRY(auto kept, state.files.find(bundle_path(bundle, state.width_of(bundle))));
    CROSSLINE_TRY(const bool whole, kept ? state.verify(bundle, *std::move(kept)) : Result<bool>(false));
    if (!whole) missing.push_back(bundle);
    if (missing.size() == kBundlesAtOnce) CROSSLINE_CHECK_OK(state.fetch(log, missing));
  }
  CROSSLINE_CHECK_OK(state.fetch(log, missing));
  state.verified = std::min(end * merkle::kTileWidth, size);
  return {};
}

// Leaves `missing` empty.
Result<void> Mirror::State::fetch(LogSource* log, std::vector<std::uint64_t>& missing) {
  if (missing.empty()) return {};
  std::vector<std::string> paths;
  for (const std::uint64_t bundle : missing) paths.push_back(bundle_path(bundle, width_of(bundle)));
  if (log == nullptr)
    return fail(ErrorCode::kNotFound,
                "{}: not whole in this mirror of {} entries; name the server to fetch it", paths.front(),
                tree.size().value());
  CROSSLINE_TRY(const auto contents, log->fetch(paths));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    CROSSLINE_TRY(const bool right, verify(missing[i], contents[i]));
    if (!right)
      return fail(ErrorCode::kCorruptData,
                  "{}: what the server gives does not hash to its signed head of {} entries", paths[i],
                  tree.size().value());
    CROSSLINE_CHECK_OK(files.put(paths[i], contents[i]));
    files.drop_other_parts(paths[i]);
  }
  missing.clear();
  return {};
}

Result<std::vector<std::string>> Mirror::read(LedgerIndex first, std::size_t count) {
  State& state = *state_;
  std::vector<std::string> entries;
  const std::uint64_t end =
      first.value() >= state.verified ? first.value() : std::min(first.value() + count, state.verified);
  for (std::uint64_t at = first.value(); at < end;) {
    const std::uint64_t bundle = at / merkle::kTileWidth;
    const auto width = merkle::tile_width(0, bundle, TreeSize(state.verified));
    CROSSLINE_TRY(const std::string_view content, state.read_bundle(bundle, width));
    CROSSLINE_TRY(const auto views, merkle::parse_entry_bundle(as_bytes(content), width));
    for (std::uint64_t i = at % merkle::kTileWidth; i < width && at < end; ++i, ++at)
      entries.emplace_back(as_text(views[i]));
  }
  return entries;
}

// Valid until the next bundle is read.
Result<std::string_view> Mirror::State::read_bundle(std::uint64_t bundle, unsigned width) {
  if (const VerifiedBundle* kept = kept_bundle(bundle, width)) return kept->content;
  if (!last_read || last_read->first != bundle) {
    CROSSLINE_TRY(auto content, files.find(bundle_path(bundle, width)));
    if (!content)
      return fail(ErrorCode::kCorruptData, "{}: is gone from the mirror", bundle_path(bundle, width));
    last_read.emplace(bundle, *std::move(content));
  }
  return last_read->second;
}

std::vector<merkle::Hash> Mirror::leaves(LedgerIndex first, std::size_t count) const {
  const State& state = *state_;
  if (first.value() > state.verified || count > state.verified - first.value()) return {};
  std::vector<merkle::Hash> leaves;
  leaves.reserve(count);
  while (leaves.size() < count) {
    const std::uint64_t at = first.value() + leaves.size();
    const std::uint64_t bundle = at / merkle::kTileWidth;
    const auto* kept = state.kept_bundle(bundle, merkle::tile_width(0, bundle, TreeSize(state.verified)));
    if (kept == nullptr) return {};
    const auto begin = static_cast<std::size_t>(at % merkle::kTileWidth);
    const std::size_t taken = std::min(kept->leaves.size() - begin, count - leaves.size());
    const auto from = kept->leaves.begin() + static_cast<std::ptrdiff_t>(begin);
    leaves.insert(leaves.end(), from, from + static_cast<std::ptrdiff_t>(taken));
  }
  return leaves;
}

Result<std::optional<std::string>> Mirror::find_file(const std::string& path) const {
  return state_->files.find(path);
}

Result<void> Mirror::keep_file(const std::string& path, std::string_view content) {
  return state_->files.put(path, content);
}

}  // namespace crossline::mirror
