#include "tools/mrz/mrz_report.hpp"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using documents::CivilDate;
using documents::FieldEvidence;
using documents::FieldStatus;
using documents::Mrz;
using documents::MrzDate;
using documents::name_of;
using documents::to_iso;
using Json = nlohmann::ordered_json;

Json character(std::optional<char> c) {
  return c ? Json(std::string(1, *c)) : Json(nullptr);
}
template <class Number>
Json number(const std::optional<Number>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const MrzDate& date) {
  Json json{{"raw", date.raw}, {"iso", to_iso(date.date)}};
  if (date.other_century) json["other_century"] = to_iso(*date.other_century);
  return json;
}

Json to_json(const FieldEvidence& evidence) {
  Json json{{"field", name_of(evidence.field)}, {"status", name_of(evidence.status)}};
  if (evidence.position.line > 0) {
    json["line"] = evidence.position.line;
    json["columns"] = {evidence.position.first, evidence.position.last};
  }
  json["raw"] = evidence.raw;
  if (evidence.value != evidence.raw) json["value"] = evidence.value;
  if (evidence.digit_read) {
    json["digit_read"] = character(evidence.digit_read);
    json["digit_computed"] = character(evidence.digit_computed);
  }
  if (evidence.status != FieldStatus::kOk) json["message"] = message_of(evidence);
  return json;
}

Json to_json(const documents::Repair& repair) {
  return {{"field", name_of(repair.field)},
          {"line", repair.line},
          {"column", repair.column},
          {"read", repair.read == 0 ? Json(nullptr) : character(repair.read)},
          {"taken", character(repair.taken)}};
}

Json to_json(const documents::Warning& warning) {
  return {{"code", name_of(warning.code)}, {"field", name_of(warning.field)}, {"text", warning.text}};
}

template <class Items>
Json list(const Items& items) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(to_json(item));
  return json;
}

// Characters outside ASCII, which a garbled scan may hold, become U+FFFD.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view judgement(const Mrz& mrz) {
  if (mrz.valid()) return "valid";
  return mrz.repaired() ? "repaired: compare with the document" : "NOT VALID";
}

}  // namespace

std::string json_report(const Mrz& mrz, CivilDate today) {
  Json json{{"valid", mrz.valid()},
            {"repaired", mrz.repaired()},
            {"format", name_of(mrz.format)},
            {"document_code", mrz.document_code},
            {"kind", name_of(mrz.kind)},
            {"issuer", mrz.issuer},
            {"number", mrz.number},
            {"number_spelling", name_of(mrz.number_spelling)},
            {"primary_names", mrz.primary_names},
            {"secondary_names", mrz.secondary_names},
            {"names_truncated", mrz.names_truncated}};
  if (!mrz.primary_names_cyrillic.empty()) {
    json["primary_names_cyrillic"] = mrz.primary_names_cyrillic;
    json["secondary_names_cyrillic"] = mrz.secondary_names_cyrillic;
  }
  json["nationality"] = mrz.nationality;
  json["sex"] = name_of(mrz.sex);
  json["birth_date"] = to_json(mrz.birth);
  json["age"] = number(age_on(mrz.birth.date, today));
  json["expiry_date"] = to_json(mrz.expiry);
  json["days_left"] = number(days_until(mrz.expiry.date, today));
  json["optional"] = mrz.optional;
  if (mrz.format == documents::MrzFormat::kTd1) json["optional2"] = mrz.optional2;
  json["fields"] = list(mrz.fields);
  json["repairs"] = list(mrz.repairs);
  json["warnings"] = list(mrz.warnings);
  return dump(json);
}

std::string table_report(const Mrz& mrz, CivilDate today) {
  std::string out = fmt::format("{} {}: {}\n", name_of(mrz.format), name_of(mrz.kind), judgement(mrz));
  const auto row = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) out += fmt::format("  {:<15} {}\n", label, value);
  };
  row("issuer", mrz.issuer);
  row("number", mrz.number);
  row("names", mrz.secondary_names.empty() ? mrz.primary_names
                                           : fmt::format("{}, {}", mrz.primary_names, mrz.secondary_names));
  row("nationality", mrz.nationality);
  row("sex", name_of(mrz.sex));
  const auto age = age_on(mrz.birth.date, today);
  row("born", age ? fmt::format("{} (aged {})", to_iso(mrz.birth.date), *age) : to_iso(mrz.birth.date));
  const auto days = days_until(mrz.expiry.date, today);
  if (days)
    row("expires", fmt::format("{} ({})", to_iso(mrz.expiry.date),
                               *days < 0 ? "EXPIRED" : fmt::format("{} days left", *days)));
  for (const FieldEvidence& evidence : mrz.fields) {
    if (evidence.status != FieldStatus::kOk) row(name_of(evidence.status), message_of(evidence));
  }
  for (const documents::Warning& warning : mrz.warnings) row("note", warning.text);
  return out;
}

std::string json_report(const Error& error) {
  return dump(Json{{"valid", false}, {"error", {{"code", name_of(error.code)}, {"message", error.message}}}});
}

std::string table_report(const Error& error) {
  return error.message + "\n";
}

}  // namespace crossline::tools
