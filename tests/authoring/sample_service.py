"""A service that uses much of the language, whole and without a finding: what the tests of authoring start
from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.authoring.checking import Report, check

TODAY = date(2026, 11, 24)
ID = "kota-contoh/izin-keramaian"

AGENCY = """\
id: kota-contoh
name: Pemerintah Kota Contoh
short_name: Kota Contoh
icon: office
contact:
  title: Pusat layanan kota
  phone: "150000"
  hours: Hari kerja, 08.00–16.00 WIB
"""

AGENCY_EN = """\
name: City of Contoh
short_name: City of Contoh
contact:
  title: City service centre
  hours: Working days, 08:00–16:00 WIB
"""

SERVICE = """\
id: kota-contoh/izin-keramaian
version: 1
title: Izin keramaian
summary: Minta izin untuk acara di jalan atau lapangan. Jawabannya dalam tiga hari kerja.
icon: complaint
life_events: [marriage]
keywords:
  id: [acara, hajatan, pesta]
  en: [event permit, street party]
audience: Warga kota yang mengadakan acara dengan lebih dari lima puluh tamu.
requires: [dukcapil/birth-registration]

outputs:
  - id: permit
    title: Izin keramaian
    document_type: crowd-permit
    detail: Bertanda tangan elektronik.
    claims:
      - id: name
        title: Acara
      - id: day
        title: Hari acara
      - id: helpers
        title: Petugas
      - id: helper_name
        title: Nama
      - id: helper_phone
        title: Telepon

requirements:
  - id: plan
    title: Gambar tempat acara
    detail: Foto gambar tangan sudah cukup.
    field: plan
    when: {field: where, is: street}
  - id: family
    title: Kartu keluarga
    concept: family.card_number

costs:
  - amount: 0
    title: Gratis sampai dua ratus tamu
    legal: perda-3-2024
    dated: 2026-10-05
  - amount: 150000
    title: Lebih dari dua ratus tamu
    legal: perda-3-2024
    dated: 2026-10-05
    when: {field: guests, more_than: 200}

processing_time:
  amount: 3
  unit: working_day
  legal: perda-3-2024
  dated: 2026-10-05

channels:
  - type: app
    title: Lewat Loket
    hours: Kapan saja
  - type: office
    title: Kantor kecamatan
    hours: Hari kerja, 08.00–15.00

contact:
  title: Pusat layanan kota
  phone: "150000"
  email: layanan@kota-contoh.go.id
  hours: Hari kerja, 08.00–16.00 WIB

legal:
  - id: perda-3-2024
    title: Peraturan Daerah 3/2024 tentang ketertiban umum
    url: https://jdih.kota-contoh.go.id/perda-3-2024
    dated: 2026-10-05

permissions:
  - concept: person.phone
    reason: untuk mengabari Anda kalau ada pertanyaan
  - concept: family.card_number
    reason: untuk mengetahui bahwa Anda warga kota

privacy:
  legal_basis: perda-3-2024
  retention: Satu tahun setelah acara selesai.
  shared_with: Dinas perhubungan, kalau jalan ditutup.

form:
  pages:
    - id: event
      step: Acara
      title: Acara apa yang Anda adakan?
      fields:
        - id: name
          type: text
          label: Nama acara
          help: Seperti yang tertulis di undangan.
          min_length: 3
          max_length: 80
          pattern: "[A-Za-z0-9 ]+"
          pattern_message: Gunakan huruf dan angka saja.
        - id: day
          type: date
          label: Tanggal acara
          earliest: {today: {days: 7}}
          latest: {today: {days: 180}}
        - id: guests
          type: integer
          label: Jumlah tamu
          minimum: 50
          maximum: 5000

    - id: place
      step: Tempat
      title: Di mana acaranya?
      help: Tempat menentukan siapa yang perlu kami hubungi.
      fields:
        - id: where
          type: choice
          label: Tempat acara
          options:
            - {value: field, label: Lapangan}
            - {value: street, label: Jalan umum}
            - {value: hall, label: Gedung}
        - id: closed
          type: yes_no
          label: Apakah jalan perlu ditutup?
          when: {field: where, is: street}
        - id: plan
          type: file
          label: Gambar tempat acara
          help: Foto gambar tangan sudah cukup.
          max_count: 2
          when: {field: where, is: street}
        - id: helpers
          type: repeat
          label: Petugas keamanan
          item: Petugas
          minimum: 1
          maximum: 5
          unique: helper_name
          summary: "{helper_name}"
          fields:
            - id: helper_name
              type: text
              label: Nama petugas
              max_length: 60
            - id: helper_phone
              type: phone
              label: Nomor telepon petugas

    - id: crowd
      step: Tempat
      title: Bagaimana tamu yang banyak diatur?
      when: {field: guests, more_than: 200}
      fields:
        - id: crowd_plan
          type: long_text
          label: Rencana Anda
          help: Satu atau dua kalimat sudah cukup.
          min_length: 10
          max_length: 600

    - id: reply
      step: Kabar
      title: Ke nomor mana kami boleh mengabari?
      fields:
        - id: phone
          type: phone
          label: Nomor telepon
          help: Nomor ponsel yang aktif.
          concept: person.phone
          prefill: person.phone
        - id: card
          type: kk
          label: Nomor kartu keluarga
          concept: family.card_number
          prefill: family.card_number
  declaration:
    id: declaration
    label: Pernyataan
    statement: Saya menyatakan isian ini benar.
"""

ENGLISH = """\
title: Event permit
summary: Ask for an event in a street or on a field. You have an answer in three working days.
audience: Citizens of the city who hold an event with more than fifty guests.
outputs:
  permit:
    title: Event permit
    detail: Signed electronically.
    claims:
      name:
        title: Event
      day:
        title: Day of the event
      helpers:
        title: Helpers
      helper_name:
        title: Name
      helper_phone:
        title: Telephone
requirements:
  plan:
    title: Drawing of the place
    detail: A photo of a drawing by hand is enough.
  family:
    title: Family card
costs:
  0:
    title: Free up to two hundred guests
  1:
    title: More than two hundred guests
channels:
  0:
    title: With Loket
    hours: At any time
  1:
    title: District office
    hours: Working days, 08:00–15:00
contact:
  title: City service centre
  hours: Working days, 08:00–16:00 WIB
legal:
  perda-3-2024:
    title: Regional Regulation 3/2024 on public order
permissions:
  person.phone:
    reason: to reach you if there is a question
  family.card_number:
    reason: to know that you live in the city
privacy:
  retention: One year after the event.
  shared_with: The transport office, where a street is closed.
form:
  pages:
    event:
      step: Event
      title: What event do you hold?
      fields:
        name:
          label: Name of the event
          help: As it stands in the invitation.
          pattern_message: Use letters and digits only.
        day:
          label: Day of the event
        guests:
          label: Number of guests
    place:
      step: Place
      title: Where is it?
      help: The place decides whom we ask.
      fields:
        where:
          label: Place of the event
          options:
            field:
              label: Field
            street:
              label: Public street
            hall:
              label: Hall
        closed:
          label: Does the street need to be closed?
        plan:
          label: Drawing of the place
          help: A photo of a drawing by hand is enough.
        helpers:
          label: Security helpers
          item: Helper
          fields:
            helper_name:
              label: Name of the helper
            helper_phone:
              label: Telephone number of the helper
    crowd:
      step: Place
      title: How are so many guests guided?
      fields:
        crowd_plan:
          label: Your plan
          help: One or two sentences are enough.
    reply:
      step: News
      title: Which number may we use?
      fields:
        phone:
          label: Telephone number
          help: A mobile number that works.
        card:
          label: Number of the family card
  declaration:
    label: Declaration
    statement: I declare that these answers are true.
"""

SANDBOX = """\
documents:
  - type: crowd-permit
    vct: https://loket.example/credentials/crowd-permit
    claims:
      name: "{answers.name}"
      day: "{answers.day}"
      helpers: "{answers.helpers}"
      issued_on: "{application.date}"
    valid_until: "{answers.day}"
"""


def write_sample(root: Path) -> Path:
    """The sample in `root`, a folder of agencies; gives the folder of the service."""
    folder = root / ID
    for path, text in {
        root / "kota-contoh" / "agency.yaml": AGENCY,
        root / "kota-contoh" / "translations" / "en.yaml": AGENCY_EN,
        folder / "service.yaml": SERVICE,
        folder / "translations" / "en.yaml": ENGLISH,
        folder / "sandbox.yaml": SANDBOX,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def checked(folder: Path, rules: list[str] | None = None) -> Report:
    """What is found in `folder` today."""
    return check([folder], TODAY, rules)
