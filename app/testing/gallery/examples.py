"""A field of each type: as an agency writes it, answered rightly, and answered wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

ID = "answer"
"""The id of the field that an example is about."""


@dataclass(frozen=True, slots=True)
class Step:
    """One act at the field: `where` follows `field.answer` in the identifier."""

    act: Literal["type", "tap", "attach"]
    where: str = ""
    text: str = ""


def types(text: str, where: str = "") -> Step:
    """Type `text`."""
    return Step("type", where, text)


def tap(where: str = "") -> Step:
    """Tap."""
    return Step("tap", where)


def attach(where: str = "") -> Step:
    """Choose a photo."""
    return Step("attach", where)


@dataclass(frozen=True, slots=True)
class Example:
    """`field` without id and type; `steps` answer it and give `value`, shown as `shows`.

    `wrong` steps answer it so that `says` is told (none: it is left empty). `before` are fields above it.
    """

    field: dict[str, Any]
    steps: tuple[Step, ...] = ()
    value: Any = None
    shows: str = ""
    wrong: tuple[Step, ...] = ()
    says: str = "Bagian ini belum diisi."
    before: tuple[dict[str, Any], ...] = ()
    permissions: tuple[str, ...] = ()
    reads_only: bool = False

    @property
    def title(self) -> str:
        """What is read first of the field: its label; of a declaration its statement."""
        declares = set(self.field) == {"label", "statement"} and not self.wrong
        return str(self.field["statement" if declares else "label"])


_SIX = [
    {"value": "sd", "label": "SD atau sederajat"},
    {"value": "smp", "label": "SMP atau sederajat"},
    {"value": "sma", "label": "SMA atau sederajat"},
]
_TRADES = [
    {"value": value, "label": label}
    for value, label in (
        ("farmer", "Petani atau pekebun"),
        ("fisher", "Nelayan"),
        ("worker", "Karyawan swasta"),
        ("civil", "Pegawai negeri sipil"),
        ("teacher", "Guru"),
        ("nurse", "Perawat"),
        ("driver", "Pengemudi"),
        ("trader", "Pedagang"),
        ("tailor", "Penjahit"),
        ("student", "Pelajar atau mahasiswa"),
        ("home", "Mengurus rumah tangga"),
        ("none", "Belum bekerja"),
    )
]


def open_day(today: date) -> date:
    """The first day on which the example of an appointment can be had."""
    day = today + timedelta(days=2)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def examples(today: date) -> dict[str, Example]:
    """By field type; `many` is a choice of so many options that they are searched."""
    return {**_FIXED, "slot": _slot(open_day(today))}


def _slot(day: date) -> Example:
    return Example(
        {
            "label": "Kapan Anda bisa datang?",
            "places": [
                {"value": "bandung", "label": "Kantor Imigrasi Bandung"},
                {"value": "cimahi", "label": "Unit Layanan Cimahi"},
            ],
            "times": ["08:00", "09:30", "13:00"],
            "earliest": {"today": {"days": 2}},
            "latest": {"today": {"days": 30}},
        },
        (tap(".place.bandung"), tap(f".date.{day.isoformat()}"), tap(".time.09:30")),
        {"place": "bandung", "date": day.isoformat(), "time": "09:30"},
        "pukul 09.30, Kantor Imigrasi Bandung",
        (tap(".place.bandung"), tap(f".date.{day.isoformat()}")),
        "Pilih jamnya.",
    )


_FIXED: dict[str, Example] = {
    "text": Example(
        {"label": "Nama usaha", "help": "Seperti di papan nama.", "min_length": 3},
        (types("Warung Melati"),),
        "Warung Melati",
        "Warung Melati",
        (types("Wa"),),
        "Masih terlalu pendek. Tulis paling sedikit 3 huruf.",
    ),
    "long_text": Example(
        {"label": "Apa yang terjadi?", "help": "Satu atau dua kalimat sudah cukup.", "min_length": 10},
        (types("Lampu jalan padam sejak Senin malam."),),
        "Lampu jalan padam sejak Senin malam.",
        "Lampu jalan padam",
    ),
    "integer": Example(
        {"label": "Jumlah anggota rumah tangga", "unit": "orang", "minimum": 1, "maximum": 30},
        (types("4"),),
        4,
        "4",
        (types("40"),),
        "Terlalu besar. Paling banyak 30 orang.",
    ),
    "decimal": Example(
        {"label": "Luas tanah", "unit": "hektare", "minimum": 0, "decimals": 2},
        (types("1,25"),),
        "1.25",
        "1,25",
        (types("banyak"),),
        "Tulis dengan angka saja, misalnya 3,2.",
    ),
    "money": Example(
        {"label": "Penghasilan sebulan", "help": "Rata-rata tiga bulan terakhir.", "maximum": 100_000_000},
        (types("2,5 juta"),),
        2_500_000,
        "Rp2.500.000",
        (types("250.000.000"),),
        "Terlalu besar. Paling banyak Rp100.000.000.",
    ),
    "percentage": Example(
        {"label": "Bagian kepemilikan", "help": "Bagian Anda dari usaha ini."},
        (types("12,5%"),),
        "12.5",
        "12,5%",
        (types("120"),),
        "Terlalu besar. Paling banyak 100 %.",
    ),
    "date": Example(
        {"label": "Tanggal lahir", "latest": {"today": {}}},
        (types("7 Maret 1996"),),
        "1996-03-07",
        "7 Maret 1996",
        (types("31 November 2020"),),
        "November hanya sampai tanggal 30. Periksa harinya.",
    ),
    "date_range": Example(
        {"label": "Masa kerja", "help": "Di pekerjaan terakhir Anda.", "open_end": True},
        (types("1/2/2020", ".start"), types("31/12/2024", ".end")),
        {"start": "2020-02-01", "end": "2024-12-31"},
        "1 Februari 2020 sampai 31 Desember 2024",
        (types("1/2/2020", ".start"), types("1/2/2019", ".end")),
        "Tanggal selesai mendahului tanggal mulai. Periksa keduanya.",
    ),
    "month": Example(
        {"label": "Mulai bekerja", "latest": {"today": {}}},
        (types("3/2019"),),
        "2019-03",
        "Maret 2019",
        (types("13/2019"),),
        "Bulannya tidak ada. Tulis 1 sampai 12, atau namanya.",
    ),
    "time": Example(
        {"label": "Jam kejadian", "help": "Menurut jam setempat."},
        (types("16.05"),),
        "16:05",
        "16.05",
        (types("25.00"),),
        "Jam hanya sampai 23. Periksa jamnya.",
    ),
    "yes_no": Example(
        {"label": "Apakah Anda punya BPJS Kesehatan?"},
        (tap(".yes"),),
        True,
        "Ya",
        says="Pilih salah satu.",
    ),
    "choice": Example(
        {"label": "Pendidikan terakhir", "options": _SIX},
        (tap(".sma"),),
        "sma",
        "SMA atau sederajat",
        says="Pilih salah satu.",
    ),
    "many": Example(
        {"type": "choice", "label": "Pekerjaan", "help": "Pilih yang paling sesuai.", "options": _TRADES},
        (types("peda", ".search"), tap(".trader")),
        "trader",
        "Pedagang",
        says="Pilih salah satu.",
    ),
    "choices": Example(
        {"label": "Yang Anda terima", "options": _SIX, "help": "Boleh lebih dari satu."},
        (tap(".smp"), tap(".sd")),
        ["sd", "smp"],
        "SD atau sederajat, SMP atau sederajat",
        says="Pilih paling sedikit satu.",
    ),
    "nik": Example(
        {"label": "NIK", "help": "16 angka, ada di KTP."},
        (types("3273 0252 0496 9001"),),
        "3273025204969001",
        "•••• •••• •••• 9001",
        (types("32730252049690"),),
        "Masih kurang 2 angka. NIK 16 angka.",
    ),
    "kk": Example(
        {"label": "Nomor kartu keluarga"},
        (types("3273021506219001"),),
        "3273021506219001",
        "•••• •••• •••• 9001",
        (types("327302150621900"),),
        "Masih kurang 1 angka. Nomor kartu keluarga 16 angka.",
    ),
    "nisn": Example(
        {"label": "NISN", "help": "10 angka, ada di rapor."},
        (types("0081234567"),),
        "0081234567",
        "0081234567",
        (types("00812345"),),
        "Masih kurang 2 angka. NISN 10 angka.",
    ),
    "npwp": Example(
        {"label": "NPWP", "help": "15 atau 16 angka."},
        (types("09.254.294.3-407.000"),),
        "092542943407000",
        "•••• •••• •••7 000",
        (types("09.254.294.4-407.000"),),
        "Salah satu dari sembilan angka pertama NPWP keliru. Periksa lagi.",
    ),
    "bpjs": Example(
        {"label": "Nomor BPJS Kesehatan", "help": "13 angka, ada di kartu."},
        (types("0001234567890"),),
        "0001234567890",
        "•••• •••• •789 0",
        (types("00012345678901"),),
        "Kelebihan 1 angka. Nomor BPJS Kesehatan 13 angka.",
    ),
    "plate": Example(
        {"label": "Nomor polisi", "help": "Seperti di pelat kendaraan."},
        (types("d1234abc"),),
        "D 1234 ABC",
        "D 1234 ABC",
        (types("1234"),),
        "Tulis nomor polisi seperti di pelat, misalnya B 1234 XYZ.",
    ),
    "phone": Example(
        {"label": "Nomor telepon"},
        (types("081234567890"),),
        "+6281234567890",
        "0812-3456-7890",
        (types("0812"),),
        "Nomor ini tidak lengkap atau tidak ada. Periksa angkanya.",
    ),
    "email": Example(
        {"label": "Alamat surel"},
        (types("sari@contoh.id"),),
        "sari@contoh.id",
        "sari@contoh.id",
        (types("sari"),),
        "Alamat surel belum lengkap. Contoh: nama@contoh.id",
    ),
    "person": Example(
        {"label": "Siapa yang didaftarkan?"},
        (tap(".0"),),
        {"from": "family"},
        "Budi Contoh",
        says="Pilih orangnya.",
        permissions=("family.members",),
    ),
    "country": Example(
        {"label": "Negara tujuan"},
        (types("saud", ".search"), tap(".SA")),
        "SA",
        "Arab Saudi",
        says="Pilih negaranya.",
    ),
    "region": Example(
        {"label": "Tempat lahir"},
        (
            types("jawa b", ".province.search"),
            tap(".province.32"),
            types("bandung", ".regency.search"),
            tap(".regency.32.73"),
        ),
        {"region_code": "32.73", "province": "Jawa Barat", "regency": "Kota Bandung"},
        "Kota Bandung, Jawa Barat",
        says="Pilih wilayahnya.",
    ),
    "address": Example(
        {"label": "Alamat tempat tinggal", "within": ["32.73"]},
        (
            types("Jl. Melati 12, RT 03/RW 05", ".street"),
            tap(".regency.32.73"),
            types("Coblong", ".district"),
            types("Dago", ".village"),
            types("40135", ".postcode"),
        ),
        {
            "street": "Jl. Melati 12, RT 03/RW 05",
            "region_code": "32.73",
            "province": "Jawa Barat",
            "regency": "Kota Bandung",
            "district": "Coblong",
            "village": "Dago",
            "postcode": "40135",
        },
        "Jl. Melati 12, RT 03/RW 05, Dago, Coblong, Kota Bandung, Jawa Barat 40135",
        (types("Jl. Melati 12", ".street"), tap(".regency.32.73")),
        "Kecamatannya belum diisi.",
    ),
    "location": Example(
        {"label": "Titik kejadian"},
        (types("-6.914744, 107.609810"),),
        {"latitude": -6.914744, "longitude": 107.60981},
        "-6.914744, 107.609810",
        (types("di depan pasar"),),
        "Tulis lintang dan bujurnya seperti di peta, misalnya -6.914744, 107.609810.",
    ),
    "document": Example(
        {"label": "Akta kelahiran", "document_types": ["birth-certificate"], "claims": ["full_name"]},
        (attach(".add"),),
        {"files": [{"name": "foto.jpg"}]},
        "foto.jpg",
        says="Pilih dokumennya, atau tambahkan fotonya.",
    ),
    "file": Example(
        {"label": "Foto atau PDF surat keterangan", "help": "Pastikan tulisannya terbaca.", "max_count": 2},
        (attach(),),
        [{"name": "foto.jpg"}],
        "foto.jpg",
        says="Tambahkan foto atau PDF-nya.",
    ),
    "photo": Example(
        {
            "label": "Pasfoto",
            "shape": "portrait",
            "tips": ["Latar belakang putih.", "Wajah menghadap ke depan."],
        },
        (attach(),),
        [{"name": "foto.jpg"}],
        "foto.jpg",
        says="Fotonya belum ada.",
    ),
    "signature": Example(
        {"label": "Tanda tangan", "statement": "Saya menyetujui isi permohonan ini."},
        (types("Sari Contoh", ".name"), tap(".agreed")),
        {"name": "Sari Contoh", "agreed": True},
        "Sari Contoh",
        (tap(".agreed"),),
        "Tulis nama lengkap Anda sebagai tanda tangan.",
    ),
    "declaration": Example(
        {"label": "Pernyataan", "statement": "Saya menyatakan isian ini benar."},
        (tap(),),
        True,
        "Ya",
        says="Centang pernyataan ini jika Anda setuju.",
    ),
    "payment": Example(
        {
            "label": "Biaya paspor",
            "amount": 350_000,
            "methods": [{"value": "qris"}, {"value": "bank_transfer"}, {"value": "counter"}],
        },
        (tap(".qris"),),
        {"method": "qris", "amount": 350_000},
        "Rp350.000, QRIS",
        says="Pilih cara membayarnya.",
    ),
    "computed": Example(
        {
            "label": "Penghasilan per orang",
            "value": {"quotient": [{"field": "income"}, {"field": "people"}], "decimals": 0},
            "shown_as": "money",
        },
        value=625_000,
        shows="Rp625.000",
        before=(
            {"id": "income", "type": "money", "label": "Penghasilan sekeluarga"},
            {"id": "people", "type": "integer", "label": "Jumlah anggota keluarga", "minimum": 1},
        ),
        reads_only=True,
    ),
    "note": Example(
        {"label": "Tidak apa-apa", "body": "Anda cukup membuat pernyataan. Tidak perlu meterai."},
        reads_only=True,
        shows="Tidak perlu meterai.",
    ),
    "section": Example(
        {"label": "Tentang usaha Anda", "help": "Kami perlu tahu sedikit saja."},
        reads_only=True,
        shows="Tentang usaha Anda",
    ),
    "summary": Example(
        {"label": "Yang sudah Anda isi"},
        reads_only=True,
        shows="Penghasilan sekeluarga",
        before=({"id": "income", "type": "money", "label": "Penghasilan sekeluarga"},),
    ),
    "repeat": Example(
        {
            "label": "Tanggungan",
            "item": "Tanggungan",
            "maximum": 5,
            "summary": "{name}, {age}",
            "fields": [
                {"id": "name", "type": "text", "label": "Nama"},
                {"id": "age", "type": "integer", "label": "Umur", "unit": "tahun"},
            ],
            "minimum": 1,
        },
        (types("Bintang", ".0.name"), types("5", ".0.age")),
        [{"name": "Bintang", "age": 5}],
        "Bintang, 5 tahun",
        says="Tambahkan 1 lagi: Tanggungan.",
    ),
    "grid": Example(
        {
            "label": "Pengeluaran sebulan",
            "rows": [{"id": "food", "label": "Makanan"}, {"id": "rent", "label": "Sewa rumah"}],
            "columns": [{"id": "amount", "type": "money", "label": "Jumlah"}],
        },
        (types("1.500.000", ".food.amount"), types("800 ribu", ".rent.amount")),
        {"food": {"amount": 1_500_000}, "rent": {"amount": 800_000}},
        "Rp1.500.000",
    ),
}
KINDS = (*_FIXED, "slot")
"""The types that there are examples of."""
