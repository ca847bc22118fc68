"""The sample centre that comes with the project keeps what the interface promises of it."""

from pathlib import Path

import pytest

from config.loading import load_centre
from config.schema import Centre

SAMPLE = Path(__file__).parents[3] / "config" / "centre.toml"


@pytest.fixture(scope="module")
def sample() -> Centre:
    return load_centre(SAMPLE)


def test_the_menu_is_the_one_of_the_interface(sample: Centre) -> None:
    (number,) = sample.numbers
    menu = next(menu for menu in sample.menus if menu.name == number.menu)
    led_to = {key: choice.queue or choice.menu for key, choice in menu.keys.items()}
    assert led_to == {"1": "booking", "2": "change", "3": "card", "4": "portal", "5": "guide"}
    assert menu.operator == "general"


def test_operators_have_different_skills_and_levels_and_there_is_a_supervisor(sample: Centre) -> None:
    operators = [agent for agent in sample.agents if agent.role == "operator"]
    assert len(operators) >= 6
    assert {agent.level for agent in operators} == {"trainee", "standard", "senior"}
    assert len({tuple(agent.skills.items()) for agent in operators}) == len(operators)
    assert [agent.role for agent in sample.agents].count("supervisor") == 1


def test_no_password_stands_in_the_file(sample: Centre) -> None:
    assert {agent.sip_password for agent in sample.agents} == {None}


def test_every_queue_has_two_operators_from_its_first_second(sample: Centre) -> None:
    for queue in sample.queues:
        first = queue.tiers[0]
        fit = [agent for agent in sample.agents if agent.skills.get(queue.skill, 0) >= first.min_weight]
        assert first.after_s == 0
        assert len(fit) >= 2, queue.name


def test_the_carrier_is_the_one_of_the_interface(sample: Centre) -> None:
    assert [str(network) for network in sample.trunks[0].addresses] == ["127.0.0.2/32"]


def test_the_citys_line_leads_to_a_queue_of_its_own(sample: Centre) -> None:
    (city,) = sample.priority_callers
    queue = next(queue for queue in sample.queues if queue.name == city.queue)
    assert queue.priority > max(other.priority for other in sample.queues if other is not queue)
