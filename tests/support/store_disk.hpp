// A place where a store lives on when its user is gone: what a contract suite runs on, with files and in
// memory.
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::testing {

template <class Port>
class StoreDisk {
 public:
  virtual ~StoreDisk() = default;
  virtual Port& store() = 0;
  // The process ended and began again.
  virtual void restart() = 0;
};

// `Store::open` takes the path of a file.
template <class Port, class Store>
class FileDisk final : public StoreDisk<Port> {
 public:
  FileDisk() { open(); }
  Port& store() override { return *store_; }
  void restart() override { open(); }

 private:
  void open() {
    store_.reset();
    auto opened = Store::open(folder_ / "store.db");
    ASSERT_TRUE(opened) << opened.error().to_string();
    store_ = *std::move(opened);
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

// How the process ends at a restart in memory: a port whose writes are durable when they return loses nothing
// even in a crash().
enum class Ending { kInGoodOrder, kCrash };

template <class Port, class Store, Ending kEnding>
class MemoryDisk final : public StoreDisk<Port> {
 public:
  Port& store() override { return store_; }
  void restart() override {
    if constexpr (kEnding == Ending::kCrash) store_.crash();
  }

 private:
  Store store_;
};

// The parameter of a contract suite.
template <class Port>
using MakeDisk = std::unique_ptr<StoreDisk<Port>> (*)();

template <class Port, class Store>
std::unique_ptr<StoreDisk<Port>> disk_of_files() {
  return std::make_unique<FileDisk<Port, Store>>();
}
template <class Port, class Store, Ending kEnding = Ending::kInGoodOrder>
std::unique_ptr<StoreDisk<Port>> disk_in_memory() {
  return std::make_unique<MemoryDisk<Port, Store, kEnding>>();
}

}  // namespace crossline::testing
