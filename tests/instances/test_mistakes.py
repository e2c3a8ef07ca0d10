"""Broken instance files: the message says where, what is wrong and what would be right."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.formats.instances import read_instance

DATA = Path(__file__).parent.parent / "data" / "instances"

BROKEN = {
    "empty": ("a.fjs", "\n\n", "2:1: the file is empty"),
    "header too short": ("a.fjs", "5\n1 1 0 3\n", "1:2: the first line has 1 entries"),
    "header too long": ("a.fjs", "1 1 1.5 7\n1 1 0 3\n", "1:9: the first line has 4 entries"),
    "header not a number": ("a.fjs", "1 1 x\n1 1 0 3\n", "1:5: 'x' is not a number"),
    "no machines": ("a.fjs", "1 0\n1 1 0 3\n", "1:3: the number of machines is 0; at least 1"),
    "too many machines": ("a.fjs", "1 999999999\n1 1 0 3\n", "1:3: 999999999 machines; at most 100000"),
    "jobs missing": ("a.fjs", "3 1\n1 1 0 3\n", "2:8: the file ends after 1 of 3 jobs"),
    "job cut off": ("a.fjs", "1 2\n2 1 0 3\n",
                    "2:8: the line ends where the number of alternatives of operation 1 of job 0"),
    "pair cut off": ("a.fjs", "1 2\n1 2 0 3 1\n", "2:10: the line ends where a duration of operation 0 of job 0"),
    "trailing": ("a.fjs", "1 2\n1 1 0 3  9\n", "2:10: 1 numbers too many after the 1 operations of job 0"),
    "no operations": ("a.fjs", "1 2\n0\n", "2:1: job 0 has no operations; at least 1 operation"),
    "no alternative": ("a.fjs", "1 2\n1 0\n", "2:3: operation 0 of job 0 has no alternative"),
    "negative": ("a.fjs", "1 2\n1 1 0 -3\n", "2:7: -3 is negative"),
    "too large": ("a.fjs", "1 2\n1 1 0 30000000000\n", "2:7: 30000000000 is too large"),
    "decimal": ("a.fjs", "1 2\n1 1 0 3.5\n", "2:7: '3.5' is not a whole number"),
    "word": ("a.fjs", "1 2\n1 1 0 x\n", "2:7: 'x' is not a whole number"),
    "plus": ("a.fjs", "1 2\n1 1 0 +3\n", "2:7: '+3' is not a whole number"),
    "machine out of range from 0": ("a.fjs", "2 2\n1 1 0 3\n2 1 1 4 2 0 3 2 9\n",
                                    "3:15: machine 2, but the file has 2 machines; machines are counted here from 0"),
    "machine out of range from 1": ("a.fjs", "1 2\n1 2 1 3 3 9\n",
                                    "2:9: machine 3, but the file has 2 machines; machines are counted here from 1"),
    "garbage after jobs": ("a.fjs", "2 2\n1 1 0 3\n1 1 1 3\n7 7 7 7\n",
                           "4:8: 4 numbers in the first row after the jobs"),
    "setup rows missing": ("a.fjs", "2 2\n1 1 1 3\n2 1 2 3 1 1 4\n\n0 1\n1 0\n",
                           "6:4: 2 rows of setup times; 2 machines x 2 jobs"),
    "setup number missing": ("a.fjs", "2 1\n1 1 1 3\n1 1 1 3\n\n0 1\n1\n", "6:2: 1 setup times in this row; 2"),
    "too many setup rows": ("a.fjs", "2 1\n1 1 1 3\n1 1 1 3\n\n0 1\n1 0\n5 5\n", "7:1: 3 rows of setup times"),
    "not eligible but listed": ("a.fjs", "1 1\n2 1 1 3 1 1 3\n\n0 1000000\n1 0\n",
                                "4:3: 1000000 says that operation 0 or 1"),
    "job shop pair missing": ("a.txt", "2 2\n0 1 1 2\n0 1 1\n", "3:6: the line ends where a duration of job 1"),
    "job shop pair too many": ("a.txt", "2 2\n0 1 1 2 0\n0 1 1 3\n",
                               "2:9: 1 numbers too many after the 2 pairs of job 0"),
    "job shop rows too many": ("a.txt", "1 2\n0 1 1 2\n0 1 1 3\n", "3:1: the file goes on after 1 jobs"),
    "job shop machine": ("a.txt", "2 2\n0 1 1 2\n0 1 5 3\n", "3:5: machine 5, but the file has 2 machines"),
    "arc out of range": ("a.txt", "2 1 1\n0 2\n1 0 3\n1 0 3\n", "2:3: operation 2, but the file has 2 operations"),
    "arc too long": ("a.txt", "2 2 1\n0 1\n0 1 1\n1 0 3\n1 0 3\n", "3:5: 1 numbers too many after an arc"),
    "cycle": ("a.txt", "3 3 1\n0 1\n1 2\n2 0\n1 0 3\n1 0 3\n1 0 3\n", "the precedences form a cycle"),
    "self": ("a.txt", "2 1 1\n1 1\n1 0 3\n1 0 3\n", "2:1: the precedences form a cycle: 1 -> 1; remove"),
    "dag lines missing": ("a.txt", "2 1 1\n0 1\n1 0 3\n",
                          "3:6: 2 lines after the first; 1 arcs and 2 operations need 3"),
    "dag machine": ("a.txt", "2 1 1\n0 1\n1 0 3\n1 1 3\n", "4:3: machine 1, but the file has 1 machines"),
    "dag alternatives": ("a.txt", "2 1 1\n0 1\n1 0 3\n2 0 3\n", "4:6: the line ends where a machine of operation 1"),
}


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_broken_file(tmp_path: Path, case: str) -> None:
    name, content, message = BROKEN[case]
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        read_instance(str(path))
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    assert caught.value.mistakes[0].instead


def test_all_rows_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.fjs"
    path.write_text("3 1\n1 1 0 x\n1 1 0 3\n1 1 0\n")
    with pytest.raises(InputError) as caught:
        read_instance(str(path))
    assert [mistake.place.rsplit(":", 2)[1:] for mistake in caught.value.mistakes] == [["2", "7"], ["4", "6"]]


@pytest.mark.parametrize(("path", "message"), [
    ("nowhere.fjs", "cannot be read: No such file"),
    (".", "cannot be read: Is a directory"),
    ("x" * 5000, "cannot be read"),
    ("a\0b", "cannot be read"),
    ("nowhere.json#mk01", "cannot be read"),
    ("index.json#mk10", "there is no such instance; did you mean 'mk01'?"),
    ("index.json#zzzzzzzz", "there is no such instance; name one of its keys"),
    ("index.json#one_machine", "the set 'sm_wtsds' is a kind of problem that cannot be read"),
    ("la01.txt#mk01", "is not JSON"),
])
def test_wrong_path(path: str, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", "\\?")):
        read_instance(f"{DATA}/{path}")


def test_not_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.fjs"
    path.write_bytes(b"\x80\x8b\x08\x00\xff")
    with pytest.raises(InputError, match="is not a text file"):
        read_instance(str(path))
    path.write_bytes(b"\x1f\x8b\x08\x00\xff")
    with pytest.raises(InputError, match="is not a whole gzip file"):
        read_instance(str(path))


@pytest.mark.parametrize(("entry", "message"), [
    ("[]", "there is no such instance"),
    ("{}", "has no 'file'"),
    ('{"file": "a.txt", "use_first_jobs": 3}', "use_first_jobs is 3; .*a.txt has 2 jobs"),
    ('{"file": "a.txt", "use_first_jobs": 0}', "use_first_jobs is 0; a number of jobs"),
    ('{"file": "a.txt", "due_dates": [1]}', "1 due_dates; 2, one for each job"),
    ('{"file": "a.txt", "weights": [1, 2]}', "weights without due_dates"),
    ('{"file": "a.txt", "due_dates": [1, -2]}', "due_dates is not a list of whole numbers"),
    ('{"file": "a.txt", "due_dates": [1, true]}', "due_dates is not a list of whole numbers"),
    ('{"file": "b.txt"}', "cannot be read"),
])
def test_wrong_index_entry(tmp_path: Path, entry: str, message: str) -> None:
    (tmp_path / "a.txt").write_text("2 1\n0 3\n0 4\n")
    (tmp_path / "index.json").write_text(f'{{"a": {entry}}}')
    with pytest.raises(InputError, match=message):
        read_instance(f"{tmp_path}/index.json#a")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123 \n.-x", max_size=60), st.sampled_from(["a.fjs", "a.txt"]))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str, name: str) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_text(content)
    mistakes = []
    try:
        assert len(read_instance(str(path)).orders) > 0
    except InputError as error:
        mistakes = error.mistakes
    assert all(mistake.place for mistake in mistakes)
