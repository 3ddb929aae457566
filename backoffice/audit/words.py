"""What the audit log says for each kind of event. No event is written here."""

from __future__ import annotations

from participation.messages import mark as _

KINDS: dict[str, str] = {
    "signed_in": _("Connexion"),
    "sign_in_failed": _("Connexion refusée"),
    "code_failed": _("Code de double vérification refusé"),
    "signed_out": _("Déconnexion"),
    "session_ended": _("Appareil déconnecté"),
    "password_changed": _("Mot de passe changé"),
    "link_made": _("Lien d’accès créé"),
    "link_used": _("Lien d’accès utilisé"),
    "factor_on": _("Double vérification activée"),
    "factor_off": _("Double vérification désactivée"),
    "codes_made": _("Nouveaux codes de secours"),
    "identity_linked": _("Identité reliée au compte"),
    "identity_dropped": _("Identité détachée du compte"),
    "account_made": _("Compte créé"),
    "role_changed": _("Rôle changé"),
    "account_off": _("Compte désactivé"),
    "account_on": _("Compte réactivé"),
    "published_unreviewed": _("Publication sans relecture, par la commande"),
    "exported": _("Export téléchargé"),
    "repaired": _("Réparation demandée"),
    "people_listed": _("Liste de personnes lue"),
    "person_read": _("Fiche d’une personne lue"),
    "person_made": _("Fiche d’une personne créée"),
    "person_changed": _("Fiche d’une personne corrigée"),
    "person_linked": _("Personne liée à une fiche"),
    "person_exported": _("Données d’une personne exportées"),
    "person_kept": _("Durée de conservation prolongée"),
    "person_erased": _("Personne effacée"),
    "label_withdrawn": _("Nom public retiré du site"),
}

DETAILS: dict[str, str] = {
    "role": _("rôle"),
    "before": _("avant"),
    "after": _("après"),
    "service": _("service"),
    "zones": _("quartiers"),
    "purpose": _("motif"),
    "asked": _("paramètres"),
    "count": _("nombre"),
    "people": _("personnes"),
    "record": _("fiche"),
    "type_name": _("liste"),
    "until": _("jusqu’au"),
    "fields": _("champs"),
}
