"""The roots of Indonesian words: `mengurus`, `urusan` and `pengurusan` are all `urus`.

A word is cut down only to a root of the list below, never to what merely remains when affixes are taken off:
a stemmer that guesses makes `nduduk` of `kependudukan`, and finds what nobody meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_LISTED = """
    adopsi adu ajar ajaran akta akte aktif alamat alih amal ambil anak angkat angkut antar antre arsip
    asuh asuransi ayah bangun bantu baru bayar bayi beasiswa bekas belajar beli berkas bersih besar
    betul biaya bina blokir bor buka bukti buku bunga cabut cacat cair cari catat cek cerai cetak cicil
    cipta curi daftar dagang damai darurat data datang denda dengar desa didik disabilitas dokter duka
    eja emisi faskes foto gaji ganti gedung gratis guna gusur habis hak hamil hapus harga hibah hilang
    hitung hotel hukum ibu identitas ijazah impor imunisasi izin jabat jadi jadwal jalan jamin jemput
    jual kapal kartu kawin kayu kecil kelas kelola keluarga keluh kembali kendaraan keracunan kerja
    keterangan kirim klaim konsultasi kontrol kuasa kuliah kunjung kurang kursus labuh lahir lamar
    langgan lansia lapor latih layak lembur lestari libur lindung listrik lomba lulus lunas makam makan
    mati meninggal merek milik minta modal mohon motor muat muda mudi mukim murid musnah mutasi naik
    nama nelayan nganggur nikah nilai nomor obat olah orang padam pajak pakai paket panen panjang pasang
    paspor pecat pelihara penduduk pensiun periksa perkara perkosa pidana pijat pindah pinjam piutang
    plat praktik produksi pulang pungut pupuk pustaka putus rawat rekam reklame rekomendasi resmi
    retribusi riset rumah rusak sah sahkan sakit salah salin sampah sanggah santun sehat sekolah selisih
    sengketa serah sertifikat sewa siar siswa sita sosial subsidi sumbang sunat surat susun syarat tagih
    tahan tambah tambang tanah tandatangan tangkap tani tanya tawar tebang telat teliti tempat tera
    terbit terima tes tilang tinggal titip tolong tuan tugas tukar tunggak tunjang turun uang ubah ujar
    uji ukur ulang umrah undang upah urus usaha usul utang vaksin wafat wakaf waris wisuda yatim
"""
ROOTS = frozenset(_LISTED.split())
"""What the errands of citizens are made of."""

_PARTICLES = ("", "nya", "lah", "kah", "ku", "mu")
_SUFFIXES = ("", "kan", "an", "i")
# Each prefix with what it may have swallowed of the root: `menulis` is men + tulis, `menyewa` meny + sewa.
_PREFIXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("menge", ("",)),
    ("meng", ("", "k")),
    ("meny", ("s",)),
    ("mem", ("", "p")),
    ("men", ("", "t")),
    ("me", ("",)),
    ("peng", ("", "k")),
    ("peny", ("s",)),
    ("pem", ("", "p")),
    ("pen", ("", "t")),
    ("per", ("", "r")),
    ("pel", ("",)),
    ("pe", ("",)),
    ("ber", ("", "r")),
    ("bel", ("",)),
    ("be", ("",)),
    ("ter", ("", "r")),
    ("di", ("",)),
    ("ke", ("",)),
    ("se", ("",)),
    ("ng", ("", "k")),
    ("ny", ("s", "c")),
)
_SHORTEST = 3


@lru_cache(maxsize=8192)
def root(word: str) -> str | None:
    """The root of `word`, or None where it has none of the list (or is one itself)."""
    if word in ROOTS or len(word) <= _SHORTEST:
        return None
    return max((r for r in _cut(word) if r in ROOTS), key=len, default=None)


def _cut(word: str) -> Iterator[str]:
    for particle in _PARTICLES:
        if not word.endswith(particle):
            continue
        bare = word[: len(word) - len(particle)]
        for suffix in _SUFFIXES:
            if not bare.endswith(suffix):
                continue
            stem = bare[: len(bare) - len(suffix)]
            yield stem
            for once in _without_prefix(stem):
                yield once
                yield from _without_prefix(once)


def _without_prefix(stem: str) -> Iterator[str]:
    for prefix, swallowed in _PREFIXES:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _SHORTEST - 1:
            rest = stem[len(prefix) :]
            for letter in swallowed:
                yield letter + rest
