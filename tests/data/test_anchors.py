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
        rows[(rows["breakdown_value"] == part) | (rows["stage"] == part)]
        if part
        else rows[rows["breakdown"] == ""]
    )
    assert value in set(rows["value"])
    sources = pd.read_csv(paths.processed() / "sources.csv", keep_default_na=False).set_index(
        "source_id"
    )
    cited = {s for cell in rows["sources"] for s in cell.split()}
    assert page in set(sources.loc[list(cited), "url"]) | set(sources.loc[list(cited), "title"])
