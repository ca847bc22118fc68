"""The start-up check against the real Asterisk's description of itself."""

import copy
from typing import Any

import pytest

from telephony.asterisk import api_docs, operations
from telephony.asterisk.client import Ari
from telephony.asterisk.errors import Incompatible

Docs = dict[str, Any]


@pytest.fixture
async def docs(ari: Ari) -> Docs:
    names = {operation.resource for operation in operations.USED}
    return copy.deepcopy({name: await ari.api_docs(name) for name in names})


async def test_this_asterisk_has_everything_that_we_use(ari: Ari) -> None:
    await api_docs.check(ari)


async def test_every_operation_that_the_client_sends_is_in_the_table() -> None:
    with pytest.raises(KeyError, match="not checked"):
        operations.ANSWER.address({"channelId": "1"}, {"unheard": "of"})


def test_a_missing_resource_is_one_sentence_for_each_operation(docs: Docs) -> None:
    del docs["playbacks"]
    found = list(api_docs.mismatches(docs))
    assert "Asterisk's ARI has no playbacks; load res_ari_playbacks.so." in found


def test_a_missing_operation_is_found(docs: Docs) -> None:
    docs["channels"]["apis"] = [
        api for api in docs["channels"]["apis"] if not api["path"].endswith("/continue")
    ]
    assert list(api_docs.mismatches(docs)) == ["Asterisk's ARI has no POST /channels/{channelId}/continue."]


def test_a_missing_parameter_is_found(docs: Docs) -> None:
    for api in docs["channels"]["apis"]:
        for operation in api["operations"]:
            operation["parameters"] = [
                each for each in operation.get("parameters", ()) if each["name"] != "reason_code"
            ]
    assert list(api_docs.mismatches(docs)) == [
        "DELETE /channels/{channelId} takes no query parameter reason_code."
    ]


def test_a_missing_event_and_a_missing_field_are_found(docs: Docs) -> None:
    del docs["events"]["models"]["Dial"]
    del docs["events"]["models"]["ChannelDtmfReceived"]["properties"]["digit"]
    del docs["channels"]["models"]["Channel"]["properties"]["protocol_id"]
    assert sorted(api_docs.mismatches(docs)) == [
        "Asterisk's ARI has no Dial among its events.",
        "Channel of Asterisk's ARI has no field protocol_id.",
        "ChannelDtmfReceived of Asterisk's ARI has no field digit.",
    ]


async def test_the_check_refuses_with_all_sentences_at_once(
    ari: Ari, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = operations.Operation("POST", "/channels/{channelId}/teleport")
    monkeypatch.setattr(api_docs, "USED", (*operations.USED, unknown))
    with pytest.raises(Incompatible) as refused:
        await api_docs.check(ari)
    assert refused.value.mismatches == ("Asterisk's ARI has no POST /channels/{channelId}/teleport.",)
