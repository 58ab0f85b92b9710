"""Galleries: pictures of the real app in Chromium, as one page that a reviewer opens, filters and mails.

    from app.authoring.gallery.making import make_gallery, take
    from app.authoring.gallery.shots import Act, Shot, looks, shots_of_way

    shots = [
        Shot("Akta kelahiran", "Sebelum mulai", "/service/dukcapil/birth-registration"),
        Shot("Akta kelahiran", "Lanjut tanpa isian", "/service/dukcapil/birth-registration/form",
             acts=(Act("tap", "form.next"),), state="error"),
    ]
    every = looks(sizes=("phone", "desktop"), themes=("light", "dark"), scales=(100, 200))
    make_gallery(services, shots, every, Path("out.html"), "Akta kelahiran")       # or: await take(…)

`services` is a folder of agencies (an agency's own stands beside those of Loket: `beside_lokets`). A *shot*
is a state of a screen, a *look* how it is looked at; each shot is reached once and then looked at in every
look.

A way through a form needs no typing: `shots_of_way` puts its answers on the device as a draft, and takes each
of its pages with them:

    shots = shots_of_way("Bayi lahir di rumah", definition, ["birth", "child", "check"], answers,
                         files=[File("surat.jpg", data)], persona="sari")

`python -m app.authoring.gallery` (`make gallery`) writes the gallery of every field and every service.
"""
