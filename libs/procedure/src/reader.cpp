#include "reader.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "local_time.hpp"
#include "reader_base.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the end of the year 9999
constexpr std::int64_t kMaxOffset_s = 86'400;
constexpr std::int64_t kMaxListAge_h = 24 * 366;
constexpr std::int64_t kMaxClosure_h = 24 * 366;
constexpr std::int64_t kMaxQuota = 10'000'000;
constexpr std::int64_t kMaxSigners = 8;
constexpr std::int64_t kMaxOverride_min = 60 * 24 * 31;

class ProcedureReader {
 public:
  ProcedureReader(Form form, const Positions& positions) : form_(form), tree_(positions) {}

  Checked<Authored> read(const Json& root) {
    const Node node{&root, ""};
    if (form_ == Form::kSealed) {
      tree_.allow_only(node, {"article", "case",    "category",   "checkpoint", "closure",   "duty",
                              "edition", "fact",    "goods",      "hours",      "in_force",  "keys",
                              "list",    "offsets", "parties",    "permit",     "procedure", "quota",
                              "season",  "sign",    "supersedes", "vocabulary"});
      if (const auto version = tree_.require(node, "vocabulary"))
        tree_.integer(*version, kVocabularyVersion, kVocabularyVersion);
    } else {
      tree_.allow_only(node,
                       {"article", "case",      "category", "checkpoint", "closure", "duty",      "edition",
                        "fact",    "goods",     "hours",    "in_force",   "keys",    "list",      "parties",
                        "permit",  "procedure", "quota",    "season",     "sign",    "supersedes"});
    }
    read_head(node);
    read_declarations(node);
    read_articles(node);
    read_cases(node);
    check_bounds(node);
    auto problems = tree_.take_problems();
    if (!problems.empty()) return std::unexpected(std::move(problems));
    return std::move(out_);
  }

 private:
  Procedure& procedure() { return out_.procedure; }

  void read_head(const Node& root) {
    if (const auto name = tree_.require(root, "procedure")) procedure().name = tree_.identifier(*name);
    if (const auto edition = tree_.require(root, "edition"))
      procedure().edition = static_cast<std::uint64_t>(tree_.integer(*edition, 1, 1'000'000));
    if (const auto before = tree_.find(root, "supersedes")) {
      procedure().supersedes = tree_.text(*before);
      if (procedure().supersedes.size() != 71 || !procedure().supersedes.starts_with("sha256:") ||
          procedure().supersedes.find_first_not_of("0123456789abcdef", 7) != std::string::npos)
        tree_.report(*before, "expected 'sha256:' and the 64 hexadecimal digits of the edition before");
    }
    if (const auto parties = tree_.require(root, "parties")) {
      tree_.allow_only(*parties, {"A", "B", "G"});
      for (const auto& [party, name] : tree_.members(*parties)) procedure().parties[party] = tree_.text(name);
      for (const std::string_view side : {"A", "B"}) tree_.require(*parties, side);
    }
    if (const auto sign = tree_.find(root, "sign")) {
      tree_.allow_only(*sign, {"A", "B", "G"});
      for (const auto& [party, count] : tree_.members(*sign))
        procedure().sign[party] = tree_.integer(count, 1, 100);
    }
    if (const auto keys = tree_.find(root, "keys")) read_keys(*keys);
    if (const auto force = tree_.require(root, "in_force")) read_in_force(*force);
    if (form_ == Form::kSealed)
      if (const auto offsets = tree_.require(root, "offsets")) read_offsets(*offsets);
  }

  // Who may sign the edition after this one. A key that two parties share would let one of them count twice.
  void read_keys(const Node& node) {
    tree_.allow_only(node, {"A", "B", "G"});
    std::set<std::string> seen;
    for (const auto& [party, list] : tree_.members(node)) {
      auto& keys = procedure().keys[party] = tree_.texts(list);
      if (keys.size() > limits::kMaxPartyKeys)
        tree_.report(list, fmt::format("at most {} keys of a party", limits::kMaxPartyKeys));
      for (const std::string& key : keys) {
        const auto bytes = from_base64(key);
        if (!bytes || !crypto::public_key_from(*bytes))
          tree_.report(list, fmt::format("'{}' is not an Ed25519 public key in base64", key));
        if (!seen.insert(key).second) tree_.report(list, fmt::format("two parties share the key {}", key));
      }
    }
    for (const auto& [party, count] : procedure().sign) {
      const auto keys = procedure().keys.find(party);
      const std::size_t has = keys == procedure().keys.end() ? 0 : keys->second.size();
      if (has < static_cast<std::size_t>(count))
        tree_.report(node, fmt::format("party {} has {} keys and 'sign' asks for {}", party, has, count));
    }
  }

  void read_in_force(const Node& node) {
    tree_.allow_only(node, {"clock", "from", "until"});
    if (const auto clock = tree_.require(node, "clock")) procedure().clock = tree_.text(*clock);
    const auto from = tree_.require(node, "from");
    const auto until = tree_.require(node, "until");
    if (!from || !until) return;
    const std::int64_t from_s =
        form_ == Form::kSealed ? tree_.integer(*from, 0, kMaxSeconds) : local_time(*from);
    const std::int64_t until_s =
        form_ == Form::kSealed ? tree_.integer(*until, 0, kMaxSeconds) : local_time(*until);
    if (until_s <= from_s) tree_.report(*until, "'until' does not lie after 'from'");
    if (until_s - from_s > limits::kMaxEditionDays * 86'400)
      tree_.report(*until,
                   fmt::format("an edition is in force for at most {} days", limits::kMaxEditionDays));
    if (form_ == Form::kSealed) {
      procedure().from = {from_s * 1000};
      procedure().until = {until_s * 1000};
    } else {
      out_.from = {from_s};
      out_.until = {until_s};
    }
  }

  std::int64_t local_time(const Node& node) {
    const std::string text = tree_.text(node);
    const auto seconds = parse_local_time(text);
    if (!seconds)
      tree_.report(node, fmt::format("'{}' is not a local date and time such as 2026-10-01T00:00:00", text));
    return seconds.value_or(0);
  }

  void read_offsets(const Node& node) {
    std::vector<ZoneOffset> changes;
    for (const Node& element : tree_.elements(node)) {
      const auto pair = tree_.elements(element);
      if (pair.size() != 2) {
        tree_.report(element, "expected a pair of instant and offset");
        continue;
      }
      const ZoneOffset change{tree_.integer(pair[0], -kMaxSeconds, kMaxSeconds),
                              tree_.integer(pair[1], -kMaxOffset_s, kMaxOffset_s)};
      if (!changes.empty() && change.since_s <= changes.back().since_s)
        tree_.report(element, "the instants do not rise");
      changes.push_back(change);
    }
    if (changes.empty()) tree_.report(node, "no offset of the clock");
    procedure().offsets = ZoneOffsets(std::move(changes));
  }

  // Calls `read(node, name)` for each of an array of named tables; reports names that appear twice.
  template <class Read>
  void each_named(const Node& root, std::string_view key, Read read) {
    const auto list = tree_.find(root, key);
    if (!list) return;
    std::vector<std::string> seen;
    for (const Node& node : tree_.elements(*list)) {
      const auto name = tree_.require(node, "name");
      if (!name) continue;
      const std::string identifier = tree_.identifier(*name);
      if (std::ranges::find(seen, identifier) != seen.end())
        tree_.report(node, fmt::format("{} '{}' is declared twice", key, identifier));
      seen.push_back(identifier);
      read(node, identifier);
    }
  }

  void read_declarations(const Node& root) {
    each_named(root, "list", [this](const Node& node, const std::string& name) {
      tree_.allow_only(node, {"max_age_hours", "name", "text"});
      List list{.name = name, .text = optional_words(node)};
      if (const auto age = tree_.find(node, "max_age_hours"))
        list.max_age_hours = tree_.integer(*age, 1, kMaxListAge_h);
      procedure().lists.push_back(std::move(list));
    });
    each_named(root, "season",
               [this](const Node& node, const std::string& name) { read_season(node, name); });
    each_named(root, "permit", [this](const Node& node, const std::string& name) {
      tree_.allow_only(node, {"name", "text"});
      procedure().permits.push_back({name, optional_words(node)});
    });
    each_named(root, "goods", [this](const Node& node, const std::string& name) {
      tree_.allow_only(node, {"name", "text", "unit"});
      GoodsKind goods{name, optional_words(node), {}};
      if (const auto unit = tree_.require(node, "unit")) goods.unit = short_text(*unit);
      procedure().goods.push_back(std::move(goods));
    });
    each_named(root, "duty", [this](const Node& node, const std::string& name) {
      tree_.allow_only(node, {"name", "text"});
      Duty duty{name, {}};
      if (const auto text = tree_.require(node, "text")) duty.text = words_of(*text);
      procedure().duties.push_back(std::move(duty));
    });
    each_named(root, "fact",
               [this](const Node& node, const std::string& name) { read_declared(node, name); });
    if (const auto closure = tree_.find(root, "closure")) {
      tree_.allow_only(*closure, {"max_hours"});
      if (const auto most = tree_.require(*closure, "max_hours"))
        procedure().closure_max_hours = tree_.integer(*most, 1, kMaxClosure_h);
    }
    each_named(root, "hours", [this](const Node& node, const std::string& name) { read_hours(node, name); });
    each_named(root, "checkpoint", [this](const Node& node, const std::string& name) {
      tree_.allow_only(node, {"hours", "name", "text"});
      Checkpoint checkpoint{name, optional_words(node), {}};
      if (const auto hours = tree_.find(node, "hours")) {
        checkpoint.hours = tree_.text(*hours);
        tree_.check_known(*hours, "hours", checkpoint.hours, names_in(procedure().hours));
      }
      procedure().checkpoints.push_back(std::move(checkpoint));
    });
    each_named(root, "category",
               [this](const Node& node, const std::string& name) { read_category(node, name); });
    each_named(root, "quota", [this](const Node& node, const std::string& name) { read_quota(node, name); });
  }

  // A few characters for a screen: a unit, a value.
  std::string short_text(const Node& node) {
    std::string text = tree_.text(node);
    if (text.empty() || text.size() > limits::kMaxNameBytes)
      tree_.report(node, fmt::format("1 to {} bytes are expected", limits::kMaxNameBytes));
    return text;
  }

  std::string day_of_year(const Node& node) {
    std::string text = tree_.text(node);
    // 29 February is no bound: most years do not have it.
    if (!parse_date("2001-" + text))
      tree_.report(node, fmt::format("'{}' is not a day of every year such as 05-01 (month and day)", text));
    return text;
  }

  void read_season(const Node& node, const std::string& name) {
    Season season{.name = name, .text = optional_words(node), .from = {}, .until = {}, .when = {}};
    if (form_ == Form::kSealed) {
      tree_.allow_only(node, {"from", "name", "text", "until", "when"});
      if (const auto when = tree_.require(node, "when")) season.when = timeline(*when);
    } else {
      tree_.allow_only(node, {"from", "name", "text", "until"});
    }
    if (const auto from = tree_.require(node, "from")) season.from = day_of_year(*from);
    if (const auto until = tree_.require(node, "until")) {
      season.until = day_of_year(*until);
      if (season.from == season.until)
        tree_.report(*until, "the season would be empty: 'from' equals 'until'");
    }
    procedure().seasons.push_back(std::move(season));
  }

  void read_declared(const Node& node, const std::string& name) {
    tree_.allow_only(node, {"name", "text", "type", "values"});
    DeclaredKind kind{.name = name, .text = optional_words(node), .type = {}, .values = {}};
    if (const auto type = tree_.require(node, "type")) {
      const std::string word = tree_.text(*type);
      tree_.check_known(*type, "type", word, {"bool", "enum", "int", "date"});
      kind.type = enum_from(word, DeclaredKind::Type::kDate).value_or(DeclaredKind::Type::kBool);
    }
    const auto values = tree_.find(node, "values");
    if (kind.type == DeclaredKind::Type::kEnum) {
      if (!values) tree_.report(node, "an enum lists its 'values'");
      if (values) kind.values = tree_.texts(*values);
      for (const std::string& value : kind.values)
        if (value.empty() || value.size() > limits::kMaxNameBytes)
          tree_.report(*values, fmt::format("a value has 1 to {} bytes", limits::kMaxNameBytes));
    } else if (values) {
      tree_.report(*values, "only an enum has 'values'");
    }
    procedure().declared.push_back(std::move(kind));
  }

  void read_quota(const Node& node, const std::string& name) {
    tree_.allow_only(node, {"category", "checkpoint", "direction", "name", "per_day", "text"});
    Quota quota{
        .name = name, .text = optional_words(node), .checkpoints = {}, .directions = {}, .categories = {}};
    if (const auto some = tree_.find(node, "checkpoint"))
      quota.checkpoints = names(*some, NameSpace::kCheckpoint);
    if (const auto some = tree_.find(node, "direction"))
      quota.directions = names(*some, NameSpace::kDirection);
    if (const auto some = tree_.find(node, "category")) quota.categories = names(*some, NameSpace::kCategory);
    if (const auto most = tree_.require(node, "per_day")) quota.per_day = tree_.integer(*most, 0, kMaxQuota);
    procedure().quotas.push_back(std::move(quota));
  }

  void read_hours(const Node& node, const std::string& name) {
    if (name == kCheckpointHours)
      tree_.report(node,
                   "'checkpoint' stands for the hours of the movement's checkpoint; choose another name");
    Hours hours{.name = name, .pattern = {}, .open = {}};
    for (const Direction direction : {Direction::kEntry, Direction::kExit})
      if (const auto pattern = tree_.require(node, name_of(direction)))
        hours.pattern[static_cast<std::size_t>(direction)] = week_pattern(*pattern);
    if (form_ == Form::kSealed) {
      tree_.allow_only(node, {"entry", "exit", "name", "open"});
      if (const auto open = tree_.require(node, "open")) {
        tree_.allow_only(*open, {"entry", "exit"});
        for (const Direction direction : {Direction::kEntry, Direction::kExit})
          if (const auto line = tree_.require(*open, name_of(direction)))
            hours.open[static_cast<std::size_t>(direction)] = timeline(*line);
      }
    } else {
      tree_.allow_only(node, {"entry", "exit", "name"});
    }
    procedure().hours.push_back(std::move(hours));
  }

  WeekPattern week_pattern(const Node& node) {
    std::map<std::string, std::string> written;
    for (const auto& [days, times] : tree_.members(node)) written[days] = tree_.text(times);
    auto pattern = WeekPattern::parse(std::move(written));
    if (!pattern) tree_.report(node, pattern.error().message);
    return pattern ? *std::move(pattern) : WeekPattern{};
  }

  Timeline timeline(const Node& node) {
    std::vector<std::int64_t> boundaries;
    for (const Node& element : tree_.elements(node)) {
      const std::int64_t boundary = tree_.integer(element, 0, kMaxSeconds);
      if (!boundaries.empty() && boundary <= boundaries.back())
        tree_.report(element, "the boundaries do not rise");
      boundaries.push_back(boundary);
    }
    if (boundaries.size() % 2 != 0) tree_.report(node, "a timeline has an even number of boundaries");
    return Timeline(std::move(boundaries));
  }

  void read_category(const Node& node, const std::string& name) {
    tree_.allow_only(node, {"document", "list", "name", "permit", "residence", "text"});
    Category category{.name = name,
                      .text = optional_words(node),
                      .document_kinds = {},
                      .document_issuers = {},
                      .not_document_issuers = {},
                      .lists = {},
                      .permits = {},
                      .residence = {}};
    if (const auto some = tree_.find(node, "list")) category.lists = names(*some, NameSpace::kList);
    if (const auto some = tree_.find(node, "permit")) category.permits = names(*some, NameSpace::kPermit);
    if (const auto residence = tree_.find(node, "residence")) {
      const std::string side = tree_.text(*residence);
      tree_.check_known(*residence, "side", side, known_names(NameSpace::kSide));
      category.residence = enum_from(side, Side::kB);
    }
    if (const auto document = tree_.find(node, "document")) {
      tree_.allow_only(*document, {"issuer", "issuer_not", "kind"});
      if (const auto kinds = tree_.find(*document, "kind"))
        category.document_kinds = names(*kinds, NameSpace::kDocumentKind);
      if (const auto issuers = tree_.find(*document, "issuer"))
        category.document_issuers = names(*issuers, NameSpace::kIssuer);
      if (const auto others = tree_.find(*document, "issuer_not"))
        category.not_document_issuers = names(*others, NameSpace::kIssuer);
    }
    procedure().categories.push_back(std::move(category));
  }

  // A string is English; a table gives one string for each language.
  Text words_of(const Node& node) {
    std::map<std::string, std::string> by_language;
    if (node.value->is_string()) {
      by_language["en"] = tree_.text(node);
    } else {
      for (const auto& [language, text] : tree_.members(node)) {
        if (language.size() != 2 ||
            language.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos)
          tree_.report(text, fmt::format("'{}' is not a language code such as en or ru", language));
        by_language[language] = tree_.text(text);
      }
    }
    if (by_language.empty()) tree_.report(node, "a text in at least one language");
    return Text(std::move(by_language));
  }
  Text optional_words(const Node& node) {
    const auto text = tree_.find(node, "text");
    return text ? words_of(*text) : Text{};
  }

  template <class T>
  static std::vector<std::string_view> names_in(const std::vector<T>& declared) {
    std::vector<std::string_view> out;
    for (const T& one : declared) out.push_back(one.name);
    return out;
  }
  std::vector<std::string_view> known_names(NameSpace space) {
    switch (space) {
      case NameSpace::kCategory:
        return names_in(procedure().categories);
      case NameSpace::kCheckpoint:
        return names_in(procedure().checkpoints);
      case NameSpace::kList:
        return names_in(procedure().lists);
      case NameSpace::kSeason:
        return names_in(procedure().seasons);
      case NameSpace::kPermit:
        return names_in(procedure().permits);
      case NameSpace::kGoods:
        return names_in(procedure().goods);
      case NameSpace::kQuota:
        return names_in(procedure().quotas);
      case NameSpace::kDuty:
        return names_in(procedure().duties);
      case NameSpace::kFact:
        return names_in(procedure().declared);
      case NameSpace::kHours: {
        auto out = names_in(procedure().hours);
        out.push_back(kCheckpointHours);
        return out;
      }
      default: {
        const auto closed = closed_names(space);
        return {closed.begin(), closed.end()};
      }
    }
  }

  std::vector<std::string> names(const Node& node, NameSpace space) {
    std::vector<std::string> values = tree_.texts(node);
    if (space == NameSpace::kRelation && values == std::vector<std::string>{std::string(kNobody)}) return {};
    const auto known = known_names(space);
    for (const std::string& value : values) {
      if (space != NameSpace::kIssuer) {
        tree_.check_known(node, noun_of(space), value, known);
      } else if (value.empty() || value.size() > 3 ||
                 value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) {
        tree_.report(node, fmt::format("'{}' is not an issuer: one to three capital letters", value));
      }
    }
    return values;
  }

  // A value of one of the simple shapes.
  Table::Value simple(const Node& node, Shape shape, NameSpace space, std::int64_t least, std::int64_t most) {
    switch (shape) {
      case Shape::kNumber:
        return Number{tree_.integer(node, least, most)};
      case Shape::kFlag:
        return Flag{tree_.flag(node)};
      case Shape::kInstant:
        return Number{form_ == Form::kSealed ? tree_.integer(node, 0, kMaxSeconds) : local_time(node)};
      case Shape::kName:
        if (!node.value->is_string()) tree_.report(node, fmt::format("one {} is expected", noun_of(space)));
        return Names{names(node, space)};
      default:
        return Names{names(node, space)};
    }
  }

  Table table(const Node& node, std::string about, std::span<const Field> fields) {
    Table out{.about = std::move(about), .values = {}};
    std::vector<std::string_view> keys;
    for (const Field& field : fields) keys.push_back(field.key);
    for (const auto& [key, member] : tree_.members(node)) {
      const auto field = std::ranges::find(fields, key, &Field::key);
      if (field == fields.end())
        tree_.check_known(member, "key", key, keys);
      else
        out.values.emplace(key, simple(member, field->shape, field->names, field->least, field->most));
    }
    for (const Field& field : fields)
      if (field.required) tree_.require(node, field.key);
    if (node.value->is_object() && node.value->empty()) tree_.report(node, "an empty table says nothing");
    return out;
  }

  // What a declared fact is compared with: its own type decides the shape.
  Table fact_test(const Node& node, const DeclaredKind& kind) {
    constexpr std::array kIntBounds{
        Field{.key = "at_least", .required = false, .least = -kMaxSeconds, .most = kMaxSeconds},
        Field{.key = "at_most", .required = false, .least = -kMaxSeconds, .most = kMaxSeconds}};
    Table out{.about = kind.name, .values = {}};
    switch (kind.type) {
      case DeclaredKind::Type::kBool:
        out.values.emplace("is", Flag{tree_.flag(node)});
        break;
      case DeclaredKind::Type::kEnum: {
        Names wanted{tree_.texts(node)};
        for (const std::string& value : wanted.values)
          tree_.check_known(node, fmt::format("value of {}", kind.name), value,
                            {kind.values.begin(), kind.values.end()});
        out.values.emplace("is", std::move(wanted));
        break;
      }
      case DeclaredKind::Type::kInt:
        return table(node, kind.name, kIntBounds);
      case DeclaredKind::Type::kDate:
        tree_.allow_only(node, {"from", "until"});
        for (const auto& [key, member] : tree_.members(node)) out.values.emplace(key, Number{date(member)});
        if (out.values.empty()) tree_.report(node, "an empty table says nothing");
        break;
    }
    return out;
  }

  // Days since 1970-01-01.
  std::int64_t date(const Node& node) {
    if (form_ == Form::kSealed) return tree_.integer(node, -kMaxSeconds / 86'400, kMaxSeconds / 86'400);
    const std::string text = tree_.text(node);
    const auto day = parse_date(text);
    if (!day) tree_.report(node, fmt::format("'{}' is not a date such as 2026-10-01", text));
    return day.value_or(0);
  }

  // The predicates of one key; a keyed table gives one for each of its members.
  std::vector<Predicate> predicates(const Node& node, const Word& word) {
    std::vector<Predicate> out;
    switch (word.shape) {
      case Shape::kTable: {
        Table read = table(node, {}, word.fields);
        if (word.kind == PredicateKind::kDateBetween && read.number("until", 0) <= read.number("from", 0))
          tree_.report(node, "'until' does not lie after 'from'");
        if (word.kind == PredicateKind::kCrossingsAtMost)
          if (const auto* per = read.names("per");
              per != nullptr && *per == std::vector<std::string>{"crossing"})
            tree_.report(node, "crossings are counted per day, week or month");
        out.push_back({word.kind, std::move(read)});
        break;
      }
      case Shape::kKeyed:
      case Shape::kFact:
        for (const auto& [name, member] : tree_.members(node)) {
          tree_.check_known(member, noun_of(word.names), name, known_names(word.names));
          const auto declared = std::ranges::find(procedure().declared, name, &DeclaredKind::name);
          if (word.shape == Shape::kKeyed)
            out.push_back({word.kind, table(member, name, word.fields)});
          else if (declared != procedure().declared.end())
            out.push_back({word.kind, fact_test(member, *declared)});
        }
        if (node.value->is_object() && node.value->empty()) tree_.report(node, "an empty table says nothing");
        break;
      default: {
        Table::Value read = simple(node, word.shape, word.names, word.least, word.most);
        if (word.kind == PredicateKind::kWithinHours) check_checkpoint_hours(node, std::get<Names>(read));
        out.push_back(
            {word.kind, std::visit([](auto&& value) { return Operand(std::move(value)); }, std::move(read))});
        break;
      }
    }
    return out;
  }

  void check_checkpoint_hours(const Node& node, const Names& hours) {
    if (std::ranges::find(hours.values, kCheckpointHours) == hours.values.end()) return;
    for (const Checkpoint& checkpoint : procedure().checkpoints)
      if (checkpoint.hours.empty())
        tree_.report(node, fmt::format("checkpoint '{}' has no hours", checkpoint.name));
  }

  std::vector<PredicateIndex> conditions(const Node& node) {
    std::vector<PredicateIndex> out;
    for (const auto& [key, value] : tree_.members(node)) {
      const Word* word = find_word(key);
      if (word == nullptr) {
        std::vector<std::string_view> keys;
        for (const Word& known : words()) keys.push_back(known.key);
        tree_.check_known(value, "predicate", key, keys);
        continue;
      }
      for (Predicate& predicate : predicates(value, *word)) out.push_back(intern(std::move(predicate)));
    }
    return out;
  }

  PredicateIndex intern(Predicate predicate) {
    auto& all = procedure().predicates;
    const auto found = std::ranges::find(all, predicate);
    if (found != all.end()) return static_cast<PredicateIndex>(found - all.begin());
    // Reported once, at the end; what exceeds the bound is read no further.
    if (all.size() <= limits::kMaxPredicates) all.push_back(std::move(predicate));
    return static_cast<PredicateIndex>(all.size() - 1);
  }

  // The evaluator keeps a truth for each predicate, a bit for each list and for each name of a set.
  void check_bounds(const Node& root) {
    if (procedure().lists.size() > kMaxLists)
      tree_.report(root, fmt::format("more than {} lists", kMaxLists));
    if (procedure().permits.size() > kMaxPermits)
      tree_.report(root, fmt::format("more than {} kinds of permit", kMaxPermits));
    if (procedure().predicates.size() > limits::kMaxPredicates)
      tree_.report(root, fmt::format("more than {} different predicates", limits::kMaxPredicates));
    std::set<std::string_view> names;
    for (const Predicate& predicate : procedure().predicates)
      if (const auto* set = std::get_if<Names>(&predicate.operand))
        names.insert(set->values.begin(), set->values.end());
    for (const Checkpoint& checkpoint : procedure().checkpoints) names.insert(checkpoint.name);
    if (names.size() > limits::kMaxProcedureNames)
      tree_.report(root, fmt::format("more than {} different names", limits::kMaxProcedureNames));
  }

  void read_articles(const Node& root) {
    const auto list = tree_.require(root, "article");
    if (!list) return;
    const auto nodes = tree_.elements(*list);
    if (nodes.size() > limits::kMaxArticles)
      return tree_.report(
          *list, fmt::format("{} articles; at most {} are read", nodes.size(), limits::kMaxArticles));
    bool admits = false;
    for (const Node& node : nodes) {
      read_article(node);
      for (const Clause& clause : procedure().articles.back().clauses)
        admits |= clause.kind == ClauseKind::kAdmit;
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) check_exemptions(nodes[i], procedure().articles[i]);
    tree_.enter_article({});
    if (!admits) tree_.report(*list, "no article admits anybody");
  }

  void read_article(const Node& node) {
    Article article;
    if (const auto id = tree_.require(node, "id")) {
      article.id = tree_.text(*id);
      tree_.enter_article(article.id);
      if (article.id.empty() || article.id.size() > limits::kMaxNameBytes)
        tree_.report(*id, fmt::format("an article's id has 1 to {} bytes", limits::kMaxNameBytes));
      if (std::ranges::find(procedure().articles, article.id, &Article::id) != procedure().articles.end())
        tree_.report(*id, fmt::format("article '{}' appears twice", article.id));
    }
    tree_.allow_only(node, {"absolute", "admit", "applies_to", "duty", "exempts", "id", "if_unknown",
                            "otherwise", "override", "prohibit", "require", "survives_expiry", "text"});
    if (const auto text = tree_.require(node, "text")) article.text = words_of(*text);
    if (const auto scope = tree_.find(node, "applies_to")) article.applies_to = conditions(*scope);
    for (const ClauseKind kind : {ClauseKind::kAdmit, ClauseKind::kRequire, ClauseKind::kProhibit})
      if (const auto clause = tree_.find(node, name_of(kind))) {
        article.clauses.push_back({kind, conditions(*clause), {}});
        if (kind != ClauseKind::kAdmit && clause->value->is_object() && clause->value->empty())
          tree_.report(*clause, "no condition");
      }
    if (const auto exempts = tree_.find(node, "exempts"))
      article.clauses.push_back({ClauseKind::kExempt, {}, tree_.texts(*exempts)});
    if (const auto duty = tree_.find(node, "duty"))
      article.clauses.push_back({ClauseKind::kDuty, {}, names(*duty, NameSpace::kDuty)});
    if (article.clauses.empty())
      tree_.report(node, "the article has no clause: admit, require, prohibit, exempts or duty");
    read_outcomes(node, article);
    read_marks(node, article);
    procedure().articles.push_back(std::move(article));
  }

  static bool demands(const Article& article) {
    return std::ranges::any_of(article.clauses, [](const Clause& clause) {
      return clause.kind == ClauseKind::kRequire || clause.kind == ClauseKind::kProhibit;
    });
  }

  void read_marks(const Node& node, Article& article) {
    if (const auto mark = tree_.find(node, "absolute")) article.absolute = tree_.flag(*mark);
    if (const auto mark = tree_.find(node, "survives_expiry")) article.survives_expiry = tree_.flag(*mark);
    const auto terms = tree_.find(node, "override");
    if (!terms) return;
    if (article.absolute) tree_.report(*terms, "an absolute article cannot be overridden");
    if (!demands(article))
      tree_.report(*terms, "the article neither requires nor prohibits: nothing to override");
    article.override_terms = read_override(*terms);
  }

  OverrideTerms read_override(const Node& node) {
    OverrideTerms terms;
    tree_.allow_only(node, {"persons", "roles", "valid_minutes"});
    if (const auto persons = tree_.require(node, "persons"))
      terms.persons = tree_.integer(*persons, 1, kMaxSigners);
    if (const auto minutes = tree_.require(node, "valid_minutes"))
      terms.valid_minutes = tree_.integer(*minutes, 1, kMaxOverride_min);
    const auto roles = tree_.require(node, "roles");
    if (!roles) return terms;
    terms.roles = tree_.texts(*roles);
    for (const std::string& role : terms.roles) {
      const bool of_party =
          role.size() > 2 && role[1] == '.' && procedure().parties.contains(role.substr(0, 1));
      if (!of_party || role.size() > limits::kMaxNameBytes)
        tree_.report(*roles, fmt::format("'{}' is not a role of a party such as A.shift_lead", role));
    }
    return terms;
  }

  // An exemption lifts what others demand; it never lifts an absolute article, nor another exemption.
  void check_exemptions(const Node& node, const Article& article) {
    tree_.enter_article(article.id);
    for (const Clause& clause : article.clauses) {
      if (clause.kind != ClauseKind::kExempt) continue;
      const Node at = tree_.find(node, "exempts").value_or(node);
      for (const std::string& id : clause.names) {
        std::vector<std::string_view> ids;
        for (const Article& other : procedure().articles) ids.push_back(other.id);
        tree_.check_known(at, "article", id, ids);
        const auto lifted = std::ranges::find(procedure().articles, id, &Article::id);
        if (lifted == procedure().articles.end()) continue;
        if (id == article.id) tree_.report(at, "an article cannot lift itself");
        if (lifted->absolute) tree_.report(at, fmt::format("article {} is absolute: nothing lifts it", id));
        if (!demands(*lifted))
          tree_.report(at, fmt::format("article {} neither requires nor prohibits: nothing to lift", id));
      }
    }
  }

  void read_outcomes(const Node& node, Article& article) {
    if (const auto otherwise = tree_.find(node, "otherwise")) {
      const std::string name = tree_.text(*otherwise);
      tree_.check_known(*otherwise, "outcome", name, {"refer", "refuse"});
      article.otherwise = verdict_from(name).value_or(Verdict::kRefuse);
    }
    if (const auto if_unknown = tree_.find(node, "if_unknown")) {
      const std::string name = tree_.text(*if_unknown);
      if (name == "allow") {
        tree_.report(*if_unknown, "what is unknown is never silently allowed; write 'allow_and_report'");
      } else {
        tree_.check_known(*if_unknown, "outcome", name, {"allow_and_report", "refer", "refuse"});
        article.if_unknown = enum_from(name, IfUnknown::kRefuse).value_or(IfUnknown::kRefer);
      }
    }
  }

  void read_cases(const Node& root) {
    const auto list = tree_.find(root, "case");
    if (!list) return;
    for (const Node& node : tree_.elements(*list)) {
      tree_.allow_only(node, {"expect", "given", "name"});
      Case example;
      if (const auto name = tree_.require(node, "name")) example.name = tree_.text(*name);
      if (const auto given = tree_.require(node, "given")) {
        tree_.members(*given);
        example.given = canonical(*given->value);
      }
      if (const auto expect = tree_.require(node, "expect")) read_expectation(*expect, example);
      procedure().cases.push_back(std::move(example));
    }
  }

  void read_expectation(const Node& node, Case& example) {
    tree_.allow_only(node, {"because", "verdict"});
    if (const auto verdict = tree_.require(node, "verdict")) {
      const std::string name = tree_.text(*verdict);
      tree_.check_known(*verdict, "verdict", name, {"allow", "refer", "refuse"});
      example.verdict = verdict_from(name).value_or(Verdict::kRefuse);
    }
    const auto because = tree_.find(node, "because");
    if (!because) return;
    example.because = tree_.texts(*because);
    std::vector<std::string_view> ids;
    for (const Article& article : procedure().articles) ids.push_back(article.id);
    for (const std::string& id : example.because) tree_.check_known(*because, "article", id, ids);
  }

  Form form_;
  TreeReader tree_;
  Authored out_;
};

}  // namespace

Checked<Authored> read_procedure(const Json& root, Form form, const Positions& positions) {
  return ProcedureReader(form, positions).read(root);
}

}  // namespace crossline::procedure
