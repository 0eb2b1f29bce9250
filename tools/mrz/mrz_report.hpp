// What `crossline mrz` says about one document.
#pragma once

#include "crossline/documents/mrz.hpp"

#include <string>

namespace crossline::tools {

// One JSON object without line feeds; the names are those of documents::name_of() and
// docs/formats/documents.md.
[[nodiscard]] std::string json_report(const documents::Mrz& mrz, documents::CivilDate today);
// A table for reading by eye, with a line feed at the end.
[[nodiscard]] std::string table_report(const documents::Mrz& mrz, documents::CivilDate today);

// The same for what is no zone at all.
[[nodiscard]] std::string json_report(const Error& error);
[[nodiscard]] std::string table_report(const Error& error);

}  // namespace crossline::tools
