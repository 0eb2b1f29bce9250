#include "slip_words.hpp"

#include <algorithm>
#include <array>

namespace crossline::agent {
namespace {

constexpr SlipWords kEnglish{
    .language = "en",
    .name = "English",
    .title = "Record of passage",
    .proves = "This slip proves that you were recorded as",
    .exit = "leaving side {}",
    .entry = "admitted to side {}",
    .a_to_b = "passing from side A to side B",
    .b_to_a = "passing from side B to side A",
    .at = "at the checkpoint {}, post {}",
    .when = "on",
    .reference = "Reference",
    .how =
        "Show it at any post of the line. The post can check it without asking anybody. Your name is not in "
        "the code.",
    .contest =
        "If something here is wrong, or somebody tells you that there is no such record, show this slip to "
        "the supervisor of either side, or to the guarantor, and name the reference."};
constexpr SlipWords kRussian{
    .language = "ru",
    .name = "Русский",
    .title = "Запись о проходе",
    .proves = "Этот талон доказывает, что записано:",
    .exit = "вы вышли со стороны {}",
    .entry = "вы приняты на сторону {}",
    .a_to_b = "вы прошли со стороны A на сторону B",
    .b_to_a = "вы прошли со стороны B на сторону A",
    .at = "пункт {}, пост {}",
    .when = "время",
    .reference = "Номер записи",
    .how =
        "Покажите талон на любом посту линии. Пост может проверить его сам, никого не спрашивая. Вашего "
        "имени в коде нет.",
    .contest =
        "Если здесь ошибка или вам говорят, что такой записи нет, покажите талон ответственному любой из "
        "сторон или гаранту и назовите номер записи."};
constexpr SlipWords kArmenian{
    .language = "hy",
    .name = "Հայերեն",
    .title = "Անցման գրանցում",
    .proves = "Այս կտրոնն ապացուցում է, որ գրանցված է՝",
    .exit = "դուք դուրս եք եկել {} կողմից",
    .entry = "դուք ընդունվել եք {} կողմ",
    .a_to_b = "դուք A կողմից անցել եք B կողմ",
    .b_to_a = "դուք B կողմից անցել եք A կողմ",
    .at = "անցակետ {}, պահակետ {}",
    .when = "ժամանակը՝",
    .reference = "Գրանցման համարը",
    .how =
        "Ցույց տվեք այն գծի ցանկացած պահակետում։ Պահակետը կարող է ստուգել այն՝ առանց որևէ մեկին հարցնելու։ "
        "Ձեր անունը կոդի մեջ չկա։",
    .contest =
        "Եթե այստեղ որևէ բան սխալ է, կամ ձեզ ասում են, որ այդպիսի գրանցում չկա, ցույց տվեք այս կտրոնը "
        "կողմերից որևէ մեկի պատասխանատուին կամ երաշխավորին և նշեք գրանցման համարը։"};
constexpr SlipWords kAzerbaijani{
    .language = "az",
    .name = "Azərbaycanca",
    .title = "Keçid qeydi",
    .proves = "Bu talon sübut edir ki, qeydə alınıb:",
    .exit = "siz {} tərəfini tərk etmisiniz",
    .entry = "siz {} tərəfinə qəbul edilmisiniz",
    .a_to_b = "siz A tərəfindən B tərəfinə keçmisiniz",
    .b_to_a = "siz B tərəfindən A tərəfinə keçmisiniz",
    .at = "buraxılış məntəqəsi {}, post {}",
    .when = "vaxt",
    .reference = "Qeydin nömrəsi",
    .how =
        "Talonu xəttin istənilən postunda göstərin. Post onu heç kimdən soruşmadan yoxlaya bilər. Kodda "
        "adınız yoxdur.",
    .contest =
        "Burada səhv varsa və ya sizə belə bir qeydin olmadığı deyilirsə, bu talonu tərəflərdən birinin "
        "məsul şəxsinə və ya zaminə göstərin və qeydin nömrəsini deyin."};
constexpr SlipWords kFrench{
    .language = "fr",
    .name = "Français",
    .title = "Enregistrement de passage",
    .proves = "Cette fiche prouve qu’il est enregistré que",
    .exit = "vous avez quitté le côté {}",
    .entry = "vous avez été admis du côté {}",
    .a_to_b = "vous êtes passé du côté A au côté B",
    .b_to_a = "vous êtes passé du côté B au côté A",
    .at = "au point de passage {}, poste {}",
    .when = "le",
    .reference = "Référence",
    .how =
        "Montrez-la à n’importe quel poste de la ligne. Le poste peut la vérifier sans interroger personne. "
        "Votre nom n’est pas dans le code.",
    .contest =
        "Si quelque chose ici est inexact, ou si l’on vous dit que cet enregistrement n’existe pas, montrez "
        "cette fiche au responsable de l’un ou l’autre côté, ou au garant, et donnez la référence."};

constexpr std::array kAll{kEnglish, kRussian, kArmenian, kAzerbaijani, kFrench};

}  // namespace

std::span<const SlipWords> all_slip_words() {
  return kAll;
}

const SlipWords& slip_words(std::string_view language) {
  const auto found = std::ranges::find(kAll, language, &SlipWords::language);
  return found == kAll.end() ? kAll.front() : *found;
}

}  // namespace crossline::agent
