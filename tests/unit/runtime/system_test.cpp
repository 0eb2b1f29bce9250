#include "crossline/runtime/file.hpp"
#include "crossline/runtime/log.hpp"
#include "crossline/runtime/process.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "tests/support/net.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace crossline::runtime {
namespace {

class FileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }
  testing::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "file";
};

TEST_F(FileTest, WritesReplacesAndReads) {
  ASSERT_TRUE(write_file_atomic(path_, as_bytes("first"), 0600));
  ASSERT_TRUE(write_file_atomic(path_, as_bytes("second"), 0640));
  EXPECT_EQ(read_text_file(path_, 6).value(), "second");
  EXPECT_EQ(read_file(path_, 6).value(), to_bytes(as_bytes("second")));
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0640u);
  EXPECT_EQ(entries(), 1u);  // no temporary left
}

TEST_F(FileTest, RefusesWhatItCannotRead) {
  EXPECT_EQ(read_file(path_, 10).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_file(folder_.path(), 10).error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(write_file_atomic(path_, as_bytes("12345")));
  EXPECT_EQ(read_file(path_, 4).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, ReadsASecretOfItsOwnerAlone) {
  EXPECT_EQ(read_secret_file(path_, 10).error().code, ErrorCode::kNotFound);
  for (const mode_t mode : {0640u, 0604u, 0610u, 0666u}) {
    ASSERT_TRUE(write_file_atomic(path_, as_bytes("secret"), mode));
    const auto read = read_secret_file(path_, 10);
    ASSERT_FALSE(read) << mode;
    EXPECT_EQ(read.error().code, ErrorCode::kForbidden);
    EXPECT_TRUE(read.error().message.ends_with("/file: others may read it; chmod 600"))
        << read.error().message;
  }
  for (const mode_t mode : {0600u, 0400u}) {
    ASSERT_TRUE(write_file_atomic(path_, as_bytes("secret"), mode));
    EXPECT_EQ(read_secret_file(path_, 6).value(), "secret");
    EXPECT_EQ(read_secret_file(path_, 5).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(read_secret_file(folder_.path(), 10).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, LeavesTheOldFileWhenItCannotWrite) {
  EXPECT_EQ(write_file_atomic(folder_.path() / "missing" / "file", as_bytes("x")).error().code,
            ErrorCode::kStorageFailed);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(write_file_atomic(path_, as_bytes("x")).error().code, ErrorCode::kStorageFailed);
  EXPECT_EQ(entries(), 1u);
}

TEST(Log, IsOneObjectALine) {
  ::testing::internal::CaptureStderr();
  make_log("crossline-test")("a \"word\"\nand \xff");
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with("}\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  EXPECT_NE(text.find(R"("message":"a \"word\"\nand \ufffd","program":"crossline-test","time":"20)"),
            std::string::npos)
      << text;
}

TEST(SystemClock, GoesOn) {
  const SystemClock clock;
  const auto now = clock.now();
  const auto steady = clock.steady_ms();
  EXPECT_GT(now.ms, 1'700'000'000'000);
  EXPECT_GE(clock.now(), now);
  EXPECT_GE(clock.steady_ms(), steady);
}

TEST(BootId, IsTheSameAllThroughABoot) {
  EXPECT_EQ(boot_id().value(), boot_id().value());
}

TEST(Signals, AreKeptUntilAskedFor) {
  IoThreads io(1);
  Signals signals(io.executor(), {SIGHUP, SIGTERM});
  std::raise(SIGHUP);
  EXPECT_EQ(testing::run(io, signals.next()), SIGHUP);
  std::raise(SIGTERM);
  EXPECT_EQ(testing::run(io, signals.next()), SIGTERM);
}

TEST(Notify, TellsTheServiceManager) {
  const testing::TemporaryFolder folder;
  const std::string path = (folder.path() / "notify").string();
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  notify_ready();
  notify_starting(300'000);
  notify_status("serving 3 posts");
  notify_stopping();
  ::unsetenv("NOTIFY_SOCKET");
  notify_ready();  // nobody there
  std::array<char, 128> text{};
  for (const std::string_view expected :
       {"READY=1", "EXTEND_TIMEOUT_USEC=300000000", "STATUS=serving 3 posts", "STOPPING=1"}) {
    const ssize_t size = ::recv(fd, text.data(), text.size(), MSG_DONTWAIT);
    EXPECT_EQ(std::string_view(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))), expected);
  }
  ::close(fd);
}

}  // namespace
}  // namespace crossline::runtime
