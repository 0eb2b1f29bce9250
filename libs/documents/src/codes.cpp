#include "crossline/documents/codes.hpp"

#include "crossline/base/assert.hpp"

#include <algorithm>
#include <array>

namespace crossline::documents {
namespace {

// ISO 3166-1 alpha-3 in order, four characters each, without DEU: Germany prints D.
constexpr std::string_view kAssigned =
    "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN "
    "BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN "
    "CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DJI "
    "DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO "
    "GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI "
    "HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR "
    "KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG "
    "MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL "
    "NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI "
    "PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV "
    "SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL "
    "TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR "
    "VNM VUT WLF WSM YEM ZAF ZMB ZWE ";
constexpr std::size_t kCodeStride = 4;
static_assert(kAssigned.size() % kCodeStride == 0);

// Doc 9303-3 section 5 parts B to E, in order; ANT and NTZ are deprecated, UTO stands on specimens only.
constexpr std::array<std::string_view, 30> kIcaoSpecial{
    "ANT", "D",   "EUE", "GBD", "GBN", "GBO", "GBP", "GBS", "IAO", "NTZ", "RKS", "UNA", "UNK", "UNO", "UTO",
    "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO", "XXA", "XXB", "XXC", "XXX"};
static_assert(std::ranges::is_sorted(kIcaoSpecial));

bool is_assigned(std::string_view code) {
  std::size_t low = 0;
  std::size_t high = kAssigned.size() / kCodeStride;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string_view entry = kAssigned.substr(middle * kCodeStride, 3);
    if (entry == code) return true;
    if (entry < code) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

bool is_user_assigned(std::string_view code) {
  const auto within = [&](std::string_view first, std::string_view last) {
    return code >= first && code <= last;
  };
  return code.size() == 3 &&
         (within("AAA", "AAZ") || within("QMA", "QZZ") || within("XAA", "XZZ") || within("ZZA", "ZZZ"));
}

}  // namespace

CodeStatus code_status(std::string_view code) {
  if (!std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; })) return CodeStatus::kUnknown;
  if (std::ranges::binary_search(kIcaoSpecial, code)) return CodeStatus::kIcaoSpecial;
  if (is_assigned(code)) return CodeStatus::kAssigned;
  return is_user_assigned(code) ? CodeStatus::kUserAssigned : CodeStatus::kUnknown;
}

std::string_view name_of(CodeStatus status) {
  switch (status) {
    case CodeStatus::kAssigned:
      return "assigned";
    case CodeStatus::kIcaoSpecial:
      return "icao_special";
    case CodeStatus::kUserAssigned:
      return "user_assigned";
    case CodeStatus::kUnknown:
      return "unknown";
  }
  CROSSLINE_ASSERT(false);
}

}  // namespace crossline::documents
