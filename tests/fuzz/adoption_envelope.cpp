// A signed edition from anywhere is refused, or says what it says again.
#include "crossline/adoption/envelope.hpp"
#include "tests/fuzz/targets.hpp"

namespace crossline::fuzz::adoption_envelope {

std::vector<std::string> seeds() {
  adoption::Envelope envelope{std::string(adoption::kEditionType), to_bytes(as_bytes("{\"edition\":1}")), {}};
  const std::string unsigned_one = envelope.to_json();
  envelope.sign(crypto::Signer::from_seed(Bytes(32, 7)).value());
  return {unsigned_one, envelope.to_json()};
}

bool takes(std::string_view input) {
  return round_trips(
      input, [](ByteView json) { return adoption::Envelope::parse(as_text(json)); },
      [](const adoption::Envelope& envelope) { return envelope.to_json(); });
}

}  // namespace crossline::fuzz::adoption_envelope
