// Which fields a message may hold, for a look at its bytes that costs a few nanoseconds a field.
#pragma once

#include "crossline/base/bytes.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include <google/protobuf/descriptor.h>

namespace crossline::wire {

// Made once for each type of message; immutable then, any thread.
class MessageShape {
 public:
  // That of `descriptor` and, with it, of all it holds.
  explicit MessageShape(const google::protobuf::Descriptor& descriptor) { fill(descriptor, parts_); }
  MessageShape(const MessageShape&) = delete;
  MessageShape& operator=(const MessageShape&) = delete;

  // False when the bytes hold, at any depth, a field that the message does not have, or one in another
  // encoding than its type's: what protobuf would keep as an unknown field. The bytes are those of a message
  // that parsed.
  [[nodiscard]] bool knows(ByteView bytes) const;

 private:
  using Parts = std::map<const google::protobuf::Descriptor*, std::unique_ptr<MessageShape>>;
  MessageShape() = default;
  void fill(const google::protobuf::Descriptor& descriptor, Parts& parts);

  struct Field {
    bool known = false;
    bool packable = false;  // many numbers in one length-delimited field, as well as each on its own
    std::uint8_t encoding = 0;
    const MessageShape* message = nullptr;
  };
  std::vector<Field> fields_;  // by number
  Parts parts_;                // of the outermost message: whatever it holds, at any depth
};

}  // namespace crossline::wire
