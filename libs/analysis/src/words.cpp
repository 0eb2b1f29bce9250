#include "words.hpp"

#include "crossline/procedure/describe.hpp"

#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace crossline::analysis {
namespace {

struct Pair {
  std::string_view en;
  std::string_view ru;
};

// By Label; {} is what it is about.
constexpr std::array<Pair, 35> kLabels{{
    {"category", "категория"},
    {"movement", "направление"},
    {"checkpoint", "пункт"},
    {"toward side", "на сторону"},
    {"time here", "местное время"},
    {"lives on side", "проживает на стороне"},
    {"document", "документ"},
    {"issued by", "кем выдан"},
    {"days of validity left", "дней до окончания срока"},
    {"document can be read", "документ можно прочитать"},
    {"age", "возраст"},
    {"sex", "пол"},
    {"accompanied by", "сопровождает"},
    {"companions", "сопровождающих"},
    {"checkpoint closed", "пункт закрыт"},
    {"last movement was the other direction", "последний переход в обратном направлении"},
    {"crosses", "способ перехода"},
    {"carries a weapon", "есть оружие"},
    {"arms handed over", "оружие сдано"},
    {"on the list {}", "в списке «{}»"},
    {"holds permits", "разрешения"},
    {"days on side A in {}", "дней на стороне A за {}"},
    {"days on side B in {}", "дней на стороне B за {}"},
    {"days away from side A", "дней вне стороны A"},
    {"days away from side B", "дней вне стороны B"},
    {"crossings today", "переходов сегодня"},
    {"crossings this week", "переходов за неделю"},
    {"crossings this month", "переходов за месяц"},
    {"left of the quota {}", "осталось в квоте «{}»"},
    {"hours since the notice", "часов после уведомления"},
    {"objection, hours after the notice", "возражение, часов после уведомления"},
    {"ruling", "решение"},
    {"carries {}", "везёт: {}"},
    {"convoy", "колонна"},
    {"{}", "{}"},
}};
constexpr std::array<Pair, 7> kWeekdays{{{"Sunday", "воскресенье"},
                                         {"Monday", "понедельник"},
                                         {"Tuesday", "вторник"},
                                         {"Wednesday", "среда"},
                                         {"Thursday", "четверг"},
                                         {"Friday", "пятница"},
                                         {"Saturday", "суббота"}}};
constexpr std::array<Pair, 3> kVerdicts{{{"let pass", "пропустить"},
                                         {"refer to the duty officer", "передать дежурному офицеру"},
                                         {"do not let pass", "не пропускать"}}};

Words words_of(const Pair& pair) {
  return {std::string(pair.en), std::string(pair.ru)};
}

struct LocalClock {
  std::string date;
  std::string time;
  unsigned weekday = 0;
};
LocalClock local(const procedure::Edition& edition, UtcMillis instant) {
  using namespace std::chrono;
  const std::int64_t utc_s = instant.ms / 1000;
  const sys_seconds shown{seconds{utc_s + edition.procedure().offsets.at(utc_s)}};
  const auto day = floor<days>(shown);
  const hh_mm_ss clock{shown - day};
  LocalClock out{date_of(day.time_since_epoch().count()),
                 fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count()),
                 weekday{day}.c_encoding()};
  if (clock.seconds().count() != 0) out.time += fmt::format(":{:02}", clock.seconds().count());
  return out;
}

}  // namespace

Words told(Label label, const Words& about, const Words& value) {
  const Pair& pattern = kLabels.at(std::to_underlying(label));
  return {fmt::format(fmt::runtime(pattern.en), about.en) + ": " + value.en,
          fmt::format(fmt::runtime(pattern.ru), about.ru) + ": " + value.ru};
}

Words plain(std::string_view same_in_both) {
  return {std::string(same_in_both), std::string(same_in_both)};
}
Words not_known() {
  return {"not known", "не известно"};
}
Words yes_or_no(bool yes) {
  return yes ? Words{"yes", "да"} : Words{"no", "нет"};
}

Words name_in_words(const procedure::Edition& edition, procedure::PredicateKind kind, std::string_view name) {
  return {procedure::in_words(edition, kind, name, "en"), procedure::in_words(edition, kind, name, "ru")};
}

std::string date_of(std::int64_t days_since_1970) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{static_cast<int>(days_since_1970)}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Words time_in_words(const procedure::Edition& edition, UtcMillis from, UtcMillis until) {
  const LocalClock first = local(edition, from);
  const LocalClock last = local(edition, until);
  const std::string end = first.date == last.date ? last.time : fmt::format("{} {}", last.date, last.time);
  const Pair& weekday = kWeekdays.at(first.weekday);
  return {fmt::format("{} {} {} to {}", weekday.en, first.date, first.time, end),
          fmt::format("{} {} с {} до {}", weekday.ru, first.date, first.time, end)};
}

Words in_words(procedure::Verdict verdict) {
  return words_of(kVerdicts.at(std::to_underlying(verdict)));
}

}  // namespace crossline::analysis
