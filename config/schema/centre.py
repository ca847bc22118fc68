"""The whole of ``centre.toml``, and the rules that tie its tables together."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from config.schema.alerts import Alerting
from config.schema.base import Part, Slug
from config.schema.booking import Booking
from config.schema.callbacks import Callbacks
from config.schema.calling import Calling, Contact, PriorityCaller, Recording, Supervision
from config.schema.cases import Cases
from config.schema.goals import Goals
from config.schema.guides import Guide, Message
from config.schema.hours import Emergency, Hours
from config.schema.mail import Mail
from config.schema.menus import Menu
from config.schema.outreach import Outreach
from config.schema.people import DISPOSITIONS, Agent, Disposition, Level, PauseReason, Skill
from config.schema.quality import Quality
from config.schema.queues import Queue
from config.schema.referrals import Referral
from config.schema.self_service import SelfService
from config.schema.speech import Speech
from config.schema.trunks import Number, Trunk


class Centre(Part):
    """Everything that operations staff decide. Cross-references are checked by ``config.references``."""

    title: str
    city: str
    timezone: str = "Asia/Tokyo"
    web_address: str
    trunks: Annotated[tuple[Trunk, ...], Field(min_length=1)]
    numbers: Annotated[tuple[Number, ...], Field(min_length=1)]
    menus: Annotated[tuple[Menu, ...], Field(min_length=1)]
    queues: Annotated[tuple[Queue, ...], Field(min_length=1)]
    skills: Annotated[tuple[Skill, ...], Field(min_length=1)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    pause_reasons: tuple[PauseReason, ...] = ()
    dispositions: Annotated[tuple[Disposition, ...], Field(min_length=1)] = DISPOSITIONS
    hours: Hours = Hours()
    emergency: Emergency = Emergency()
    calling: Calling = Calling()
    goals: Goals = Goals()
    alerts: Alerting = Alerting()
    quality: Quality = Quality()
    callbacks: Callbacks = Callbacks()
    recording: Recording = Recording()
    supervision: Supervision = Supervision()
    message: Message = Message()
    guides: tuple[Guide, ...] = ()
    speech: Speech = Speech()
    contacts: tuple[Contact, ...] = ()
    mail: Mail = Mail()
    cases: Cases = Cases()
    priority_callers: tuple[PriorityCaller, ...] = ()
    referrals: tuple[Referral, ...] = ()
    outreach: Outreach = Outreach()
    booking: Booking = Booking()
    self_service: SelfService | None = None
    prompts: dict[Slug, str] = Field(
        default_factory=dict, description="texts that replace those of the sound catalogue"
    )
    agents: tuple[Agent, ...] = Field(
        default=(), description="operators to create at the very first start; later ones live in the database"
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise ValueError("is not a time zone; Japan's is Asia/Tokyo") from error
        return value
