"""The names a template may read: one table for the renderer, the checker and the documentation."""

from collections.abc import Mapping
from types import MappingProxyType

#: Top-level name -> the keys it holds; None where the case decides (its facts) or where the value is plain.
NAMES: Mapping[str, frozenset[str] | None] = MappingProxyType(
    {
        "dossier": frozenset({"numero", "programme", "etat", "etat_id"}),
        "etablissement": frozenset({"nom", "telephone", "adresse", "horaires"}),
        "destinataire": frozenset(
            {"nom", "prenom", "salutation", "role", "langue", "personne", "partenaire"}
        ),
        "faits": None,
        "documents_demandes": None,
        "documents_manquants": None,
        "ordre_du_jour": None,
        "echeance": frozenset(
            {
                "label",
                "due",
                "legal_due",
                "act_by",
                "days_left",
                "working_days_left",
                "basis",
                "printed",
                "k",
                "next_alert",
                "missed",
            }
        ),
        "renouvellements": None,
        "renouvellements_possibles": None,
        "acte": frozenset({"label", "date"}),
        "lien": None,
        "bac_a_sable": None,
        "environnement": None,
    }
)

#: What an object may read: never a name, a word of the file or the documents asked for. A telephone shows it to
#: whoever stands near. The facts are judged by what the workflow declares them to be.
OBJECT_NAMES = frozenset(
    {
        "dossier.numero",
        "etablissement.nom",
        "destinataire.personne",
        "destinataire.langue",
        "echeance",
        *(f"echeance.{key}" for key in NAMES["echeance"] or ()),
        "renouvellements",
        "renouvellements_possibles",
        "acte",
        "acte.date",
        "bac_a_sable",
        "environnement",
    }
)
