#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/wire/event_codec.hpp"

namespace crossline::wire {

std::string encode_identity(const Identity& identity) {
  pb::Identity out;
  out.set_document_kind(identity.document_kind);
  out.set_document_issuer(identity.document_issuer);
  out.set_document_number(identity.document_number);
  out.set_primary_name(identity.primary_name);
  out.set_secondary_name(identity.secondary_name);
  out.set_birth_date(identity.birth_date);
  out.set_expiry_date(identity.expiry_date);
  out.set_nationality(identity.nationality);
  out.set_sex(sex_to(identity.sex));
  return serialise(out);
}

Result<Identity> decode_identity(ByteView bytes) {
  if (bytes.size() > limits::kMaxIdentityBytes) {
    return fail(ErrorCode::kMalformed, "identity: {} bytes, at most {} are allowed", bytes.size(),
                limits::kMaxIdentityBytes);
  }
  pb::Identity in;
  CROSSLINE_CHECK_OK(parse_strict(bytes, in, "identity"));
  constexpr std::size_t kMaxName = 200;
  Identity identity;
  CROSSLINE_TRY(identity.document_kind, bounded_name(in.document_kind(), "identity.document_kind"));
  CROSSLINE_TRY(identity.document_issuer,
                bounded_text(in.document_issuer(), movement::kMaxNameBytes, "identity.document_issuer"));
  CROSSLINE_TRY(identity.document_number, bounded_name(in.document_number(), "identity.document_number"));
  CROSSLINE_TRY(identity.primary_name, bounded_text(in.primary_name(), kMaxName, "identity.primary_name"));
  CROSSLINE_TRY(identity.secondary_name,
                bounded_text(in.secondary_name(), kMaxName, "identity.secondary_name"));
  CROSSLINE_TRY(identity.birth_date,
                bounded_text(in.birth_date(), movement::kMaxNameBytes, "identity.birth_date"));
  CROSSLINE_TRY(identity.expiry_date,
                bounded_text(in.expiry_date(), movement::kMaxNameBytes, "identity.expiry_date"));
  CROSSLINE_TRY(identity.nationality,
                bounded_text(in.nationality(), movement::kMaxNameBytes, "identity.nationality"));
  CROSSLINE_TRY(identity.sex, sex_from(in.sex()));
  return identity;
}

}  // namespace crossline::wire
