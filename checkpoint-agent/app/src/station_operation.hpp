// How the calls of the station's API are bound to their routes.
#pragma once

#include "crossline/runtime/http_router.hpp"
#include "station_api.hpp"

#include <memory>
#include <utility>

namespace crossline::agent {

using Api = std::shared_ptr<StationApi>;
using Request = std::shared_ptr<const runtime::HttpRequest>;
using Operation = runtime::Task<runtime::HttpResponse> (*)(Api api, Request request,
                                                           runtime::PathParameters parameters);

inline runtime::RouteHandler bound(const Api& api, Operation operation) {
  return [api, operation](Request request, runtime::PathParameters parameters) {
    return operation(api, std::move(request), std::move(parameters));
  };
}

inline runtime::Task<runtime::HttpResponse> refuse(Error error) {
  co_return problem_of(error);
}

}  // namespace crossline::agent
