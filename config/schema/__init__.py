"""The shape of ``centre.toml``: what operations staff may write, and nothing else.

Every model is frozen and refuses unknown keys. The models hold data only; reading files,
wording errors and watching for changes live in ``config.loading``.
"""

from config.schema.alerts import Alerting
from config.schema.booking import Booking, Channel, Service, Venue
from config.schema.callbacks import Callbacks
from config.schema.calling import Calling, Contact, PriorityCaller, Recording, Supervision
from config.schema.cases import CaseKind, CaseRule, Cases
from config.schema.centre import Centre
from config.schema.goals import Goals
from config.schema.guides import Guide, Message
from config.schema.hours import AtClosing, DatedHours, Emergency, Hours, Weekday, Weekly, YearEnd
from config.schema.mail import Encryption, Mail
from config.schema.menus import Menu, MenuChoice
from config.schema.outreach import Outreach
from config.schema.overflow import Choice, OverflowKey, OverflowStep
from config.schema.people import Agent, Level, PauseReason, Skill
from config.schema.quality import Criterion, Quality
from config.schema.queues import Queue, Strategy, Tier
from config.schema.referrals import Referral, ReferralDay, ReferralHours, transferable
from config.schema.speech import Speech
from config.schema.trunks import Identity, Number, Outbound, SessionTimers, Transport, Trunk

__all__ = [
    "Agent",
    "Alerting",
    "AtClosing",
    "Booking",
    "Callbacks",
    "Calling",
    "CaseKind",
    "CaseRule",
    "Cases",
    "Centre",
    "Channel",
    "Choice",
    "Contact",
    "Criterion",
    "DatedHours",
    "Emergency",
    "Encryption",
    "Goals",
    "Guide",
    "Hours",
    "Identity",
    "Level",
    "Mail",
    "Menu",
    "MenuChoice",
    "Message",
    "Number",
    "Outbound",
    "Outreach",
    "OverflowKey",
    "OverflowStep",
    "PauseReason",
    "PriorityCaller",
    "Quality",
    "Queue",
    "Recording",
    "Referral",
    "ReferralDay",
    "ReferralHours",
    "Service",
    "SessionTimers",
    "Skill",
    "Speech",
    "Strategy",
    "Supervision",
    "Tier",
    "Transport",
    "Trunk",
    "Venue",
    "Weekday",
    "Weekly",
    "YearEnd",
    "transferable",
]
