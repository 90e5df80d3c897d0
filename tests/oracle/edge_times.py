"""Dossiers on the edge of indicator 2.1: due dates, ends, requests for papers, time limits, far dates."""

from __future__ import annotations

from tests.oracle.edge import (
    DROPPED,
    HUGE_LIMIT,
    LONG_LIMIT,
    MONDAY,
    SHORT_LIMIT,
    UNKNOWN,
    ZERO_LIMIT,
    due,
    no_due,
)

# Three hours asked and answered on one morning: 08:00 to 11:00.
THREE_HOURS = (("20260303080000", "20260303110000", ""),)

DUE_DATES = [
    due("ended at the due second", "20260310170000", "20260310170000"),
    due("ended a second after", "20260310170000", "20260310170001"),
    due(
        "three hours from closing time: 10:00 next day",
        "20260310170000",
        "20260311100000",
        requests=THREE_HOURS,
    ),
    due("and a second more", "20260310170000", "20260311100001", requests=THREE_HOURS),
    due(
        "three hours from Friday evening: Monday 10:00",
        "20260306170000",
        "20260309100000",
        requests=THREE_HOURS,
    ),
    due("and a second more on Monday", "20260306170000", "20260309100001", requests=THREE_HOURS),
    due("due on Saturday: Monday 10:00", "20260307100000", "20260309100000", requests=THREE_HOURS),
    due("due on Saturday, a second more", "20260307100000", "20260309100001", requests=THREE_HOURS),
    due("due at noon: 16:30", "20260310120000", "20260310163000", requests=THREE_HOURS),
    due("due before the morning: 10:00", "20260310060000", "20260310100001", requests=THREE_HOURS),
    due("moved to exactly 11:30, ended at noon", "20260310083000", "20260310120000", requests=THREE_HOURS),
    due(
        "moved to exactly 17:00, ended in the evening",
        "20260310140000",
        "20260310180000",
        requests=THREE_HOURS,
    ),
    due("across the national day", "20260828170000", "20260903100000", requests=THREE_HOURS),
    due("across the national day, late", "20260828170000", "20260903100001", requests=THREE_HOURS),
    due("to the Saturday that is worked", "20260821170000", "20260822100000", requests=THREE_HOURS),
    due("to the Saturday that is worked, late", "20260821170000", "20260822100001", requests=THREE_HOURS),
    due(
        "asked over lunch: nothing to add",
        "20260310170000",
        "20260310170001",
        requests=(("20260303113000", "20260303133000", ""),),
    ),
    due(
        "asked over the weekend: nothing to add, due on Sunday stays",
        "20260308100000",
        "20260308100001",
        requests=(("20260307080000", "20260308160000", ""),),
    ),
    due(
        "asked over the weekend, ended on Sunday in time",
        "20260308100000",
        "20260308100000",
        requests=(("20260307080000", "20260308160000", ""),),
    ),
    due(
        "one second of waiting",
        "20260310170000",
        "20260311070001",
        requests=(("20260303112959", "20260303133000", ""),),
    ),
    due(
        "one second of waiting, late",
        "20260310170000",
        "20260311070002",
        requests=(("20260303112959", "20260303133000", ""),),
    ),
    due(
        "waited over weekend and nights",
        "20260310170000",
        "20260313104500",
        requests=(("20260304103000", "20260309092500", ""),),
    ),
    due(
        "answered before it was asked",
        "20260310170000",
        "20260310170001",
        requests=(("20260303110000", "20260303080000", ""),),
    ),
    due(
        "answered, but nobody knows when it was asked",
        "20260310170000",
        "20260310170001",
        requests=(("", "20260303110000", ""),),
    ),
    due(
        "new due date later",
        "20260310170000",
        "20260312170000",
        requests=(("20260303080000", "20260305080000", "20260312170000"),),
    ),
    due(
        "new due date, nothing added to it",
        "20260310170000",
        "20260312170001",
        requests=(("20260303080000", "20260305080000", "20260312170000"),),
    ),
    due(
        "new due date earlier",
        "20260312170000",
        "20260310170001",
        requests=(("20260303080000", "20260303090000", "20260310170000"),),
    ),
    due(
        "new due date, request not answered",
        "20260310170000",
        "20260312170000",
        requests=(("20260303080000", "", "20260312170000"),),
    ),
    due(
        "two requests, ended at once",
        "20260310170000",
        "20260303080000",
        requests=(("20260302090000", "20260302091000", ""), ("20260302100000", "20260302101000", "")),
    ),
    due(
        "two requests, the second empty but for its new date",
        "20261110170000",
        requests=(("20260302090000", "20260302091000", ""), ("", "", "20261210170000")),
    ),
]

ENDS = [
    due(
        "end by step 9, the first of two",
        "20260310170000",
        steps=(("20260310165959", "9"), ("20260311080000", "9")),
    ),
    due(
        "end by step 9, a second late",
        "20260310170000",
        steps=(("20260310170001", "9"), ("20260311080000", "10")),
    ),
    due(
        "step 9 after step 10: 9 it is",
        "20260310170000",
        steps=(("20260309080000", "10"), ("20260311080000", "9")),
    ),
    due("step 10 before 8", "20260310170000", steps=(("20260309080000", "8"), ("20260311080000", "10"))),
    due("refused by a step", "20260310170000", steps=(("20260309080000", "3"), ("20260311080000", "7"))),
    due("withdrawn late", "20260310170000", steps=(("20260311080000", "7"),), TrangThaiHoSo="7"),
    due("its own end before the steps", "20260310170000", "20260310080000", steps=(("20260311080000", "9"),)),
    due(
        "its own end late, the step in time",
        "20260310170000",
        "20260311080000",
        steps=(("20260309080000", "9"),),
    ),
    due("end after D, due today", "20260930170000", "20261001080000"),
    due("end after D, due tomorrow", "20261001000000", "20261001080000"),
    due(
        "end after D, though a step says otherwise",
        "20260310170000",
        "20261001080000",
        steps=(("20260309080000", "9"),),
    ),
    due("step 9 after D", "20260310170000", steps=(("20261001080000", "9"),)),
    due("end at the last second of D, due later", "20261005170000", "20260930235959"),
    due("open, due at the end of March", "20260331170000", steps=((MONDAY, "2"),)),
    due("open, due on the first of April", "20260401000000", steps=((MONDAY, "2"),)),
    due("open, moved from March into April", "20260331170000", requests=THREE_HOURS),
    due("received on the last second of the year", "20260110170000", NgayTiepNhan="20251231235959"),
    due("received on the first second of the year", "20260110170000", NgayTiepNhan="20260101000000"),
    due("received on the last second of June", "20260710170000", NgayTiepNhan="20260630235959"),
]

OPEN_REQUESTS = [
    due(
        "open request is the end",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=((MONDAY, "2"), ("20260309080000", "5")),
    ),
    due("open request after the due date", "20260310170000", requests=(("20260311080000", "", ""),)),
    due(
        "only 5 after it",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=(("20260309080100", "5"), ("20260320080000", "5")),
    ),
    due(
        "work went on after it",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=(("20260309080100", "5"), ("20260309080101", "4")),
    ),
    due(
        "a step in the same second",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=(("20260309080000", "4"),),
    ),
    due("ended after it", "20260310170000", "20260310170001", requests=(("20260309080000", "", ""),)),
    due(
        "step 9 before it: that is the end",
        "20260310170000",
        requests=(("20260311080000", "", ""),),
        steps=(("20260309080000", "9"),),
    ),
    due(
        "step 9 before it, late",
        "20260310170000",
        requests=(("20260312080000", "", ""),),
        steps=(("20260311080000", "9"),),
    ),
    due(
        "new due date and never answered",
        "20260301170000",
        requests=(("20260309080000", "", "20260312170000"),),
    ),
    due(
        "new due date and work went on",
        "20260301170000",
        requests=(("20260309080000", "", "20260312170000"),),
        steps=(("20260310080000", "4"),),
    ),
    no_due("open request, no due date, in time", SHORT_LIMIT, requests=(("20260302120000", "", ""),)),
    no_due("open request, no due date, late", SHORT_LIMIT, requests=(("20260302140001", "", ""),)),
]

# From Monday 02/03/2026 08:00, half a day (SHORT_LIMIT) lasts until 14:00, 20 days (LONG_LIMIT) until
# 30/03/2026 08:00.
TIME_LIMITS = [
    no_due("half a day used up", SHORT_LIMIT, "20260302140000"),
    no_due("half a day and a second", SHORT_LIMIT, "20260302140001"),
    no_due("twenty days used up", LONG_LIMIT, "20260330080000"),
    no_due("twenty days and a second", LONG_LIMIT, "20260330080001"),
    no_due("twenty days end at closing time of March", LONG_LIMIT, NgayTiepNhan="20260303170000"),
    no_due(
        "twenty days end a second before closing time of March", LONG_LIMIT, NgayTiepNhan="20260303165959"
    ),
    no_due("twenty days end at the opening of April", LONG_LIMIT, NgayTiepNhan="20260304070000"),
    no_due("twenty days, received on Sunday", LONG_LIMIT, "20260327170000", NgayTiepNhan="20260301100000"),
    no_due(
        "twenty days, received on Sunday, late", LONG_LIMIT, "20260330070001", NgayTiepNhan="20260301100000"
    ),
    no_due(
        "half a day and three hours waited",
        SHORT_LIMIT,
        "20260302170000",
        requests=(("20260302083000", "20260302113000", ""),),
    ),
    no_due(
        "half a day, three hours waited, late",
        SHORT_LIMIT,
        "20260303070001",
        requests=(("20260302083000", "20260302113000", ""),),
    ),
    no_due(
        "no due date but a new one",
        SHORT_LIMIT,
        "20260310170000",
        requests=(("20260303080000", "20260305080000", "20260310170000"),),
    ),
    no_due(
        "no due date but a new one, late",
        LONG_LIMIT,
        "20260310170001",
        requests=(("20260303080000", "20260305080000", "20260310170000"),),
    ),
    no_due("a procedure nobody knows", UNKNOWN, "20260929080000"),
    no_due("a procedure nobody knows, open", UNKNOWN),
    no_due("a procedure the newest list has not", DROPPED),
    no_due("two requests and no limit", UNKNOWN, requests=(("", "", ""), ("", "", ""))),
    no_due("ended before reception", SHORT_LIMIT, "20260227080000"),
    no_due("open in September, exceeded tomorrow", LONG_LIMIT, NgayTiepNhan="20260904070000"),
    no_due("open in September, limit is up at closing time today", LONG_LIMIT, NgayTiepNhan="20260903070000"),
    no_due("open in September, exceeded today", LONG_LIMIT, NgayTiepNhan="20260828165959"),
]

FAR_DATES = [
    due("due in 2030, moved", "20301231170000", "20260310170000", requests=THREE_HOURS),
    due("due in 2030, moved, open", "20301231170000", requests=THREE_HOURS),
    due("due in 2024, moved", "20240105170000", "20260310170000", requests=THREE_HOURS),
    due("due in 2024, moved, ended in 2024", "20240105170000", "20240108093000", requests=THREE_HOURS),
    due("due in 9999", "99991231170000", requests=(("20260303080000", "20260303080000", ""),)),
    due(
        "asked in 2024, answered in 2026: 4000 hours and more",
        "20260310170000",
        "20260909170000",
        requests=(("20241202080000", "20260303080000", ""),),
    ),
    due("answered after D", "20260928170000", "", requests=(("20260928080000", "20261001170000", ""),)),
    due("request after D", "20260928170000", "", requests=(("20261001080000", "", ""),)),
    due(
        "open request, end after D",
        "20260310170000",
        "20261001080000",
        requests=(("20260309080000", "", ""),),
    ),
    due(
        "open request, step 9 after D",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=(("20261001080000", "9"),),
    ),
    due(
        "open request, step 4 after D",
        "20260310170000",
        requests=(("20260309080000", "", ""),),
        steps=(("20261001080000", "4"),),
    ),
    due("received after D", "20261110170000", NgayTiepNhan="20261005080000"),
    no_due("received after D, no due date", SHORT_LIMIT, NgayTiepNhan="20261005080000"),
    no_due("ended in 2030", SHORT_LIMIT, "20300303080000"),
    no_due("limit of 2000 days", HUGE_LIMIT),
    no_due("limit of 0 days", ZERO_LIMIT, "20260302080000"),
    no_due("limit of 0 days, late", ZERO_LIMIT, "20260302080001"),
    no_due("limit of 0 days, received in the evening", ZERO_LIMIT, NgayTiepNhan="20260331180000"),
    no_due("procedure code with its publisher", f"{SHORT_LIMIT}.000.00.00.H01", "20260310170000"),
    no_due(
        "answered after D, no due date", SHORT_LIMIT, requests=(("20260302083000", "20261001113000", ""),)
    ),
]

# What 2.2 counts: whole minutes of the time worked without the time waited, rounded down once.
DURATIONS = [
    no_due("59 seconds", UNKNOWN, "20260302080059"),
    no_due("a minute", UNKNOWN, "20260302080100"),
    no_due("over lunch", UNKNOWN, "20260302133000"),
    no_due("ended before reception, in the same minute", UNKNOWN, "20260302075959"),
    no_due(
        "ten minutes and a half, of which 45 seconds waited",
        UNKNOWN,
        "20260302081030",
        requests=(("20260302080500", "20260302080545", ""),),
    ),
    no_due(
        "two requests, both waited for",
        UNKNOWN,
        "20260303170000",
        requests=(("20260302090000", "20260302091030", ""), ("20260303100000", "20260303101030", "")),
    ),
    no_due(
        "the second request not answered",
        UNKNOWN,
        "20260303170000",
        requests=(("20260302090000", "20260302091000", ""), ("20260303100000", "", "")),
    ),
    no_due(
        "a new due date was set: waited all the same",
        UNKNOWN,
        "20260303170000",
        requests=(("20260302090000", "20260302100000", "20260310170000"),),
    ),
    no_due(
        "waited longer than it took",
        UNKNOWN,
        "20260302090000",
        requests=(("20260302083000", "20260302113000", ""),),
    ),
    no_due(
        "the second request is open, and nothing later",
        UNKNOWN,
        requests=(("20260302090000", "20260302091000", ""), ("20260303100000", "", "")),
        steps=((MONDAY, "2"), ("20260302091000", "4"), ("20260303100000", "5")),
    ),
    no_due(
        "the second request is open, and work went on",
        UNKNOWN,
        requests=(("20260302090000", "20260302091000", ""), ("20260303100000", "", "")),
        steps=((MONDAY, "2"), ("20260303100001", "4")),
    ),
    no_due(
        "two requests are open",
        UNKNOWN,
        requests=(("20260302090000", "", ""), ("20260303100000", "", "")),
        steps=((MONDAY, "2"), ("20260303100100", "5")),
    ),
    no_due(
        "the first request is open, the second answered",
        UNKNOWN,
        requests=(("20260302090000", "", ""), ("20260303100000", "20260304100000", "")),
        steps=((MONDAY, "2"),),
    ),
]
