#include "crossline/runtime/http_url.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>

namespace crossline::runtime {

Result<HttpUrl> HttpUrl::parse(std::string_view url) {
  const auto wrong = [&] {
    return fail(ErrorCode::kInvalidArgument, "'{}' is no http:// or https:// address", url);
  };
  HttpUrl parsed;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    parsed.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return wrong();
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  parsed.prefix = rest.substr(slash);
  while (parsed.prefix.ends_with('/')) parsed.prefix.pop_back();
  parsed.port = parsed.tls ? 443 : 80;
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && !authority.ends_with(']')) {
    const auto port = parse_u64(authority.substr(colon + 1));
    if (!port || *port == 0 || *port > 65'535) return wrong();
    parsed.port = static_cast<std::uint16_t>(*port);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  parsed.host = authority;
  if (parsed.host.empty() || parsed.host.find('@') != std::string::npos) return wrong();
  return parsed;
}

}  // namespace crossline::runtime
