#include "crossline/runtime/http_guard.hpp"
#include "crossline/runtime/http_message.hpp"
#include "crossline/runtime/http_router.hpp"
#include "crossline/runtime/http_static.hpp"
#include "tests/support/net.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace crossline::runtime {
namespace {

HttpRequest request_of(std::string method, std::string_view target) {
  HttpRequest request;
  request.method = std::move(method);
  EXPECT_TRUE(parse_target(target, request)) << target;
  return request;
}

TEST(HttpTarget, IsSplitAndDecoded) {
  const auto request = request_of("GET", "/a%20b/%2e%2e/c%2Fd/?x=1+2&y=%D0%B9&z&x=3");
  EXPECT_EQ(request.path, "/a%20b/%2e%2e/c%2Fd/");
  EXPECT_EQ(request.segments, (std::vector<std::string>{"a b", "..", "c/d", ""}));
  EXPECT_EQ(request.parameter("x"), "1 2");
  EXPECT_EQ(request.parameter("y"), "й");
  EXPECT_EQ(request.parameter("z"), "");
  EXPECT_FALSE(request.parameter("w"));
  EXPECT_TRUE(request_of("GET", "/").segments.empty());
}

TEST(HttpTarget, RefusesWhatIsNoPath) {
  for (const char* target :
       {"", "*", "a", "http://h/", "/%", "/%4", "/%4g", "/%00", "/%0a", "/%c3", "/a?b=%"}) {
    HttpRequest request;
    EXPECT_EQ(parse_target(target, request).error().code, ErrorCode::kMalformed) << target;
  }
}

TEST(HttpHeaders, AreFoundWhateverTheirCase) {
  HttpHeaders headers;
  headers.add("Content-Type", "a");
  headers.add("content-type", "b");
  EXPECT_EQ(headers.find("CONTENT-TYPE"), "a");
  EXPECT_EQ(headers.count("Content-Type"), 2u);
  headers.set("CONTENT-type", "c");
  EXPECT_EQ(headers.count("Content-Type"), 1u);
  EXPECT_FALSE(headers.find("Content-Typ"));
}

TEST(HttpCookies, AreFoundByTheirWholeName) {
  HttpRequest request;
  request.headers.add("Cookie", "a=1; __Host-session=x=y; b=2");
  EXPECT_EQ(request.cookie("__Host-session"), "x=y");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_FALSE(request.cookie("session"));
}

TEST(HttpProblem, FollowsTheErrorsCode) {
  const auto response = problem(Error{ErrorCode::kConflict, "already \xff there"});
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"about:blank","title":"Conflict","status":409,"code":"conflict","detail":"already )"
            "\xEF\xBF\xBD"
            R"( there"})");
}

class HttpRouterTest : public ::testing::Test {
 protected:
  HttpRouterTest() {
    add("GET", "/persons/{subject}");
    add("GET", "/persons/new");
    add("POST", "/persons/{subject}");
    add("GET", "/");
  }
  void add(const std::string& method, const std::string& pattern) {
    router_.add(method, pattern, [pattern](std::shared_ptr<const HttpRequest>, PathParameters parameters) {
      return say(pattern + (pattern.contains("{subject}") ? " " + parameters.at("subject") : ""));
    });
  }
  static Task<HttpResponse> say(std::string text) { co_return text_response(200, "text/plain", text); }
  static Task<HttpResponse> fall_back(std::shared_ptr<const HttpRequest>) {
    co_return text_response(200, "text/plain", "page");
  }
  HttpResponse ask(const std::string& method, std::string_view target) {
    return testing::run(io_, router_.handle(std::make_shared<HttpRequest>(request_of(method, target))));
  }

  IoThreads io_{1};
  HttpRouter router_;
};

TEST_F(HttpRouterTest, FindsTheHandlerAndItsParameters) {
  EXPECT_EQ(ask("GET", "/persons/a%2Fb").body, "/persons/{subject} a/b");
  EXPECT_EQ(ask("HEAD", "/persons/7").body, "/persons/{subject} 7");
  EXPECT_EQ(ask("GET", "/persons/new").body, "/persons/new");
  EXPECT_EQ(ask("GET", "/").body, "/");
}

TEST_F(HttpRouterTest, AnswersUnknownPathsWith404) {
  for (const char* target : {"/persons", "/persons/", "/persons/1/2", "/Persons/1", "//persons/1"}) {
    EXPECT_EQ(ask("GET", target).status, 404) << target;
  }
  router_.set_fallback(&HttpRouterTest::fall_back);
  EXPECT_EQ(ask("GET", "/elsewhere").body, "page");
}

TEST_F(HttpRouterTest, AnswersOtherMethodsWith405AndWhatIsAllowed) {
  const auto refused = ask("DELETE", "/persons/1");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
  const auto options = ask("OPTIONS", "/");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.find("Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(HttpRouterTest, ListsItsRoutes) {
  EXPECT_EQ(router_.routes().at(2), "POST /persons/{subject}");
}

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    write("index.html", "<!doctype html>");
    write("assets/app-4f3a.js", "run()");
    write(".secret", "hidden");
    write(".hidden/file.txt", "hidden");
    std::ofstream(folder_.path().parent_path() / "outside.txt");
    std::filesystem::create_symlink("/etc/passwd", folder_.path() / "link.txt");
    files_ = StaticFiles::load(folder_.path()).value();
  }
  void write(const std::string& name, std::string_view content) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }

  testing::TemporaryFolder folder_;
  std::shared_ptr<const StaticFiles> files_;
};

TEST_F(StaticFilesTest, ServesFilesWithTypeAndCaching) {
  const auto script = files_->respond(request_of("GET", "/assets/app-4f3a.js"));
  EXPECT_EQ(script.body, "run()");
  EXPECT_EQ(script.headers.find("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(script.headers.find("Cache-Control"), "public, max-age=31536000, immutable");
  const auto page = files_->respond(request_of("GET", "/"));
  EXPECT_EQ(page.headers.find("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.find("Cache-Control"), "no-cache");
  EXPECT_EQ(page.headers.find("Content-Security-Policy"), kPagePolicy);
}

TEST_F(StaticFilesTest, AnswersAKnownTagWith304) {
  auto request = request_of("GET", "/index.html");
  const std::string etag(files_->respond(request).headers.find("ETag").value());
  request.headers.set("If-None-Match", "\"other\", W/" + etag);
  const auto response = files_->respond(request);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  request.headers.set("If-None-Match", "\"other\"");
  EXPECT_EQ(files_->respond(request).status, 200);
}

TEST_F(StaticFilesTest, ServesTheIndexAtTheRootOnly) {
  EXPECT_EQ(files_->respond(request_of("GET", "/")).body, "<!doctype html>");
  for (const char* target : {"/persons/7", "/nothing", "/assets", "/missing.js"})
    EXPECT_EQ(files_->respond(request_of("GET", target)).status, 404) << target;
}

TEST_F(StaticFilesTest, ServesNothingHiddenOrOutside) {
  for (const char* target :
       {"/.secret", "/.hidden/file.txt", "/link.txt", "/../outside.txt", "/%2e%2e/outside.txt",
        "/..%2foutside.txt", "/assets/../.secret", "/assets/..%2f.secret", "/..\\outside.txt",
        "//etc/passwd.txt", "/%2fetc%2fpasswd.txt"}) {
    EXPECT_EQ(files_->respond(request_of("GET", target)).status, 404) << target;
  }
}

TEST_F(StaticFilesTest, ReadsOnly) {
  EXPECT_EQ(files_->respond(request_of("POST", "/")).status, 405);
}

TEST_F(StaticFilesTest, LoadRefusesWhatCannotBeServed) {
  EXPECT_EQ(StaticFiles::load(folder_.path() / "missing").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(StaticFiles::load(folder_.path() / "assets").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(StaticFiles::load(folder_.path(), 5).error().code, ErrorCode::kInvalidArgument);
}

class SiteGuardTest : public ::testing::Test {
 protected:
  int status_of(const std::string& method, std::vector<std::pair<std::string, std::string>> headers) {
    HttpRequest request = request_of(method, "/api");
    for (auto& [name, value] : headers) request.headers.add(name, value);
    const auto refused = guard_.refusal(request);
    return refused ? refused->status : 200;
  }
  const SiteGuard guard_{.hosts = {"127.0.0.1:7080", "localhost:7080"}};
};

TEST_F(SiteGuardTest, LetsItsOwnPagesIn) {
  EXPECT_EQ(status_of("GET", {{"Host", "localhost:7080"}}), 200);
  EXPECT_EQ(status_of("GET", {{"Host", "127.0.0.1:7080"}, {"Sec-Fetch-Site", "none"}}), 200);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"},
                               {"Origin", "http://localhost:7080"},
                               {"Sec-Fetch-Site", "same-origin"}}),
            200);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"}}), 200);  // no browser sends this
}

TEST_F(SiteGuardTest, RefusesForeignNames) {
  EXPECT_EQ(status_of("GET", {}), 421);
  EXPECT_EQ(status_of("GET", {{"Host", "attacker.example:7080"}}), 421);
  EXPECT_EQ(status_of("GET", {{"Host", "localhost"}}), 421);
  EXPECT_EQ(status_of("GET", {{"Host", "localhost:7081"}}), 421);
}

TEST_F(SiteGuardTest, RefusesRequestsOfOtherSites) {
  EXPECT_EQ(status_of("GET", {{"Host", "localhost:7080"}, {"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"}, {"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"}, {"Origin", "http://127.0.0.1:7080"}}), 403);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"}, {"Origin", "https://localhost:7080"}}), 403);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"}, {"Origin", "null"}}), 403);
}

TEST_F(SiteGuardTest, LetsALinkOpenAPage) {
  EXPECT_EQ(status_of("GET", {{"Host", "localhost:7080"},
                              {"Sec-Fetch-Site", "cross-site"},
                              {"Sec-Fetch-Mode", "navigate"},
                              {"Sec-Fetch-Dest", "document"}}),
            200);
  EXPECT_EQ(status_of("POST", {{"Host", "localhost:7080"},
                               {"Sec-Fetch-Site", "cross-site"},
                               {"Sec-Fetch-Mode", "navigate"},
                               {"Sec-Fetch-Dest", "document"}}),
            403);
  EXPECT_EQ(status_of("GET", {{"Host", "localhost:7080"},
                              {"Sec-Fetch-Site", "cross-site"},
                              {"Sec-Fetch-Mode", "navigate"},
                              {"Sec-Fetch-Dest", "iframe"}}),
            403);
}

}  // namespace
}  // namespace crossline::runtime
