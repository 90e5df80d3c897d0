"""What is asked of agencies, and what they say: targets, reported figures, plan tasks, explanations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from tests import published
from tests.province.agencies import PROVINCE_CODE
from tests.province.goals import Goals
from tests.province.plan import apportion
from tests.province.small import Known, Table, personal, slashed, vietnamese

_TARGETS = (
    ("3.2", "Tỷ lệ dịch vụ công phát sinh hồ sơ trực tuyến", 60, 100),
    ("3.3", "Tỷ lệ hồ sơ tiếp nhận, xử lý trực tuyến", 50, 95),
    ("full_process", "Tỷ lệ hồ sơ trực tuyến toàn trình", 40, 90),
    ("3.6", "Tỷ lệ thanh toán trực tuyến trên Cổng Dịch vụ công quốc gia", 50, 90),
)
_COPIES = ("certified_copies", "Tỷ lệ chứng thực bản sao điện tử từ bản chính", 5, 40)
_TARGET_HEADER = (
    "Mã cơ quan", "Mã chỉ tiêu", "Chỉ tiêu", "Kỳ", "Chiều", "Chỉ tiêu giao", "Đơn vị tính",
    "Số quyết định", "Ngày quyết định",
)  # fmt: skip
_FIGURE_HEADER = (
    "Số báo cáo", "Ngày báo cáo", "Mã cơ quan", "Mã chỉ tiêu", "Chỉ tiêu", "Kỳ báo cáo", "Tính đến ngày",
    "Kết quả", "Đơn vị tính", "Tử số", "Mẫu số", "Chỉ tiêu giao", "Đánh giá", "Người lập biểu",
)  # fmt: skip
_TASK_HEADER = (
    "Số kế hoạch", "Ngày kế hoạch", "STT", "Nhóm nhiệm vụ", "Nhiệm vụ cụ thể", "Mã cơ quan chủ trì",
    "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Sản phẩm/Kết quả dự kiến",
    "Mã chỉ tiêu đo", "Chiều", "Mức cần đạt", "Tình trạng", "Ngày hoàn thành", "Người phụ trách",
)  # fmt: skip
# section, task, due, product, indicator, direction and level; {y} is the year. All made up.
_TASKS = (
    ("Tiếp cận dịch vụ", "Đăng đủ nội dung", "Thường xuyên", "Thủ tục dễ tìm", "1.3", "Tối thiểu", "100"),
    ("Thủ tục hành chính", "Bớt giấy tờ đã có", "Quý II/{y}", "Danh mục", "4.3", "Tối thiểu", "50"),
    ("Thủ tục hành chính", "Soát bước dễ trễ hạn", "30/6/{y}", "Quy trình sửa", "late_share", "Dưới", "1"),
    ("Công chức", "Tập huấn hướng dẫn một lần", "Năm {y}", "Lớp tập huấn", "", "", ""),
    ("Kết quả dịch vụ", "Trả kết quả điện tử", "31/12/{y}", "Tệp kết quả", "4.1", "Tối thiểu", "80"),
    ("Kết quả dịch vụ", "Xin lỗi khi trễ hạn", "Thường xuyên", "Thư", "apology_letters", "Tối thiểu", "100"),
    ("Phản ánh, kiến nghị", "Xử lý đúng hạn", "Thường xuyên", "Trả lời đúng hạn", "5.2", "Tối thiểu", "100"),
    ("Chuyển đổi số", "Mở thanh toán trực tuyến", "15/03/{y}", "Thủ tục đã mở", "3.6", "Tối thiểu", "60,5"),
)  # fmt: skip
_CAUSES = ("Quá hạn thực tế", "Thao tác", "Đồng bộ dữ liệu", "Quy trình nội bộ", "Khác")


def targets(known: Known) -> Table:
    """Yearly targets of every department and commune, and for a few departments the quarter's."""
    rng, year = known.random(5), known.world.arguments.year
    assigned = date(year, 1, 1) + timedelta(days=int(rng.integers(-20, 0)))
    decision = f"{int(rng.integers(100, 200))}/QĐ-UBND"
    lines: list[tuple[date, tuple[str, ...]]] = []
    for place, unit in enumerate(known.world.agencies.units):
        wanted = (*_TARGETS, _COPIES) if unit.level == "3" else _TARGETS
        for code, name, low, high in wanted:
            for period in (str(year), f"{year}-Q3") if place < 2 else (str(year),):
                value = vietnamese(float(rng.integers(2 * low, 2 * high + 1)) / 2, 1)
                given = (decision, slashed(assigned))
                lines.append((assigned, (unit.code, code, name, period, "Tối thiểu", value, "%", *given)))
    return Table(_TARGET_HEADER, lines)


def reported_figures(known: Known) -> Table:
    """A report for each delivery: counts whose parts add up, and rates with or without their counts."""
    rng, arguments = known.random(6), known.world.arguments
    if arguments.goals is not None:
        return _as_published(known, arguments.goals)
    lines: list[tuple[date, tuple[str, ...]]] = []
    for number, day in enumerate(arguments.business_dates, start=1):
        received = max(20, arguments.dossiers * number // arguments.deliveries)
        online, direct, carried = apportion(received, rng.dirichlet((60, 8, 1))).tolist()
        resolved, open_ = apportion(received, rng.dirichlet((90, 6))).tolist()
        early, on_time, overdue = apportion(resolved, rng.dirichlet((80, 10, 2))).tolist()
        counts = {
            "received": ("Hồ sơ tiếp nhận", received),
            "received_online": ("Trong đó: trực tuyến", online),
            "received_direct": ("Trực tiếp, bưu chính", direct),
            "carried_over": ("Từ kỳ trước chuyển sang", carried),
            "resolved": ("Hồ sơ đã giải quyết", resolved),
            "resolved_early": ("Trước hạn", early),
            "resolved_on_time": ("Đúng hạn", on_time),
            "resolved_overdue": ("Quá hạn", overdue),
            "in_progress": ("Hồ sơ đang giải quyết", open_),
        }
        document = f"{200 + 31 * number + int(rng.integers(0, 30))}/BC-UBND"
        head = (document, slashed(day), PROVINCE_CODE)
        period = (str(day.year), slashed(day))
        writer = personal(known.officers, number)[0]
        lines += [
            (day, (*head, code, name, *period, vietnamese(value), "hồ sơ", "", "", "", "", writer))
            for code, (name, value) in counts.items()
        ]
        for code, name, part, goal in (
            ("3.3", "Tỷ lệ hồ sơ trực tuyến", online, 60),
            ("2.1", "Tỷ lệ giải quyết trước hạn, đúng hạn", early + on_time, 99),
        ):
            whole = received if code == "3.3" else resolved
            rate = 100 * part / whole
            met = "ĐẠT" if rate >= goal else "CHƯA ĐẠT"
            shown = (vietnamese(rate, 2), "%", vietnamese(part), vietnamese(whole), f"Tối thiểu {goal}", met)
            lines.append((day, (*head, code, name, *period, *shown, writer)))
    return Table(_FIGURE_HEADER, lines)


def _as_published(known: Known, goals: Goals) -> Table:
    """What the report of the year says, word for word; nobody knows its date, so it tells none."""
    day = known.last_day
    writer = personal(known.officers, 1)[0]

    def line(code: str, name: str, as_of: date, value: Decimal, unit: str, *judged: str) -> tuple[str, ...]:
        shown = f"{value:f}".replace(".", ",")
        head = (goals.document_number, "", PROVINCE_CODE, code, name, str(day.year), slashed(as_of))
        return (*head, shown, unit, "", "", *(judged or ("", "")), writer)

    lines = [
        line(
            figure.code, figure.name, date.fromisoformat(figure.as_of_on), figure.value, figure.unit,
            figure.target, figure.statement,
        )
        for figure in goals.reported
    ]  # fmt: skip
    points = (*goals.score.points, ("score", goals.score.total))
    lines += [line(code, "Điểm Bộ chỉ số 766", day, value, "điểm") for code, value in points]
    return Table(_FIGURE_HEADER, [(day, cells) for cells in lines])


def plan_tasks(known: Known) -> Table:
    """One plan of the province: tasks that are ongoing, due on a date, in a quarter or a year.

    A province that is made to published figures has the published plans instead.
    """
    if known.world.arguments.goals is not None:
        return Table(_TASK_HEADER, [_published_task(task) for task in published.plan_tasks()])
    rng, year = known.random(7), known.world.arguments.year
    issued = date(year - 1, 12, 1) + timedelta(days=int(rng.integers(0, 25)))
    number = f"{int(rng.integers(40, 60))}/KH-UBND"
    units = known.world.agencies.units
    lines: list[tuple[date, tuple[str, ...]]] = []
    for place, (section, task, due, product, indicator, direction, level) in enumerate(_TASKS, start=1):
        lead, other = (units[int(i)] for i in rng.integers(0, len(units), 2))
        done = issued + timedelta(days=int(rng.integers(40, 200)))
        is_done = place % 4 == 0 and done <= known.last_day
        lines.append(
            (
                max(issued, done) if is_done else issued,
                (
                    number, slashed(issued), str(place), section, task, lead.code, lead.name, other.name,
                    due.format(y=year), product, indicator, direction, level,
                    "Hoàn thành" if is_done else "Đang thực hiện", slashed(done) if is_done else "",
                    personal(known.officers, place)[0],
                ),
            )
        )  # fmt: skip
    return Table(_TASK_HEADER, lines)


def _published_task(task: published.PlanTask) -> tuple[date, tuple[str, ...]]:
    issued = date.fromisoformat(task.document_on)
    return issued, (
        task.document_number, slashed(issued), task.task_code, task.section_name, task.task_name, "",
        task.lead_name, task.cooperating_names, task.due_text, task.product_text, task.indicator_code,
        task.direction, task.level, "Đang thực hiện", "", "",
    )  # fmt: skip


def explanations(known: Known) -> Table:
    """Filled-in workbooks about findings: a chosen cause, and words that name a person."""
    rng, first = known.random(8), known.world.arguments.business_dates[0]
    lines: list[tuple[date, tuple[str, ...]]] = []
    for place, (dossier, rule) in enumerate(known.explained):
        agency = dossier.split("-")[0]
        name, phone, _ = personal(known.officers, place)
        received = datetime.strptime(dossier.split("-")[1][-6:], "%y%m%d").date()  # noqa: DTZ007
        told = min(received + timedelta(days=45), first if place == 0 else known.last_day)
        words = f"{name} chậm cập nhật" + (", đã nhắc và cập nhật lại trên hệ thống" if place % 3 else "")
        remedy = "Cập nhật lại trạng thái" if place % 2 else ""
        cause = _CAUSES[int(rng.integers(0, len(_CAUSES)))]
        fixed = slashed(told + timedelta(days=2)) if remedy else ""
        lines.append(
            (told, (dossier, rule, agency, cause, words, remedy, agency, slashed(told), fixed, name, phone))
        )
    header = (
        "Mã hồ sơ", "Mã quy tắc", "Mã cơ quan", "Nguyên nhân", "Giải trình", "Biện pháp khắc phục",
        "Mã cơ quan chịu trách nhiệm", "Ngày giải trình", "Ngày khắc phục", "Người giải trình",
        "Số điện thoại",
    )  # fmt: skip
    return Table(header, lines)
