// A network that loses, delays, repeats and reorders frames and cuts connections, as its dice say.
#pragma once

#include "tests/simulation/dice.hpp"
#include "tests/simulation/timeline.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace crossline::simulation {

// How bad it is, in percent of frames or connections.
struct Weather {
  unsigned drop = 0;
  unsigned repeat = 0;
  unsigned reorder = 0;
  unsigned cut = 0;
  std::uint64_t max_delay_ms = 20;
};

// One connection between an agent and the server. Both ends get whole frames. A connection is used once:
// after a cut the agent opens another.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Receive = std::function<void(std::string frame)>;
  using Closed = std::function<void()>;

  Connection(Timeline& timeline, Dice& dice, const Weather& weather)
      : timeline_(timeline), dice_(dice), weather_(weather) {}

  struct End {
    Receive receive;
    Closed closed;
    std::uint64_t last_arrival_ms = 0;
  };
  End& agent_end() { return agent_; }
  End& server_end() { return server_; }

  void to_server(std::string frame) { send(server_, std::move(frame)); }
  void to_agent(std::string frame) { send(agent_, std::move(frame)); }
  [[nodiscard]] bool open() const { return open_; }

  // Both ends are told, once, a little later: frames on the way are lost.
  void cut() {
    if (!open_) return;
    open_ = false;
    timeline_.after(dice_.between(0, 5), [this, self = shared_from_this()] {
      if (agent_.closed) agent_.closed();
      if (server_.closed) server_.closed();
    });
  }

 private:
  void send(End& to, std::string frame) {
    if (!open_) return;
    if (dice_.percent(weather_.cut)) return cut();
    if (dice_.percent(weather_.drop)) return;
    deliver(to, frame);
    if (dice_.percent(weather_.repeat)) deliver(to, std::move(frame));
  }

  void deliver(End& to, std::string frame) {
    std::uint64_t arrival_ms = timeline_.now_ms() + dice_.between(0, weather_.max_delay_ms);
    // In order, unless the weather says otherwise.
    if (!dice_.percent(weather_.reorder) && arrival_ms < to.last_arrival_ms) arrival_ms = to.last_arrival_ms;
    if (arrival_ms > to.last_arrival_ms) to.last_arrival_ms = arrival_ms;
    timeline_.at(arrival_ms, [this, self = shared_from_this(), &to, frame = std::move(frame)] {
      if (open_ && to.receive) to.receive(frame);
    });
  }

  Timeline& timeline_;
  Dice& dice_;
  const Weather& weather_;
  End agent_;
  End server_;
  bool open_ = true;
};

}  // namespace crossline::simulation
