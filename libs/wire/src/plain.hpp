// Two ways to read an event and a ledger entry.
//
// Nearly all of a ledger are movements in the plain form: as encode_event and encode_ledger_entry write them,
// every field in its place. One pass over the bytes reads those. What is written otherwise (another kind of
// event, fields in another order, a value out of bounds) is left to protobuf's parser, which takes every form
// that the format allows, and says what is wrong with the others.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/wire/ledger_codec.hpp"

namespace crossline::wire {

// True: parse_... accepts these bytes too, with the same result. False says nothing against them, and leaves
// `out` half filled. Requires an `out` as it was made.
[[nodiscard]] bool read_plain_event(ByteView bytes, movement::Event& out);
[[nodiscard]] bool read_plain_entry(ByteView bytes, LedgerEntry& out);

// As decode_event and decode_ledger_entry, in any form.
Result<movement::Event> parse_event(ByteView bytes);
Result<LedgerEntry> parse_entry(ByteView bytes);

}  // namespace crossline::wire
