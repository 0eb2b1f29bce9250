#include "documents.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/documents/mrz.hpp"

#include <chrono>

#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

constexpr std::size_t kMaxIssuerBytes = 3;
constexpr std::size_t kMaxNumberBytes = 32;

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

}  // namespace

Answer<SubjectId> subject_meant(const Services& services, ObjectReader& body, Ways ways) {
  const bool by_document = body.has("document");
  const bool by_scan = ways == Ways::kScanToo && body.has("scan");
  const bool by_subject = body.has("subject");
  if (by_document + by_scan + by_subject != 1) {
    return invalid("body", ways == Ways::kScanToo ? "exactly one of document, scan and subject is wanted"
                                                  : "exactly one of document and subject is wanted");
  }
  std::string key;
  std::string scan;
  SubjectId subject;
  if (by_document) key = key_of_document(body.object("document"), body);
  if (by_scan) scan = body.text("scan", 1, limits::kMaxScanBytes, ObjectReader::Kind::kLines);
  if (by_subject) subject = body.subject("subject");
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  if (by_subject) return subject;
  if (by_scan) {
    CROSSLINE_ANSWER_TRY(key, key_of_scan(scan, services.clock.now()));
  }
  return services.queries.subject_of(key);
}

}  // namespace crossline::api
