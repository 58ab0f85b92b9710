"""The job-seeker card, as the personas meet it."""

from __future__ import annotations

CARD = "kemnaker/job-seeker-card"
PHOTO = {"name": "pasfoto.jpg", "media_type": "image/jpeg", "size": 400_000, "sha256": "e5" * 32}
FIRST_JOB = {
    "level": "senior",
    "graduated": 2026,
    "worked": False,
    "wanted": "Kasir",
    "anywhere": False,
    "needs": False,
    "photo": [PHOTO],
    "may_share": True,
}


def test_a_school_leaver_looks_for_a_first_job_near_home(fill_in):
    filled = fill_in(CARD, "putri", FIRST_JOB)
    assert filled.pages == ["education", "experience", "wish", "contact"]
    assert filled.sent["where"]["regency"] == "Kota Kupang"
    assert filled.issued["job-seeker-card"]["valid_until"] == "2028-11-24"
    assert filled.registered == {"person.education": "senior"}


def test_a_job_that_goes_on_has_no_end(fill_in):
    job = {"job": "Pengemudi", "employer": "Taksi Contoh", "period": {"start": "2024-05-01"}}
    answers = {**FIRST_JOB, "level": "none", "worked": True, "jobs": [job], "anywhere": True}
    filled = fill_in(CARD, "yosef", answers | {"skills": ["driving", "english"]})
    assert filled.sent["jobs"] == [job]
    assert "graduated" not in filled.sent


def test_adjustments_are_told_in_words(fill_in):
    answers = {**FIRST_JOB, "needs": True}
    assert [p.field for p in fill_in(CARD, "rina", answers).held_up] == ["needs_what"]
    assert (
        fill_in(CARD, "rina", answers | {"needs_what": "Pembaca layar"}).sent["needs_what"] == "Pembaca layar"
    )


def test_whoever_is_not_eighteen_is_asked_to_come_back(fill_in):
    filled = fill_in(CARD, "putri", FIRST_JOB, knows={"person.birth_date": "2009-01-01"})
    assert (filled.pages, filled.ends_with) == (["education"], "")
