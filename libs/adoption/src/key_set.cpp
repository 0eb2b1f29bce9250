#include "crossline/adoption/key_set.hpp"

#include "crossline/base/limits.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

namespace crossline::adoption {
namespace {

constexpr std::array<std::string_view, 3> kParties{"A", "B", "G"};
constexpr std::int64_t kMaxThreshold = 100;  // as the procedure language has it

bool is_party(std::string_view name) {
  return std::ranges::find(kParties, name) != kParties.end();
}

template <class... Args>
std::unexpected<Error> fail_at(const toml::source_region& region, fmt::format_string<Args...> format,
                               Args&&... args) {
  return fail(ErrorCode::kMalformed, "line {}, column {}: {}", region.begin.line, region.begin.column,
              fmt::format(format, std::forward<Args>(args)...));
}

Result<crypto::PublicKey> key_from(std::string_view text) {
  CROSSLINE_TRY(const Bytes bytes, from_base64(text));
  return crypto::public_key_from(bytes);
}

Result<std::vector<crypto::PublicKey>> read_keys(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return fail_at(node.source(), "expected a list of public keys");
  std::vector<crypto::PublicKey> keys;
  for (const toml::node& element : *list) {
    const auto* text = element.as_string();
    if (text == nullptr) return fail_at(element.source(), "expected an Ed25519 public key in base64");
    const auto key = key_from(text->get());
    if (!key) return fail_at(element.source(), "'{}': {}", text->get(), key.error().message);
    keys.push_back(*key);
  }
  return keys;
}

// The table `name` with one entry a party.
Result<const toml::table*> read_table(const toml::table& root, std::string_view name) {
  const toml::node* node = root.get(name);
  if (node == nullptr) return fail_at(root.source(), "'{}' is missing", name);
  const toml::table* table = node->as_table();
  if (table == nullptr) return fail_at(node->source(), "'{}' is not a table of parties", name);
  for (const auto& [key, value] : *table)
    if (!is_party(key.str())) return fail_at(key.source(), "'{}' is no party: A, B or G", key.str());
  return table;
}

std::string count_of(std::string_view party, std::size_t has, std::int64_t needs) {
  return fmt::format("party {} {} of {}", party, has, needs);
}

}  // namespace

Result<KeySet> KeySet::make(std::string procedure, KeysOfParties keys,
                            std::map<std::string, std::int64_t> thresholds) {
  for (const std::string side : {"A", "B"})
    if (!thresholds.contains(side))
      return fail(ErrorCode::kInvalidArgument, "party {} has no threshold: no side is bound without its own",
                  side);
  std::set<crypto::PublicKey> seen;
  for (auto& [party, own] : keys) {
    if (!is_party(party)) return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", party);
    if (own.size() > limits::kMaxPartyKeys)
      return fail(ErrorCode::kInvalidArgument, "party {} has {} keys; at most {} are read", party, own.size(),
                  limits::kMaxPartyKeys);
    std::ranges::sort(own);
    for (const crypto::PublicKey& key : own)
      if (!seen.insert(key).second)
        return fail(ErrorCode::kInvalidArgument, "the key {} is there twice: it would count twice",
                    key_id_of(key));
  }
  for (const auto& [party, threshold] : thresholds) {
    if (!is_party(party)) return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", party);
    const auto own = keys.find(party);
    const std::size_t has = own == keys.end() ? 0 : own->second.size();
    if (threshold < 1 || threshold > kMaxThreshold || has < static_cast<std::size_t>(threshold))
      return fail(ErrorCode::kInvalidArgument, "party {} has {} keys and {} of them have to sign", party, has,
                  threshold);
  }
  KeySet made;
  made.procedure_ = std::move(procedure);
  made.keys_ = std::move(keys);
  made.thresholds_ = std::move(thresholds);
  return made;
}

Result<KeySet> KeySet::parse(std::string_view text) {
  if (text.size() > limits::kMaxKeySetBytes)
    return fail(ErrorCode::kMalformed, "{} bytes; at most {} are read", text.size(), limits::kMaxKeySetBytes);
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail_at(error.source(), "{}", error.description());
  }
  for (const auto& [key, value] : root)
    if (key.str() != "procedure" && key.str() != "sign" && key.str() != "keys")
      return fail_at(key.source(), "unknown key '{}'; there are 'procedure', 'sign' and 'keys'", key.str());
  const toml::node* procedure = root.get("procedure");
  if (procedure == nullptr || !procedure->is_string())
    return fail_at(root.source(), "'procedure' is missing: the name of the procedure that these keys sign");
  CROSSLINE_TRY(const toml::table* sign, read_table(root, "sign"));
  CROSSLINE_TRY(const toml::table* written, read_table(root, "keys"));
  std::map<std::string, std::int64_t> thresholds;
  for (const auto& [party, value] : *sign) {
    if (!value.is_integer())
      return fail_at(value.source(), "expected how many of party {} sign", party.str());
    thresholds[std::string(party.str())] = value.as_integer()->get();
  }
  KeysOfParties keys;
  for (const auto& [party, value] : *written) {
    CROSSLINE_TRY(keys[std::string(party.str())], read_keys(value));
  }
  return make(procedure->as_string()->get(), std::move(keys), std::move(thresholds));
}

std::string KeySet::to_toml() const {
  std::vector<std::string> sign;
  for (const auto& [party, threshold] : thresholds_) sign.push_back(fmt::format("{} = {}", party, threshold));
  std::string text =
      fmt::format("procedure = \"{}\"\nsign      = {{ {} }}\n\n[keys]\n", procedure_, fmt::join(sign, ", "));
  for (const auto& [party, own] : keys_) {
    std::vector<std::string> quoted;
    for (const crypto::PublicKey& key : own) quoted.push_back(fmt::format("\"{}\"", to_base64(key.bytes)));
    text += fmt::format("{} = [{}]\n", party, fmt::join(quoted, ", "));
  }
  return text;
}

Judged<KeySet> KeySet::after(const procedure::Edition& edition) const {
  const procedure::Procedure& agreed = edition.procedure();
  const auto bad = [&](std::string why) {
    return std::unexpected(
        Refused{Refusal::kBadKeys, fmt::format("edition {}: {}", edition.number(), std::move(why))});
  };
  for (const auto& [party, name] : agreed.parties)
    if (!agreed.sign.contains(party)) return bad(fmt::format("'sign' has no threshold for party {}", party));
  KeysOfParties keys = keys_;
  if (!agreed.keys.empty()) {
    keys.clear();
    for (const auto& [party, own] : agreed.keys)
      for (const std::string& text : own) {
        const auto key = key_from(text);
        if (!key) return bad(fmt::format("a key of party {}: {}", party, key.error().message));
        keys[party].push_back(*key);
      }
  }
  auto made = make(procedure_, std::move(keys), agreed.sign);
  if (!made) return bad(made.error().message);
  return *std::move(made);
}

Judged<KeysOfParties> tally(const Envelope& envelope, const KeySet& keys) {
  const Bytes message = pre_authentication_encoding(envelope.type, envelope.payload);
  KeysOfParties signers;
  for (const EnvelopeSignature& one : envelope.signatures) {
    bool named = false;
    bool counted = false;
    const auto signature = crypto::signature_from(one.signature);
    // The key that the hint names first; the hint is not signed, so the others may fit as well.
    for (const bool by_hint : {true, false}) {
      for (const auto& [party, own] : keys.keys()) {
        for (const crypto::PublicKey& key : own) {
          if (counted || (key_id_of(key) == one.key_id) != by_hint) continue;
          named = named || by_hint;
          const auto verifier = crypto::Verifier::make(key);
          if (!signature || !verifier || !verifier->verify(message, *signature)) continue;
          counted = true;
          auto& of_party = signers[party];
          if (std::ranges::find(of_party, key) == of_party.end()) of_party.push_back(key);
        }
      }
    }
    if (named && !counted)
      return std::unexpected(Refused{
          Refusal::kBadSignature,
          fmt::format("the signature that names the known key {} is not of these bytes", one.key_id)});
  }
  for (auto& [party, own] : signers) std::ranges::sort(own);
  return signers;
}

Judged<void> check_thresholds(const KeysOfParties& signers, const KeySet& keys) {
  bool reached = true;
  std::vector<std::string> counts;
  for (const auto& [party, threshold] : keys.thresholds()) {
    const auto own = signers.find(party);
    const std::size_t has = own == signers.end() ? 0 : own->second.size();
    reached = reached && has >= static_cast<std::size_t>(threshold);
    counts.push_back(count_of(party, has, threshold));
  }
  if (reached) return {};
  return std::unexpected(Refused{
      Refusal::kTooFewSignatures,
      fmt::format("distinct keys that signed: {}; each party needs its own, and a key counts once however "
                  "often it signs",
                  fmt::join(counts, ", "))});
}

}  // namespace crossline::adoption
