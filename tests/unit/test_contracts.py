"""Source contracts: those of the project load, and what a contract may not say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from orchestration.landing.contracts import Contract, ContractError, load_contract, load_contracts
from tests.unit.helpers import SOURCES, contract, contract_dict, message_contract

CODE = {"name": "paper_code", "wire": "MaGiay", "type": "code"}
OWNER = {"name": "owner_class", "wire": "Chu", "type": "class", "classes": {"nine_digits": r"\d{9}"}}


def written(folder: Path, content: object, name: str = "papers.yml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_every_contract_of_the_project_loads() -> None:
    contracts = load_contracts(SOURCES)
    assert list(contracts) == sorted(path.stem for path in SOURCES.glob("*.yml"))
    assert len(contracts) >= 20
    assert all(c.source == name for name, c in contracts.items())
    # without these there is no scorecard
    needed = {"agencies", "procedures", "one_stop_dossiers", "national_dossiers", "processing_steps"}
    needed |= {"payments", "petitions", "digitized_documents"}
    assert {s for s, c in contracts.items() if c.required} == needed
    full = {s for s, c in contracts.items() if c.delivery == "full"}
    assert full == {"agencies", "procedures", "working_calendar"}


def test_columns_that_name_or_reach_a_person_are_kept_by_no_contract() -> None:
    # what extract_formats says about persons, in whatever spelling a contract may keep a column
    personal = {"ChuHoSo", "SoGiayToChuHoSo", "Email", "SoDienThoai", "DinhDanhCHS", "HoTenNguoiNop"}
    personal |= {"NguoiXuLy", "SoCMNDNguoiNop", "Người gửi", "Số điện thoại", "Địa chỉ", "Chủ sở hữu"}
    for c in load_contracts(SOURCES).values():
        columns = [column for columns in c.tables.values() for column in columns]
        # of a personal column a class or a keyed link may be kept, and nothing else
        kept = {w for column in columns if column.type not in ("class", "link") for w in column.wires}
        assert kept & personal == set()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"key": ["paper_no"]}, "key names no column: paper_no"),
        ({"answers": ["paper_no"]}, "answers names no column: paper_no"),
        ({"columns": [CODE, CODE | {"wire": "MaKhac"}]}, "twice: paper_code"),
        ({"columns": [CODE | {"name": "file_sha"}], "key": ["file_sha"]}, "twice: file_sha"),
        (
            {"columns": [CODE], "personal": [{"wire": "MaGiay", "class": "name"}]},
            "both kept and personal: MaGiay",
        ),
        (
            {
                "columns": [CODE | {"aliases": ["HoTen"]}],
                "personal": [{"wire": "HoTen", "class": "name"}],
            },
            "both kept and personal: HoTen",
        ),
        (
            {
                "columns": [CODE],
                "lists": [{"name": "owners", "wire": "Chu", "columns": []}],
                "personal": [{"wire": "Chu", "class": "identity"}],
            },
            "both kept and personal: Chu",
        ),
        (
            {"columns": [CODE], "lists": [{"name": "fees", "wire": "Phi", "columns": [CODE]}]},
            "twice: paper_code",
        ),
        (
            {
                "columns": [CODE],
                "lists": [
                    {"name": "fees", "wire": "Phi", "columns": []},
                    {"name": "fees", "wire": "PhiKhac", "columns": []},
                ],
            },
            "twice: fees",
        ),
        (
            {"columns": [CODE, {"name": "made", "wire": "Ngay", "type": "timestamp"}]},
            "column made: a timestamp is named …_at",
        ),
        (
            {"columns": [CODE, {"name": "made_at", "wire": "Ngay", "type": "date"}]},
            "column made_at: a date is named …_on",
        ),
        *(
            ({"columns": [CODE | more]}, "column paper_code: '([' is not a regular expression")
            for more in ({"extract": "(["}, {"pattern": "(["})
        ),
        (
            {"columns": [CODE, OWNER | {"classes": {"a": "x", "b": "(["}}]},
            "column owner_class: '([' is not a regular expression",
        ),
        (
            {
                "columns": [
                    CODE,
                    {"name": "owner_link", "wire": "Chu", "type": "link", "placeholders": ["(["]},
                ]
            },
            "column owner_link: '([' is not a regular expression",
        ),
        ({"columns": [CODE, {k: v for k, v in OWNER.items() if k != "classes"}]}, "type class needs classes"),
        ({"columns": [CODE, OWNER | {"classes": {}}]}, "column owner_class: type class needs classes"),
        *(
            ({"columns": [CODE | {"type": kind, setting: content}]}, f"{setting} is not for type {kind}")
            for kind, setting, content in (
                ("text", "codes", {"A": "b"}),
                ("text", "values", ["1"]),
                ("decimal", "pattern", "x"),
                ("code", "scale", 2),
                ("code", "minimum", 0),
                ("text", "maximum", 1),
                ("code", "classes", {"a": "x"}),
                ("text", "placeholders", ["0"]),
            )
        ),
        *(({"columns": [CODE | {"type": "decimal", "scale": n}]}, "scale") for n in (-1, 10)),
        ({"columns": [CODE | {"part": 0}]}, "part"),
        (
            {"date_formats": ["%Y%m%d", "%d.%m.%Y", "excel"]},
            "date_formats: %d.%m.%Y, excel is none of %Y%m%d,",
        ),
        ({"date_formats": ["%m/%d/%Y"]}, "date_formats: %m/%d/%Y is none of"),
        ({"date_formats": None}, "date_formats"),
        ({"number_locale": "de"}, "number_locale"),
        ({"shape": "xlsx"}, "shape"),
        ({"freshness": {"warn_after_days": 5, "fail_after_days": 2}}, "warn_after_days is more than fail_"),
        ({"freshness": {"warn_after_days": 1}}, "fail_after_days"),
        ({"query": {"connection": "DATABASE_URL", "sql": "SELECT 1"}}, "connection"),
        (
            {
                "columns": [CODE | {"name": "zone_unknown_columns"}],
                "key": ["zone_unknown_columns"],
            },
            "twice: zone_unknown_columns",
        ),
        ({"columns": [CODE], "personal": [{"wire": "Chu", "class": "salary"}]}, "class"),
        ({"columns": [CODE | {"name": "Paper Code"}]}, "pattern"),
        ({"columns": [CODE | {"type": "number"}]}, "type"),
        ({"reader": "xlsx"}, "reader"),
        ({"zone": "UTC"}, "zone"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_a_contract_may_not_say(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    path = written(tmp_path, contract_dict() | changes)
    with pytest.raises(ContractError) as raised:
        load_contract(path)
    assert str(raised.value).startswith("papers.yml: ")
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"- a\n- b\n", b"source: [", b"\xff\xfe\x00source"],
    ids=["empty", "a list", "no YAML", "no UTF-8"],
)
def test_a_file_that_is_no_contract_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "papers.yml"
    path.write_bytes(content)
    with pytest.raises(ContractError, match=r"^papers\.yml: "):
        load_contract(path)


def test_the_file_is_named_as_its_source(tmp_path: Path) -> None:
    path = written(tmp_path, contract_dict(), "letters.yml")
    with pytest.raises(ContractError, match=r"letters\.yml: says source 'papers'; name the file papers\.yml"):
        load_contract(path)


def test_a_folder_without_contracts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no source contracts"):
        load_contracts(tmp_path)


def test_schema_of_the_main_table_has_the_envelope_first_and_lineage_last() -> None:
    assert list(message_contract().table_schema("papers").items()) == [
        ("side", "VARCHAR"),
        ("paper_code", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("amount", "DECIMAL(18,2)"),
        ("made_at", "TIMESTAMP"),
        ("valid_on", "DATE"),
        ("is_paid", "BOOLEAN"),
        ("has_file", "BOOLEAN"),
        ("note_text", "VARCHAR"),
        ("file_sha", "VARCHAR"),
        ("row_number", "BIGINT"),
    ]


def test_schema_of_a_list_has_the_key_lineage_and_position_first() -> None:
    two = message_contract(key=["paper_code", "side"])
    assert list(two.tables) == ["papers", "papers__fees"]
    assert list(two.table_schema("papers__fees").items()) == [
        ("side", "VARCHAR"),
        ("paper_code", "VARCHAR"),
        ("file_sha", "VARCHAR"),
        ("row_number", "BIGINT"),
        ("position", "BIGINT"),
        ("fee_code", "VARCHAR"),
        ("price", "DECIMAL(18,2)"),
        ("has_receipt", "BOOLEAN"),
    ]


def test_a_class_and_a_link_of_a_personal_column_may_be_kept() -> None:
    link = {"name": "owner_link", "wire": "Chu", "type": "link", "placeholders": ["0+"]}
    of = contract(columns=[CODE, OWNER, link], personal=[{"wire": "Chu", "class": "identity"}])
    assert of.has_links
    assert not contract(columns=[CODE, OWNER]).has_links
    assert of.table_schema("papers")["owner_link"] == "VARCHAR"


def test_a_source_that_may_say_no_zone_has_a_column_that_names_such_times() -> None:
    times = [CODE, {"name": "made_at", "wire": "Ngay", "type": "timestamp"}]
    days = [CODE, {"name": "made_on", "wire": "Ngay", "type": "date"}]
    nested = [{"name": "steps", "wire": "Buoc", "columns": [{**times[1], "name": "done_at"}]}]
    iso, other = ["%Y%m%d", "iso"], ["%Y%m%d", "iso_zone"]

    def marked(**changes: Any) -> list[str]:
        of = contract(**changes)
        return [t for t in of.tables if "zone_unknown_columns" in of.table_schema(t)]

    assert marked(columns=times, date_formats=iso) == ["papers"]
    assert marked(columns=times, date_formats=other) == []
    assert marked(columns=days, date_formats=iso) == []
    assert marked(columns=days, lists=nested, date_formats=iso) == ["papers__steps"]
    assert list(contract(columns=times, date_formats=iso).table_schema("papers")) == [
        *("paper_code", "made_at", "zone_unknown_columns", "file_sha", "row_number"),
    ]


def test_the_scale_of_a_number_is_that_of_its_column() -> None:
    share = {"name": "share", "wire": "TyLe", "type": "decimal", "scale": 4}
    assert contract(columns=[CODE, share]).table_schema("papers")["share"] == "DECIMAL(18,4)"


@pytest.mark.parametrize("source", ["one_stop_dossiers", "national_dossiers"])
def test_a_link_to_a_file_says_who_can_open_it(source: str) -> None:
    wanted = {
        "https://tep.example/H01.01-260819-0001/1.pdf": "public",
        "HTTP://dichvucong.example/a": "public",
        "https://10.example/1.pdf": "public",
        "https://10.0.12.5/1.pdf": "internal",
        "http://192.168.1.4:8080/tep?id=7": "internal",
        "https://172.16.0.1/1.pdf": "internal",
        "https://172.32.0.1/1.pdf": "public",
        "http://localhost/1.pdf": "internal",
        "http://fileserver/1.pdf": "internal",
        "https://tep.example/1.pdf?t=1695168000": "expiring",
        "https://tep.example/1.pdf?id=7&expires=1695168000": "expiring",
        "https://tep.example/1.pdf?part=1": "public",
        "/kho/2026/1.pdf": "path",
        r"D:\tep\1.pdf": "path",
        "1.pdf": None,
    }
    of = load_contract(SOURCES / f"{source}.yml")
    columns = [c for nested in of.lists for c in nested.columns if c.name == "file_link_class"]
    assert [c.wire for c in columns] == ["DuongDanTaiTepTin", "DuongDanTepTinKetQua"]
    for column in columns:
        for link, name in wanted.items():
            fits = (n for n, expression in column.classes.items() if re.fullmatch(expression, link))
            assert next(fits, None) == name, link


def test_fingerprint_follows_what_the_contract_says() -> None:
    again = Contract.model_validate(contract_dict())
    assert contract().fingerprint == again.fingerprint
    assert contract(date_formats=["%Y%m%d"]).fingerprint != again.fingerprint
    assert contract(columns=[CODE]).fingerprint != again.fingerprint


def test_a_contract_does_not_change() -> None:
    with pytest.raises(ValidationError):
        contract().source = "letters"


def test_the_committed_schema_takes_every_contract_and_refuses_a_broken_one() -> None:
    """The JSON Schema is for editors; it must agree with what landing checks."""
    schema = json.loads((SOURCES / "contract.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for path in sorted(SOURCES.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(content)] == [], path.name
        for broken in (
            {k: v for k, v in content.items() if k != "key"},
            content | {"delivery": "sometimes"},
            content | {"nobody_knows_this": 1},
        ):
            assert list(validator.iter_errors(broken)), path.name
