"""What a SIPp caller does, as SIPp's XML. One scenario serves every plan: the times come from the CSV.

A caller leaves by CANCEL *cancel_ms* after the INVITE, or by BYE *leave_ms* after the answer, or when nudged
(`tests.phones.sipp.Nudger`), or the centre hangs up. SIPp needs ``optional="global"`` for what may
arrive during a pause, and transactions by name, because CANCEL and INVITE share answers (SIPp 3.6, call.cpp).
"""

from pathlib import Path

REFUSALS = (400, 401, 403, 404, 408, 480, 484, 486, 488, 500, 503, 603)
KEY_EVENT = 96  # the payload type that SIPp's play_dtmf is built with (prepare_pcap.c)

_REQUEST = """
      {method} {uri} SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}
      Max-Forwards: 70
      From: {shown};tag=[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>{to_tag}
      Call-ID: [call_id]
      CSeq: {cseq} {method}
"""

_OFFER = """      Contact: <sip:caller@[local_ip]:[local_port]>
      {identity}
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=- 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [auto_media_port] RTP/AVP 0 {event}
      a=rtpmap:0 PCMU/8000
      a=rtpmap:{event} telephone-event/8000
      a=fmtp:{event} 0-16
      a=ptime:20
"""

SHOWN = "<sip:[field0]@[local_ip]>"
INVITE_BRANCH = "z9hG4bK-invite-[call_number]"


def _request(method: str, *, cseq: str = "1", uri: str = "[next_url]", branch: str = "[branch]") -> str:
    to_tag = "" if method in {"INVITE", "CANCEL"} else "[peer_tag_param]"
    text = _REQUEST.format(method=method, uri=uri, branch=branch, cseq=cseq, shown=SHOWN, to_tag=to_tag)
    if method == "INVITE":
        return text + _OFFER.format(identity=f"P-Asserted-Identity: {SHOWN}", event=KEY_EVENT)
    return text + "      Content-Length: 0\n"


def _send(method: str, *, retransmit: bool = False, **more: str) -> str:
    again = ' retrans="500"' if retransmit else ""
    return f"  <send{again}><![CDATA[{_request(method, **more)}\n  ]]></send>"


_TARGET = "sip:[service]@[remote_ip]:[remote_port]"
_OK = """  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
  ]]></send>"""


def _play(tone: Path) -> str:
    return f'  <nop><action><exec play_pcap_audio="{tone}"/></action></nop>'


def caller(tone: Path | None = None) -> str:
    """Return the XML of a caller who speaks with the packets in *tone* once the trunk has answered.

    CSV fields: 0 number shown, 1 milliseconds until CANCEL, 2 milliseconds from answer to the keys,
    3 the keys, 4 milliseconds that pressing them takes, 5 milliseconds from then to BYE.
    """
    finals = "\n".join(
        f'  <recv response="{status}" optional="global" next="refused"/>' for status in REFUSALS
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
  <nop><action>
    <assignstr assign_to="cancel_text" value="[field1]"/><todouble assign_to="cancel" variable="cancel_text"/>
    <assignstr assign_to="think_text" value="[field2]"/><todouble assign_to="think" variable="think_text"/>
    <assignstr assign_to="leave_text" value="[field5]"/><todouble assign_to="leave" variable="leave_text"/>
    <assignstr assign_to="keying_text" value="[field4]"/><todouble assign_to="keying" variable="keying_text"/>
  </action></nop>
{_send("INVITE", retransmit=True, uri=_TARGET, branch=INVITE_BRANCH)}
  <recv response="180" optional="global"/>
  <recv response="183" optional="global"/>
  <recv response="200" optional="global" rrs="true" next="answered"/>
{finals}
  <recv response="487" optional="global" next="refused"/>
  <recv request="BYE" optional="global" next="released"/>
  <recv request="INFO" optional="global" next="leave"/>
  <recv response="100"/>
  <pause variable="cancel"/>
{_send("CANCEL", uri=_TARGET, branch=INVITE_BRANCH)}
  <recv response="487" next="refused" timeout="32000" ontimeout="end"/>

  <label id="answered"/>
{_send("ACK")}
  <pause variable="think"/>
  <nop><action><exec play_dtmf="[field3]"/></action></nop>
  <pause variable="keying"/>
{_play(tone) if tone else ""}
  <pause variable="leave"/>

  <label id="leave"/>
{_send("BYE", retransmit=True, cseq="2")}
  <recv response="200" next="end"/>

  <label id="refused"/>
{_send("ACK", uri=_TARGET, branch=INVITE_BRANCH)}
  <nop next="end"/>

  <label id="released"/>
{_OK}
  <label id="end"/>
  <nop/>
</scenario>
"""
