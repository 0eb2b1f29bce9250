#include "declaration_reader.hpp"

#include "crossline/base/limits.hpp"
#include "local_time.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kMaxListAge_h = 24 * 366;
constexpr std::int64_t kMaxClosure_h = 24 * 366;
constexpr std::int64_t kMaxQuota = 10'000'000;

}  // namespace

void DeclarationReader::read_declarations(const Node& root) {
  each_named(root, "list", [this](const Node& node, const std::string& name) {
    tree_.allow_only(node, {"max_age_hours", "name", "text"});
    List list{.name = name, .text = operands_.optional_words(node)};
    if (const auto age = tree_.find(node, "max_age_hours"))
      list.max_age_hours = tree_.integer(*age, 1, kMaxListAge_h);
    procedure().lists.push_back(std::move(list));
  });
  each_named(root, "season", [this](const Node& node, const std::string& name) { read_season(node, name); });
  each_named(root, "permit", [this](const Node& node, const std::string& name) {
    tree_.allow_only(node, {"name", "text"});
    procedure().permits.push_back({name, operands_.optional_words(node)});
  });
  each_named(root, "goods", [this](const Node& node, const std::string& name) {
    tree_.allow_only(node, {"name", "text", "unit"});
    GoodsKind goods{name, operands_.optional_words(node), {}};
    if (const auto unit = tree_.require(node, "unit")) goods.unit = operands_.short_text(*unit);
    procedure().goods.push_back(std::move(goods));
  });
  each_named(root, "duty", [this](const Node& node, const std::string& name) {
    tree_.allow_only(node, {"name", "text"});
    Duty duty{name, {}};
    if (const auto text = tree_.require(node, "text")) duty.text = operands_.words_of(*text);
    procedure().duties.push_back(std::move(duty));
  });
  each_named(root, "fact", [this](const Node& node, const std::string& name) { read_declared(node, name); });
  if (const auto closure = tree_.find(root, "closure")) {
    tree_.allow_only(*closure, {"max_hours"});
    if (const auto most = tree_.require(*closure, "max_hours"))
      procedure().closure_max_hours = tree_.integer(*most, 1, kMaxClosure_h);
  }
  each_named(root, "hours", [this](const Node& node, const std::string& name) { read_hours(node, name); });
  each_named(root, "checkpoint", [this](const Node& node, const std::string& name) {
    tree_.allow_only(node, {"hours", "name", "text"});
    Checkpoint checkpoint{name, operands_.optional_words(node), {}};
    if (const auto hours = tree_.find(node, "hours")) {
      checkpoint.hours = tree_.text(*hours);
      tree_.check_known(*hours, "hours", checkpoint.hours, OperandReader::names_in(procedure().hours));
    }
    procedure().checkpoints.push_back(std::move(checkpoint));
  });
  each_named(root, "category",
             [this](const Node& node, const std::string& name) { read_category(node, name); });
  each_named(root, "quota", [this](const Node& node, const std::string& name) { read_quota(node, name); });
}

std::string DeclarationReader::day_of_year(const Node& node) {
  std::string text = tree_.text(node);
  // 29 February is no bound: most years do not have it.
  if (!parse_date("2001-" + text))
    tree_.report(node, fmt::format("'{}' is not a day of every year such as 05-01 (month and day)", text));
  return text;
}

void DeclarationReader::read_season(const Node& node, const std::string& name) {
  Season season{.name = name, .text = operands_.optional_words(node), .from = {}, .until = {}, .when = {}};
  if (form_ == Form::kSealed) {
    tree_.allow_only(node, {"from", "name", "text", "until", "when"});
    if (const auto when = tree_.require(node, "when")) season.when = timeline(*when);
  } else {
    tree_.allow_only(node, {"from", "name", "text", "until"});
  }
  if (const auto from = tree_.require(node, "from")) season.from = day_of_year(*from);
  if (const auto until = tree_.require(node, "until")) {
    season.until = day_of_year(*until);
    if (season.from == season.until) tree_.report(*until, "the season would be empty: 'from' equals 'until'");
  }
  procedure().seasons.push_back(std::move(season));
}

void DeclarationReader::read_declared(const Node& node, const std::string& name) {
  tree_.allow_only(node, {"name", "text", "type", "values"});
  DeclaredKind kind{.name = name, .text = operands_.optional_words(node), .type = {}, .values = {}};
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

void DeclarationReader::read_quota(const Node& node, const std::string& name) {
  tree_.allow_only(node, {"category", "checkpoint", "direction", "name", "per_day", "text"});
  Quota quota{.name = name,
              .text = operands_.optional_words(node),
              .checkpoints = {},
              .directions = {},
              .categories = {}};
  if (const auto some = tree_.find(node, "checkpoint"))
    quota.checkpoints = operands_.names(*some, NameSpace::kCheckpoint);
  if (const auto some = tree_.find(node, "direction"))
    quota.directions = operands_.names(*some, NameSpace::kDirection);
  if (const auto some = tree_.find(node, "category"))
    quota.categories = operands_.names(*some, NameSpace::kCategory);
  if (const auto most = tree_.require(node, "per_day")) quota.per_day = tree_.integer(*most, 0, kMaxQuota);
  procedure().quotas.push_back(std::move(quota));
}

void DeclarationReader::read_hours(const Node& node, const std::string& name) {
  if (name == kCheckpointHours)
    tree_.report(node, "'checkpoint' stands for the hours of the movement's checkpoint; choose another name");
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

WeekPattern DeclarationReader::week_pattern(const Node& node) {
  std::map<std::string, std::string> written;
  for (const auto& [days, times] : tree_.members(node)) written[days] = tree_.text(times);
  auto pattern = WeekPattern::parse(std::move(written));
  if (!pattern) tree_.report(node, pattern.error().message);
  return pattern ? *std::move(pattern) : WeekPattern{};
}

Timeline DeclarationReader::timeline(const Node& node) {
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

void DeclarationReader::read_category(const Node& node, const std::string& name) {
  tree_.allow_only(node, {"document", "list", "name", "permit", "residence", "text"});
  Category category{.name = name,
                    .text = operands_.optional_words(node),
                    .document_kinds = {},
                    .document_issuers = {},
                    .not_document_issuers = {},
                    .lists = {},
                    .permits = {},
                    .residence = {}};
  if (const auto some = tree_.find(node, "list")) category.lists = operands_.names(*some, NameSpace::kList);
  if (const auto some = tree_.find(node, "permit"))
    category.permits = operands_.names(*some, NameSpace::kPermit);
  if (const auto residence = tree_.find(node, "residence")) {
    const std::string side = tree_.text(*residence);
    tree_.check_known(*residence, "side", side, operands_.known_names(NameSpace::kSide));
    category.residence = enum_from(side, Side::kB);
  }
  if (const auto document = tree_.find(node, "document")) {
    tree_.allow_only(*document, {"issuer", "issuer_not", "kind"});
    if (const auto kinds = tree_.find(*document, "kind"))
      category.document_kinds = operands_.names(*kinds, NameSpace::kDocumentKind);
    if (const auto issuers = tree_.find(*document, "issuer"))
      category.document_issuers = operands_.names(*issuers, NameSpace::kIssuer);
    if (const auto others = tree_.find(*document, "issuer_not"))
      category.not_document_issuers = operands_.names(*others, NameSpace::kIssuer);
  }
  procedure().categories.push_back(std::move(category));
}

}  // namespace crossline::procedure
