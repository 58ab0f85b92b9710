"""Words that mean the same, and everyday words for what offices call otherwise."""

from __future__ import annotations

from functools import cache

from app.catalogue.words import words

SAME: tuple[tuple[str, ...], ...] = (
    ("ktp", "ektp", "ktp el", "ktpel", "kartu tanda penduduk", "identity card", "id card"),
    ("kk", "kartu keluarga", "family card"),
    ("kia", "kartu identitas anak", "child identity card", "ktp anak"),
    ("sim", "surat izin mengemudi", "driving licence", "driving license", "driver license"),
    ("stnk", "surat tanda nomor kendaraan"),
    ("bpkb", "buku pemilik kendaraan bermotor"),
    ("skck", "surat keterangan catatan kepolisian", "kelakuan baik", "police certificate"),
    ("npwp", "nomor pokok wajib pajak", "tax number"),
    ("pbb", "pajak bumi dan bangunan"),
    ("bphtb", "bea perolehan hak atas tanah dan bangunan"),
    ("nib", "nomor induk berusaha", "business number"),
    ("imb", "pbg", "persetujuan bangunan gedung", "izin mendirikan bangunan", "building permit"),
    ("akta", "akte"),
    ("bpjs", "jkn", "jaminan kesehatan nasional"),
    ("bpjs ketenagakerjaan", "jamsostek", "bpjs tk"),
    ("jht", "jaminan hari tua"),
    ("jkp", "jaminan kehilangan pekerjaan"),
    ("phk", "pemutusan hubungan kerja", "dipecat"),
    ("pkh", "program keluarga harapan"),
    ("bansos", "bantuan sosial", "social aid"),
    ("kis", "kartu indonesia sehat"),
    ("kip", "kartu indonesia pintar"),
    ("pip", "program indonesia pintar"),
    ("ppdb", "spmb", "penerimaan murid baru", "penerimaan peserta didik baru"),
    ("sktm", "surat keterangan tidak mampu"),
    ("ak1", "ak 1", "kartu kuning", "kartu pencari kerja"),
    ("paspor", "passport"),
    ("kua", "kantor urusan agama"),
    ("dukcapil", "disdukcapil", "dinas kependudukan dan pencatatan sipil", "capil"),
    ("disnaker", "dinas tenaga kerja"),
    ("dinkes", "dinas kesehatan"),
    ("dinsos", "dinas sosial"),
    ("disdik", "dinas pendidikan"),
    ("bpn", "badan pertanahan nasional", "kantor pertanahan"),
    ("shm", "sertifikat hak milik"),
    ("sertifikat", "sertipikat"),
    ("surat tanah", "sertifikat tanah"),
    ("polres", "kepolisian resor", "polisi", "police"),
    ("rsud", "rumah sakit umum daerah"),
    ("tki", "pmi", "pekerja migran", "tenaga kerja indonesia"),
    ("pns", "asn", "pegawai negeri"),
    ("umkm", "usaha mikro kecil menengah", "usaha mikro"),
    ("haki", "kekayaan intelektual"),
    ("kitas", "izin tinggal terbatas"),
    ("pirt", "pangan industri rumah tangga"),
    ("rtlh", "rumah tidak layak huni"),
    ("kir", "uji berkala kendaraan"),
    ("plat", "pelat", "plat nomor", "nopol"),
    ("lansia", "lanjut usia", "elderly"),
    ("disabilitas", "difabel", "penyandang cacat"),
    ("sekolah dasar", "sd"),
    ("sekolah menengah pertama", "smp"),
    ("sekolah menengah atas", "sma"),
    ("faskes", "fasilitas kesehatan"),
    ("blk", "balai latihan kerja"),
    ("loker", "lowongan kerja"),
    ("spt", "surat pemberitahuan tahunan"),
    ("tps", "tempat pemungutan suara"),
    ("wna", "warga negara asing", "orang asing"),
)
"""Each line: names of one thing. Where a text has one of them, it is found by all."""

_EVERYDAY = """
    cek: periksa | periksa: cek | lihat: cek | bayar: tagihan | renewal: renew | registration: register
    5: lima | lima: 5 | 10: sepuluh | ganti: penggantian
    bayi: lahir anak | lahiran: lahir kelahiran | melahirkan: lahir kelahiran | hamil: lahir kesehatan
    motor: kendaraan | mobil: kendaraan | truk: kendaraan kir | mogok: kendaraan | rumah: tanah bangunan
    tanah: sertifikat | kontrakan: pindah domisili | domisili: pindah alamat | nikah: kawin perkawinan
    kawin: nikah perkawinan | menikah: nikah | rabi: nikah | resepsi: keramaian | cerai: perceraian
    pisah: perceraian | duda: perceraian | janda: perceraian | meninggal: kematian wafat | mati: kematian
    wafat: kematian | almarhum: kematian | tahlilan: kematian | kuburan: kematian pemakaman
    warisan: waris | ahli: waris | sakit: berobat kesehatan | dokter: berobat kesehatan | obat: berobat
    opname: rumah sakit | suntik: imunisasi vaksin | vaksin: imunisasi | posyandu: imunisasi
    kuliah: beasiswa pendidikan | kampus: kuliah | sekolah: pendidikan murid | rapor: sekolah
    kerja: pekerja kerja | nganggur: pencari kerja | pengangguran: pencari kerja | resign: jht kerja
    gaji: upah | duit: bantuan uang | uang: bantuan | miskin: tidak mampu bantuan | sembako: bansos
    usaha: berusaha | bisnis: usaha | dagang: usaha | jualan: usaha pangan | warung: usaha mikro
    toko: usaha | kafe: usaha restoran | catering: katering | kos: usaha | pesawat: paspor
    liburan: paspor | umroh: haji umrah paspor | umrah: haji vaksin paspor | visa: paspor tinggal
    polisi: kepolisian polres | maling: kehilangan | kecurian: kehilangan | dompet: kehilangan
    copet: kehilangan | tua: lanjut usia pensiun | kakek: lansia | nenek: lansia | jompo: lansia
    samsat: kendaraan stnk | tilang: denda | parkir: perhubungan | listrik: sambungan | sampah: kebersihan
    banjir: pengaduan | jalan: pengaduan | pungli: pengaduan | protes: pengaduan sanggah
    curhat: pengaduan | komplain: pengaduan | marah: pengaduan | kelamin: biodata
    agama: biodata | typo: perubahan data | pindahan: pindah | ngontrak: pindah | mudik: pindah
    pupuk: petani | sawah: petani | ikan: nelayan perikanan | kebun: petani | house: tanah rumah bangunan
    land: tanah sertifikat | baby: lahir bayi | born: lahir | birth: lahir | wedding: nikah
    married: nikah | death: kematian | died: kematian | car: kendaraan mobil | motorcycle: kendaraan motor
    motorbike: kendaraan motor | vehicle: kendaraan | job: kerja | school: sekolah | doctor: berobat
    sick: berobat | hospital: rumah sakit | money: bantuan | poor: tidak mampu | move: pindah
    moving: pindah | lost: hilang kehilangan | tax: pajak | business: usaha | shop: usaha
    scholarship: beasiswa | travel: paspor | abroad: luar negeri paspor | old: lansia | retired: pensiun
    marriage: nikah kawin
"""


@cache
def everyday() -> dict[str, tuple[str, ...]]:
    """For an everyday word, the words that offices use; weaker than the word itself."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in _EVERYDAY.replace("\n", "|").split("|"):
        word, _, others = entry.partition(":")
        if others:
            found[word.strip()] = tuple(others.split())
    return found


@cache
def same() -> dict[str, tuple[tuple[tuple[str, ...], ...], ...]]:
    """The lines of `SAME`, each name as its words, by the first words of their names."""
    found: dict[str, list[tuple[tuple[str, ...], ...]]] = {}
    for line in SAME:
        names = tuple(tuple(words(name)) for name in line)
        for first in {name[0] for name in names}:
            found.setdefault(first, []).append(names)
    return {first: tuple(lines) for first, lines in found.items()}


def said_otherwise(said: list[str]) -> set[tuple[str, ...]]:
    """`said` with each name in it replaced by the other names of the same thing."""
    found: set[tuple[str, ...]] = set()
    for place, word in enumerate(said):
        for names in same().get(word, ()):
            for name in names:
                if said[place : place + len(name)] == list(name):
                    found.update(
                        (*said[:place], *other, *said[place + len(name) :])
                        for other in names
                        if other != name
                    )
    return found


def other_names(said: list[str]) -> set[str]:
    """The words of all other names of what `said` (the words of a text, in order) names."""
    found: set[str] = set()
    for place, word in enumerate(said):
        for names in same().get(word, ()):
            if any(said[place : place + len(name)] == list(name) for name in names):
                found.update(w for name in names for w in name)
    return found - set(said)
