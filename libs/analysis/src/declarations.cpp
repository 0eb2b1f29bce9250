#include "declarations.hpp"

#include "crossline/procedure/authoring.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::analysis {
namespace {

using SealedJson = nlohmann::json;
using KindAndName = std::pair<std::string, std::string>;
using Declarations = std::map<KindAndName, SealedJson>;

// What can come of a difference of this kind.
enum class Reach : std::uint8_t {
  kNobody,  // decides about no person
  kSolved,  // the solver looks at it
  kIfUsed,  // the solver does not, and only what uses its name can decide by it
  kBeyond,  // the solver does not
};

struct DeclarationKind {
  std::string_view key;  // of the sealed form
  std::string_view en;   // "list {}"
  std::string_view ru;
  Reach reach = Reach::kBeyond;
};

constexpr std::array kDeclarationKinds{
    DeclarationKind{"procedure", "name of the procedure", "название процедуры"},
    DeclarationKind{"vocabulary", "version of the vocabulary", "версия словаря"},
    DeclarationKind{"parties", "party {}", "сторона {}"},
    DeclarationKind{"sign", "signatures asked of party {}", "число подписей стороны {}", Reach::kNobody},
    DeclarationKind{"keys", "keys of party {}", "ключи стороны {}", Reach::kNobody},
    DeclarationKind{"category", "category {}", "категория {}"},
    DeclarationKind{"checkpoint", "checkpoint {}", "пункт {}"},
    DeclarationKind{"hours", "hours {}", "часы {}", Reach::kSolved},
    DeclarationKind{"list", "list {}", "список {}", Reach::kIfUsed},
    DeclarationKind{"season", "season {}", "сезон {}", Reach::kSolved},
    DeclarationKind{"permit", "permit {}", "разрешение {}", Reach::kIfUsed},
    DeclarationKind{"goods", "goods {}", "товары {}", Reach::kIfUsed},
    DeclarationKind{"quota", "quota {}", "квота {}", Reach::kIfUsed},
    DeclarationKind{"duty", "duty {}", "обязанность {}", Reach::kIfUsed},
    DeclarationKind{"fact", "declared fact {}", "объявленный факт {}", Reach::kIfUsed},
    DeclarationKind{"closure", "closure: {}", "закрытие: {}"},
    DeclarationKind{"case", "agreed case {}", "согласованный пример {}", Reach::kNobody},
    // Of articles
    DeclarationKind{"text", "agreed words of article {}", "согласованный текст статьи {}", Reach::kNobody},
    DeclarationKind{"override", "override of article {}", "снятие требований статьи {}"},
    DeclarationKind{"otherwise", "'otherwise' of article {}", "«otherwise» статьи {}", Reach::kSolved},
    DeclarationKind{"if_unknown", "'if_unknown' of article {}", "«if_unknown» статьи {}", Reach::kSolved},
    // Sealing refuses whatever would lift an absolute article: the mark itself decides nothing.
    DeclarationKind{"absolute", "'absolute' of article {}", "«absolute» статьи {}", Reach::kNobody},
    DeclarationKind{"survives_expiry", "'survives_expiry' of article {}", "«survives_expiry» статьи {}"},
    DeclarationKind{"duties", "duties of article {}", "обязанности по статье {}"},
};

// A kind that is not in the table is beyond the solver, and is told by its key.
DeclarationKind kind_of(std::string_view key) {
  const auto* const found = std::ranges::find(kDeclarationKinds, key, &DeclarationKind::key);
  return found == kDeclarationKinds.end() ? DeclarationKind{key, "{}", "{}"} : *found;
}

constexpr std::array<std::string_view, 4> kOwnOfEachEdition{"edition", "supersedes", "in_force", "offsets"};
constexpr std::array<std::string_view, 7> kClausesOfAnArticle{"id",       "applies_to", "admit", "require",
                                                              "prohibit", "exempts",    "duty"};

bool is_one_of(const auto& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

// Every name in `value`, of a member or as a value, but for those in words for people.
void collect_names(const SealedJson& value, std::set<std::string>& names) {
  if (value.is_string()) names.insert(value.get<std::string>());
  if (value.is_array())
    for (const SealedJson& one : value) collect_names(one, names);
  if (!value.is_object()) return;
  for (const auto& [key, member] : value.items()) {
    if (key == "text") continue;
    names.insert(key);
    collect_names(member, names);
  }
}

// The names that something of an edition uses which decides about persons: its articles and its categories,
// which are proposed by lists and permits. Rather one name too many: of another kind, for instance.
std::set<std::string> names_in_use(const procedure::Edition& edition) {
  const SealedJson sealed = SealedJson::parse(procedure::sealed_form(edition.procedure()));
  std::set<std::string> names;
  for (const char* kind : {"article", "category"})
    if (const auto all = sealed.find(kind); all != sealed.end()) collect_names(*all, names);
  return names;
}

// Names in one order.
void sort_names(SealedJson& value) {
  if (value.is_array()) std::ranges::sort(value.get_ref<SealedJson::array_t&>());
  if (value.is_object())
    for (SealedJson& member : value) sort_names(member);
}

// Of an article that only one edition has, what the solver cannot show by a person.
void add_marks(Declarations& out, const SealedJson& article, const procedure::Edition& other) {
  const auto id = article.at("id").get<std::string>();
  const bool in_both =
      std::ranges::find(other.articles(), id, &procedure::Article::id) != other.articles().end();
  for (const auto& [key, value] : article.items())
    if (!is_one_of(kClausesOfAnArticle, key) && (in_both || kind_of(key).reach == Reach::kBeyond))
      out[{key, id}] = value;
  if (const auto duties = article.find("duty"); duties != article.end()) out[{"duties", id}] = *duties;
}

Declarations declarations_of(const procedure::Edition& edition, const procedure::Edition& other) {
  Declarations out;
  const SealedJson sealed = SealedJson::parse(procedure::sealed_form(edition.procedure()));
  for (const auto& [kind, value] : sealed.items()) {
    if (is_one_of(kOwnOfEachEdition, kind)) continue;
    if (kind == "article") {
      for (const SealedJson& article : value) add_marks(out, article, other);
    } else if (value.is_array()) {
      for (SealedJson one : value) {
        const auto name = one.at("name").get<std::string>();
        // Sealing works out the instants "open" and "when" from what else is written.
        for (const char* member : {"name", "open", "when"}) one.erase(member);
        out[{kind, name}] = std::move(one);
      }
    } else if (value.is_object()) {
      for (const auto& [name, one] : value.items()) out[{kind, name}] = one;
    } else {
      out[{kind, std::string()}] = value;
    }
  }
  for (auto& [of, value] : out) sort_names(value);
  return out;
}

// Leaves of two declarations only the members in which they differ.
void keep_what_differs(SealedJson& before, SealedJson& after) {
  if (!before.is_object() || !after.is_object()) return;
  const SealedJson all = before;
  for (const auto& [key, value] : all.items()) {
    const auto same = after.find(key);
    if (same == after.end() || *same != value) continue;
    before.erase(key);
    after.erase(key);
  }
}

bool only_words(const SealedJson& declared) {
  return declared.is_object() && declared.size() == declared.count("text");
}

// The agreed words of what is declared, of the newer edition where it has it; else its name, or what it is.
Words agreed_words(const KindAndName& of, const SealedJson& before, const SealedJson& after) {
  const auto& [key, name] = of;
  const std::string& own_name = name.empty() ? key : name;
  for (const SealedJson* declared : {&after, &before}) {
    if (!declared->is_object()) continue;
    const auto text = declared->find("text");
    if (text == declared->end() || !text->is_object()) continue;
    const procedure::Text agreed(text->get<std::map<std::string, std::string>>());
    return {std::string(agreed.in("en")), std::string(agreed.in("ru"))};
  }
  return {own_name, own_name};
}

Declaration told_apart(const KindAndName& of, SealedJson before, SealedJson after,
                       const std::set<std::string>& in_use) {
  const auto& [key, name] = of;
  const Words words = agreed_words(of, before, after);
  keep_what_differs(before, after);
  const DeclarationKind kind = kind_of(key);
  const bool is_idle = kind.reach == Reach::kIfUsed && !in_use.contains(name);
  const bool is_beyond = kind.reach == Reach::kBeyond || kind.reach == Reach::kIfUsed;
  const bool renamed_party = key == "parties" && before.is_string() && after.is_string();
  const auto written = [](const SealedJson& value) { return value.is_null() ? std::string() : value.dump(); };
  return {
      .kind = key,
      .name = name,
      .before = written(before),
      .after = written(after),
      .text = {fmt::format(fmt::runtime(kind.en), words.en), fmt::format(fmt::runtime(kind.ru), words.ru)},
      .covered = !is_beyond || is_idle || renamed_party || (only_words(before) && only_words(after))};
}

}  // namespace

std::vector<Declaration> changed_declarations(const procedure::Edition& before,
                                              const procedure::Edition& after) {
  const Declarations old = declarations_of(before, after);
  const Declarations fresh = declarations_of(after, before);
  const bool keys_stay = after.procedure().keys.empty();
  std::set<std::string> in_use = names_in_use(before);
  in_use.merge(names_in_use(after));
  std::map<KindAndName, std::pair<SealedJson, SealedJson>> pairs;  // null: not declared
  for (const auto& [of, value] : old) pairs[of].first = value;
  for (const auto& [of, value] : fresh) pairs[of].second = value;
  std::vector<Declaration> out;
  for (auto& [of, pair] : pairs)
    if (pair.first != pair.second && !(keys_stay && of.first == "keys"))
      out.push_back(told_apart(of, std::move(pair.first), std::move(pair.second), in_use));
  return out;
}

}  // namespace crossline::analysis
