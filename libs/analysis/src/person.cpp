#include "person.hpp"

#include "crossline/procedure/fact_sheet.hpp"
#include "crossline/procedure/other_names.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace crossline::analysis {
namespace {

using Json = nlohmann::json;
using enum procedure::PredicateKind;

constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kHour_ms = 3'600'000;
constexpr std::array<std::string_view, 3> kRulings{"pending", "approved", "rejected"};

class Writer {
 public:
  Writer(const z3::model& model, const Vocabulary& vocabulary, const Situation& situation,
         const procedure::Edition& edition)
      : model_(model), vocabulary_(vocabulary), s_(situation), edition_(edition) {}

  Person write() {
    const Moment& moment = now();
    at_ = moment.from;
    facts_["at"] = format_utc(at_);
    facts_["returning"] = false;
    write_movement(moment);
    write_document();
    write_company();
    write_records();
    write_counts();
    write_notice();
    write_goods();
    write_declared();
    return {at_, facts_.dump(), std::move(words_)};
  }

 private:
  bool truth(const Expr& expr) const { return is_true(model_, expr); }
  std::int64_t number(const Expr& expr) const { return model_.eval(expr, true).get_numeral_int64(); }
  const std::string& name(const Expr& expr, const std::vector<std::string>& names) const {
    return names.at(static_cast<std::size_t>(number(expr)));
  }
  bool used(std::initializer_list<procedure::PredicateKind> kinds) const {
    return std::ranges::any_of(kinds, [&](auto kind) { return vocabulary_.uses(kind); });
  }
  const Moment& now() const {
    for (std::size_t i = 0; i < s_.at.size(); ++i)
      if (truth(s_.at[i])) return vocabulary_.moments[i];
    return vocabulary_.moments.front();
  }

  void say(Label label, const Words& value, const Words& about = {}) {
    const Words text = told(label, about, value);
    const auto append = [](std::string& to, const std::string& part) {
      if (!to.empty()) to += "; ";
      to += part;
    };
    append(words_.en, text.en);
    append(words_.ru, text.ru);
  }

  // A fact under `key`: left out when it is unknown; in words when it is not the ordinary.
  void fact(const char* key, Label label, bool known, const Json& value, const Words& words,
            bool is_ordinary) {
    if (known) facts_[key] = value;
    if (!known)
      say(label, not_known());
    else if (!is_ordinary)
      say(label, words);
  }
  void flag(const char* key, Label label, const Var& var, bool is_ordinary_value) {
    const bool value = truth(var.value);
    fact(key, label, truth(var.known), value, yes_or_no(value), value == is_ordinary_value);
  }
  void named(const char* key, Label label, procedure::PredicateKind kind, const Var& var,
             const std::vector<std::string>& names, std::string_view ordinary_name) {
    const std::string& value = name(var.value, names);
    fact(key, label, truth(var.known), value, name_in_words(edition_, kind, value), value == ordinary_name);
  }
  // Of a name that only another edition of the vocabulary declares, facts of this one know no more than that
  // it is another.
  template <class T>
  void declared_or(const std::string& other, const char* key, Label label, procedure::PredicateKind kind,
                   const Var& var, const std::vector<std::string>& names, const std::vector<T>& declared) {
    const std::string& value = name(var.value, names);
    fact(key, label, truth(var.known), is_declared(value, declared) ? value : other,
         name_in_words(edition_, kind, value), false);
  }
  template <class T>
  static bool is_declared(const std::string& name, const std::vector<T>& declared) {
    return std::ranges::find(declared, name, &T::name) != declared.end();
  }
  void counted(const char* key, Label label, const Var& var, std::int64_t ordinary_value) {
    const std::int64_t value = number(var.value);
    fact(key, label, truth(var.known), value, plain(std::to_string(value)), value == ordinary_value);
  }

  void write_movement(const Moment& moment) {
    declared_or(procedure::other_category(edition_), "category", Label::kCategory, kCategory, s_.category,
                vocabulary_.categories, edition_.categories());
    const bool exits = truth(s_.exit.value);
    facts_["direction"] = exits ? "exit" : "entry";
    say(Label::kMovement, name_in_words(edition_, kDirection, exits ? "exit" : "entry"));
    declared_or(procedure::other_checkpoint(edition_), "checkpoint", Label::kCheckpoint, kCheckpoint,
                s_.checkpoint, vocabulary_.checkpoints, edition_.checkpoints());
    facts_["toward_side"] = truth(s_.toward_b.value) ? "B" : "A";
    if (used({kTowardSide, kStayOnSideA, kStayOnSideB, kAbsentForAtLeast, kSideOfResidence}))
      say(Label::kToward, plain(truth(s_.toward_b.value) ? "B" : "A"));
    if (vocabulary_.timelines.size() > 0)
      say(Label::kTime, time_in_words(edition_, moment.from, moment.until));
  }

  void write_document() {
    if (used({kSideOfResidence}))
      fact("side_of_residence", Label::kResidence, truth(s_.lives_on_b.known),
           truth(s_.lives_on_b.value) ? "B" : "A", plain(truth(s_.lives_on_b.value) ? "B" : "A"), false);
    if (used({kDocumentKind}))
      named("document_kind", Label::kDocument, kDocumentKind, s_.document_kind, vocabulary_.document_kinds,
            "passport");
    if (used({kDocumentIssuer}))
      named("document_issuer", Label::kIssuer, kDocumentIssuer, s_.issuer, vocabulary_.issuers, {});
    if (used({kDocumentValidDays})) counted("document_days_left", Label::kDaysLeft, s_.days_left, 365);
    if (used({kDocumentReadable})) flag("document_readable", Label::kReadable, s_.readable, true);
    if (used({kAgeUnder, kAgeAtLeast})) counted("age", Label::kAge, s_.age, 30);
    if (used({kSex}))
      named("sex", Label::kSex, kSex, s_.sex, {"female", "male", "unspecified"}, "unspecified");
  }

  void write_company() {
    if (used({kAccompaniedBy})) {
      Json relations = Json::array();
      Words words;
      for (std::size_t i = 0; i < s_.accompanied.size(); ++i) {
        if (!truth(s_.accompanied[i])) continue;
        const auto relation = name_of(static_cast<procedure::Relation>(i));
        const Words one = name_in_words(edition_, kAccompaniedBy, relation);
        if (!relations.empty()) words = {words.en + ", ", words.ru + ", "};
        words = {words.en + one.en, words.ru + one.ru};
        relations.push_back(relation);
      }
      const bool nobody = relations.empty();
      // Who is alone is told of a child; of an adult it goes without saying.
      const bool child = number(s_.age.value) < 18 && used({kAgeUnder, kAgeAtLeast});
      fact("accompanied_by", Label::kAccompanied, truth(s_.accompanied_known),
           nobody ? Json("nobody") : relations,
           nobody ? name_in_words(edition_, kAccompaniedBy, "nobody") : words, nobody && !child);
    }
    if (used({kCompanionsAtMost})) counted("companions", Label::kCompanions, s_.companions, 0);
    if (used({kMode})) {
      const std::string mode = truth(s_.vehicle.value) ? "vehicle" : "on_foot";
      fact("mode", Label::kMode, truth(s_.vehicle.known), mode, name_in_words(edition_, kMode, mode), false);
    }
    if (used({kConvoy})) write_convoy();
  }

  void write_convoy() {
    const std::int64_t vehicles = number(s_.convoy.vehicles);
    const std::int64_t persons = number(s_.convoy.persons);
    const bool escorted = truth(s_.convoy.escorted);
    const Words words{
        fmt::format("{} vehicles, {} persons, {}", vehicles, persons, escorted ? "escorted" : "not escorted"),
        fmt::format("машин: {}, людей: {}, {}", vehicles, persons,
                    escorted ? "с сопровождением" : "без сопровождения")};
    fact("convoy", Label::kConvoy, truth(s_.convoy.known),
         {{"vehicles", vehicles}, {"persons", persons}, {"escorted", escorted}}, words,
         vehicles == 0 && persons == 0 && !escorted);
  }

  void write_records() {
    if (used({kClosed})) flag("closed", Label::kClosed, s_.closed, false);
    if (used({kAlternates})) flag("alternates", Label::kAlternates, s_.alternates, true);
    if (used({kWeaponsNone})) flag("weapons", Label::kWeapons, s_.weapons, false);
    if (used({kArmsHandedOver})) flag("arms_handed_over", Label::kArms, s_.arms_handed_over, false);
    if (used({kOnList, kNotOnList})) write_lists();
    if (used({kPermit})) write_permits();
    if (used({kStayOnSideA, kAbsentForAtLeast}))
      write_stays("stays_on_a", s_.stays[0], Label::kUsedA, Label::kAbsentA);
    if (used({kStayOnSideB, kAbsentForAtLeast}))
      write_stays("stays_on_b", s_.stays[1], Label::kUsedB, Label::kAbsentB);
  }

  void write_lists() {
    facts_["lists"] = Json::object();
    for (std::size_t i = 0; i < vocabulary_.lists.size(); ++i) {
      const bool known = truth(s_.lists[i].known);
      const bool on = truth(s_.lists[i].value);
      if (known && is_declared(vocabulary_.lists[i], edition_.procedure().lists))
        facts_["lists"][vocabulary_.lists[i]] = on;
      if (!known || on)
        say(Label::kList, known ? yes_or_no(true) : not_known(),
            name_in_words(edition_, kOnList, vocabulary_.lists[i]));
    }
  }

  void write_permits() {
    Json held = Json::array();
    Words words;
    bool none = true;
    for (std::size_t i = 0; i < vocabulary_.permits.size(); ++i) {
      if (!truth(s_.permits[i])) continue;
      const Words one = name_in_words(edition_, kPermit, vocabulary_.permits[i]);
      if (!none) words = {words.en + ", ", words.ru + ", "};
      words = {words.en + one.en, words.ru + one.ru};
      none = false;
      if (is_declared(vocabulary_.permits[i], edition_.procedure().permits))
        held.push_back({{"kind", vocabulary_.permits[i]}});
    }
    fact("permits", Label::kPermit, truth(s_.permits_known), held, words, none);
  }

  // Days of presence that add up to what each window counts: as few days back as they may be.
  void write_stays(const char* key, const StayVars& stays, Label used_label, Label absent_label) {
    if (!truth(stays.known)) return say(absent_label, not_known());
    Json out = Json::array();
    if (!truth(stays.never)) {
      const std::int64_t absent = number(stays.absent);
      if (absent == 0) out.push_back({format_utc(at_), "present"});
      std::vector<std::int64_t> days = days_of(stays, absent);
      const std::int64_t today = edition_.local_day(at_);
      for (const std::int64_t ago : days) {
        const std::int64_t noon_s = (today - ago) * kDay_s + kDay_s / 2;
        out.push_back(
            {format_utc(edition_.instant_of(noon_s)), format_utc(edition_.instant_of(noon_s + 3'600))});
      }
      say(absent_label, plain(std::to_string(absent)));
      for (std::size_t i = 0; i < vocabulary_.windows.size(); ++i)
        if (const auto count = number(stays.used[i]); count > 1)
          say(used_label, plain(std::to_string(count)), plain(std::to_string(vocabulary_.windows[i])));
    }
    facts_[key] = std::move(out);
  }

  // How many days ago somebody was there, before today.
  std::vector<std::int64_t> days_of(const StayVars& stays, std::int64_t absent) const {
    std::vector<std::int64_t> days;
    std::int64_t before = 1;
    std::int64_t used_before = 1;
    for (std::size_t i = 0; i < vocabulary_.windows.size(); ++i) {
      const std::int64_t used = number(stays.used[i]);
      for (std::int64_t k = 0; k < used - used_before; ++k) days.push_back(std::max(before, absent) + k);
      before = vocabulary_.windows[i];
      used_before = used;
    }
    if (absent >= before) days.push_back(absent);  // behind every window
    return days;
  }

  void write_counts() {
    if (used({kCrossingsAtMost})) {
      Json out = Json::object();
      counts(out, s_.crossings, true);
      facts_["crossings"] = std::move(out);
    }
    if (!used({kQuota})) return;
    facts_["quotas"] = Json::object();
    for (std::size_t i = 0; i < vocabulary_.quotas.size(); ++i) {
      const bool known = truth(s_.quotas[i].known);
      const std::int64_t left = number(s_.quotas[i].value);
      if (known && is_declared(vocabulary_.quotas[i], edition_.procedure().quotas))
        facts_["quotas"][vocabulary_.quotas[i]] = left;
      if (!known || left == 0)
        say(Label::kQuota, known ? plain("0") : not_known(),
            name_in_words(edition_, kQuota, vocabulary_.quotas[i]));
    }
  }
  void counts(Json& out, const CountVars& vars, bool aloud) {
    const auto one = [&](const char* key, Label label, const Var& var) {
      const bool known = truth(var.known);
      const std::int64_t value = number(var.value);
      out[key] = known ? Json(value) : Json("unknown");
      if (aloud && (!known || value != 0)) say(label, known ? plain(std::to_string(value)) : not_known());
    };
    one("today", Label::kToday, vars.today);
    one("this_week", Label::kThisWeek, vars.this_week);
    one("this_month", Label::kThisMonth, vars.this_month);
  }

  void write_notice() {
    if (!used({kNotified})) return;
    if (!truth(s_.notice.known)) return say(Label::kNotice, not_known());
    if (!truth(s_.notice.given)) {
      facts_["notice"] = "none";
      return;
    }
    const std::int64_t hours_ago = number(s_.notice.hours_ago);
    const UtcMillis notified = at_.plus(-hours_ago * kHour_ms);
    const std::string_view ruling = kRulings.at(static_cast<std::size_t>(number(s_.notice.ruling)));
    facts_["notice"] = {{"notified_at", format_utc(notified)}, {"ruling", ruling}};
    say(Label::kNotice, plain(std::to_string(hours_ago)));
    if (truth(s_.notice.objected)) {
      const std::int64_t after = number(s_.notice.objected_after);
      facts_["notice"]["objected_at"] = format_utc(notified.plus(after * kHour_ms));
      say(Label::kObjection, plain(std::to_string(after)));
    }
    constexpr std::array<std::string_view, 3> kRussian{"нет", "одобрено", "отклонено"};
    say(Label::kRuling,
        {std::string(ruling), std::string(kRussian.at(static_cast<std::size_t>(number(s_.notice.ruling))))});
  }

  void write_goods() {
    if (!used({kGoodsAtMost, kGoodsForbidden})) return;
    if (!truth(s_.goods_known)) return say(Label::kGoods, not_known(), {"goods", "товары"});
    facts_["goods"] = Json::object();
    for (std::size_t i = 0; i < vocabulary_.goods.size(); ++i) {
      const std::int64_t amount = number(s_.goods[i].amount);
      if (amount == 0) continue;
      Json carried = {{"amount", amount}};
      counts(carried, s_.goods[i].earlier, false);
      say(Label::kGoods, carried_in_words(amount, carried),
          name_in_words(edition_, kGoodsForbidden, vocabulary_.goods[i]));
      if (is_declared(vocabulary_.goods[i], edition_.procedure().goods))
        facts_["goods"][vocabulary_.goods[i]] = std::move(carried);
    }
  }

  // "400 (earlier today 100, this week not known)".
  static Words carried_in_words(std::int64_t amount, const Json& carried) {
    struct Counted {
      const char* key;
      Words words;
    };
    const std::array<Counted, 3> periods{Counted{"today", {"today", "сегодня"}},
                                         Counted{"this_week", {"this week", "на этой неделе"}},
                                         Counted{"this_month", {"this month", "в этом месяце"}}};
    Words earlier;
    for (const auto& [key, words] : periods) {
      const Json& count = carried.at(key);
      if (count == 0) continue;
      const Words told_count = count.is_string() ? not_known() : plain(count.dump());
      earlier.en += fmt::format("{}{} {}", earlier.en.empty() ? " (earlier " : ", ", words.en, told_count.en);
      earlier.ru += fmt::format("{}{} {}", earlier.ru.empty() ? " (ранее " : ", ", words.ru, told_count.ru);
    }
    const std::string_view end = earlier.en.empty() ? "" : ")";
    return {fmt::format("{}{}{}", amount, earlier.en, end), fmt::format("{}{}{}", amount, earlier.ru, end)};
  }

  void write_declared() {
    if (!used({kFact})) return;
    facts_["facts"] = Json::object();
    for (std::size_t i = 0; i < vocabulary_.declared.size(); ++i) {
      const auto& kind = vocabulary_.declared[i];
      const auto& own = edition_.procedure().declared;
      const auto mine = std::ranges::find(own, kind.name, &procedure::DeclaredKind::name);
      if (mine == own.end() || mine->type != kind.type || mine->values != kind.values) continue;
      const Words about = name_in_words(edition_, kFact, kind.name);
      if (!truth(s_.declared[i].known)) {
        say(Label::kFact, not_known(), about);
        continue;
      }
      const std::int64_t value = number(s_.declared[i].value);
      using Type = procedure::DeclaredKind::Type;
      switch (kind.type) {
        case Type::kBool:
          facts_["facts"][kind.name] = value == 1;
          say(Label::kFact, yes_or_no(value == 1), about);
          break;
        case Type::kEnum:
          facts_["facts"][kind.name] = kind.values.at(static_cast<std::size_t>(value));
          say(Label::kFact, plain(kind.values.at(static_cast<std::size_t>(value))), about);
          break;
        case Type::kInt:
          facts_["facts"][kind.name] = value;
          say(Label::kFact, plain(std::to_string(value)), about);
          break;
        case Type::kDate:
          facts_["facts"][kind.name] = date_of(value);
          say(Label::kFact, plain(date_of(value)), about);
          break;
      }
    }
  }

  const z3::model& model_;
  const Vocabulary& vocabulary_;
  const Situation& s_;
  const procedure::Edition& edition_;
  UtcMillis at_;
  Json facts_ = Json::object();
  Words words_;
};

}  // namespace

bool is_true(const z3::model& model, const Expr& statement) {
  return model.eval(statement, true).is_true();
}

procedure::Verdict verdict_of(const z3::model& model, const Rules& rules) {
  return is_true(model, rules.refuses) ? procedure::Verdict::kRefuse
         : is_true(model, rules.stops) ? procedure::Verdict::kRefer
                                       : procedure::Verdict::kAllow;
}

Person person_of(const z3::model& model, const Vocabulary& vocabulary, const Situation& situation,
                 const procedure::Edition& edition) {
  return Writer(model, vocabulary, situation, edition).write();
}

std::optional<Play> replay(const procedure::Edition& edition, const Person& person, Words where,
                           procedure::Verdict expected) {
  const auto sheet = procedure::FactSheet::parse(person.facts, edition);
  if (!sheet) return std::nullopt;
  const procedure::Facts facts = sheet->facts();
  const procedure::Decision decision = edition.decide(facts, person.at);
  if (decision.verdict != expected) return std::nullopt;
  Play play{std::move(where), person.facts, decision.verdict, {}};
  for (const auto article : decision.cited) play.because.push_back(edition.articles()[article].id);
  return play;
}

}  // namespace crossline::analysis
