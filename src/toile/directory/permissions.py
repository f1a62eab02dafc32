"""Who may do what in the directory."""

from django.utils.translation import gettext_lazy as _

from toile.kernel.permissions import PUBLIC, SIGNED_IN, Who, permission
from toile.kernel.readers import Role

CORRECT = permission(
    "directory.organisation.correct", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("corriger une fiche")
)
HISTORY = permission(
    "directory.history.read", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("lire l’historique d’une fiche")
)
UNDO = permission("directory.change.undo", Who.SELF, label=_("annuler ce changement"))
PHOTOS = permission(
    "directory.photo.manage", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("tenir les photos d’une fiche")
)
DECIDE = permission(
    "directory.membership.decide", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire si une structure est de l’ESS")
)
JUDGE = permission(
    "directory.judgement.make", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire si deux structures sont la même")
)
ADD = permission(
    "directory.organisation.add", Role.OFFICER, Role.ADMINISTRATOR, label=_("ajouter une structure à l’annuaire")
)
IMPORT = permission(
    "directory.import.run", Role.OFFICER, Role.ADMINISTRATOR, label=_("importer une liste de structures")
)
APPOINT = permission(
    "directory.member.appoint", Role.OFFICER, Role.ADMINISTRATOR, label=_("dire qui représente une structure")
)
PREFER = permission(
    "directory.field.prefer", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("préférer une valeur à une autre")
)
TREAT = permission("directory.report.treat", Role.OFFICER, Role.ADMINISTRATOR, label=_("traiter les erreurs signalées"))
NEWS_WRITE = permission(
    "directory.news.write",
    Who.MEMBER,
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("écrire les actualités d’une structure"),
)
NEWS_ANSWER = permission("directory.news.answer", Who.MEMBER, label=_("répondre pour une structure"), states=["hidden"])
NEWS_MODERATE = permission(
    "directory.news.moderate", Role.OFFICER, Role.ADMINISTRATOR, label=_("modérer les actualités")
)
NEWS_READ = permission("directory.news.read", Who.ANYONE, label=_("lire une actualité"))
COMMENT_WRITE = permission(
    "directory.comment.write", Who.SIGNED_IN, label=_("commenter une actualité"), states=["published"]
)
COMMENT_HIDE = permission(
    "directory.comment.hide", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("masquer un commentaire")
)
CLAIM = permission("directory.page.claim", Who.SIGNED_IN, label=_("demander à représenter une structure"))
CLAIM_WITHDRAW = permission("directory.claim.withdraw", Who.SELF, label=_("retirer cette demande"))
CLAIM_DECIDE = permission(
    "directory.claim.decide", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("répondre à cette demande")
)
CLAIMS_READ = permission(
    "directory.claim.read", Role.OFFICER, Role.ADMINISTRATOR, label=_("voir les demandes de représentation")
)
MEMBERS_READ = permission(
    "directory.member.read", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("voir qui représente une structure")
)
MEMBERS_RUN = permission(
    "directory.member.run", Who.MEMBER, Role.OFFICER, Role.ADMINISTRATOR, label=_("inviter et changer les rôles")
)
MEMBER_LEAVE = permission("directory.member.leave", Who.MEMBER, label=_("quitter cette structure"))
INVITATION_ANSWER = permission("directory.invitation.answer", Who.SIGNED_IN, label=_("répondre à une invitation"))
CAMPAIGN = permission(
    "directory.campaign.run",
    Role.OFFICER,
    Role.ADMINISTRATOR,
    label=_("demander aux structures si leur fiche est juste"),
)
LETTER = permission(
    "directory.letter.send", Role.OFFICER, Role.ADMINISTRATOR, label=_("préparer et envoyer la lettre du mois")
)
READ = permission("directory.organisation.read", Who.ANYONE, label=_("voir une fiche"))

PERMISSIONS = [
    CORRECT,
    HISTORY,
    UNDO,
    PHOTOS,
    DECIDE,
    JUDGE,
    ADD,
    IMPORT,
    APPOINT,
    PREFER,
    TREAT,
    READ,
    CAMPAIGN,
    LETTER,
    NEWS_WRITE,
    NEWS_ANSWER,
    NEWS_MODERATE,
    NEWS_READ,
    COMMENT_WRITE,
    COMMENT_HIDE,
    CLAIM,
    CLAIM_WITHDRAW,
    CLAIM_DECIDE,
    CLAIMS_READ,
    MEMBERS_READ,
    MEMBERS_RUN,
    MEMBER_LEAVE,
    INVITATION_ANSWER,
]
ROUTES = {
    "api:organisations": PUBLIC.code,
    "api:facets": PUBLIC.code,
    "api:suggest": PUBLIC.code,
    "api:organisation": READ.code,
    "api:thread": READ.code,
    "directory:list": PUBLIC.code,
    "letters:archive": PUBLIC.code,
    "letters:letter": PUBLIC.code,
    "letters:subscribe": PUBLIC.code,
    "letters:asked": PUBLIC.code,
    # Whoever holds the link received it: it proves the address, or stops the letter, without an account.
    "letters:confirm": PUBLIC.code,
    "letters:stop": PUBLIC.code,
    "letters:drafts": LETTER.code,
    "letters:edit": LETTER.code,
    "letters:preview": LETTER.code,
    "letters:mail": LETTER.code,
    "letters:try": LETTER.code,
    "letters:send": LETTER.code,
    "letters:remove": LETTER.code,
    "directory:organisation": READ.code,
    "directory:mine": SIGNED_IN.code,
    "directory:represent": CLAIM.code,
    "directory:claim_prove": CLAIM.code,
    "directory:claims": CLAIMS_READ.code,
    "directory:claim": CLAIM_DECIDE.code,
    "directory:claim_withdraw": CLAIM_WITHDRAW.code,
    # Whoever holds the letter reads it, and may say no without an account.
    "directory:invitation": PUBLIC.code,
    "directory:invitation_withdraw": MEMBERS_RUN.code,
    "directory:members": MEMBERS_READ.code,
    "directory:member": MEMBERS_RUN.code,
    "directory:leave": MEMBER_LEAVE.code,
    "directory:correct": CORRECT.code,
    "directory:history": HISTORY.code,
    "directory:undo": UNDO.code,
    "directory:photos": PHOTOS.code,
    "directory:photo": PHOTOS.code,
    "directory:photo_move": PHOTOS.code,
    "directory:photo_remove": PHOTOS.code,
    "directory:decide": DECIDE.code,
    "directory:prefer": PREFER.code,
    "directory:qr": READ.code,
    "directory:contact": READ.code,
    "directory:contact_sent": READ.code,
    "directory:report": READ.code,
    "directory:report_received": READ.code,
    "directory:reports": TREAT.code,
    "directory:report_treat": TREAT.code,
    "directory:add": ADD.code,
    "directory:alike": ADD.code,
    "directory:pairs": JUDGE.code,
    "directory:sure_pairs": JUDGE.code,
    "directory:judgements": JUDGE.code,
    "directory:take_back": JUDGE.code,
    "directory:pair": JUDGE.code,
    "directory:duplicate_of": JUDGE.code,
    "directory:imports": IMPORT.code,
    "directory:import_new": IMPORT.code,
    "directory:import_mapping": IMPORT.code,
    "directory:import_report": IMPORT.code,
    "directory:import_report_json": IMPORT.code,
    "directory:campaigns": CAMPAIGN.code,
    "directory:campaign_new": CAMPAIGN.code,
    "directory:campaign": CAMPAIGN.code,
    "directory:campaign_change": CAMPAIGN.code,
    "directory:campaign_file": CAMPAIGN.code,
    "directory:confirmation_address": CAMPAIGN.code,
    "directory:confirmation_treat": CAMPAIGN.code,
    "directory:vouch": CAMPAIGN.code,
    # The link of a letter is the proof: whoever holds it answers for the structure that was written to.
    "directory:confirm": PUBLIC.code,
    "directory:confirm_correct": PUBLIC.code,
    "directory:import_settle": IMPORT.code,
    "directory:row_settle": IMPORT.code,
    "directory:news_of": NEWS_WRITE.code,
    "directory:news_new": NEWS_WRITE.code,
    "news:list": PUBLIC.code,
    "news:page": NEWS_READ.code,
    "news:change": NEWS_WRITE.code,
    "news:preview": NEWS_WRITE.code,
    "news:withdraw": NEWS_WRITE.code,
    "news:answer": NEWS_ANSWER.code,
    "news:moderate": NEWS_MODERATE.code,
    "news:report": NEWS_READ.code,
    "news:comment": COMMENT_WRITE.code,
    "news:comment_hide": COMMENT_HIDE.code,
}
