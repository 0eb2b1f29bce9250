#include "slip_page.hpp"

#include "slip_words.hpp"

#include <memory>
#include <variant>

#include <qrencode.h>

namespace crossline::agent {
namespace {

constexpr int kMaxQrVersion = 25;
constexpr int kQuietModules = 4;  // ISO/IEC 18004 asks for a border of four

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string what_happened(const SlipWords& words, const movement::Movement& movement,
                          const movement::Post& post) {
  const std::string side = escaped(movement::name_of(post.side));
  switch (movement.direction) {
    case movement::Direction::kExit:
      return fmt::format(fmt::runtime(words.exit), side);
    case movement::Direction::kEntry:
      return fmt::format(fmt::runtime(words.entry), side);
    case movement::Direction::kAToB:
      return std::string(words.a_to_b);
    case movement::Direction::kBToA:
      return std::string(words.b_to_a);
  }
  std::unreachable();
}

// The slip in the other languages; on the screen only.
std::string language_links(const SlipWords& shown) {
  std::string links;
  for (const SlipWords& words : all_slip_words()) {
    const std::string_view mark = words.language == shown.language ? " aria-current=\"page\"" : "";
    links += fmt::format("<a href=\"?language={0}\" lang=\"{0}\" hreflang=\"{0}\"{1}>{2}</a> ",
                         words.language, mark, words.name);
  }
  return "<nav>" + links + "</nav>";
}

}  // namespace

Result<std::string> qr_svg(std::string_view text) {
  const std::string owned(text);
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(owned.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (!code || code->version > kMaxQrVersion)
    return fail(ErrorCode::kInvalidArgument, "{} characters do not fit a QR code of version {}", text.size(),
                kMaxQrVersion);
  const int size = code->width + 2 * kQuietModules;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" shape-rendering=\"crispEdges\" "
      "data-version=\"{}\"><path fill=\"#fff\" d=\"M0 0h{}v{}H0z\"/><path fill=\"#000\" d=\"",
      size, size, code->version, size, size);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width;) {
      int run = 0;
      while (x + run < code->width && (code->data[y * code->width + x + run] & 1) != 0) ++run;
      if (run > 0) svg += fmt::format("M{} {}h{}v1h-{}z", x + kQuietModules, y + kQuietModules, run, run);
      x += run + 1;
    }
  }
  return svg + "\"/></svg>";
}

Result<std::string> slip_page(const Station::IssuedSlip& slip, const Settings& settings,
                              std::string_view language) {
  const SlipWords& words = slip_words(language);
  CROSSLINE_TRY(const std::string code, qr_svg(slip.text));
  const auto& movement = std::get<movement::Movement>(slip.event.body);
  std::string minute = format_utc({slip.event.recorded_at.ms / 60'000 * 60'000}).substr(0, 16);
  minute[10] = ' ';
  return fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title><style>"
      "body{{font:12pt sans-serif;margin:8mm;max-width:90mm}}svg{{width:80mm;display:block;margin:4mm 0}}"
      "h1{{font-size:14pt;margin:0 0 3mm}}p{{margin:0 0 3mm}}b{{font-size:13pt}}"
      ".reference{{font:bold 13pt monospace}}nav{{display:flex;flex-wrap:wrap;gap:0 4mm;margin:0 0 4mm}}"
      "nav a{{padding:3mm 0}}nav a[aria-current]{{font-weight:bold;color:#000;text-decoration:none}}"
      "@media print{{nav{{display:none}}}}</style></head><body>{}<main><h1>{}</h1><p>{} <b>{}</b>, {}, {} "
      "<b>{} UTC</b></p>{}<p>{}: <span "
      "class=\"reference\">{}</span></p><p>{}</p><p>{}</p></main></body></html>\n",
      words.language, words.title, language_links(words), words.title, words.proves,
      what_happened(words, movement, settings.post),
      fmt::format(fmt::runtime(words.at), escaped(settings.post.checkpoint), escaped(settings.agent)),
      words.when, minute, code, words.reference, escaped(slip.reference), words.how, words.contest);
}

}  // namespace crossline::agent
