#include "operand_reader.hpp"

#include "crossline/base/limits.hpp"
#include "local_time.hpp"

#include <algorithm>
#include <array>

namespace crossline::procedure {

std::int64_t OperandReader::local_time(const Node& node) {
  const std::string text = tree_.text(node);
  const auto seconds = parse_local_time(text);
  if (!seconds)
    tree_.report(node, fmt::format("'{}' is not a local date and time such as 2026-10-01T00:00:00", text));
  return seconds.value_or(0);
}

// A few characters for a screen: a unit, a value.
std::string OperandReader::short_text(const Node& node) {
  std::string text = tree_.text(node);
  if (text.empty() || text.size() > limits::kMaxNameBytes)
    tree_.report(node, fmt::format("1 to {} bytes are expected", limits::kMaxNameBytes));
  return text;
}

// A string is English; a table gives one string for each language.
Text OperandReader::words_of(const Node& node) {
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
Text OperandReader::optional_words(const Node& node) {
  const auto text = tree_.find(node, "text");
  return text ? words_of(*text) : Text{};
}

std::vector<std::string_view> OperandReader::known_names(NameSpace space) {
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

std::vector<std::string> OperandReader::names(const Node& node, NameSpace space) {
  std::vector<std::string> values = tree_.texts(node);
  if (space == NameSpace::kRelation && values == std::vector<std::string>{std::string(kNobody)}) return {};
  const auto known = known_names(space);
  for (const std::string& value : values) {
    if (space != NameSpace::kIssuer) {
      tree_.check_known(node, noun_of(space), value, known);
    } else if (!is_issuer(value)) {
      tree_.report(node, fmt::format("'{}' is not an issuer: one to three capital letters", value));
    }
  }
  return values;
}

// A value of one of the simple shapes.
Table::Value OperandReader::simple(const Node& node, Shape shape, NameSpace space, std::int64_t least,
                                   std::int64_t most) {
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

Table OperandReader::table(const Node& node, std::string about, std::span<const Field> fields) {
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
Table OperandReader::fact_test(const Node& node, const DeclaredKind& kind) {
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
std::int64_t OperandReader::date(const Node& node) {
  if (form_ == Form::kSealed) return tree_.integer(node, -kMaxSeconds / 86'400, kMaxSeconds / 86'400);
  const std::string text = tree_.text(node);
  const auto day = parse_date(text);
  if (!day) tree_.report(node, fmt::format("'{}' is not a date such as 2026-10-01", text));
  return day.value_or(0);
}

// The predicates of one key; a keyed table gives one for each of its members.
std::vector<Predicate> OperandReader::predicates(const Node& node, const Word& word) {
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
          {word.kind, std::visit([]<typename T>(T&& value) { return Operand(std::forward<T>(value)); },
                                 std::move(read))});
      break;
    }
  }
  return out;
}

void OperandReader::check_checkpoint_hours(const Node& node, const Names& hours) {
  if (std::ranges::find(hours.values, kCheckpointHours) == hours.values.end()) return;
  for (const Checkpoint& checkpoint : procedure().checkpoints)
    if (checkpoint.hours.empty())
      tree_.report(node, fmt::format("checkpoint '{}' has no hours", checkpoint.name));
}

std::vector<PredicateIndex> OperandReader::conditions(const Node& node) {
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

PredicateIndex OperandReader::intern(Predicate predicate) {
  auto& all = procedure().predicates;
  const auto found = std::ranges::find(all, predicate);
  if (found != all.end()) return static_cast<PredicateIndex>(found - all.begin());
  // Reported once, at the end; what exceeds the bound is read no further.
  if (all.size() <= limits::kMaxPredicates) all.push_back(std::move(predicate));
  return static_cast<PredicateIndex>(all.size() - 1);
}

}  // namespace crossline::procedure
