#include "tools/procedure/template.hpp"

#include <fmt/format.h>

namespace crossline::tools {
namespace {

// {name}, {clock}, {year} and {next_year} are filled in.
constexpr std::string_view kTemplate =
    R"toml(# A procedure: what two sides agree and the machines at the line enforce.
# docs/procedure-language.md explains every word. While you write:
#   crossline procedure check FILE        lists every problem with its line and the nearest known name
#   crossline procedure analyse FILE      what the articles do together: gaps, dead articles, stranded persons
#   crossline procedure show FILE         the articles in words, beside what the machine understood
# When it is agreed:
#   crossline procedure seal FILE -o EDITION.json      and then: sign, merge, verify

procedure = "{name}"
edition   = 1
# supersedes = "sha256:..."            # from edition 2 on: the hash of the edition before
in_force  = {{ from = {year}-01-01T00:00:00, until = {next_year}-01-01T00:00:00, clock = "{clock}" }}
parties   = {{ A = "Authority of side A", B = "Authority of side B" }}
sign      = {{ A = 2, B = 2 }}           # signatures of each party that adopt an edition; never pooled

# ---- What the articles speak about

[checkpoint.bridge]
text  = {{ en = "Bridge", ru = "Мост" }}
hours = "daytime"

[hours.daytime]                        # local time; whoever left one side still has an hour to enter the other
entry = {{ mon-sun = "06:00-21:00" }}
exit  = {{ mon-sun = "06:00-20:00" }}

[category.resident_a]                  # who belongs here: proposed by the document, chosen by the officer
text      = {{ en = "residents of side A", ru = "жители стороны A" }}
residence = "A"
document  = {{ kind = ["passport", "id_card"], issuer = "XAA" }}

[category.resident_b]
text      = {{ en = "residents of side B", ru = "жители стороны B" }}
residence = "B"
document  = {{ kind = ["passport", "id_card"], issuer = "XBB" }}

[list.hold]
text          = {{ en = "hold", ru = "задержание" }}
max_age_hours = 24                     # an older copy of the list is unknown

# ---- Articles: every one is looked at, the worst outcome counts, order does not matter

[[article]]
id    = "1(1)"
text  = {{ en = "Residents of either side may cross.", ru = "Жители обеих сторон могут переходить линию." }}
admit = {{ category = ["resident_a", "resident_b"] }}

[[article]]
id        = "2(1)"
text      = {{ en = "Whoever crosses presents a valid document.", ru = "Переходящий линию предъявляет действительный документ." }}
require   = {{ document_readable = true, document_valid_days = 0 }}
otherwise = "refuse"                   # or "refer": both duty officers decide

[[article]]
id        = "3(1)"
text      = {{ en = "The checkpoint is crossed during its hours.", ru = "Переход возможен в часы работы пункта." }}
require   = {{ within_hours = "checkpoint" }}
otherwise = "refuse"

[[article]]
id         = "4(1)"
text       = {{ en = "A child under 16 crosses with a parent or guardian.", ru = "Ребёнок до 16 лет переходит линию с родителем или опекуном." }}
applies_to = {{ age_under = 16 }}
require    = {{ accompanied_by = ["parent", "guardian"] }}
otherwise  = "refer"
if_unknown = "refer"                   # or "refuse", or "allow_and_report", which has to be written out
# override = {{ persons = 2, roles = ["A.shift_lead", "B.shift_lead"], valid_minutes = 30 }}

[[article]]
id        = "5(1)"
text      = {{ en = "A person on the hold list of either side is referred to both duty officers.", ru = "О лице из списка задержания сообщают дежурным офицерам обеих сторон." }}
prohibit  = {{ on_list = "hold" }}
otherwise = "refer"
absolute  = true                       # no article and no override lifts it

# ---- Agreed examples: what they leave unsaid is ordinary; sealing fails when one is decided otherwise

[[case]]
name   = "An adult resident of side A at noon"
given  = {{ category = "resident_a" }}
expect = {{ verdict = "allow", because = "1(1)" }}

[[case]]
name   = "A boy of 15, alone"
given  = {{ category = "resident_b", age = 15 }}
expect = {{ verdict = "refer", because = "4(1)" }}

[[case]]
name   = "At the instant of closing nobody leaves any more"
given  = {{ category = "resident_a", direction = "exit", at = {year}-03-02T20:00:00 }}
expect = {{ verdict = "refuse", because = "3(1)" }}

[[case]]
name   = "A passport that expired yesterday"
given  = {{ category = "resident_a", document_days_left = -1 }}
expect = {{ verdict = "refuse", because = "2(1)" }}

[[case]]
name   = "A copy of the hold list that is too old"
given  = {{ category = "resident_a", lists = {{ hold = "unknown" }} }}
expect = {{ verdict = "refer", because = "5(1)" }}
)toml";

}  // namespace

std::string procedure_template(std::string_view name, std::string_view clock, int year) {
  return fmt::format(fmt::runtime(kTemplate), fmt::arg("name", name), fmt::arg("clock", clock),
                     fmt::arg("year", year), fmt::arg("next_year", year + 1));
}

}  // namespace crossline::tools
