#include "crossline/documents/make_mrz.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/transliteration.hpp"
#include "field_check.hpp"
#include "layout.hpp"

#include <algorithm>

namespace crossline::documents {
namespace {

constexpr std::size_t kPrincipalNumber = 9;

bool in_alphabet(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return mrz_value(c) >= 0; });
}

char sex_character(Sex sex) {
  switch (sex) {
    case Sex::kFemale:
      return 'F';
    case Sex::kMale:
      return 'M';
    case Sex::kUnspecified:
      break;
  }
  return kFiller;
}

class Writer {
 public:
  explicit Writer(const ZoneLayout& layout) : layout_(layout), zone_(layout.size(), kFiller) {}

  // Fields that the format does not have are accepted only empty.
  Result<void> put(FieldName field, std::string_view value) {
    const FieldLayout* place = layout_.find(field);
    if (place == nullptr && value.empty()) return {};
    if (place == nullptr)
      return fail(ErrorCode::kInvalidArgument, "{}: {} has no such field", name_of(field),
                  name_of(layout_.format));
    if (!in_alphabet(value))
      return fail(ErrorCode::kInvalidArgument, "{}: only A to Z, 0 to 9 and '<'", name_of(field));
    if (value.size() > place->length) {
      return fail(ErrorCode::kInvalidArgument, "{}: {} characters, at most {} fit", name_of(field),
                  value.size(), place->length);
    }
    std::ranges::copy(value, zone_.begin() + static_cast<std::ptrdiff_t>(place->offset));
    if (place->digit_offset != kNoDigit) zone_[place->digit_offset] = *check_digit(place->of(zone_));
    return {};
  }

  // A number longer than its field, followed by the optional data proper.
  Result<void> put_long_number(const MrzFields& fields) {
    const FieldLayout& number = *layout_.find(FieldName::kNumber);
    const std::string_view text = fields.number;
    if (!in_alphabet(text) || text.find(kFiller) != std::string_view::npos) {
      return fail(ErrorCode::kInvalidArgument, "number: only A to Z and 0 to 9");
    }
    CROSSLINE_CHECK_OK(put(FieldName::kNumber, text.substr(0, kPrincipalNumber)));
    zone_[number.digit_offset] = kFiller;
    const std::string_view rest = text.substr(kPrincipalNumber);
    const bool filler_counted = fields.number_spelling == NumberSpelling::kLongFillerCounted;
    const auto digit = CheckDigitSum().add(number.of(zone_)).add(filler_counted ? "<" : "").add(rest).digit();
    return put(FieldName::kOptional, std::string(rest) + *digit + kFiller + fields.optional);
  }

  std::string finish() {
    if (layout_.has_composite())
      zone_[layout_.composite_offset] = *check_composite(layout_, zone_).digit_computed;
    std::string text = zone_.substr(0, layout_.width);
    for (std::size_t line = 1; line < layout_.lines; ++line) {
      text.append(1, '\n').append(zone_, line * layout_.width, layout_.width);
    }
    return text;
  }

 private:
  const ZoneLayout& layout_;
  std::string zone_;
};

Result<void> put_names(const MrzFields& fields, const ZoneLayout& layout, Writer& writer) {
  const FieldLayout* name = layout.find(FieldName::kName);
  CROSSLINE_ASSERT(name != nullptr);  // every zone has one
  const std::size_t width = name->length;
  const FieldLayout* given = layout.find(FieldName::kGivenName);
  if (given == nullptr) {
    return writer.put(FieldName::kName, name_field(fields.primary_names, fields.secondary_names, width));
  }
  CROSSLINE_CHECK_OK(writer.put(FieldName::kName, name_field(fields.primary_names, "", width)));
  return writer.put(FieldName::kGivenName, name_field(fields.secondary_names, "", given->length));
}

Result<void> put_number(const MrzFields& fields, Writer& writer) {
  const bool can_be_long = fields.format == MrzFormat::kTd1 || fields.format == MrzFormat::kTd2;
  if (can_be_long && fields.number.size() > kPrincipalNumber) return writer.put_long_number(fields);
  CROSSLINE_CHECK_OK(writer.put(FieldName::kNumber, fields.number));
  return writer.put(FieldName::kOptional, fields.optional);
}

}  // namespace

Result<std::string> make_mrz(const MrzFields& fields) {
  const ZoneLayout& layout = layout_of(fields.format);
  Writer writer(layout);
  CROSSLINE_CHECK_OK(writer.put(FieldName::kDocumentCode, fields.document_code));
  CROSSLINE_CHECK_OK(writer.put(FieldName::kIssuer, fields.issuer));
  const bool french = fields.format == MrzFormat::kFrenchId;
  if (!french) CROSSLINE_CHECK_OK(writer.put(FieldName::kNationality, fields.nationality));
  if (!french) CROSSLINE_CHECK_OK(writer.put(FieldName::kExpiryDate, fields.expiry_yymmdd));
  CROSSLINE_CHECK_OK(put_number(fields, writer));
  CROSSLINE_CHECK_OK(put_names(fields, layout, writer));
  CROSSLINE_CHECK_OK(writer.put(FieldName::kSex, std::string(1, sex_character(fields.sex))));
  CROSSLINE_CHECK_OK(writer.put(FieldName::kBirthDate, fields.birth_yymmdd));
  CROSSLINE_CHECK_OK(writer.put(FieldName::kOptional2, fields.optional2));
  return writer.finish();
}

}  // namespace crossline::documents
