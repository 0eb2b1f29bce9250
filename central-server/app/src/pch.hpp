// Precompiled for this target only.
#pragma once

#include "crossline/runtime/task.hpp"
#include "crossline/runtime/timeout.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>
