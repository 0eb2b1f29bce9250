// Restores what an optical reader misread or a wire swallowed, only as far as the classes of fields and
// arithmetic carry it.
#pragma once

#include "crossline/documents/mrz.hpp"
#include "layout.hpp"
#include "zone.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace crossline::documents {

// A zone of full length on its way through repair.
struct Reading {
  const ZoneLayout* layout = nullptr;
  std::string as_read;  // kNotDelivered where a character is missing
  std::string text;     // kUnknownCharacter where nothing certain can be said
  std::vector<Repair> repairs;
  std::vector<FieldName> missing;    // fields that lack a character
  std::vector<FieldName> ambiguous;  // fields that more than one repair would put in order

  // Takes `taken` for what stands at `offset` and remembers it.
  void take(std::size_t offset, char taken);
};

// The zone at full length without any repair: fillers at the end of lines that lack characters, and the
// fields of those lines named as missing.
[[nodiscard]] Reading pad(const Zone& zone);

// Everything below in its order.
[[nodiscard]] Reading repair(const Zone& zone);

// Digits for letters where only letters may stand and the other way round. A changed issuer or nationality
// must be a known code; digits that belong to a Russian internal passport's name are left.
void map_by_class(Reading& reading);

// Where a number or personal number contradicts its digit: puts in the one look-alike with which it and the
// composite hold. Several such look-alikes make the field ambiguous; none leaves it as it is.
void substitute_look_alikes(Reading& reading);

// Fills in characters that were not delivered and those that could not be read, at most two in all, where
// digits, calendar and composite leave one choice. What stays open is '?' and its field is named.
[[nodiscard]] Reading solve_unknowns(const Zone& zone, Reading padded);

}  // namespace crossline::documents
