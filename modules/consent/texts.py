"""The words that a customer agrees to. A version never changes once it was shown; a new wording is a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct


class Purpose(StrEnum):
    """What a photo may be used for; each is ticked on its own."""

    TRY_ON = "try_on"
    SHARE = "share"
    STYLIST_RECORD = "stylist_record"
    MARKETING = "marketing"


CLOCKS: Mapping[Purpose, timedelta] = {
    Purpose.TRY_ON: timedelta(days=30),
    Purpose.SHARE: timedelta(days=90),
    Purpose.STYLIST_RECORD: timedelta(days=365),
    Purpose.MARKETING: timedelta(days=365),
}
"""How long each tick counts; then she is asked again. Pictures have shorter clocks of their own: one that is made on
the last day of `try_on` and kept 30 days is gone before the tick ends that lets it be shared.
"""


class ConsentText(Struct, frozen=True):
    """One version in one language: the introduction, and a sentence for each purpose."""

    version: str
    language: str
    introduction: str
    purposes: dict[Purpose, str]

    @property
    def sha256(self) -> str:
        """Digest of the exact words: of the text's JSON with sorted keys, in hex."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


TEXTS = (
    ConsentText(
        version="2026-11",
        language="en",
        introduction=(
            "Your photo shows you, so you decide what happens with it. We delete it after 24 hours and the pictures"
            " made from it after 30 days. You can take back what you agree to here at any time."
        ),
        purposes={
            Purpose.TRY_ON: "Use my photo to show me how designs look on me.",
            Purpose.SHARE: "Let me share the result by a link that expires.",
            Purpose.STYLIST_RECORD: "Let my stylist keep the result with my appointment.",
            Purpose.MARKETING: "Let the salon show the result in its own channels.",
        },
    ),
    ConsentText(
        version="2026-11",
        language="de",
        introduction=(
            "Dein Foto zeigt dich, also entscheidest du, was damit geschieht. Wir löschen es nach 24 Stunden und die"
            " Bilder daraus nach 30 Tagen. Du kannst deine Zustimmung jederzeit zurücknehmen."
        ),
        purposes={
            Purpose.TRY_ON: "Mein Foto verwenden, um mir Designs an mir zu zeigen.",
            Purpose.SHARE: "Das Ergebnis über einen Link teilen, der abläuft.",
            Purpose.STYLIST_RECORD: "Das Ergebnis bei meinem Termin im Salon aufbewahren.",
            Purpose.MARKETING: "Das Ergebnis auf den Kanälen des Salons zeigen.",
        },
    ),
    ConsentText(
        version="2026-11",
        language="fr",
        introduction=(
            "Votre photo vous montre : c’est donc vous qui décidez de ce qu’il en advient. Nous la supprimons après"
            " 24 heures, et les images qui en sont faites après 30 jours. Vous pouvez retirer votre accord à tout"
            " moment."
        ),
        purposes={
            Purpose.TRY_ON: "Utiliser ma photo pour me montrer les designs sur moi.",
            Purpose.SHARE: "Me laisser partager le résultat par un lien qui expire.",
            Purpose.STYLIST_RECORD: "Conserver le résultat avec mon rendez-vous au salon.",
            Purpose.MARKETING: "Laisser le salon montrer le résultat sur ses propres canaux.",
        },
    ),
    ConsentText(
        version="2026-11",
        language="es",
        introduction=(
            "Tu foto te muestra a ti, así que tú decides qué pasa con ella. La borramos a las 24 horas, y las imágenes"
            " hechas con ella a los 30 días. Puedes retirar tu consentimiento en cualquier momento."
        ),
        purposes={
            Purpose.TRY_ON: "Usar mi foto para mostrarme cómo me quedan los diseños.",
            Purpose.SHARE: "Dejarme compartir el resultado con un enlace que caduca.",
            Purpose.STYLIST_RECORD: "Guardar el resultado con mi cita en el salón.",
            Purpose.MARKETING: "Dejar que el salón muestre el resultado en sus propios canales.",
        },
    ),
)


def find_text(version: str, language: str) -> ConsentText | None:
    """The words of a version in a language."""
    return next((text for text in TEXTS if (text.version, text.language) == (version, language)), None)
