"""The journal's vocabulary: every kind of entry and what it carries.

Instants are seconds since 1970 UTC. This table is the contract between the model that writes entries and
``telephony.record``, which folds a call's entries into its record.

On stream ``call:<id>``:

=================== ==========================================================================
call.arrived        caller (str|None), dialled, sip_call_id, number (slug|None)
call.answered       –  (our side answered the trunk leg; greeting starts)
menu.entered        menu
menu.key            menu, key, understood (bool: whether the key leads somewhere)
queue.entered       queue, priority (null: moved to the front), since (Instant: the place),
                    position (1 = next; null for a callback that was moved)
queue.left          queue, reason ("connected", "abandoned", "moved", "closed", "message", "guided",
                    "callback", "self-service", "removed")
call.repeated       tries (the caller's earlier attempts that nobody served)
wait.announced      minutes (1: soon; 30: that or more), ahead (callers in front, in all queues),
                    operators (at work), cause (str|None: why it may have risen: "passed", "fewer-operators")
overflow.key        key, does (see ``config.schema.Choice``)
guidance.started    guide
guidance.heard      guide (to its end)
message.started     file (where it will lie; every new recording replaces the one before)
message.discarded   –
message.kept        file, seconds
self_service.started after_hours (bool)
self_service.identified known (bool: has a reservation to come; nothing that was typed is written down)
self_service.failed talk (where), reason (the prompt that says why)
self_service.done   does ("booked", "moved", "cancelled"), reservation
case.opened         case (``message`` …), caller, due_at (Instant), summary, details (object)
offer.made          offer, agent, queue
offer.rang          offer, agent, leg
offer.ended         offer, agent, result (see ``commands.EndOffer``), dialled_at (Instant, by Asterisk;
                    missing when no phone was invited, and in older ones)
call.connected      offer, agent, queue, waited_s
call.held           supervision (id; missing when it was the operator's phone that held the caller)
call.unheld         supervision (likewise)
recording.started   file
recording.shed      –  (the next conversation is not recorded: the disk is too full)
recording.paused    –
recording.resumed   –
call.talk_ended     agent, talked_s
callback.number_left number (E.164), caller (str|None), source ("rescue": written by that process), dialled,
                    arrived_at (Instant|None)   (the last two are missing in older ones)
callback.taken_up   callback (id|None: a case was opened instead)   (the controller's answer, in the rescue's
                    spool; one for each number_left)
supervision.started supervision (id), supervisor, mode ("listen", "whisper", "barge", "takeover", "consult"),
                    invited_by (str|None: the operator who asked this person to join)
supervision.changed supervision, supervisor, mode
supervision.ended   supervision, supervisor, seconds   (may come after call.ended)
call.taken_over     supervision, agent (the supervisor), from_agent (str|None), invited_by (str|None: then
                    it is an attended transfer); talks from here on
call.transferred    how ("blind"), by ("agent", "supervisor", "phone"), from_agent, target ("operator",
                    "queue", "referral"; None: a phone dialled what leads nowhere), name   (the
                    caller left the operator)
call.transfer_failed target, name, returning (it was whoever transferred who did not answer), result (as for
                    offers; "not-taken": they talk on; "unknown")
referral.called     referral, offer   (a place outside is rung; the caller waits with music)
referral.rang       referral, leg
referral.answered   referral
referral.ended      referral, result ("talked", "caller-left", or as for offers)
call.disposed       agent, disposition
call.reserved       reservation   (made, changed or cancelled in the call; written by the booking, not by
                    the model; may come after call.ended, and again)
call.case_opened    case   (its number; this and the next two are written as call.reserved is)
call.answer_given   number, version   (of an agreed answer)
call.referred       referral, how ("guided", "transferred")
call.noted          agent, text   (what the operator noted; the newest counts; written as call.reserved is)
call.acw_ended      agent, acw_s   (may come after call.ended)
callback.promised   callback   (in the asking call)
callback.refused    reason   (of a number that was typed)
call.ended          outcome, ended_by, reason (str|None), queue (slug|None), recovered (bool)
call.unserved       caller, dialled, sip_call_id, arrived_at (Instant), ended_by, reason, outcome
                    (written from the dialplan's list, when no controller took the call to its end)
=================== ==========================================================================

A callback has its own stream ``call:cb-…``; besides offers, connection and end as above:

=================== ==========================================================================
callback.requested  number, asked_by, asked_from (str|None), dialled, queue, since (Instant), priority
                    (None: head of the queue), due_by (Instant)   (always the first entry)
callback.moved      until, due_by (Instants), untold (bool: the citizen was not told so)   (out of hours)
callback.overdue    –   (its window is over; it goes to the head of its queue)
callback.attempted  attempt (1…), offer, agent   (durable before the citizen's phone can ring)
callback.rang       attempt, leg, sip_call_id
callback.reached    attempt
callback.failed     attempt, result ("busy", "no-answer", "unreachable", "machine", "operator-left",
                    "unknown"), retry_at (Instant|None: no further attempt)
callback.done       result ("reached", "not-reached", "cancelled"), reason (str|None)
=================== ==========================================================================

An outreach call has its own stream ``call:or-…``; besides its operator's phone (an offer without a queue),
connection and end as above:

=================== ==========================================================================
outreach.requested  outreach (row of ``outreach_calls``), number, agent, dialled   (always the first entry)
outreach.dialled    offer, agent   (durable before the target's phone can ring)
outreach.rang       leg, sip_call_id
outreach.reached    –
outreach.failed     result (see ``outreach.shape.Result``)
=================== ==========================================================================

On stream ``queue:<name>``: ``queue.measures`` with does ("pause", "limit", "tiers", the same with "no-", or
"over"), by (user), measures (all that stand from then on: kind, since, until, by, waiting, tiers).

On stream ``agent:<name>``: ``agent.state`` with state, reason (str|None), call (id|None).
"""

from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended, in the words of the interface (docs/interface.md)."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SHORT_ABANDONED = "short_abandoned"
    CALLBACK_REQUESTED = "callback_requested"
    SELF_SERVICE = "self_service"
    MESSAGE_LEFT = "message_left"
    GUIDED = "guided"
    CLOSED = "closed"
    EMERGENCY = "emergency"
    REFUSED = "refused"
    FAILED = "failed"


class EndedBy(StrEnum):
    """Whose hand ended the call."""

    CALLER = "caller"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
