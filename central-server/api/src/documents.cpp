#include "documents.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/documents/mrz.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/wire/slip.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

constexpr std::size_t kMaxIssuerBytes = 3;
constexpr std::size_t kMaxNumberBytes = 32;
constexpr std::size_t kMaxReferenceBytes = 96;

std::string key_of_document(const nlohmann::json& document, ObjectReader& body) {
  ObjectReader fields(document, "document");
  const std::string issuer = fields.text("issuer", 1, kMaxIssuerBytes);
  const std::string number = fields.text("number", 1, kMaxNumberBytes);
  const auto kind = documents::document_kind_from(fields.text("kind", 1, 64));
  if (!kind) fields.wrong("kind", "is no kind of document");
  if (const auto problem = fields.problem()) {
    body.adopt(*problem);
    return {};
  }
  return documents::document_key(issuer, *kind, number);
}

Answer<std::string> key_of_scan(std::string_view scan, UtcMillis now) {
  const std::chrono::sys_days today{std::chrono::floor<std::chrono::days>(std::chrono::milliseconds(now.ms))};
  const auto mrz = documents::read_mrz(scan, {.today = today, .repair = false, .prefix = {}, .suffix = {}});
  if (!mrz) return refuse(422, "unreadable_document", mrz.error().message);
  if (!mrz->valid()) {
    return refuse(422, "unreadable_document",
                  "a check digit or a field is wrong; scan again or type the number");
  }
  return documents::document_key(*mrz);
}

Answer<SubjectId> subject_of_reference(const Services& services, std::string_view text) {
  const auto reference = wire::slip_reference_from(text);
  if (!reference) return invalid("reference", reference.error().message);
  const auto unknown = [] {
    return refuse(
        404, "unknown_reference",
        "the ledger has no record of this reference: compare it with the slip; what a post recorded "
        "without a link comes later");
  };
  const auto record = services.queries.record_of(reference->agent, reference->index);
  if (!record && record.error().code == ErrorCode::kNotFound) return unknown();
  if (!record) return std::unexpected(problem_of(record.error()));
  if (!wire::fits(*reference, merkle::leaf_hash(as_bytes(record->entry.event)))) {
    return refuse(422, "wrong_reference",
                  "the last four figures are not those of this record: compare the reference with the slip");
  }
  const auto subject = server::subject_of(record->event);
  if (!subject) return unknown();
  return *subject;
}

}  // namespace

Answer<SubjectId> subject_meant(const Services& services, ObjectReader& body, Ways ways) {
  const bool by_document = body.has("document");
  const bool by_scan = ways == Ways::kLookUp && body.has("scan");
  const bool by_reference = ways == Ways::kLookUp && body.has("reference");
  const bool by_subject = body.has("subject");
  if (by_document + by_scan + by_reference + by_subject != 1) {
    return invalid("body", ways == Ways::kLookUp
                               ? "exactly one of document, scan, reference and subject is wanted"
                               : "exactly one of document and subject is wanted");
  }
  std::string key;
  std::string scan;
  std::string reference;
  SubjectId subject;
  if (by_document) key = key_of_document(body.object("document"), body);
  if (by_scan) scan = body.text("scan", 1, limits::kMaxScanBytes, ObjectReader::Kind::kLines);
  if (by_reference) reference = body.text("reference", 1, kMaxReferenceBytes);
  if (by_subject) subject = body.subject("subject");
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  if (by_subject) return subject;
  if (by_reference) return subject_of_reference(services, reference);
  if (by_scan) {
    CROSSLINE_ANSWER_TRY(key, key_of_scan(scan, services.clock.now()));
  }
  return services.queries.subject_of(key);
}

}  // namespace crossline::api
