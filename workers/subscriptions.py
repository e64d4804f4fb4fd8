"""Which commands follow from which events, and which command speaks for a job that killed its workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.outbox import Command
from modules.analysis.jobs import AnalysePhoto, ForgetAnalysisOfPhoto, GiveUpAnalysis
from modules.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AppointmentNoShow,
    WaitlistOffered,
)
from modules.consent.events import ConsentGiven, ConsentWithdrawn
from modules.customers.events import GuestCame
from modules.exchange.jobs import GiveUpImport, RunImport
from modules.messaging.jobs import CountLostMessage, SendMessage, WriteInvitation, WritePasswordReset
from modules.outcomes.events import OutcomeEnded
from modules.outcomes.jobs import (
    CompareOutcome,
    EraseOutcomesOfConsent,
    EraseOutcomesOfPhoto,
    GiveUpOutcome,
)
from modules.photos.events import PhotoErased, PhotoExpired
from modules.photos.jobs import ErasePhotosOfConsent
from modules.privacy.events import PersonErased
from modules.privacy.jobs import ErasePerson, GiveUpExport, MakeExport, ResumeErasure, SeeGuestOff
from modules.share.events import ShareBooked, ShareCreated, ShareEnded, ShareOpened, ShareTried
from modules.share.jobs import (
    CountBooking,
    EndSharesOfConsent,
    EndSharesOfPhoto,
    EndSharesOfTryOn,
    GiveUpClip,
    MakeClip,
)
from modules.staff.events import PasswordResetAsked, StaffInvited
from modules.tryon.events import TryOnEnded, TryOnErased
from modules.tryon.jobs import (
    EraseTryOnsOfPhoto,
    FollowWithdrawal,
    GiveUpTryOn,
    RememberTriedDesigns,
    RenderTryOn,
)
from modules.webhooks.events import WebhookDisabled
from modules.webhooks.jobs import AnnounceEvent, CountLostAttempt, DeliverWebhook

SUBSCRIBERS: Mapping[str, Sequence[type[Command]]] = {
    ConsentGiven.topic: (AnnounceEvent,),
    ConsentWithdrawn.topic: (
        EndSharesOfConsent,
        EraseOutcomesOfConsent,
        ErasePhotosOfConsent,
        FollowWithdrawal,
        AnnounceEvent,
    ),
    PhotoExpired.topic: (ForgetAnalysisOfPhoto, AnnounceEvent),
    PhotoErased.topic: (
        EndSharesOfPhoto,
        EraseOutcomesOfPhoto,
        EraseTryOnsOfPhoto,
        ForgetAnalysisOfPhoto,
        AnnounceEvent,
    ),
    TryOnEnded.topic: (AnnounceEvent, RememberTriedDesigns),
    TryOnErased.topic: (EndSharesOfTryOn, AnnounceEvent),
    ShareCreated.topic: (AnnounceEvent,),
    ShareOpened.topic: (AnnounceEvent,),
    ShareTried.topic: (AnnounceEvent,),
    ShareBooked.topic: (AnnounceEvent,),
    ShareEnded.topic: (AnnounceEvent,),
    WebhookDisabled.topic: (AnnounceEvent,),
    GuestCame.topic: (SeeGuestOff,),
    StaffInvited.topic: (WriteInvitation,),
    PasswordResetAsked.topic: (WritePasswordReset,),
    PersonErased.topic: (AnnounceEvent,),
    AppointmentBooked.topic: (CountBooking, AnnounceEvent),
    AppointmentMoved.topic: (AnnounceEvent,),
    AppointmentCancelled.topic: (AnnounceEvent,),
    AppointmentNoShow.topic: (AnnounceEvent,),
    WaitlistOffered.topic: (AnnounceEvent,),
    OutcomeEnded.topic: (AnnounceEvent,),
}

LAST_WORDS: Mapping[str, type[Command]] = {
    AnalysePhoto.kind: GiveUpAnalysis,
    RenderTryOn.kind: GiveUpTryOn,
    CompareOutcome.kind: GiveUpOutcome,
    DeliverWebhook.kind: CountLostAttempt,
    SendMessage.kind: CountLostMessage,
    RunImport.kind: GiveUpImport,
    ErasePerson.kind: ResumeErasure,
    MakeExport.kind: GiveUpExport,
    MakeClip.kind: GiveUpClip,
}
