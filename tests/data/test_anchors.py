"""Headline figures, each with the address of a page that prints it, read back from data/processed."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import paths

# data set, indicator, place, end of the period, part or stage, value, page
ANCHORS = [
    ("appeals", "administrative_lawsuits_filed", "KZ", "2021-12-31", "administrative_courts", 14469, "https://kazpravda.kz/n/grazhdane-i-biznes-segodnya-vyigryvayut-poryadka-60-sudebnyh-protsessov/"),
    ("appeals", "administrative_lawsuits_filed", "KZ", "2022-12-31", "administrative_courts", 28852, "https://kazpravda.kz/n/grazhdane-i-biznes-segodnya-vyigryvayut-poryadka-60-sudebnyh-protsessov/"),
    ("appeals", "administrative_lawsuits_filed", "KZ", "2023-12-31", "administrative_courts", 31186, "https://kazpravda.kz/n/grazhdane-i-biznes-segodnya-vyigryvayut-poryadka-60-sudebnyh-protsessov/"),
    ("appeals", "administrative_lawsuits_filed", "KZ", "2024-12-31", "administrative_courts", 32866, "https://kazpravda.kz/n/grazhdane-i-biznes-segodnya-vyigryvayut-poryadka-60-sudebnyh-protsessov/"),
    ("appeals", "appeals_considered", "KZ", "2020-12-31", "", 1900000, "https://www.zakon.kz/amp/redaktsiia-zakonkz/5055582-tokaev-rasskazal-skolko-obrashcheniy.html"),
    ("appeals", "appeals_registered", "KZ", "2022-12-31", "e_otinish", 1700000, "https://www.inform.kz/en/akims-must-regularly-meet-with-people-pm-smailov_a4029889"),
    ("appeals", "appeals_registered", "KZ", "2024-12-31", "", 4400000, "https://nurtoday.com/en/tehnologii-1/kurs-na-tsifrovizatsiyu-1"),
    ("appeals", "appeals_registered", "KZ", "2024-12-31", "application", 3000000, "https://nurtoday.com/en/tehnologii-1/kurs-na-tsifrovizatsiyu-1"),
    ("appeals", "appeals_registered", "KZ", "2024-12-31", "complaint", 268000, "https://nurtoday.com/en/tehnologii-1/kurs-na-tsifrovizatsiyu-1"),
    ("appeals", "appeals_registered", "KZ", "2024-12-31", "inquiry", 617000, "https://nurtoday.com/en/tehnologii-1/kurs-na-tsifrovizatsiyu-1"),
    ("appeals", "appeals_share", "KZ", "2022-12-31", "local_executive_bodies", 0.82, "https://www.inform.kz/en/akims-must-regularly-meet-with-people-pm-smailov_a4029889"),
    ("appeals", "appeals_registered", "KZ", "2024-12-31", "human_rights_ombudsman", 6748, "https://vestnik19.kz/news/kznews/v-kazahstane-vyroslo-chislo-obrashhenij-k-upolnomochennomu-po-pravam-cheloveka-16067"),
    ("meetings", "meetings_held", "KZ", "2022-12-31", "akims_all_levels", 28300, "https://elordainfo.kz/sayasat/28676-turgyndar-m-selesin-sheshude-shabandyk-tanytatyn-oblystar-ataldy/amp"),
    ("meetings", "meeting_questions_raised", "KZ", "2022-12-31", "akims_all_levels", 63000, "https://elordainfo.kz/sayasat/28676-turgyndar-m-selesin-sheshude-shabandyk-tanytatyn-oblystar-ataldy/amp"),
    ("meetings", "meeting_questions_resolved", "KZ", "2022-12-31", "akims_all_levels", 47600, "https://elordainfo.kz/sayasat/28676-turgyndar-m-selesin-sheshude-shabandyk-tanytatyn-oblystar-ataldy/amp"),
    ("meetings", "meetings_held", "KZ", "2022-12-31", "ministers", 216, "https://primeminister.kz/en/news/more-than-1500-concerns-voiced-by-citizens-during-meetings-with-ministers-and-akims"),
    ("meetings", "meeting_questions_raised", "KZ", "2022-12-31", "ministers", 1679, "https://primeminister.kz/en/news/more-than-1500-concerns-voiced-by-citizens-during-meetings-with-ministers-and-akims"),
    ("meetings", "meeting_questions_resolved", "KZ", "2022-12-31", "ministers", 1241, "https://primeminister.kz/en/news/more-than-1500-concerns-voiced-by-citizens-during-meetings-with-ministers-and-akims"),
    ("meetings", "meeting_questions_resolved_share", "KZ-15", "2022-12-31", "akims_all_levels", 0.947, "https://elordainfo.kz/sayasat/28676-turgyndar-m-selesin-sheshude-shabandyk-tanytatyn-oblystar-ataldy/amp"),
    ("meetings", "public_councils", "KZ", "2025-10-15", "", 263, "https://astanatimes.com/2025/10/civil-forum-spotlights-public-councils-rising-role-in-strengthening-democratic-governance"),
    ("akim_elections", "turnout_share", "KZ", "2021-07-25", "", 0.791, "https://www.wiki3.en-us.nina.az/July_2021_Kazakh_local_elections.html"),
    ("akim_elections", "turnout_share", "KZ-31", "2021-07-25", "", 0.907, "https://astanatv.kz/kz/news/62550/"),
    ("akim_elections", "turnout_share", "KZ-VOS", "2021-07-25", "", 0.909, "https://astanatv.kz/kz/news/62550/"),
    ("akim_elections", "turnout_share", "KZ-ALM", "2021-07-25", "", 0.665, "https://astanatv.kz/kz/news/62550/"),
    ("akim_elections", "seats_contested", "KZ", "2021-07-25", "", 730, "https://www.kt.kz/eng/politics/historical_direct_elections_of_rural_akims_kick_off_1377918965.html"),
    ("akim_elections", "candidates_registered", "KZ", "2021-07-25", "", 2297, "https://www.kt.kz/eng/politics/historical_direct_elections_of_rural_akims_kick_off_1377918965.html"),
    ("akim_elections", "candidates_registered", "KZ", "2021-07-25", "female", 458, "https://www.kt.kz/eng/politics/historical_direct_elections_of_rural_akims_kick_off_1377918965.html"),
    ("akim_elections", "akims_elected", "KZ", "2022-07-29", "", 1093, "https://www.caravan.kz/news/za-god-korpus-selskikh-akimov-v-kazakhstane-obnovilsya-na-556-865433"),
    ("akim_elections", "akims_elected", "KZ", "2022-07-29", "female", 116, "https://www.caravan.kz/news/za-god-korpus-selskikh-akimov-v-kazakhstane-obnovilsya-na-556-865433"),
    ("akim_elections", "akims_elected", "KZ", "2023-08-14", "", 1668, "https://informburodata.com/novosti/kak-v-kazaxstane-proxodyat-vybory-selskix-akimov-rasskazal-erlan-karin"),
    ("akim_elections", "akims_elected", "KZ", "2025-11-28", "", 2334, "https://aqmolanews.kz/kk/2025/11/28/prezident-elimiz-bojynsha-2334-ayyl-akimi-sajlandy/"),
    ("akim_elections", "turnout_share", "KZ", "2023-11-05", "", 0.6279, "https://el.kz/en/amp/elections-of-akims-started-in-kazakhstan_95865"),
    ("akim_elections", "seats_contested", "KZ", "2023-11-05", "", 45, "http://vesti-kazakhstan.net/ekonomika/item/16288-vybory-akimov-rayonov-i-gorodov-oblastnogo-znacheniya-proydut-5-noyabrya"),
    ("akim_elections", "candidates_registered", "KZ", "2023-11-05", "", 125, "https://aqshamnews.kz/latyn/article/onirdegi-saiasi-jangyrtu-isinin-jana-bagdary.html"),
    ("akim_elections", "voters_listed", "KZ-19/talgar-city", "2024-12-15", "", 42774, "https://oqu.news/izbran-novyj-akim-talgara"),
    ("akim_elections", "voters_voted", "KZ-19/talgar-city", "2024-12-15", "", 12875, "https://oqu.news/izbran-novyj-akim-talgara"),
    ("akim_elections", "akims_elected", "333400000", "2024-12-31", "", 16, "Мемлекеттік басқару ісінің тиімділігін барынша арттыру керек"),
    ("national_votes", "turnout_share", "KZ", "2019-06-09", "preliminary", 0.774, "https://en.inform.kz/amp/voters-turnout-in-kazakhstan-presidential-election-reaches-77-4-cec_a3536175/"),
    ("national_votes", "turnout_share", "KZ", "2021-01-10", "preliminary", 0.633, "https://mediaworld.kz/itogi-yavki-izbiratelej-skolko-progolosovalo-v-kazahstane-na-vyborah"),
    ("national_votes", "turnout_share", "KZ", "2022-11-20", "final", 0.6944, "https://kazakbol.com/czik-za-tokaeva-progolosovali-813-proczenta-izbiratelej-predvaritelnye-dannye"),
    ("national_votes", "turnout_share", "KZ", "2023-03-19", "preliminary", 0.5419, "https://en.inform.kz/news/2023-parliamentary-elections-in-kazakhstan-voter-turnout-at-54-19_a4047921/"),
    ("national_votes", "turnout_share", "KZ", "2024-10-06", "final", 0.6366, "https://astanatimes.com/2024/10/nuclear-power-plant-gets-green-light-in-kazakhstan/"),
    ("national_votes", "turnout_share", "KZ", "2026-03-15", "final", 0.7312, "https://exclusive.kz/rezultaty-referenduma-ozvuchili-v-kazahstane"),
    ("national_votes", "turnout_share", "KZ-75", "2023-03-19", "preliminary", 0.2582, "https://en.inform.kz/news/2023-parliamentary-elections-in-kazakhstan-voter-turnout-at-54-19_a4047921/"),
    ("national_votes", "voters_listed", "KZ", "2026-03-15", "final", 12482613, "https://exclusive.kz/rezultaty-referenduma-ozvuchili-v-kazahstane"),
    ("national_votes", "turnout_share", "KZ", "2019-06-09", "final", 0.775, "https://www.rbc.ru/rbcfreenews/5cff3bdf9a7947be3ae048f9"),
    ("national_votes", "turnout_share", "KZ", "2021-01-10", "final", 0.6325, "https://www.caravan.kz/news/obyavleny-okonchatelnye-itogi-parlamentskikh-vyborov-v-kazakhstane-706317"),
    ("national_votes", "turnout_share", "KZ", "2022-06-05", "final", 0.6805, "https://eymaps.com/en/2022_Kazakh_constitutional_referendum"),
    ("national_votes", "turnout_share", "KZ-43", "2024-10-06", "final", 0.8223, "https://azattyq.org/amp/33148869.html"),
    ("national_votes", "turnout_share", "KZ-75", "2024-10-06", "final", 0.2521, "https://azattyq.org/amp/33148869.html"),
    ("national_votes", "turnout_share", "KZ-47", "2026-03-15", "preliminary", 0.7789, "https://astanalife.kz/?p=79744"),
    ("national_votes", "turnout_share", "KZ-55", "2026-03-15", "preliminary", 0.7551, "https://astanalife.kz/?p=79744"),
    ("national_votes", "turnout_share", "KZ-39", "2019-06-09", "18:00", 0.811, "https://ru.sputniknews.kz/society/20190609/10460107/yavka-izbirateli-kazakhstane-20-chasovsostavila-vybory-kazakhstan.html"),
    ("national_votes", "turnout_share", "KZ-39", "2021-01-10", "12:00", 0.301, "https://total.kz/ru/amp-news/vnutrennyaya_politika/ob_aktivnosti_izbiratelei_na_polden_v_den_viborov_proinformirovali_v_tsentrizbirkome_date_2021_01_10_12_42_33"),
    ("national_votes", "turnout_share", "KZ-39", "2022-06-05", "12:00", 0.4996, "https://en.inform.kz/news/over-5mln-kazakhstanis-voted-in-referendum-so-far_a3940868/"),
    ("national_votes", "turnout_share", "KZ-39", "2022-11-20", "12:00", 0.4287, "https://www.inform.kz/en/some-40-of-kazakhstanis-voted-in-presidential-elections_a4003757"),
    ("national_votes", "turnout_share", "KZ-39", "2023-03-19", "12:00", 0.3739, "https://time.kz/news/politics/2023/03/19/pochti-tret-izbiratelej-uzhe-progolosovali"),
    ("national_votes", "turnout_share", "KZ-39", "2024-10-06", "14:00", 0.6154, "https://inkaraganda.kz/novosti/obshhestvo/v-turkestanskoj-oblasti-samye-aktivnye-zhiteli/?cat=34"),
    ("national_votes", "turnout_share", "KZ-39", "2026-03-15", "18:00", 0.8011, "https://informburo.kz/novosti/88-mln-kazaxstancev-progolosovali-na-referendume-k-1800"),
    ("population", "population", "KZ", "2022-01-01", "", 19503159, "https://github.com/open-data-kazakhstan/population-projections-by-regions/blob/2568e4140d8527c5e501619440ae4eb2e769275a/archive/source.xlsx"),
    ("population", "population", "KZ-33", "2022-01-01", "", 698757, "https://github.com/open-data-kazakhstan/population-projections-by-regions/blob/2568e4140d8527c5e501619440ae4eb2e769275a/archive/source.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "indicator", "place", "end", "part", "value", "page"), ANCHORS)
def test_a_headline_figure(dataset, indicator, place, end, part, value, page):
    frame = pd.read_csv(paths.processed() / f"{dataset}.csv", keep_default_na=False)
    rows = frame[
        (frame["indicator"] == indicator)
        & (frame["place_id"] == place)
        & (frame["period_end"] == end)
    ]
    rows = (
        rows[(rows[["breakdown_value", "stage", "as_of"]] == part).any(axis=1)]
        if part
        else rows[rows["breakdown"] == ""]
    )
    assert value in set(rows["value"])
    sources = pd.read_csv(paths.processed() / "sources.csv", keep_default_na=False).set_index(
        "source_id"
    )
    cited = {s for cell in rows["sources"] for s in cell.split()}
    assert page in set(sources.loc[list(cited), "url"]) | set(sources.loc[list(cited), "title"])


LAW = "https://github.com/quyse/kz-laws/blob/0e000e51ed89f1f6cf96a6a2e588d9b064fcb9ef/rus/95458.md"
APPC = (
    "https://github.com/quyse/kz-laws/blob/09312a5750c3729be856f22340ce2c0f252b9129/rus/144260.md"
)
DECREE = (
    "https://yka.kz/news/akimam_razreshili_rezhe_vstrechatsja_s_kazakhstancami/2024-03-13-10405"
)
# code, article, number and unit of the term, page
DUTIES = [
    ("request_answer", "Law 401-V art. 11 p. 10", 15, "calendar_days", LAW),
    ("request_extend", "Law 401-V art. 11 p. 10", 15, "calendar_days", LAW),
    ("request_refuse", "Law 401-V art. 11 p. 17", 5, "working_days", LAW),
    ("request_forward", "Law 401-V art. 11 p. 11", 3, "working_days", LAW),
    ("report_yearly", "Law 401-V art. 14 and art. 9 p. 3", 1, "times_a_year", LAW),
    ("request_complaint", "Law 401-V art. 18", 3, "months", LAW),
    ("appeal_consider", "APPC art. 76 p. 1", 15, "working_days", APPC),
    ("complaint_consider", "APPC art. 99", 20, "working_days", APPC),
    ("reception_monthly", "APPC art. 90 p. 1", 12, "times_a_year", APPC),
    ("meetings_region", "Decree No 826 p. 2 (1), as amended 20.11.2023", 1, "times_a_year", DECREE),
    (
        "meetings_district",
        "Decree No 826 p. 2 (1), as amended 20.11.2023",
        2,
        "times_a_year",
        DECREE,
    ),
    ("meetings_rural", "Decree No 826 p. 2 (1), as amended 20.11.2023", 2, "times_a_year", DECREE),
]


@pytest.mark.parametrize(("code", "article", "number", "unit", "page"), DUTIES)
def test_a_duty(code, article, number, unit, page):
    duties = pd.read_csv(paths.processed() / "duties.csv", keep_default_na=False)
    sources = pd.read_csv(paths.processed() / "sources.csv", keep_default_na=False)
    (row,) = duties[duties["code"] == code].to_dict("records")
    assert (row["article"], int(row["term_number"]), row["term_unit"]) == (article, number, unit)
    assert sources.set_index("source_id").loc[row["source_id"], "url"] == page


def test_there_are_at_least_sixty_anchors():
    assert len(ANCHORS) + len(DUTIES) >= 60
    assert len(set(ANCHORS)) == len(ANCHORS)
    finals = [
        row for row in ANCHORS if row[4] == "final" and row[1] == "turnout_share" and row[2] == "KZ"
    ]
    assert len(finals) == 6
