#include "crossline/agent/traveller.hpp"

#include <chrono>
#include <utility>

namespace crossline::agent {
namespace {

constexpr int kMaxAgeYears = 150;  // the wire's bound; no person is older

movement::Sex sex_of(documents::Sex sex) {
  switch (sex) {
    case documents::Sex::kFemale:
      return movement::Sex::kFemale;
    case documents::Sex::kMale:
      return movement::Sex::kMale;
    case documents::Sex::kUnspecified:
      break;
  }
  return movement::Sex::kUnspecified;
}

wire::Identity identity_of(const documents::Mrz& document) {
  return {.document_kind = std::string(documents::name_of(document.kind)),
          .document_issuer = document.issuer,
          .document_number = document.number,
          .primary_name = document.primary_names,
          .secondary_name = document.secondary_names,
          .birth_date = document.birth.raw,
          .expiry_date = document.expiry.raw,
          .nationality = document.nationality,
          .sex = sex_of(document.sex)};
}

}  // namespace

documents::CivilDate local_day(const procedure::Edition& edition, UtcMillis now) {
  return std::chrono::sys_days(std::chrono::days(edition.local_day(now)));
}

Traveller traveller_from(documents::Mrz document, const procedure::Edition& edition,
                         const crypto::LineKey& line_key, UtcMillis now) {
  const documents::CivilDate today = local_day(edition, now);
  Traveller traveller;
  traveller.identity = identity_of(document);

  movement::Movement& movement = traveller.movement;
  movement.subject = crypto::pseudonym(line_key, documents::document_key(document));
  movement.sex = sex_of(document.sex);
  const auto age = documents::age_on(document.birth.date, today);
  if (age && *age >= 0 && *age <= kMaxAgeYears) movement.age_years = static_cast<std::uint16_t>(*age);
  movement.document_kind = traveller.identity.document_kind;
  movement.document_issuer = document.issuer;
  movement.document_valid_days = documents::days_until(document.expiry.date, today);
  movement.document_repaired = document.repaired();

  for (const std::string_view category :
       edition.categories_of(movement.document_kind, movement.document_issuer))
    traveller.categories.emplace_back(category);
  if (traveller.categories.size() == 1) movement.category = traveller.categories.front();
  traveller.document = std::move(document);
  return traveller;
}

}  // namespace crossline::agent
