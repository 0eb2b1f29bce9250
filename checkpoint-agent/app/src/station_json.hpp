// What the station page is told, as station-api.yaml says it.
#pragma once

#include "crossline/agent/station.hpp"
#include "officers.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace crossline::agent {

// What of the page's state is not the station's: it comes from the configuration.
struct PageSettings {
  Officers officers;
  std::string terminator;
};

// All are called on the station's thread. The answers hold personal data: they go to the page and nowhere
// else.
[[nodiscard]] nlohmann::json station_json(const Station& station, const PageSettings& page);
[[nodiscard]] nlohmann::json scan_json(const Scan& scan, const Station& station);
[[nodiscard]] nlohmann::json group_json(const Station& station);
[[nodiscard]] nlohmann::json history_json(const HistoryEntry& entry, const Station& station);

[[nodiscard]] std::string id_text(const std::array<std::uint8_t, 8>& id);
// Nothing unless 16 lower-case hexadecimal digits.
[[nodiscard]] std::optional<std::array<std::uint8_t, 8>> id_from(std::string_view text);

}  // namespace crossline::agent
