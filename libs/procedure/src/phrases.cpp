#include "phrases.hpp"

#include "local_time.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <array>

#include <fmt/args.h>
#include <fmt/format.h>

namespace crossline::procedure {
namespace {

using enum PredicateKind;

// {bound} is what the predicate names, {seen} what the fact is.
struct Phrase {
  std::string_view holds;
  std::string_view opposite;
  std::string_view observed;
  std::string_view unknown;
};

constexpr std::array<Phrase, kPredicateKinds> kPredicatesEnglish{{
    {"the category is {bound}", "the category is not {bound}", "the category is {seen}",
     "the category is not known"},
    {"the movement is an {bound}", "the movement is not an {bound}", "the movement is an {seen}",
     "the direction is not known"},
    {"the checkpoint is {bound}", "the checkpoint is not {bound}", "the checkpoint is {seen}",
     "the checkpoint is not known"},
    {"the movement leads to side {bound}", "the movement does not lead to side {bound}",
     "the movement leads to side {seen}", "it is not known to which side the movement leads"},
    {"the person lives on side {bound}", "the person does not live on side {bound}",
     "the person lives on side {seen}", "the side of residence is not known"},
    {"the document is: {bound}", "the document is not: {bound}", "the document is: {seen}",
     "the kind of document is not known"},
    {"the document was issued by {bound}", "the document was not issued by {bound}",
     "the document was issued by {seen}", "the issuer of the document is not known"},
    {"the document is valid for at least {bound} more days",
     "the document is valid for less than {bound} more days", "days of validity left: {seen}",
     "how long the document is valid is not known"},
    {"a document can be read", "no document can be read", "", "whether a document can be read is not known"},
    {"the person is under {bound} years old", "the person is {bound} years old or older",
     "the person is {seen} years old", "the age is not known"},
    {"the person is {bound} years old or older", "the person is under {bound} years old",
     "the person is {seen} years old", "the age is not known"},
    {"the sex is {bound}", "the sex is not {bound}", "the sex is {seen}", "the sex is not known"},
    {"the person is accompanied by: {bound}", "the person is not accompanied by: {bound}",
     "the person is accompanied by: {seen}", "who accompanies the person is not known"},
    {"at most {bound} companions", "more than {bound} companions", "companions: {seen}",
     "the number of companions is not known"},
    {"the time is within the opening hours of {bound}", "the time is outside the opening hours of {bound}",
     "the time here is {seen}", "whether the checkpoint is open at this hour is not known"},
    {"the checkpoint is closed", "the checkpoint is not closed", "",
     "whether the checkpoint is closed is not known"},
    {"the last recorded movement was in the other direction",
     "the last recorded movement was not in the other direction", "",
     "the last movement of the person is not known"},
    {"the person is on the list {bound}", "the person is not on the list {bound}", "",
     "whether the person is on the list {seen} is not known"},
    {"the person is not on the list {bound}", "the person is on the list {bound}", "",
     "whether the person is on the list {seen} is not known"},
    {"the person crosses: {bound}", "the person does not cross: {bound}", "the person crosses: {seen}",
     "how the person crosses is not known"},
    {"the time is from {from} to before {until}", "the time is not between {from} and {until}",
     "the time here is {seen}", "the time is not known"},
    {"it is the season {bound}", "it is not the season {bound}", "the time here is {seen}",
     "the season is not known"},
    {"at most {max_days} days on side A in any {in_any_days}, today counted",
     "more than {max_days} days on side A in any {in_any_days}, today counted",
     "days on side A in the last {in_any_days}, today counted: {seen}",
     "the days spent on side A are not known"},
    {"at most {max_days} days on side B in any {in_any_days}, today counted",
     "more than {max_days} days on side B in any {in_any_days}, today counted",
     "days on side B in the last {in_any_days}, today counted: {seen}",
     "the days spent on side B are not known"},
    {"the person was away from side {side} for at least {days} days",
     "the person was away from side {side} for less than {days} days", "days away from side {side}: {seen}",
     "when the person left side {side} is not known"},
    {"at most {n} crossings in this direction per {per}",
     "more than {n} crossings in this direction per {per}", "crossings before this one: {seen}",
     "how often the person crossed is not known"},
    {"the quota {bound} has room today", "the quota {bound} is used up today", "left today: {seen}",
     "what is left of the quota {bound} is not known"},
    {"the person holds a permit: {bound}", "the person holds no permit: {bound}",
     "the person holds no such valid permit", "whether the person holds a permit is not known"},
    {"the movement was announced at least {hours_before} hours before and not objected to",
     "the movement was not announced {hours_before} hours before, or was objected to",
     "hours since the announcement: {seen}", "whether the announcement holds is not known"},
    {"the person carries at most {amount} {unit} of {about} per {per}",
     "the person carries more than {amount} {unit} of {about} per {per}", "{about}, {unit}: {seen}",
     "how much of {about} the person carries is not known"},
    {"the person carries none of: {bound}", "the person carries: {bound}", "the person carries: {seen}",
     "what the person carries is not known"},
    {"the person carries no weapon", "the person carries a weapon", "",
     "whether the person carries a weapon is not known"},
    {"the arms were handed over", "the arms were not handed over", "",
     "whether the arms were handed over is not known"},
    {"the convoy keeps its bounds: {fields}", "the convoy does not keep its bounds: {fields}",
     "vehicles in the convoy: {seen}", "the convoy is not known"},
    {"{about}: {fields}", "{about} is not: {fields}", "{about}: {seen}", "{about} was not recorded"},
}};

constexpr std::array<Phrase, kPredicateKinds> kPredicatesRussian{{
    {"категория: {bound}", "категория не {bound}", "категория: {seen}", "категория не известна"},
    {"направление: {bound}", "направление не {bound}", "направление: {seen}", "направление не известно"},
    {"пункт: {bound}", "пункт не {bound}", "пункт: {seen}", "пункт не известен"},
    {"переход ведёт на сторону {bound}", "переход не ведёт на сторону {bound}",
     "переход ведёт на сторону {seen}", "не известно, на какую сторону ведёт переход"},
    {"лицо проживает на стороне {bound}", "лицо не проживает на стороне {bound}",
     "лицо проживает на стороне {seen}", "сторона проживания не известна"},
    {"документ: {bound}", "документ не {bound}", "документ: {seen}", "вид документа не известен"},
    {"документ выдан: {bound}", "документ выдан не {bound}", "документ выдан: {seen}",
     "кем выдан документ, не известно"},
    {"документ действителен ещё не менее {bound} дн.", "документ действителен менее {bound} дн.",
     "дней до окончания срока действия: {seen}", "срок действия документа не известен"},
    {"документ можно прочитать", "документ нельзя прочитать", "", "не известно, можно ли прочитать документ"},
    {"возраст меньше {bound} лет", "возраст не меньше {bound} лет", "возраст (лет): {seen}",
     "возраст не известен"},
    {"возраст не меньше {bound} лет", "возраст меньше {bound} лет", "возраст (лет): {seen}",
     "возраст не известен"},
    {"пол: {bound}", "пол не {bound}", "пол: {seen}", "пол не известен"},
    {"лицо сопровождает: {bound}", "лицо не сопровождает: {bound}", "лицо сопровождает: {seen}",
     "не известно, кто сопровождает лицо"},
    {"сопровождающих не более {bound}", "сопровождающих более {bound}", "сопровождающих: {seen}",
     "число сопровождающих не известно"},
    {"время в пределах часов работы: {bound}", "время вне часов работы: {bound}", "местное время: {seen}",
     "не известно, открыт ли пункт в этот час"},
    {"пункт закрыт", "пункт не закрыт", "", "не известно, закрыт ли пункт"},
    {"последний записанный переход был в обратном направлении",
     "последний записанный переход не был в обратном направлении", "", "последний переход лица не известен"},
    {"лицо в списке «{bound}»", "лица нет в списке «{bound}»", "",
     "не известно, есть ли лицо в списке «{seen}»"},
    {"лица нет в списке «{bound}»", "лицо в списке «{bound}»", "",
     "не известно, есть ли лицо в списке «{seen}»"},
    {"способ перехода: {bound}", "способ перехода не {bound}", "способ перехода: {seen}",
     "способ перехода не известен"},
    {"время с {from} и до {until}", "время не с {from} до {until}", "местное время: {seen}",
     "время не известно"},
    {"сезон: {bound}", "сезон не {bound}", "местное время: {seen}", "сезон не известен"},
    {"на стороне A не более {max_days} дн. за любые {in_any_days} дн., считая сегодня",
     "на стороне A более {max_days} дн. за любые {in_any_days} дн., считая сегодня",
     "дней на стороне A за последние {in_any_days}, считая сегодня: {seen}",
     "дни, проведённые на стороне A, не известны"},
    {"на стороне B не более {max_days} дн. за любые {in_any_days} дн., считая сегодня",
     "на стороне B более {max_days} дн. за любые {in_any_days} дн., считая сегодня",
     "дней на стороне B за последние {in_any_days}, считая сегодня: {seen}",
     "дни, проведённые на стороне B, не известны"},
    {"лица не было на стороне {side} не менее {days} дн.", "лица не было на стороне {side} менее {days} дн.",
     "дней вне стороны {side}: {seen}", "не известно, когда лицо покинуло сторону {side}"},
    {"переходов в этом направлении не более {n} за период: {per}",
     "переходов в этом направлении более {n} за период: {per}", "переходов до этого: {seen}",
     "не известно, сколько раз лицо переходило линию"},
    {"в квоте «{bound}» на сегодня есть место", "квота «{bound}» на сегодня исчерпана",
     "осталось на сегодня: {seen}", "не известно, сколько осталось в квоте «{bound}»"},
    {"у лица есть разрешение: {bound}", "у лица нет разрешения: {bound}",
     "такого действующего разрешения у лица нет", "не известно, есть ли у лица разрешение"},
    {"о переходе уведомили не менее чем за {hours_before} ч и возражений нет",
     "о переходе не уведомили за {hours_before} ч или есть возражение", "часов после уведомления: {seen}",
     "не известно, действует ли уведомление"},
    {"{about}: не более {amount} {unit} за период: {per}", "{about}: более {amount} {unit} за период: {per}",
     "{about}, {unit}: {seen}", "{about}: количество не известно"},
    {"лицо не везёт: {bound}", "лицо везёт: {bound}", "лицо везёт: {seen}", "не известно, что везёт лицо"},
    {"у лица нет оружия", "у лица есть оружие", "", "не известно, есть ли у лица оружие"},
    {"оружие сдано", "оружие не сдано", "", "не известно, сдано ли оружие"},
    {"колонна в пределах: {fields}", "колонна вне пределов: {fields}", "машин в колонне: {seen}",
     "состав колонны не известен"},
    {"{about}: {fields}", "{about}: не {fields}", "{about}: {seen}", "{about}: не записано"},
}};

// Names of the language itself in both languages.
struct Translation {
  std::string_view name;
  std::string_view english;
  std::string_view russian;
};
constexpr std::array kTranslations{
    Translation{"entry", "entry", "вход"},
    Translation{"exit", "exit", "выход"},
    Translation{"passport", "passport", "паспорт"},
    Translation{"id_card", "identity card", "удостоверение личности"},
    Translation{"residence_permit", "residence permit", "вид на жительство"},
    Translation{"visa", "visa", "виза"},
    Translation{"laissez_passer", "laissez-passer", "лессе-пассе"},
    Translation{"refugee_travel_document", "refugee travel document", "проездной документ беженца"},
    Translation{"stateless_travel_document", "stateless person's travel document",
                "проездной документ лица без гражданства"},
    Translation{"emergency_travel_document", "emergency travel document", "свидетельство на возвращение"},
    Translation{"diplomatic_passport", "diplomatic passport", "дипломатический паспорт"},
    Translation{"official_passport", "official passport", "служебный паспорт"},
    Translation{"other", "another document", "иной документ"},
    Translation{"female", "female", "женский"},
    Translation{"male", "male", "мужской"},
    Translation{"unspecified", "unspecified", "не указан"},
    Translation{"parent", "parent", "родитель"},
    Translation{"guardian", "guardian", "опекун"},
    Translation{"spouse", "spouse", "супруг(а)"},
    Translation{"child", "child", "ребёнок"},
    Translation{"relative", "relative", "родственник"},
    Translation{"caregiver", "caregiver", "ухаживающее лицо"},
    Translation{"patient", "patient", "пациент"},
    Translation{"escort", "escort", "сопровождающий"},
    Translation{"nobody", "nobody", "никто"},
    Translation{"checkpoint", "the checkpoint", "пункт"},
    Translation{"on_foot", "on foot", "пешком"},
    Translation{"vehicle", "in a vehicle", "на транспорте"},
    Translation{"crossing", "crossing", "переход"},
    Translation{"day", "day", "день"},
    Translation{"week", "week", "неделя"},
    Translation{"month", "month", "месяц"},
    Translation{"max_vehicles", "vehicles at most", "машин не более"},
    Translation{"max_persons", "persons at most", "людей не более"},
    Translation{"at_least", "at least", "не менее"},
    Translation{"at_most", "at most", "не более"},
    Translation{"from", "from", "с"},
    Translation{"until", "to before", "до"},
    Translation{"yes", "yes", "да"},
    Translation{"no", "no", "нет"},
};

// The agreed text of a declared thing, or nothing.
template <class T>
std::string_view agreed_text(const std::vector<T>& declared, std::string_view name,
                             std::string_view language) {
  const auto found = std::ranges::find(declared, name, &T::name);
  return found == declared.end() ? std::string_view{} : found->text.in(language);
}

const Phrase& phrase_of(Language language, PredicateKind kind) {
  return (language == Language::kRussian ? kPredicatesRussian
                                         : kPredicatesEnglish)[static_cast<std::size_t>(kind)];
}
bool is_flag_false(const Predicate& predicate) {
  const auto* flag = std::get_if<Flag>(&predicate.operand);
  return flag != nullptr && !flag->value;
}

}  // namespace

Language language_from(std::string_view code) {
  return code == "ru" ? Language::kRussian : Language::kEnglish;
}

Phrases::Phrases(const Procedure& procedure, std::string_view language_code)
    : procedure_(procedure), language_code_(language_code), language_(language_from(language_code)) {}

std::string Phrases::translated(std::string_view name) const {
  const auto found = std::ranges::find(kTranslations, name, &Translation::name);
  if (found == kTranslations.end()) return std::string(name);
  return std::string(language_ == Language::kRussian ? found->russian : found->english);
}

std::string Phrases::word(PredicateKind kind, std::string_view name) const {
  const auto agreed = [&](const auto& declared) {
    const std::string_view text = agreed_text(declared, name, language_code_);
    return std::string(text.empty() ? name : text);
  };
  switch (word_of(kind).names) {
    case NameSpace::kCategory:
      return agreed(procedure_.categories);
    case NameSpace::kCheckpoint:
      return agreed(procedure_.checkpoints);
    case NameSpace::kList:
      return agreed(procedure_.lists);
    case NameSpace::kSeason:
      return agreed(procedure_.seasons);
    case NameSpace::kPermit:
      return agreed(procedure_.permits);
    case NameSpace::kGoods:
      return agreed(procedure_.goods);
    case NameSpace::kQuota:
      return agreed(procedure_.quotas);
    case NameSpace::kFact:
      return agreed(procedure_.declared);
    case NameSpace::kHours:
      // The author's own names, which may be words of the language by chance.
      return name == kCheckpointHours ? translated(name) : std::string(name);
    case NameSpace::kSide:
    case NameSpace::kIssuer:
      return std::string(name);
    default:
      return translated(name);
  }
}

// A member of a table in words; instants and dates as the procedure's clock shows them.
std::string Phrases::member(const Predicate& predicate, std::string_view key,
                            const Table::Value& value) const {
  if (const auto* number = std::get_if<Number>(&value)) {
    if (predicate.kind == kDateBetween)
      return format_local_time(number->value + procedure_.offsets.at(number->value))
          .substr(0, 16)
          .replace(10, 1, " ");
    const bool date = predicate.kind == kFact && (key == "from" || key == "until");
    return date ? format_date(number->value) : std::to_string(number->value);
  }
  if (const auto* flag = std::get_if<Flag>(&value)) return translated(flag->value ? "yes" : "no");
  std::string out;
  for (const std::string& name : std::get<Names>(value).values) {
    if (!out.empty()) out += alternative();
    // Values of a declared enum are shown as they were written: an "other" of theirs is no document.
    out += predicate.kind == kFact ? name : translated(name);
  }
  return out;
}

// "vehicles at most 9, with an escort yes"; a plain value of a declared fact is the value alone.
std::string Phrases::fields(const Predicate& predicate, const Table& table) const {
  std::string out;
  for (const auto& [key, value] : table.values) {
    if (!out.empty()) out += ", ";
    if (key != "is") out += translated(key) + " ";
    out += member(predicate, key, value);
  }
  return out;
}

std::string Phrases::bound(const Predicate& predicate) const {
  if (const auto* number = std::get_if<Number>(&predicate.operand)) return std::to_string(number->value);
  const auto* names = std::get_if<Names>(&predicate.operand);
  if (names == nullptr) return {};
  if (names->values.empty()) return word(predicate.kind, kNobody);
  std::string out;
  for (const std::string& name : names->values) {
    if (!out.empty()) out += alternative();
    out += word(predicate.kind, name);
  }
  return out;
}

std::string Phrases::seen(const Predicate& predicate, const Observation& observation) const {
  const auto number = static_cast<int>(observation.number);
  switch (predicate.kind) {
    case kDirection:
      return word(kDirection, name_of(static_cast<Direction>(number)));
    case kTowardSide:
    case kSideOfResidence:
      return std::string(name_of(static_cast<Side>(number)));
    case kSex:
      return word(kSex, name_of(static_cast<Sex>(number)));
    case kMode:
      return translated(name_of(static_cast<Mode>(number)));
    case kFact: {
      const auto& about = std::get<Table>(predicate.operand).about;
      const auto kind = std::ranges::find(procedure_.declared, about, &DeclaredKind::name);
      if (kind->type == DeclaredKind::Type::kBool) return translated(number != 0 ? "yes" : "no");
      if (kind->type == DeclaredKind::Type::kDate) return format_date(observation.number);
      if (kind->type == DeclaredKind::Type::kEnum) return std::string(observation.word);
      break;
    }
    case kDateBetween:
    case kWithinSeason:
    case kWithinHours: {
      const std::int64_t utc_s = observation.number;
      std::string local = format_local_time(utc_s + procedure_.offsets.at(utc_s));
      return local.substr(0, 16).replace(10, 1, " ");
    }
    case kAccompaniedBy: {
      std::string out;
      for (std::size_t i = 0; i < kRelations; ++i) {
        if ((observation.number >> i & 1) == 0) continue;
        out += (out.empty() ? "" : ", ") + word(kAccompaniedBy, name_of(static_cast<Relation>(i)));
      }
      return out.empty() ? word(kAccompaniedBy, kNobody) : out;
    }
    default:
      break;
  }
  return observation.word.empty() ? std::to_string(observation.number)
                                  : word(predicate.kind, observation.word);
}

std::string Phrases::filled(std::string_view pattern, const Predicate& predicate,
                            const Observation* observation) const {
  std::string out(pattern);
  const auto fill = [&out](std::string_view mark, const std::string& value) {
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size()))
      out.replace(at, mark.size(), value);
  };
  fill("{bound}", bound(predicate));
  if (const auto* table = std::get_if<Table>(&predicate.operand)) {
    for (const auto& [key, value] : table->values) fill("{" + key + "}", member(predicate, key, value));
    fill("{fields}", fields(predicate, *table));
    fill("{about}", word(predicate.kind, table->about));
    const auto goods = std::ranges::find(procedure_.goods, table->about, &GoodsKind::name);
    if (goods != procedure_.goods.end()) fill("{unit}", goods->unit);
  }
  if (observation != nullptr) fill("{seen}", seen(predicate, *observation));
  return out;
}

std::string Phrases::condition(const Predicate& predicate) const {
  const Phrase& phrase = phrase_of(language_, predicate.kind);
  return filled(is_flag_false(predicate) ? phrase.opposite : phrase.holds, predicate, nullptr);
}

std::string Phrases::opposite(const Predicate& predicate) const {
  const Phrase& phrase = phrase_of(language_, predicate.kind);
  return filled(is_flag_false(predicate) ? phrase.holds : phrase.opposite, predicate, nullptr);
}

std::string Phrases::observed(const Predicate& predicate, const Observation& observation) const {
  const Phrase& phrase = phrase_of(language_, predicate.kind);
  if (!observation.known) return filled(phrase.unknown, predicate, &observation);
  if (std::holds_alternative<Flag>(predicate.operand))
    return filled(observation.number != 0 ? phrase.holds : phrase.opposite, predicate, &observation);
  if (predicate.kind == kOnList || predicate.kind == kNotOnList) {
    const bool on = observation.number != 0;
    return filled(on == (predicate.kind == kOnList) ? phrase.holds : phrase.opposite, predicate,
                  &observation);
  }
  return filled(phrase.observed, predicate, &observation);
}

std::string Phrases::passes_if(std::string_view conditions) const {
  const std::string_view stop = conditions.ends_with('.') ? "" : ".";  // an abbreviation has its own
  return language_ == Language::kRussian ? fmt::format("Проходит, если {}{}", conditions, stop)
                                         : fmt::format("It passes if {}{}", conditions, stop);
}

std::string_view Phrases::conjunction() const {
  return language_ == Language::kRussian ? " и " : " and ";
}
std::string_view Phrases::alternative() const {
  return language_ == Language::kRussian ? " или " : " or ";
}

std::string Phrases::headline(const Decision& decision) const {
  const bool russian = language_ == Language::kRussian;
  switch (decision.basis) {
    case Basis::kReturn:
      return russian ? "Лицо возвращается туда, откуда вышло: пропустить."
                     : "The person goes back to where they came from: let them pass.";
    case Basis::kNotInForce:
      return russian ? "Сейчас не действует ни одна процедура: не пропускать."
                     : "No procedure is in force now: do not let pass.";
    case Basis::kNotAdmitted:
      if (decision.verdict == Verdict::kRefuse)
        return russian ? "Ни одна статья не разрешает этот переход: не пропускать."
                       : "No article admits this movement: do not let pass.";
      break;
    case Basis::kClauses:
      break;
  }
  switch (decision.verdict) {
    case Verdict::kAllow:
      return russian ? "Пропустить." : "Let pass.";
    case Verdict::kRefer:
      return russian ? "Передать дежурному офицеру." : "Refer to the duty officer.";
    case Verdict::kRefuse:
      return russian ? "Не пропускать." : "Do not let pass.";
  }
  return {};
}

}  // namespace crossline::procedure
