// A receipt, a proof of misbehaviour and a request to a witness: each is refused, or has one spelling.
#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/merkle/tlog_proof.hpp"
#include "crossline/witness/add_request.hpp"
#include "tests/fuzz/targets.hpp"

namespace crossline::fuzz::merkle_receipt {
namespace {

merkle::SignedNote head_of(std::uint64_t size) {
  static const crypto::Signer signer = crypto::Signer::from_seed(Bytes(32, 6)).value();
  const std::string text = merkle::tree_head_text("river-line/ledger", {TreeSize(size), {}});
  return {text, {merkle::sign_note(text, "river-line/ledger", signer)}};
}

}  // namespace

std::vector<std::string> seeds() {
  const std::vector<merkle::Hash> hashes(3);
  const merkle::TlogProof receipt{
      .extra = Bytes{1, 2}, .index = merkle::LeafIndex(2), .hashes = hashes, .head = head_of(5)};
  const merkle::Misbehaviour at_a_leaf{
      .heads = {head_of(5), head_of(6)},
      .index = merkle::LeafIndex(1),
      .claims = {merkle::LeafClaim{{}, hashes}, merkle::LeafClaim{{}, hashes}}};
  const merkle::Misbehaviour at_the_beginning{.heads = {head_of(5), head_of(6)},
                                              .index = {},
                                              .claims = {},
                                              .prefix = merkle::PrefixClaim{{}, hashes}};
  const witness::AddRequest request{.old_size = TreeSize(3), .proof = hashes, .note = head_of(5)};
  return {receipt.to_string(), at_a_leaf.to_string(), at_the_beginning.to_string(), request.to_string()};
}

bool takes(std::string_view input) {
  const bool receipt = has_one_spelling(input, merkle::TlogProof::parse);
  const bool misbehaviour = has_one_spelling(input, merkle::Misbehaviour::parse);
  const bool request = has_one_spelling(input, witness::AddRequest::parse);
  return receipt || misbehaviour || request;
}

}  // namespace crossline::fuzz::merkle_receipt
