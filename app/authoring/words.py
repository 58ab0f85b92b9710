"""Words: what offices and programmers say, what people say instead, and what is never said to a citizen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

LONGEST_SENTENCE = 22
"""Words. Readability guides for public services put the limit between 20 and 25."""

Pattern = re.Pattern[str]


def _words(pairs: Mapping[str, str]) -> tuple[tuple[Pattern, str], ...]:
    return tuple((re.compile(rf"\b(?:{word})\b", re.IGNORECASE), instead) for word, instead in pairs.items())


JARGON: Mapping[str, Sequence[tuple[Pattern, str]]] = {
    "id": _words(
        {
            r"(?:si )?pemohon": "“Anda”",
            r"yang bersangkutan|ybs": "“Anda” or “orang itu”",
            r"apabila|bilamana|manakala": "“kalau”",
            r"dikarenakan|disebabkan oleh karena": "“karena”",
            r"guna": "“untuk”",
            r"agar supaya": "“supaya”",
            r"perihal|mengenai hal": "“tentang”",
            r"(?:me)?lampirkan|dilampirkan|terlampir|melampirkan": "“kirim” or “sertakan”",
            r"sebagaimana (?:di)?maksud\w*|dimaksud|tersebut di atas": "“itu”, or name it again",
            r"sehubungan dengan|berkenaan dengan|berkaitan dengan hal": "“karena” or “tentang”",
            r"dalam rangka": "“untuk”",
            r"wajib melakukan|diwajibkan untuk|berkewajiban": "what to do: “isi”, “kirim”, “bawa”",
            r"dipersyaratkan|persyaratan administrasi": "“yang perlu disiapkan”",
            r"melakukan (?:pengisian|pengunggahan|pengajuan|pendaftaran|pembayaran|verifikasi)": (
                "the verb: “isi”, “kirim”, “daftar”, “bayar”, “periksa”"
            ),
            r"legalisir|dilegalisir|legalisasi": "“salinan yang disahkan”",
            r"domisili|berdomisili": "“tempat tinggal” or “tinggal”",
            r"validasi|divalidasi|verifikasi|diverifikasi": "“periksa” or “diperiksa”",
            r"(?:meng)?input|diinput|(?:meng)?entri": "“isi”",
            r"(?:meng)?upload|di-?upload": "“kirim”",
            r"(?:men)?download|di-?download": "“unduh”",
            r"(?:men)?submit|di-?submit": "“kirim”",
            r"klik": "“pilih” or “tekan”",
            r"login|log in|sign in|logout": "“masuk” or “keluar”",
            r"user|username": "“Anda” or “nama akun”",
            r"error|invalid|tidak valid|valid": "what is wrong, and what to do",
            r"format (?:yang )?sesuai|format tidak sesuai": "an example: “7 Maret 2026”",
            r"softcopy|hardcopy|soft copy|hard copy": "“berkas” or “kertas”",
            r"stakeholder|pemangku kepentingan": "who they are",
            r"implementasi|optimalisasi|mekanisme": "what is done",
            r"nomenklatur|aquo|a quo|cq|c\.q\.": "the plain name",
        }
    ),
    "en": _words(
        {
            r"applicant": "“you”",
            r"herein|hereby|hereinafter|aforementioned|the said": "nothing: leave it out",
            r"prior to": "“before”",
            r"in order to": "“to”",
            r"pursuant to|in accordance with": "“under”",
            r"utili[sz]e|utili[sz]ation": "“use”",
            r"commence": "“begin”",
            r"furnish|submit the requisite": "“send” or “give”",
            r"invalid|error": "what is wrong, and what to do",
            r"click(?: here)?": "“choose” or “press”",
            r"domicile": "“home” or “where you live”",
        }
    ),
}
"""What to write instead of a word, by language."""

BLAME: Mapping[str, Sequence[tuple[Pattern, str]]] = {
    "id": tuple(
        (re.compile(pattern, re.IGNORECASE), instead)
        for pattern, instead in {
            r"\b(?:kesalahan|kelalaian|kealpaan) anda\b": "Say what is missing and how to mend it.",
            r"\banda (?:telah |sudah )?(?:salah|lalai|gagal|lupa|keliru|ceroboh|melanggar)\b": (
                "Say what is missing and how to mend it."
            ),
            r"\banda (?:belum|tidak) (?:mengisi|melengkapi|mengirim|memenuhi|memasukkan|memilih)\b": (
                "Say what to do: “Isi nomornya.”"
            ),
            r"\b(?:isian|data|dokumen|jawaban) anda (?:salah|ditolak|tidak benar)\b": (
                "Say what would be right, with an example."
            ),
            r"\b(?:dilarang|jangan coba-coba|awas)\b": "Say what may be done, and what follows otherwise.",
            r"\bakan dikenakan sanksi\b|\bditindak tegas\b": "Say calmly which law applies, in the "
            r"declaration.",
        }.items()
    ),
    "en": tuple(
        (re.compile(pattern, re.IGNORECASE), instead)
        for pattern, instead in {
            r"\byour (?:mistake|fault|error|negligence)\b": "Say what is missing and how to mend it.",
            r"\byou (?:have )?(?:failed|forgot|forgotten|neglected)\b": "Say what to do.",
            r"\byou (?:did not|have not|didn't|haven't) (?:enter|fill|provide|select|choose)\w*\b": "Say "
            r"what to do.",
        }.items()
    ),
}
"""What puts the blame on the reader, and the way out."""

SPELLING: tuple[tuple[Pattern, str], ...] = tuple(
    (re.compile(rf"\b(?:{wrong})\b"), right)
    for wrong, right in {
        "[Ss]ilahkan": "silakan",
        "[Mm]erubah": "mengubah",
        "[Dd]irubah": "diubah",
        "[Rr]ubah": "ubah",
        "[Nn]omer": "nomor",
        "[Ii]jin": "izin",
        "[Ii]jasah": "ijazah",
        "[Pp]raktek": "praktik",
        "[Aa]potik": "apotek",
        "[Jj]adual": "jadwal",
        "[Ss]istim": "sistem",
        "[Kk]win?tansi": "kuitansi",
        "[Ff]oto [Cc]opy|[Ff]otocopy|[Pp]hoto ?copy|[Ff]oto kopi": "fotokopi",
        "[Mm]aterai": "meterai",
        "[Tt]anda-tangan|[Tt]andatangan": "tanda tangan",
        "[Kk]adaluarsa|[Kk]adaluwarsa": "kedaluwarsa",
        "[Aa]ktifitas": "aktivitas",
        "[Aa]ktip": "aktif",
        "[Rr]esiko": "risiko",
        "[Hh]utang": "utang",
        "[Dd]i karenakan": "karena",
        "[Oo]byek": "objek",
        "[Ss]ubyek": "subjek",
        "[Aa]nalisa": "analisis",
        "[Aa]kte": "akta",
        "anda": "Anda",
    }.items()
)
"""How words are often written, and how the dictionary writes them."""

_SENTENCE = re.compile(r"[^.!?;:\n]+(?:[.!?;:](?=\S)[^.!?;:\n]*)*[.!?;:]*")
_WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a point inside a number or an abbreviation ends none."""
    for match in _SENTENCE.finditer(text):
        if sentence := match[0].strip():
            yield sentence


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)
