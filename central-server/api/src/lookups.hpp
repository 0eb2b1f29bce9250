// What a look-up, which stands in the ledger, lets its author see afterwards.
#pragma once

#include "crossline/api/operations.hpp"

namespace crossline::api {

// 403 `lookup_required` unless `index` is a look-up of `subject` that this caller made within the length of a
// session.
Answer<void> check_lookup(const Services& services, const accounts::Principal& caller,
                          const SubjectId& subject, LedgerIndex index);

// Auditors read every entry; others one about a person whom they have looked up within the length of a
// session, of which the newest kMaxPageRows records are searched. 403 `lookup_required`; 404 when there is no
// such entry.
Answer<void> check_may_read(const Services& services, const accounts::Principal& caller, LedgerIndex index);

}  // namespace crossline::api
